"""A bracelet that was laid flat, closed or open, on the wrist of a virtual model.

Its strand is laid round the wrist by the photo's own order and distances, its clasp out of sight:
what a rigid turn would make of a flat loop hangs in the air.
"""

import dataclasses
from dataclasses import dataclass

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask, blur, floats, grown, to_bytes
from jewelrymodel.studio.bend import Bend, placed_along
from jewelrymodel.studio.bracelet_charms import Charm, charms_of, hung, is_shown, together
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.declaration import Declaration
from jewelrymodel.studio.fidelity import without
from jewelrymodel.studio.kept_findings import kept
from jewelrymodel.studio.lighting import developed, grain_of
from jewelrymodel.studio.looks import Look
from jewelrymodel.studio.messages import Alteration, Message, ViewProblem, message
from jewelrymodel.studio.model_templates import View, load_template
from jewelrymodel.studio.necklace_course import StrandCourse, strand_course
from jewelrymodel.studio.placement import SUPERSAMPLE
from jewelrymodel.studio.render_request import Rendered, RenderRequest, ViewRefused, checked
from jewelrymodel.studio.ring_lighting import shaded_skin, skin_of, worn_light
from jewelrymodel.studio.ring_on_hand import framed, limb_of, refuse_off_limb
from jewelrymodel.studio.steps import OnStep, Step
from jewelrymodel.studio.strand_layout import (
    Beside,
    Strand2D,
    bend_along,
    beside,
    middle_transform,
    unit_tangents,
)
from jewelrymodel.studio.strands import thickness
from jewelrymodel.studio.wrist_curve import WristCurve, curve_round, girth_mm

_MAX_FOREIGN = 0.04  # of the piece may be no part of its strand
_MOST_TURNED_DEG = 15.0
_WIDE, _MOST_WIDE = 2.2, 0.02  # strand widths; of the piece that lies farther aside
_WORN = 0.6  # of the strand is before the wrist, or beside it
_REACH = 0.14  # of the line's length: what lies farther aside is no part of the strand
_TENSION, _BESIDE_KNOB = 0.6, 0.2
_RIM = 7  # fine pixels: with the soft rim of what is behind
_KNOB, _ENDS, _GAP = 1.6, 0.08, 0.35  # strand widths; of the line, where, and how far apart
_RELIEF, _HIGHEST_MM = 0.4, 3.0  # of the strand's width that it stands off the skin


@dataclass(frozen=True)
class Laid:
    """A bracelet's strand in its photo, how far the piece reaches to its inner and its outer side
    (photo pixels), what each pixel is beside, what is no part of the strand (HxW, 0…1), what hangs
    from it (worn, that hangs towards the hand), and whether it is one strand and little else.
    """

    strand: Strand2D
    reach: tuple[float, float]
    own: Beside
    foreign: Floats
    charms: tuple[Charm, ...]
    single: bool


def render_strand(cutout: Cutout, look: Look, request: RenderRequest, on_step: OnStep) -> Rendered:
    """The bracelet worn. Raises ViewRefused where it is no single strand."""
    if abs(request.adjustment.turn_deg) > _MOST_TURNED_DEG:
        raise ViewRefused(ViewProblem.MOVED_TOO_FAR)
    template = load_template(look.templates[0])
    limb = limb_of(template.anchors)
    view = framed(template, limb, look.span_mm, request)
    refuse_off_limb(view, limb, request)
    on_step(Step.PLACING_PIECE)
    laid, curve = _fitted(cutout.alpha, view, request)
    bend = _bent(laid, curve, floats(limb["axis_px"]), request.size_px)
    left_out = _left_out(laid, curve)
    if bend.is_distorted(floats(cutout.alpha * (1 - left_out))):
        raise ViewRefused(ViewProblem.NOT_AT_A_SLANT)
    skin = skin_of(view)
    visible = _visible(laid, curve, bend, skin, view)
    worn = placed_along(without(cutout.rgba, left_out), bend, request.size_px).clipped(visible)
    on_step(Step.LIGHTING_PIECE)
    picture = view.picture()
    light = worn_light(view, limb, worn, skin, curve.sides_px)
    behind = shaded_skin(view, limb, worn, None, max(1.0, 2 * curve.lift_mm), picture, skin)
    grain = 0.6 * grain_of(picture) + 0.002
    image = to_bytes(developed(worn.lit(light.gains).over(behind), grain, worn.cover))
    on_step(Step.CHECKING)
    declared = Declaration(
        middle_transform(laid.strand, curve.track), light, left_out=left_out, visible=visible,
        behind=behind, px_per_mm=float(limb["px_per_mm"]) * view.zoom, bend=bend,
    )  # fmt: skip
    fidelity = checked(cutout.rgba, image, declared, request)
    hidden = 1 - curve.front_mm / curve.girth_mm
    return Rendered(image, _alterations(look, hidden), fidelity, declared)


