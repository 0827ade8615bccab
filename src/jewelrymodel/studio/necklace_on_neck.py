"""A necklace on the neck of a virtual model.

Its strand is laid along the curve on which a chain of its length lies on the template's skin, every
bead by the photo's own order and distances. What runs behind the neck is hidden, and said.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask, blur, floats, grown, to_bytes, to_linear
from jewelrymodel.studio.bend import placed_along
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.declaration import Declaration
from jewelrymodel.studio.fidelity import without
from jewelrymodel.studio.frame_sides import sides_cut
from jewelrymodel.studio.lighting import developed, grain_of
from jewelrymodel.studio.looks import Look
from jewelrymodel.studio.messages import Alteration, Message, ViewProblem, message
from jewelrymodel.studio.model_templates import Template, View, load_template
from jewelrymodel.studio.neck_curves import (
    LONGEST_MM,
    SHORTEST_MM,
    NeckCurve,
    curve_of,
)
from jewelrymodel.studio.necklace_course import lowest_point, strand_course
from jewelrymodel.studio.necklace_ends import (
    Ends,
    across_the_ridges,
    before_the_shoulders,
    cover_along,
    is_beaded,
    is_broad,
    missing_mm,
    over_the_ridges,
    person,
    plain_ends,
    relief_mm,
    shown_over_ridges,
)
from jewelrymodel.studio.render_request import Rendered, RenderRequest, ViewRefused, checked
from jewelrymodel.studio.skin_lighting import bounded, light_gains, mirrored_skin
from jewelrymodel.studio.skin_shadows import skin_shadow
from jewelrymodel.studio.steps import OnStep, Step
from jewelrymodel.studio.strand_layout import (
    Beside,
    Strand2D,
    Track,
    bend_along,
    beside,
    middle_transform,
    track_of,
)

MAX_LEFT_OUT, MAX_CLASP, MAX_BESIDE = 0.04, 0.25, 0.03
CHAIN_RELIEF_MM = 0.7
_HANGS, _NEAR_END = 3.0, 0.1  # strand widths; of the strand's length, which is behind the neck
_LONG_RUN, _MEETS = 6, 0.3  # strand widths along it; of them where another run meets it
_REACH = 0.14  # of the line's length: what lies farther aside is no part of the strand
_THICKEST_MM, _FLAT_MM = 8.0, 2.0  # of beads, and of bands
_RELIEF = 0.5  # of the strand's width
_LEAST_OWN = 0.6  # of what shows: for less than that the size is wrong, or it's a pendant
_REACHED_MM = 2.0
_MARGIN = 0.2  # of the curve's width, on each side
_COARSE = 8
_DARKEST, _BRIGHTEST = 0.84, 1.04


@dataclass(frozen=True)
class Necklace:
    """A strand in its photo, how far the piece reaches to its inner and its outer side (photo
    pixels), what each pixel is beside, which pixels are no part of the strand (HxW), and which of
    them hang at the clasp.
    """

    strand: Strand2D
    reach: tuple[float, float]
    own: Beside
    foreign: Mask
    clasp: Mask
    closed: bool

    @property
    def length_mm(self) -> float:
        """How long the strand is."""
        return len(self.strand.line) / self.strand.px_per_mm

    @property
    def width_mm(self) -> float:
        """How wide it usually is."""
        return self.strand.width_px / self.strand.px_per_mm


def render_necklace(
    cutout: Cutout, look: Look, request: RenderRequest, on_step: OnStep
) -> Rendered:
    """The necklace worn. Raises ViewRefused where it is no single strand, and where it is too short
    or too long for this neck.
    """
    on_step(Step.CHOOSING_VIEW)
    if request.adjustment.right or request.adjustment.down or request.adjustment.turn_deg:
        raise ViewRefused(ViewProblem.MOVED_TOO_FAR)
    template = load_template(look.templates[0])
    necklace = find_necklace(cutout.alpha, request.size_mm * request.adjustment.size)
    cover = cover_along(necklace.own, np.asarray(cutout.alpha > 0.5), necklace.strand)
    most_mm = _THICKEST_MM if is_beaded(necklace.strand, cover) else _FLAT_MM
    broad = is_broad(necklace.strand, cover)
    curve = _curve_for(template, necklace.length_mm, request)
    curve = curve.lifted(min(necklace.width_mm, most_mm) / 2)
    hangs_mm = necklace.reach[1] / necklace.strand.px_per_mm
    view = _framed(template, curve, look.span_mm, request, hangs_mm)
    on_step(Step.PLACING_PIECE)
    seen = track_of(view.points(curve.px), curve.arc_mm, view.px_per_mm(curve.camera_mm[:, 2]))
    lacking_mm = _lacking(necklace, seen, request)
    is_own = template.front is not None  # of a seller's own model the outline isn't known well
    if broad:
        ends = across_the_ridges(seen, necklace.width_mm)
    else:
        ends = over_the_ridges(view, curve, seen, necklace.width_mm)
    track = seen if is_own else ends.track
    if not broad and not necklace.closed:  # what goes on behind the neck is a little of the chain
        lacking_mm = max(lacking_mm, _beyond_reach(necklace, track))
    bend = bend_along(necklace.strand, necklace.own, necklace.reach, track, request.size_px)
    left_out = _left_out(necklace, track)
    if bend.is_distorted(floats(cutout.alpha * (1 - left_out))):
        raise ViewRefused(ViewProblem.NO_STRAND)
    unit = float(np.median(track.px_per_mm))
    shows = view.uncovered() if is_own else _shows(view, ends, necklace, unit, broad=broad)
    laid = placed_along(without(cutout.rgba, left_out), bend, request.size_px).clipped(shows)
    plain = None
    if lacking_mm:
        plain = plain_ends(cutout.rgba, necklace.strand, track, request.size_px).clipped(shows)
    on_step(Step.LIGHTING_PIECE)
    picture = view.picture()
    linear = to_linear(picture)
    skin = np.ones(1, np.float32) if is_own else person(view)[..., None]
    mirrored = mirrored_skin(view, laid.cover, floats(1 - view.part_mask((0,))), unit)
    light = bounded(floats(_gains(template, view, picture, track) * mirrored))
    shadow = skin_shadow(view, laid.cover, _RELIEF * necklace.width_mm, unit)
    behind = floats(linear * (1 - skin * (1 - shadow)))
    cover, drawn = laid.cover, None
    if plain is not None:
        shadow = skin_shadow(view, plain.cover, CHAIN_RELIEF_MM, unit)
        behind = floats(behind * (1 - skin * (1 - shadow)))
        drawn, cover = plain.lit(light.gains), floats(np.maximum(cover, plain.cover))
    ground = behind if drawn is None else drawn.over(behind)
    grain = 0.6 * grain_of(picture) + 0.002
    image = to_bytes(developed(laid.lit(light.gains).over(ground), grain, cover))
    on_step(Step.CHECKING)
    declared = Declaration(
        middle_transform(necklace.strand, track), light, left_out=left_out, visible=shows,
        behind=behind, laid=drawn, px_per_mm=unit, bend=bend,
    )  # fmt: skip
    fidelity = checked(cutout.rgba, image, declared, request)
    shown_mm = min(necklace.length_mm, float(np.ptp(seen.arc_mm)))
    hidden = 1 - shown_mm / necklace.length_mm
    return Rendered(image, _alterations(look, necklace, hidden, lacking_mm), fidelity, declared)


def _shows(view: View, ends: Ends, necklace: Necklace, unit: float, *, broad: bool) -> Floats:
    """1 where the necklace shows, 0 where it is behind the neck (HxW)."""
    if broad:
        return before_the_shoulders(view, unit * relief_mm(necklace.width_mm))
    reach = max(necklace.reach) / necklace.strand.px_per_mm
    return shown_over_ridges(view, ends, unit * reach)


def find_necklace(alpha: Floats, size_mm: float) -> Necklace:
    """The strand of a necklace `size_mm` wide as photographed. Raises ViewRefused where more than a
    little of the cutout is no part of one strand, but for what hangs at a closed one's clasp.
    """
    problem = ViewProblem.PIECE_CUT if sides_cut(alpha) else ViewProblem.NO_STRAND
    course = strand_course(alpha)
    if course is None:
        raise ViewRefused(problem)
    columns = np.flatnonzero((alpha > 0.5).any(0))
    px_per_mm = float(np.ptp(columns) + 1) / size_mm
    line = course.line
    own = beside(line, grown(np.asarray(alpha > 0), 5))
    middle = lowest_point(own, np.asarray(alpha > 0.5), course)
    strand = Strand2D(line, middle, px_per_mm, course.width_px)
    off = (own.index < -course.width_px) | (own.index > len(line) + course.width_px)
    aside = np.abs(own.aside) > _REACH * len(line)
    clasp = _at_clasp(alpha, own, strand) if course.closed else np.zeros_like(off)
    solid = alpha > 0.5
    foreign, count = (off | aside) & ~clasp, int(solid.sum())
    if (solid & foreign).sum() > MAX_LEFT_OUT * count or (solid & clasp).sum() > MAX_CLASP * count:
        raise ViewRefused(problem)
    if _runs_beside(solid & ~foreign & ~clasp, own, strand) > MAX_BESIDE * count:
        raise ViewRefused(problem)
    inner = own.aside[(alpha > 0.05) & ~foreign & ~clasp]
    reach = (float(-inner.min()) + 1, float(inner.max()) + 1)
    hanging = np.asarray(clasp & solid)
    return Necklace(strand, reach, own, np.asarray(foreign | clasp), hanging, course.closed)


def _at_clasp(alpha: Floats, own: Beside, strand: Strand2D) -> Mask:
    """What hangs at the clasp of a closed necklace (HxW): what reaches far beside the strand and
    meets it near its ends alone.
    """
    last, width = len(strand.line), strand.width_px
    beyond_ends = np.maximum(-own.index, own.index - last)
    core = (np.abs(own.aside) <= width) & (beyond_ends <= width)
    rest = (alpha > 0.05) & ~core
    count, parts = cv2.connectedComponents(rest.astype(np.uint8))
    labels = parts.astype(np.intp)
    apart = floats(np.hypot(own.aside, np.maximum(beyond_ends, 0)))
    reach, root = np.zeros(count), np.zeros(count)
    np.maximum.at(reach, labels[rest], apart[rest])
    meets = rest & grown(np.asarray(core & (alpha > 0.05)), 5)
    np.maximum.at(root, labels[meets], np.minimum(own.index, last - own.index)[meets])
    hanging = (reach > _HANGS * width) & (root < _NEAR_END * last)
    hanging[0] = False
    return np.asarray(hanging[labels])


def _runs_beside(solid: Mask, own: Beside, strand: Strand2D) -> int:
    """How many pixels of the piece belong to another run of its strand: what goes along beside it
    over a long way and meets it in few places. A fringe or a plate meets it all along.
    """
    width = strand.width_px
    core = np.abs(own.aside) <= width
    _, parts = cv2.connectedComponents((solid & ~core).astype(np.uint8))
    meets = grown(np.asarray(solid & core), 3)
    beside_it = 0
    step = np.where(solid, own.index, 0) // width
    for label in np.unique(parts[(np.abs(own.aside) > _HANGS * width) & (parts > 0)]):
        part = parts == label
        along, touched = (len(np.unique(step[where])) for where in (part, part & meets))
        if along > _LONG_RUN and touched < _MEETS * along:
            beside_it += int(part.sum())
    return beside_it


def _curve_for(template: Template, length_mm: float, request: RenderRequest) -> NeckCurve:
    """The curve of the necklace's own length; one that is open is clasped out of sight."""
    if length_mm > LONGEST_MM:
        raise ViewRefused(ViewProblem.TOO_LARGE, size_mm=request.size_mm)
    return curve_of(template, max(length_mm, SHORTEST_MM))


