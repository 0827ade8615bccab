"""A watch that was laid open, on the wrist: its case flat on the back of the wrist, its strap
straight to the wrist's sides and out of sight behind them.
"""

from dataclasses import dataclass

import numpy as np

from jewelrymodel.studio.arrays import Floats, blur, floats, grown, to_bytes
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.declaration import Declaration
from jewelrymodel.studio.fidelity import without
from jewelrymodel.studio.lighting import developed, grain_of
from jewelrymodel.studio.looks import Look
from jewelrymodel.studio.messages import Alteration, Message, message
from jewelrymodel.studio.model_templates import View, load_template
from jewelrymodel.studio.necklace_course import strand_course
from jewelrymodel.studio.placement import Matrix, by_hand, place
from jewelrymodel.studio.render_request import Rendered, RenderRequest, checked
from jewelrymodel.studio.ring_lighting import (
    middle_of,
    shaded_skin,
    skin_of,
    worn_light,
)
from jewelrymodel.studio.ring_on_hand import framed, limb_of, refuse_off_limb
from jewelrymodel.studio.steps import OnStep, Step
from jewelrymodel.studio.strand_layout import Beside, beside, unit_tangents
from jewelrymodel.studio.wrist_curve import girth_mm

_STRAP = 1.38  # of the way round the wrist: the ends overlap behind it
_THICK_MM, _RELIEF_MM = 1.6, 4.0  # of a strap; of a case above the skin
_SIDE = 1.06  # half widths of the wrist: there the strap is behind it
_BINS = 120
_BROADER = 1.25  # by the strap's breadth
_LENGTHS = (0.08, 0.32)  # of the watch laid open
_MIDDLE = (0.3, 0.7)  # of its length: where a case can be


@dataclass(frozen=True)
class OpenWatch:
    """A watch laid open in its photo: the middle of its case, the unit direction along the strap
    to its upper end, and the length of it all in pixels.
    """

    middle: Floats
    up: Floats
    length: float


def open_watch(alpha: Floats) -> OpenWatch | None:
    """The watch of a cutout (HxW); None where it is no straight strap with one broader part."""
    course = strand_course(alpha)
    if course is None or course.closed:
        return None
    line, length = course.line, len(course.line)
    if np.linalg.norm(line[-1] - line[0]) < 0.97 * length:
        return None
    solid = np.asarray(alpha > 0.5)
    own = beside(line, solid)
    at = _case_of(_breadths(own, length))
    if at is None:
        return None
    tangent = unit_tangents(line)[round(at * length)]
    way = -tangent if tangent[1] > 0.1 or (tangent[1] > -0.1 and tangent[0] > 0) else tangent
    return OpenWatch(line[round(at * length)], floats(way), float(length))


def _breadths(own: Beside, length: int) -> Floats:
    """How broad the piece is along its line, in _BINS parts of it."""
    known = (own.index >= 0) & (own.index < length)
    number = (own.index[known] / length * _BINS).astype(int)
    high, low = np.full(_BINS, -np.inf), np.full(_BINS, np.inf)
    np.maximum.at(high, number, own.aside[known])
    np.minimum.at(low, number, own.aside[known])
    return floats(np.where(np.isfinite(high), high - low, 0))


def _case_of(breadths: Floats) -> float | None:
    """Where along the line a case has its middle; None where no single part is broader."""
    usual = float(np.median(breadths))
    broad = np.flatnonzero(breadths > _BROADER * usual)
    inside = broad[(broad >= _MIDDLE[0] * _BINS) & (broad < _MIDDLE[1] * _BINS)]
    if not len(inside) or len(inside) != len(broad):
        return None
    share = (np.ptp(inside) + 1) / _BINS
    narrow = (breadths < usual / _BROADER**2).mean()
    if not _LENGTHS[0] < share < _LENGTHS[1] or narrow > _LENGTHS[0]:
        return None
    return float((inside[0] + inside[-1] + 1) / 2 / _BINS)