def _fitted(alpha: Floats, view: View, request: RenderRequest) -> tuple[Laid, WristCurve]:
    """The strand, as long as the way round the wrist, and that way."""
    limb = limb_of(view.template.anchors)
    one = find_strand(alpha)
    if not one.single:
        raise ViewRefused(ViewProblem.NOT_AT_A_SLANT)
    strand_px = len(one.strand.line)
    thick_mm = one.strand.width_px / strand_px * girth_mm(limb, 0)
    lift = min(_RELIEF * thick_mm, _HIGHEST_MM)
    by = request.adjustment
    shorter = min(request.size_px)
    moved = shorter * floats([by.right, by.down])
    curve = curve_round(
        view, limb, lift_mm=lift, size=by.size, outer_to_hand=bool(one.charms), moved_px=moved,
        turn_deg=by.turn_deg,
    )  # fmt: skip
    strand = Strand2D(
        one.strand.line, one.strand.middle, strand_px / curve.girth_mm, one.strand.width_px
    )
    return dataclasses.replace(one, strand=strand), curve


@kept
def find_strand(alpha: Floats) -> Laid:
    """The strand of a bracelet, its scale left open; what lies beside its ends is out of sight, as
    the clasp is. Raises ViewRefused where there is none.
    """
    course = strand_course(alpha)
    if course is None:
        raise ViewRefused(ViewProblem.NOT_AT_A_SLANT)
    line, gap = (course.line, slice(0)) if course.closed else _face_first(alpha, course)
    strand = Strand2D(line, (len(line) - 1) / 2, 1.0, course.width_px)
    own = beside(line, grown(np.asarray(alpha > 0), 5))
    solid = alpha > 0.5
    off = (own.index < -course.width_px) | (own.index > len(line) + course.width_px)
    foreign = solid & (off | (np.abs(own.aside) > _REACH * len(line)))
    own.index[_in_the_gap(own, gap)] = np.nan
    worn = np.abs(own.index / len(line) - 0.5) < _WORN / 2
    single = (foreign & worn).sum() <= _MAX_FOREIGN * solid.sum()
    charms = charms_of(np.asarray(solid & worn & ~foreign), own, course.width_px)
    hanging = together(charms, alpha.shape)
    own.index[hanging] = np.nan
    wide = solid & worn & ~hanging & (np.abs(own.aside) > _WIDE * course.width_px)
    single &= wide.sum() <= _MOST_WIDE * solid.sum()  # a large ring in the chain would be bent
    aside = own.aside[(alpha > 0.05) & worn & ~foreign & ~hanging]
    if not aside.size:
        raise ViewRefused(ViewProblem.NOT_AT_A_SLANT)
    reach = (float(-aside.min()) + 1, float(aside.max()) + 1)
    return Laid(strand, reach, own, floats(foreign), charms, bool(single))


def has_charms(alpha: Floats) -> bool:
    """Whether something hangs from the strand of a bracelet."""
    try:
        return bool(find_strand(alpha).charms)
    except ViewRefused:
        return False


def _bent(laid: Laid, curve: WristCurve, hand: Floats, size: tuple[int, int]) -> Bend:
    """The strand along the way round the wrist, its charms towards the hand."""
    bend = bend_along(laid.strand, laid.own, laid.reach, curve.track, size)
    shown = tuple(one for one in laid.charms if is_shown(one, laid.strand, curve))
    return hung(bend, shown, laid.strand, curve, hand, size)