def _lacking(necklace: Necklace, track: Track, request: RenderRequest) -> float:
    """How many millimeters of plain chain each end needs to reach over the shoulders. Raises
    ViewRefused where the necklace is closed, where the photo cut its ends, and where most of what
    shows would be drawn.
    """
    lacking_mm = missing_mm(necklace.strand, track)
    if lacking_mm <= _REACHED_MM:
        return 0.0
    too_short = necklace.length_mm < _LEAST_OWN * float(np.ptp(track.arc_mm))
    if too_short or necklace.closed:
        raise ViewRefused(ViewProblem.TOO_SHORT, size_mm=request.size_mm)
    high, wide = necklace.foreign.shape
    ends, room = necklace.strand.line[[0, -1]], necklace.strand.width_px
    if (np.minimum(ends, np.array([wide, high]) - 1 - ends) < room).any():
        raise ViewRefused(ViewProblem.PIECE_CUT)
    return lacking_mm


def _beyond_reach(necklace: Necklace, track: Track) -> float:
    """How many millimeters a strand that reaches the ridges lacks behind them; 0 for a rest that
    nobody sees.
    """
    lacking_mm = missing_mm(necklace.strand, track)
    return lacking_mm if lacking_mm > _REACHED_MM else 0.0


def _framed(
    template: Template, curve: NeckCurve, span_mm: float, request: RenderRequest, hangs_mm: float
) -> View:
    """A window that shows the whole curve and what hangs from it, `hangs_mm` at most, and at least
    `span_mm` of the breadth.
    """
    high, wide = template.picture.shape[:2]
    width, height = request.size_px
    low, far = curve.px.min(0), curve.px.max(0)
    far[1] = min(far[1] + hangs_mm * float(template.anchors["px_per_mm"]), high)
    room = (1 + 2 * _MARGIN) * max(far[0] - low[0], (far[1] - low[1]) * width / height)
    px_per_mm = float(template.anchors["px_per_mm"])
    across = min(max(room, span_mm * px_per_mm * request.breadth), wide, high * width / height)
    down = across * height / width
    middle = (low + far) / 2
    x0 = np.clip(middle[0] - across / 2, 0, wide - across)
    y0 = np.clip(middle[1] - 0.5 * down, 0, high - down)
    return View(template, floats([x0, y0]), width / across, request.size_px)


