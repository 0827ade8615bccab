"""The piece on a styled surface, without a model: lying, or a ring standing on its band."""

from jewelrymodel.studio.arrays import Bytes, Floats, floats, to_bytes
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.declaration import Declaration
from jewelrymodel.studio.lighting import developed
from jewelrymodel.studio.looks import Look
from jewelrymodel.studio.messages import Alteration, message
from jewelrymodel.studio.placement import Layer, place
from jewelrymodel.studio.render_request import Rendered, RenderRequest, checked
from jewelrymodel.studio.ring_pose import FROM_ABOVE_DEG
from jewelrymodel.studio.scene_floor import (
    foot_of,
    lying_shadow,
    mirrored,
    seen_aslant,
    seen_from_above,
    standing_shadow,
)
from jewelrymodel.studio.scene_placement import Plan, planned
from jewelrymodel.studio.steps import OnStep, Step

_GRAIN = 0.006


def render_scene(cutout: Cutout, look: Look, request: RenderRequest, on_step: OnStep) -> Rendered:
    """The piece in the scene `look`, the surface's grain true to its size. Raises ViewRefused where
    the photo cut the piece so that it would end in mid-air.
    """
    on_step(Step.SETTING_SCENE)
    plan = planned(cutout, look, request)
    layer = place(cutout.rgba, plan.matrix, request.size_px)
    on_step(Step.LIGHTING_PIECE)
    behind = _surface_below(layer, plan, look, request)
    image: Bytes = to_bytes(developed(layer.over(behind), _GRAIN, layer.cover))
    on_step(Step.CHECKING)
    alterations = [message(Alteration.SURFACE)]
    if plan.pose.stands and look.gloss:
        alterations.append(message(Alteration.REFLECTION))
    declared = Declaration(
        plan.matrix, left_out=plan.left_out, behind=behind, px_per_mm=plan.px_per_mm
    )
    fidelity = checked(cutout.rgba, image, declared, request)
    return Rendered(image, (*alterations, *plan.alterations), fidelity, declared)


def _surface_below(layer: Layer, plan: Plan, look: Look, request: RenderRequest) -> Floats:
    """The surface with the piece's shadow on it, and its reflection where it stands on gloss."""
    size, camera_deg = request.size_px, plan.pose.camera_deg
    if camera_deg == FROM_ABOVE_DEG:
        surface = seen_from_above(look, size, plan.px_per_mm)
        return floats(surface * lying_shadow(layer, plan.px_per_mm, look.shade))
    foot = foot_of(layer.cover)
    surface = seen_aslant(look, size, plan.px_per_mm, camera_deg, foot)
    if not plan.pose.stands:
        return floats(surface * lying_shadow(layer, plan.px_per_mm, look.shade))
    if look.gloss:
        surface = mirrored(surface, layer, foot, look.gloss)
    return floats(surface * standing_shadow(layer, foot, camera_deg, look.shade))