def _face_first(alpha: Floats, course: StrandCourse) -> tuple[Floats, slice]:
    """The line of an open strand. A cuff with thick ends, stones or knobs, is worn with these on
    the back of the wrist: its line then begins and ends opposite, and bridges the
    gap: also returned is where.
    """
    line, last = course.line, len(course.line) - 1
    room = thickness(np.asarray(alpha > 0.5))
    columns, rows = np.round(line).astype(int).T
    thick = room[rows.clip(0, room.shape[0] - 1), columns.clip(0, room.shape[1] - 1)]
    near = max(1, int(_ENDS * last))
    ends = min(thick[:near].max(), thick[-near:].max())
    gap = line[0] - line[last]
    length = float(np.linalg.norm(gap))
    if ends < _KNOB * np.median(thick) or length > _GAP * last:
        return line, slice(0)
    half = last // 2
    bridge = _bridge(line, length)
    start = len(line) - half
    whole = np.concatenate([line[half:], bridge, line[:half]])
    return floats(whole), slice(start, start + len(bridge))


def _in_the_gap(own: Beside, gap: slice) -> Mask:
    """What lies beside the middle of the gap: rims of the knobs, which aren't shown there twice."""
    room = _BESIDE_KNOB * (gap.stop - (gap.start or 0))
    return np.asarray((own.index > (gap.start or 0) + room) & (own.index < gap.stop - room))


def _bridge(line: Floats, length: float) -> Floats:
    """The way from a line's last point on to its first, without corners (Hermite's cubic)."""
    ways = unit_tangents(line)
    t = np.linspace(0, 1, max(3, int(1.15 * length)))[1:-1, None]
    ends = (1 + 2 * t) * (1 - t) ** 2 * line[-1] + t**2 * (3 - 2 * t) * line[0]
    slopes = t * (1 - t) ** 2 * ways[-1] - t**2 * (1 - t) * ways[0]
    return floats(ends + _TENSION * length * slopes)


def _left_out(laid: Laid, curve: WristCurve) -> Floats:
    """What of the cutout (HxW, 0…1) is behind the wrist, and what is no part of the strand."""
    strand, arc = laid.strand, curve.track.arc_mm
    first, last = (float(at) * strand.px_per_mm + strand.middle for at in arc[[0, -1]])
    behind = (laid.own.index < first) | (laid.own.index > last)
    for charm in laid.charms:
        if not is_shown(charm, strand, curve):
            behind |= charm.mask
    return np.maximum(floats(behind), laid.foreign)


def _visible(laid: Laid, curve: WristCurve, bend: Bend, skin: Floats, view: View) -> Floats:
    """1 where the strand shows: what has gone round the wrist's side is seen beside it only."""
    known = np.asarray(np.isfinite(bend.places).all(-1))
    columns, rows = np.where(known[..., None], np.round(bend.places), 0).astype(int).transpose(
        2, 0, 1
    )  # fmt: skip
    high, wide = laid.own.index.shape
    index = laid.own.index[rows.clip(0, high - 1), columns.clip(0, wide - 1)]
    arc = np.abs(laid.strand.arc_mm(index))
    behind = known & (np.nan_to_num(arc) > curve.front_mm / 2)
    rear = floats(grown(np.asarray(behind), _RIM))
    tall, broad = (edge // SUPERSAMPLE for edge in rear.shape)
    whole = np.zeros(view.size_px[::-1], np.float32)
    x, y = bend.corner
    whole[y : y + tall, x : x + broad] = cv2.resize(
        rear, (broad, tall), interpolation=cv2.INTER_AREA
    )
    return floats((1 - blur(whole, 0.6) * skin) * view.uncovered())


def _alterations(look: Look, hidden: float) -> tuple[Message, ...]:
    return (
        *(message(one) for one in look.alterations),
        message(Alteration.WRIST_FITTED),
        message(Alteration.STRAND_ROUND_WRIST),
        message(Alteration.WRIST_HIDDEN, percent=round(100 * hidden)),
        message(Alteration.SKIN_LIGHT),
    )