def _left_out(necklace: Necklace, track: Track) -> Floats:
    """What of the cutout (HxW, 0…1) runs behind the neck, and what is no part of the strand."""
    strand = necklace.strand
    first, last = (float(arc) * strand.px_per_mm + strand.middle for arc in track.arc_mm[[0, -1]])
    index = necklace.own.index
    behind = (index < first) | (index > last)
    return floats(behind | necklace.foreign)


def _gains(template: Template, view: View, picture: Floats, track: Track) -> Floats:
    """The template's light, and the shade of the skin along the curve."""
    bright = blur(floats(to_linear(picture).mean(2)), 3 * float(np.median(track.px_per_mm)))
    rows, columns = (
        np.clip(track.px[:, axis].astype(int), 0, bright.shape[1 - axis] - 1) for axis in (1, 0)
    )
    along = bright[rows, columns]
    lowest = int(np.argmin(np.abs(track.arc_mm)))
    shade = np.clip((along / max(float(along[lowest]), 1e-3)) ** 0.8, _DARKEST, _BRIGHTEST)
    width, height = view.size_px
    field = _spread(track.px, floats(shade), (height, width))
    return floats(light_gains(template) * field[..., None])


def _spread(line: Floats, values: Floats, shape: tuple[int, int]) -> Floats:
    """A field (HxW) that has the line's values at each pixel's nearest point of it, coarsely."""
    small = (-(-shape[0] // _COARSE), -(-shape[1] // _COARSE))
    near = beside(floats(line / _COARSE), np.ones(small, bool)).index
    field = values[near.clip(0, len(values) - 1).astype(int)]
    return floats(cv2.resize(blur(floats(field), 2), shape[::-1], interpolation=cv2.INTER_LINEAR))


def _alterations(
    look: Look, necklace: Necklace, hidden: float, lacking_mm: float
) -> tuple[Message, ...]:
    alterations = [message(one) for one in (*look.alterations, Alteration.STRAND_LAID)]
    if lacking_mm:
        alterations.append(message(Alteration.ENDS_DRAWN, length_mm=round(lacking_mm)))
    if necklace.clasp.any():
        wide, high = (
            round(float(np.ptp(at) + 1) / necklace.strand.px_per_mm, 1)
            for at in np.nonzero(necklace.clasp)[::-1]
        )
        alterations.append(message(Alteration.CHAIN_PART_LEFT_OUT, width_mm=wide, height_mm=high))
    if hidden > 0.01:
        alterations.append(message(Alteration.REAR_HIDDEN, percent=round(100 * hidden)))
    alterations.append(message(Alteration.SKIN_LIGHT))
    return tuple(alterations)