def render_watch(
    cutout: Cutout, look: Look, request: RenderRequest, on_step: OnStep, watch: OpenWatch
) -> Rendered:
    """The watch worn. Raises ViewRefused where it was moved off the wrist."""
    template = load_template(look.templates[0])
    limb = limb_of(template.anchors)
    view = framed(template, limb, look.span_mm, request)
    refuse_off_limb(view, limb, request)
    on_step(Step.PLACING_PIECE)
    pivot = (float(watch.middle[0]), float(watch.middle[1]))
    matrix = by_hand(_placed(view, watch), pivot, request.adjustment, request.size_px)
    left_out = _behind(cutout.alpha, watch, matrix, view)
    skin, picture = skin_of(view), view.picture()
    unit = float(limb["px_per_mm"]) * view.zoom
    reach = 2 * max(1, round(_THICK_MM * unit)) + 1
    visible = floats(blur(floats(grown(np.asarray(skin > 0.5), reach)), 0.6) * view.uncovered())
    worn = place(without(cutout.rgba, left_out), matrix, request.size_px).clipped(visible)
    on_step(Step.LIGHTING_PIECE)
    light = worn_light(view, limb, worn, skin)
    behind = shaded_skin(view, limb, worn, None, _RELIEF_MM, picture, skin)
    grain = 0.6 * grain_of(picture) + 0.002
    image = to_bytes(developed(worn.lit(light.gains).over(behind), grain, worn.cover))
    on_step(Step.CHECKING)
    declared = Declaration(
        matrix, light, left_out=left_out, visible=visible, behind=behind, px_per_mm=unit
    )
    fidelity = checked(cutout.rgba, image, declared, request)
    shown = worn.cover.sum() / np.linalg.det(matrix[:, :2])
    hidden = 1 - float(shown / max(1.0, float(cutout.alpha.sum())))
    return Rendered(image, _alterations(look, hidden), fidelity, declared)


def _placed(view: View, watch: OpenWatch) -> Matrix:
    """The case over the back of the wrist, its upper end on the side of the little finger."""
    limb = limb_of(view.template.anchors)
    axis = np.array(limb["axis_px"], np.float64)
    unit = float(limb["px_per_mm"]) * view.zoom
    scale = unit * _STRAP * girth_mm(limb, _THICK_MM / 2) / watch.length
    left = np.array([-axis[1], axis[0]])
    up = np.asarray(watch.up, np.float64)
    cos, sin = float(up @ left), float(up[0] * left[1] - up[1] * left[0])
    turn = scale * np.array([[cos, -sin], [sin, cos]])
    middle = view.points(middle_of(limb))
    top = view.points(limb["top_px"])
    at = middle + ((top - middle) @ axis) * axis
    return np.column_stack([turn, at - turn @ np.asarray(watch.middle, np.float64)])


def _behind(alpha: Floats, watch: OpenWatch, matrix: Matrix, view: View) -> Floats:
    """What of the strap (HxW, 0…1) is behind the wrist's sides."""
    limb = limb_of(view.template.anchors)
    half = float(limb["width_px"]) * view.zoom / 2
    scale = float(np.sqrt(np.linalg.det(matrix[:, :2])))
    down, across = np.mgrid[0 : alpha.shape[0], 0 : alpha.shape[1]].astype(np.float32)
    along = (across - watch.middle[0]) * watch.up[0] + (down - watch.middle[1]) * watch.up[1]
    return floats(np.abs(along) * scale > _SIDE * half)


def _alterations(look: Look, hidden: float) -> tuple[Message, ...]:
    return (
        *(message(one) for one in look.alterations),
        message(Alteration.WRIST_FITTED),
        message(Alteration.WRIST_HIDDEN, percent=round(100 * hidden)),
        message(Alteration.SKIN_LIGHT),
    )
