"""An earring on the ear of a virtual model, cropped to lobe and neck.

One earring is hung upright at its real size: a stud sits on the lobe, a drop hangs from it, a hoop
goes through it, so that the lobe hides the half that runs behind.
"""

import numpy as np

from jewelrymodel.studio.arrays import Floats, floats, to_bytes, to_linear
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.declaration import Declaration
from jewelrymodel.studio.earring_pairs import larger_earring
from jewelrymodel.studio.fidelity import without
from jewelrymodel.studio.lighting import Light, developed, grain_of
from jewelrymodel.studio.looks import Look
from jewelrymodel.studio.messages import Alteration, Message, ViewProblem, message
from jewelrymodel.studio.model_templates import Template, View, load_template
from jewelrymodel.studio.pendant_body import photo_px_per_mm
from jewelrymodel.studio.piece_kinds import largest_hole
from jewelrymodel.studio.placement import Layer, by_hand, place, similarity
from jewelrymodel.studio.render_request import (
    Rendered,
    RenderRequest,
    ViewRefused,
    checked,
    refuse_cropped,
    refuse_cut,
)
from jewelrymodel.studio.skin_lighting import light_gains, skin_shadow
from jewelrymodel.studio.steps import OnStep, Step

MAX_HEIGHT_MM = 75
_EAR = (17,)
_NEAR_MM, _FAR_MM = 1.5, 7.0
_HOOP_OPENING = 0.3


def render_ear(cutout: Cutout, look: Look, request: RenderRequest, on_step: OnStep) -> Rendered:
    """One earring worn. Raises ViewRefused where it is too long for the picture."""
    on_step(Step.CHOOSING_VIEW)
    if request.size_mm > MAX_HEIGHT_MM:
        raise ViewRefused(ViewProblem.TOO_LARGE, size_mm=request.size_mm)
    template = load_template(look.templates[0])
    view = _framed(template, look.span_mm, request)
    on_step(Step.PLACING_PIECE)
    larger = larger_earring(cutout.alpha)
    refuse_cut(floats(cutout.alpha * larger.mask), hangs=True)
    single = without(cutout.rgba, floats(~larger.mask))
    px_per_mm = float(template.anchors["px_per_mm"]) * view.zoom
    scale = px_per_mm / photo_px_per_mm(cutout.alpha, request.kind, request.size_mm)
    lobe = view.points(template.anchors["lobe"]["px"])
    source, wire_px = _hook(floats(single[..., 3] / 255))
    matrix = similarity(scale, source, (float(lobe[0]), float(lobe[1])))
    matrix = by_hand(matrix, source, request.adjustment, request.size_px)
    scale *= request.adjustment.size
    visible = _visible(view, floats(matrix @ np.array([*source, 1.0])), wire_px * scale)
    refuse_cropped(floats(single[..., 3] / 255), matrix, request)
    earring = place(single, matrix, request.size_px).clipped(visible)
    on_step(Step.LIGHTING_PIECE)
    light = Light(light_gains(template))
    behind = _shaded(view, earring)
    grain = 0.6 * grain_of(view.picture()) + 0.002
    image = to_bytes(developed(earring.lit(light.gains).over(behind), grain, earring.cover))
    on_step(Step.CHECKING)
    others = floats(~larger.mask)
    declared = Declaration(
        matrix,
        light,
        left_out=others,
        visible=visible,
        behind=behind,
        px_per_mm=px_per_mm * request.adjustment.size,
    )
    fidelity = checked(cutout.rgba, image, declared, request)
    return Rendered(image, _alterations(look, wire_px > 0, larger.others), fidelity, declared)


def _hook(alpha: Floats) -> tuple[tuple[float, float], float]:
    """The photo's point that sits at the piercing, and how thick a hoop is there (0: no hoop)."""
    solid = np.asarray(alpha > 0.5)
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    top, height, width = int(rows[0]), int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1
    highest = np.flatnonzero(solid[top : top + max(2, height // 50)].any(0))
    hole = largest_hole(solid)
    if hole is not None and hole.sum() > _HOOP_OPENING * width * height:
        inner_top = int(np.flatnonzero(hole.any(1))[0])
        return (float(highest.mean()), (top + inner_top) / 2), float(inner_top - top)
    if height < 1.5 * width:
        return (float(columns.mean()), float(rows.mean())), 0.0
    return (float(highest.mean()), top + 0.03 * height), 0.0


def _framed(template: Template, span_mm: float, request: RenderRequest) -> View:
    """A window round the lobe, with more room below it than above."""
    high, wide = template.picture.shape[:2]
    width, height = request.size_px
    span_mm = max(span_mm, request.size_mm * 1.8) * request.breadth
    across = min(span_mm * float(template.anchors["px_per_mm"]), wide, high * width / height)
    down = across * height / width
    x, y = template.anchors["lobe"]["px"]
    origin = [np.clip(x - across / 2, 0, wide - across), np.clip(y - 0.34 * down, 0, high - down)]
    return View(template, floats(origin), width / across, request.size_px)


def _visible(view: View, lobe: Floats, wire_px: float) -> Floats:
    """A hoop's rear half runs behind the lobe, its end round where it goes in; everything else
    lies in front.
    """
    width, height = view.size_px
    if wire_px <= 0:
        return np.ones((height, width), np.float32)
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    rear = np.clip(lobe[0] - across + 0.5, 0, 1)
    distance = np.hypot(across - lobe[0], (down - lobe[1]) * 0.96)
    past_the_end = np.clip(distance - wire_px / 2 + 0.5, 0, 1)
    return floats(1 - rear * past_the_end * view.part_mask(_EAR))


def _shaded(view: View, earring: Layer) -> Floats:
    """The ear and the neck, in linear light, under the earring's shadow."""
    template = view.template
    unit = float(template.anchors["px_per_mm"]) * view.zoom
    ear = view.part_mask(_EAR)[..., None]
    near = skin_shadow(template, earring.cover, _NEAR_MM, unit)
    far = skin_shadow(template, earring.cover, _FAR_MM, unit)
    away = (1 - view.part_mask((0,)))[..., None] * (1 - ear)
    # The neck is farther away: only the soft part of the shadow reaches it.
    cast = (1 - (1 - near) * ear) * (1 - 0.55 * (1 - far) * away)
    return floats(to_linear(view.picture()) * cast)


def _alterations(look: Look, hoop: bool, others: int) -> tuple[Message, ...]:
    alterations = [message(one) for one in (*look.alterations, Alteration.SKIN_LIGHT)]
    if others:
        alterations.append(message(Alteration.ONE_EARRING_OF, count=others + 1))
    if hoop:
        alterations.append(message(Alteration.HOOP_HIDDEN))
    return tuple(alterations)
