"""A ring on the finger of a virtual model.

The front rim of the ring, as the photo shows it, is fitted to the finger; the hand with the nearest
tilt is taken, the rest is a small lean and foreshortening; the far side of the band is hidden by
the finger itself.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, blur, floats, to_bytes
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.declaration import Declaration
from jewelrymodel.studio.lighting import developed, grain_of
from jewelrymodel.studio.looks import Look
from jewelrymodel.studio.messages import Alteration, Message, ViewProblem, message
from jewelrymodel.studio.model_templates import Template, View, anchors_of, available, load_template
from jewelrymodel.studio.placement import Layer, Matrix, by_hand, place
from jewelrymodel.studio.render_request import (
    Rendered,
    RenderRequest,
    ViewRefused,
    checked,
    refuse_cropped,
    refuse_cut,
)
from jewelrymodel.studio.ring_lighting import (
    head_cover,
    middle_of,
    shaded_skin,
    skin_of,
    worn_light,
)
from jewelrymodel.studio.ring_view import RingView, ring_view, solid_inside
from jewelrymodel.studio.steps import OnStep, Step
from jewelrymodel.studio.strands import thickness

MAX_LEAN_DEG = 32.0
_USUAL_LEAN, _USUAL_SQUEEZE = 12.0, 0.12
_SQUEEZES = np.geomspace(0.75, 1.2, 19)
_MAX_HIDDEN = 0.6
_HEAD = 1.7  # band widths: thicker than that is no plain band
_NEARER = 0.15  # of the opening's half height, before and after which a band turns to the back
_SINKS_MM = 0.4  # skin gives way under the band
_ASIDE, _FITTING = 0.1, (0.92, 1.15)  # of the finger's width that a ring may move, and be wide


@dataclass(frozen=True)
class Seat:
    """How a ring sits on a hand's finger: `squeeze` is how much longer than in the photo it is
    drawn along the finger, `lean_deg` how far it leans from straight across the finger.
    """

    template_id: str
    finger: dict[str, Any]
    squeeze: float
    lean_deg: float

    @property
    def tilt_deg(self) -> float:
        """The tilt of the ring's axis towards the camera."""
        return float(self.finger["tilt_deg"]) + self.lean_deg

    @property
    def misfit(self) -> float:
        """How far the hand is from one that the photo would fit as it is."""
        return float(np.hypot(self.lean_deg / _USUAL_LEAN, np.log(self.squeeze) / _USUAL_SQUEEZE))


@dataclass(frozen=True)
class Wear:
    """How something is worn round a limb: its opening by the limb's width, how high it stands off
    the skin, what to say of both, and whether only plain band may be behind: a bracelet's clasp is.
    """

    snug: float
    relief_mm: float
    fitted: Alteration
    hidden: Alteration
    plain_behind: bool = True


_FINGER = Wear(1.03, 1.7, Alteration.FINGER_FITTED, Alteration.BAND_HIDDEN)


def render_ring(cutout: Cutout, look: Look, request: RenderRequest, on_step: OnStep) -> Rendered:
    """The ring worn. Raises ViewRefused where its view fits no hand."""
    on_step(Step.CHOOSING_VIEW)
    refuse_cut(cutout.alpha)
    ring = ring_view(cutout.rgba)
    return worn_round(cutout, look, request, on_step, ring, nearest_hand(look, ring), _FINGER)


def worn_round(
    cutout: Cutout, look: Look, request: RenderRequest, on_step: OnStep, ring: RingView,
    seat: Seat, wear: Wear,
) -> Rendered:  # fmt: skip
    """A ring or bracelet on the limb it was found to fit. Raises ViewRefused where it would be
    hidden, cropped or moved off.
    """
    template, finger = load_template(seat.template_id), seat.finger
    view = framed(template, finger, look.span_mm, request)
    on_step(Step.PLACING_PIECE)
    matrix = _on_finger(view, seat, ring, wear.snug)
    refuse_off_limb(view, finger, request)
    pivot = (float(ring.center[0]), float(ring.center[1]))
    matrix = by_hand(matrix, pivot, request.adjustment, request.size_px)
    visible = _visible(view, seat, ring, matrix, wear.snug)
    refuse_cropped(cutout.alpha, matrix, request)
    piece = solid_inside(cutout.rgba)
    whole = place(piece, matrix, request.size_px)
    plain = not wear.plain_behind or (ring.behind_px > 0 and ring.head is None)
    hidden = _hidden_share(whole, visible, plain=plain)
    worn = whole.clipped(visible)
    on_step(Step.LIGHTING_PIECE)
    picture, skin = view.picture(), skin_of(view)
    sides = None if wear.plain_behind else floats(matrix @ np.array([*ring.center, 1.0]))
    light = worn_light(view, finger, worn, skin, sides)
    head = None if ring.head is None else head_cover(floats(ring.head), matrix, request.size_px)
    behind = shaded_skin(view, finger, worn, head, wear.relief_mm, picture, skin)
    grain = 0.6 * grain_of(picture) + 0.002
    image = to_bytes(developed(worn.lit(light.gains).over(behind), grain, worn.cover))
    on_step(Step.CHECKING)
    declared = Declaration(
        matrix, light, visible=visible, behind=behind,
        px_per_mm=float(finger["width_px"]) * view.zoom * wear.snug / request.size_mm
        * request.adjustment.size,
    )  # fmt: skip
    fidelity = checked(piece, image, declared, request)
    return Rendered(image, _alterations(look, wear, hidden, seat.squeeze), fidelity, declared)


