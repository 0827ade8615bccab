"""One door to every look: the piece alone, worn by a virtual model, or on a styled surface."""

from dataclasses import replace

from jewelrymodel.studio.arrays import Bytes
from jewelrymodel.studio.bracelet_on_wrist import render_bracelet
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.earring_on_ear import render_ear
from jewelrymodel.studio.looks import LOOKS, Look, LookKind, looks_for, own_look
from jewelrymodel.studio.messages import Alteration, Message, ViewProblem, message
from jewelrymodel.studio.model_templates import Template, lent
from jewelrymodel.studio.necklace_on_neck import render_necklace
from jewelrymodel.studio.packshot import render_packshot
from jewelrymodel.studio.pendant_on_neck import render_neck
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.placement import scale_of
from jewelrymodel.studio.render_request import Rendered, RenderRequest, ViewRefused
from jewelrymodel.studio.ring_on_hand import render_ring
from jewelrymodel.studio.scenes import render_scene
from jewelrymodel.studio.steps import OnStep, silent

__all__ = ["LOOKS", "RenderRequest", "Rendered", "ViewRefused", "looks_for", "render"]
_ENLARGED = 1.05  # less than that nobody sees
_WORN = {
    Kind.PENDANT: render_neck,
    Kind.NECKLACE: render_necklace,
    Kind.RING: render_ring,
    Kind.EARRING: render_ear,
    Kind.BRACELET: render_bracelet,
}


def render(
    cutout: Cutout,
    request: RenderRequest,
    on_step: OnStep = silent,
    photo: Bytes | None = None,
    own_model: Template | None = None,
) -> Rendered:
    """Make one picture. `photo` (HxWx3) is the cutout's photo where it has more pixels: packshots
    show them. `own_model` is the photo of a person whom the seller knows, where that is the look.
    Raises ViewRefused; KeyError on unknown looks.
    """
    if own_model is not None and own_model.id == request.look_id:
        px_per_mm = float(own_model.anchors["px_per_mm"])
        look = own_look(own_model.id, own_model.kind, px_per_mm)
    else:
        look = LOOKS[request.look_id]
    with lent(own_model):
        made = _made(cutout, look, request, on_step, photo)
    return replace(made, alterations=(*made.alterations, *_of_size(made, look, request)))


def _made(
    cutout: Cutout, look: Look, request: RenderRequest, on_step: OnStep, photo: Bytes | None
) -> Rendered:
    if request.kind not in look.piece_kinds:
        raise ViewRefused(ViewProblem.WRONG_KIND)
    if look.kind is LookKind.PACKSHOT:
        return render_packshot(cutout, look, request, on_step, photo)
    if look.kind is LookKind.SCENE:
        return render_scene(cutout, look, request, on_step)
    return _WORN[request.kind](cutout, look, request, on_step)


def _of_size(made: Rendered, look: Look, request: RenderRequest) -> tuple[Message, ...]:
    """What to say of a size that isn't the piece's own, and of more pixels than the photo has."""
    notes = []
    factor = request.adjustment.size
    if look.kind is LookKind.MODEL and factor != 1:
        shown_mm, size_mm = round(request.size_mm * factor, 1), round(request.size_mm, 1)
        notes.append(message(Alteration.SIZE_SHOWN, shown_mm=shown_mm, size_mm=size_mm))
    scale = scale_of(made.declaration.transform) / made.detail
    if scale > _ENLARGED:
        notes.append(message(Alteration.ENLARGED, percent=round(100 * scale)))
    return tuple(notes)