def _hidden_share(ring: Layer, visible: Floats, *, plain: bool) -> float:
    """The share of the ring that the finger hides. Raises ViewRefused where that is more than
    plain band: a stone, a setting.
    """
    solid = np.asarray(ring.cover > 0.5)
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    window = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    piece, covered = solid[window], np.asarray(visible[window] < 0.5)
    behind = piece & covered
    thick = thickness(piece)
    band = float(np.median(_along_the_middle(thick)[_along_the_middle(thick) > 0]))
    share = float(behind.sum() / max(1, piece.sum()))
    head = behind & (thick > _HEAD * band + 2)
    if not plain and (share > _MAX_HIDDEN or head.sum() > 0.002 * piece.sum()):
        raise ViewRefused(ViewProblem.HEAD_HIDDEN)
    return share


def _along_the_middle(thick: Floats) -> Floats:
    """The thickness where it is largest nearby, 0 elsewhere."""
    nearby = cv2.dilate(thick, np.ones((5, 5), np.uint8))
    return floats(np.where(thick >= nearby - 0.5, thick, 0))


def nearest_hand(look: Look, ring: RingView) -> Seat:
    """The hand of a look on which the ring needs the least lean and squeeze. Raises ViewRefused
    where that is too much for a ring that is worn.
    """
    seats = [_seat(name, ring) for name in available(look.templates)]
    best = min(seats, key=lambda seat: seat.misfit)
    if abs(best.lean_deg) > MAX_LEAN_DEG:
        raise ViewRefused(ViewProblem.VIEW_TOO_FAR)
    return best


def limb_of(anchors: dict[str, Any]) -> dict[str, Any]:
    """The anchors of a template's best finger, or of its wrist."""
    limb: dict[str, Any] = anchors.get("wrist") or anchors["fingers"][anchors["best_finger"]]
    return limb


def _seat(template_id: str, ring: RingView) -> Seat:
    """The ring on a hand's finger, the difference of their tilts made up by a little lean, as
    rings have it, and a little squeeze.
    """
    anchors = anchors_of(template_id)
    finger = limb_of(anchors)
    seats = []
    for squeeze in _SQUEEZES:
        seen = min(1.0, float(squeeze) * ring.ratio)
        lean = float(np.degrees(np.arcsin(seen))) - float(finger["tilt_deg"])
        seats.append(Seat(template_id, finger, float(squeeze), lean))
    return min(seats, key=lambda seat: seat.misfit)


def framed(
    template: Template, finger: dict[str, Any], span_mm: float, request: RenderRequest
) -> View:
    """The window `span_mm` wide round the seat, inside the template."""
    high, wide = template.picture.shape[:2]
    width, height = request.size_px
    span = span_mm * float(finger["px_per_mm"]) * request.breadth
    across = min(span, wide, high * width / height)
    down = across * height / width
    x, y = finger["seat_px"]
    origin = [np.clip(x - across / 2, 0, wide - across), np.clip(y - 0.42 * down, 0, high - down)]
    return View(template, floats(origin), width / across, request.size_px)


def _on_finger(view: View, seat: Seat, ring: RingView, snug: float) -> Matrix:
    """Photo to picture: the front rim as wide as the finger, its band in the middle of the seat on
    the back of the finger. A ring that leans touches it there.
    """
    axis, facing = (np.asarray(one, np.float64) for one in (seat.finger["axis_px"], ring.facing))
    wide = float(seat.finger["width_px"]) * view.zoom * snug
    aim = np.column_stack([[axis[1], -axis[0]], axis * seat.squeeze])
    turn = wide / ring.across * aim @ np.array([[facing[1], -facing[0]], facing])
    shift = turn @ facing * ring.behind_px / 2 + axis * _leaning_px(seat, wide)
    rim = view.points(middle_of(seat.finger)) + shift
    return np.column_stack([turn, rim - turn @ np.asarray(ring.center, np.float64)])


def _leaning_px(seat: Seat, wide: float) -> float:
    """How far along the finger's axis the rim's center moves where the ring leans about the spot
    on the back of the finger: the rim is `wide` pixels across.
    """
    finger, ring = np.sin(np.radians([float(seat.finger["tilt_deg"]), seat.tilt_deg]))
    return float(wide / 2 * (ring - finger))


def _visible(view: View, seat: Seat, ring: RingView, matrix: Matrix, snug: float) -> Floats:
    """1 where the ring shows: the skin is compared with the plane of the ring's front rim.

    What of the finger lies before it hides the ring, and so does a neighbor. A head is in front,
    and so is the nearer half of the band: no skin stands through metal, however high the back of a
    template's finger is.
    """
    normal, rim = _front_plane(view, seat, ring, matrix, snug)
    skin = view.rays() * view.depth_mm()[..., None]
    before_mm = floats((skin - rim) @ normal)
    shows = blur(floats(np.clip((_SINKS_MM - before_mm) / _SINKS_MM + 0.5, 0, 1)), 0.6)
    shows = np.maximum(shows, view.part_mask((0,)))
    shows = np.maximum(shows, _nearer_half(ring, matrix, view.size_px))
    if ring.head is not None:
        shows = np.maximum(shows, head_cover(floats(ring.head), matrix, view.size_px))
    return floats(shows * view.uncovered())


def _nearer_half(ring: RingView, matrix: Matrix, size_px: tuple[int, int]) -> Floats:
    """1 on the nearer half of the band: outside the front rim's opening, on the side that the axis
    comes from. It fades out toward the ends, where the skin's own depth says what is behind.
    """
    facing = np.asarray(ring.facing, np.float64)
    basis = np.array([[facing[1], -facing[0]], facing])
    half = ring.across / 2 * np.array([1.0, ring.ratio])
    back = np.linalg.inv(matrix[:, :2])
    width, height = size_px
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    turn = basis @ back
    from_center = turn @ matrix[:, 2] + basis @ (
        np.asarray(ring.center, np.float64) + ring.rim_px * facing
    )
    across, along = ((turn[n, 0] * x + turn[n, 1] * y - from_center[n]) / half[n] for n in (0, 1))
    beyond_px = (np.hypot(across, along) - 1) * half[1] / np.sqrt(abs(np.linalg.det(back)))
    outside = np.clip(beyond_px + 0.5, 0, 1)
    nearer = np.clip((-along - _NEARER) / _NEARER, 0, 1)
    return floats(outside * nearer)


def refuse_off_limb(view: View, finger: dict[str, Any], request: RenderRequest) -> None:
    """Raise ViewRefused where a ring moved by hand wouldn't be round the finger any more."""
    by, axis = request.adjustment, finger["axis_px"]
    aside_px = min(request.size_px) * abs(by.right * axis[1] - by.down * axis[0])
    low, high = _FITTING
    if aside_px > _ASIDE * float(finger["width_px"]) * view.zoom or not low <= by.size <= high:
        raise ViewRefused(ViewProblem.MOVED_TOO_FAR)


def _front_plane(
    view: View, seat: Seat, ring: RingView, matrix: Matrix, snug: float
) -> tuple[Floats, Floats]:
    """The plane of the ring's front rim in the camera's space: its unit normal, and the point of it
    in mm on the back of the finger.
    """
    facing = matrix[:, :2] @ np.asarray(ring.facing, np.float64)
    facing /= np.linalg.norm(facing)
    tilt = np.radians(seat.tilt_deg)
    normal = floats([*(np.cos(tilt) * facing), -np.sin(tilt)])
    finger = seat.finger
    axis, middle = floats(finger["axis_camera"]), floats(finger["seat_camera_mm"])
    x, y = matrix @ np.array([*ring.center, 1.0])
    moved = (np.array([x, y]) - view.points(middle_of(finger))) @ np.array(finger["axis_px"])
    wide = float(finger["width_px"]) * view.zoom * snug
    seen = max(float(np.hypot(axis[0], axis[1])), 0.1)  # how much of the axis the camera sees
    unit = float(finger["px_per_mm"]) * view.zoom
    along_mm = (float(moved) - _leaning_px(seat, wide)) / (unit * seen)
    top_mm = wide / unit / 2 * floats(finger["back_camera"])
    return normal, floats(middle + along_mm * axis + top_mm)


def _alterations(look: Look, wear: Wear, hidden: float, squeezed: float) -> tuple[Message, ...]:
    return (
        *(message(one) for one in look.alterations),
        message(wear.fitted),
        message(wear.hidden, percent=round(100 * hidden)),
        _tilt(round(100 * (squeezed - 1))),
        message(Alteration.SKIN_LIGHT),
    )


def _tilt(percent: int) -> Message:
    """How much taller the ring is drawn than in the photo, as what an image changes."""
    if not percent:
        return message(Alteration.TILT_KEPT)
    code = Alteration.TILT_SHORTER if percent < 0 else Alteration.TILT_TALLER
    return message(code, percent=abs(percent))
