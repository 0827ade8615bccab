"""A ring on the finger of a virtual model.

The photo must show the ring through its opening. The opening is fitted to the finger; the hand with
the nearest tilt is taken, the rest of the tilt is a small foreshortening; the far side of the band
is hidden by the finger itself.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, blur, floats, to_bytes, to_linear
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.declaration import Declaration
from jewelrymodel.studio.lighting import Light, developed, grain_of
from jewelrymodel.studio.looks import Look
from jewelrymodel.studio.messages import Alteration, Message, ViewProblem, message
from jewelrymodel.studio.model_templates import Template, View, anchors_of, available, load_template
from jewelrymodel.studio.piece_kinds import largest_hole
from jewelrymodel.studio.placement import Layer, Matrix, by_hand, place
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
from jewelrymodel.studio.strands import thickness

MAX_FORESHORTENING = (0.7, 1.35)
_MIN_OPENING = 0.35
_MAX_HIDDEN = 0.6
_HEAD = 1.7  # band widths: thicker than that is no plain band
_RELIEF_MM = 1.7
_SINKS_MM = 0.8  # skin gives way under the band
_ASIDE, _FITTING = 0.1, (0.92, 1.15)  # of the finger's width that a ring may move, and be wide
_SNUG = 1.03  # the opening is a little wider than the finger


@dataclass(frozen=True)
class Opening:
    """The ring's opening in the photo: center, width and height in pixels, and its mask (HxW)."""

    center: tuple[float, float]
    width: float
    height: float


def find_opening(alpha: Floats) -> Opening:
    """The ellipse of the opening. Raises ViewRefused where the photo doesn't look through it."""
    hole = largest_hole(np.asarray(alpha > 0.5))
    columns = np.flatnonzero((alpha > 0.5).any(0))
    across = float(np.ptp(columns)) + 1
    if hole is None or np.ptp(np.flatnonzero(hole.any(0))) < _MIN_OPENING * across:
        raise ViewRefused(ViewProblem.NO_OPENING)
    outlines, _ = cv2.findContours(hole.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(outlines, key=len)
    (x, y), _, _ = cv2.fitEllipse(cv2.convexHull(outline))
    _, _, width, height = cv2.boundingRect(outline)
    return Opening((float(x), float(y)), float(width), float(height))


def render_ring(cutout: Cutout, look: Look, request: RenderRequest, on_step: OnStep) -> Rendered:
    """The ring worn. Raises ViewRefused where its view fits no hand."""
    on_step(Step.CHOOSING_VIEW)
    refuse_cut(cutout.alpha)
    opening = find_opening(cutout.alpha)
    template = _nearest_hand(look, opening)
    finger = template.anchors["fingers"][template.anchors["best_finger"]]
    view = _framed(template, finger, look.span_mm, request)
    on_step(Step.PLACING_PIECE)
    matrix = _on_finger(view, finger, opening)
    _refuse_off_finger(view, finger, request)
    matrix = by_hand(matrix, opening.center, request.adjustment, request.size_px)
    visible = _visible(view, finger, request)
    refuse_cropped(cutout.alpha, matrix, request)
    whole = place(cutout.rgba, matrix, request.size_px)
    hidden = _hidden_share(whole, visible)
    ring = whole.clipped(visible)
    on_step(Step.LIGHTING_PIECE)
    light = _light(view, finger)
    behind = _shaded(view, finger, ring)
    grain = 0.6 * grain_of(view.picture()) + 0.002
    image = to_bytes(developed(ring.lit(light.gains).over(behind), grain, ring.cover))
    on_step(Step.CHECKING)
    declared = Declaration(
        matrix, light, visible=visible, behind=behind,
        px_per_mm=float(finger["width_px"]) * view.zoom * _SNUG / request.size_mm
        * request.adjustment.size,
    )  # fmt: skip
    fidelity = checked(cutout.rgba, image, declared, request)
    squeezed = _foreshortening(template.anchors, opening)
    return Rendered(image, _alterations(look, hidden, squeezed), fidelity, declared)


def _hidden_share(ring: Layer, visible: Floats) -> float:
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
    if share > _MAX_HIDDEN or (behind & (thick > _HEAD * band + 2)).sum() > 0.002 * piece.sum():
        raise ViewRefused(ViewProblem.HEAD_HIDDEN)
    return share


def _along_the_middle(thick: Floats) -> Floats:
    """The thickness where it is largest nearby, 0 elsewhere."""
    nearby = cv2.dilate(thick, np.ones((5, 5), np.uint8))
    return floats(np.where(thick >= nearby - 0.5, thick, 0))


def _foreshortening(anchors: dict[str, Any], opening: Opening) -> float:
    finger = anchors["fingers"][anchors["best_finger"]]
    return float(np.sin(np.radians(finger["tilt_deg"]))) * opening.width / opening.height


def _nearest_hand(look: Look, opening: Opening) -> Template:
    hands = {name: _foreshortening(anchors_of(name), opening) for name in available(look.templates)}
    best = min(hands, key=lambda name: abs(np.log(hands[name])))
    low, high = MAX_FORESHORTENING
    if not low <= hands[best] <= high:
        raise ViewRefused(ViewProblem.VIEW_TOO_FAR)
    return load_template(best)


def _framed(
    template: Template, finger: dict[str, Any], span_mm: float, request: RenderRequest
) -> View:
    """A window `span_mm` wide round the seat, inside the template."""
    high, wide = template.picture.shape[:2]
    width, height = request.size_px
    span = span_mm * float(finger["px_per_mm"]) * request.breadth
    across = min(span, wide, high * width / height)
    down = across * height / width
    x, y = finger["seat_px"]
    origin = [np.clip(x - across / 2, 0, wide - across), np.clip(y - 0.42 * down, 0, high - down)]
    return View(template, floats(origin), width / across, request.size_px)


def _on_finger(view: View, finger: dict[str, Any], opening: Opening) -> Matrix:
    """Photo to picture: the opening as wide as the finger, squeezed along it by its tilt."""
    axis = np.array(finger["axis_px"], np.float64)
    across = np.array([axis[1], -axis[0]])
    wide = float(finger["width_px"]) * view.zoom * _SNUG
    high = wide * float(np.sin(np.radians(finger["tilt_deg"])))
    turn = np.column_stack([across * wide / opening.width, axis * high / opening.height])
    seat = view.points(_middle(finger))
    return np.column_stack([turn, seat - turn @ np.array(opening.center)])


def _middle(finger: dict[str, Any]) -> Floats:
    """The middle of the finger's outline at the seat, in template pixels."""
    axis = np.array(finger["axis_px"], np.float64)
    shift = sum(finger["edges_px"]) / 2
    return floats(np.array(finger["seat_px"]) + shift * np.array([-axis[1], axis[0]]))


def _visible(view: View, finger: dict[str, Any], request: RenderRequest) -> Floats:
    """1 where the ring shows: in each pixel the ring's plane is compared with the skin's distance.

    The finger thus hides the far side, and a neighbor or the palm hides what is behind it.
    """
    axis, seat = _plane_by_hand(view, finger, request)
    plane_mm = float(axis @ seat) / (view.rays() @ axis)
    margin_mm = view.depth_mm() + _SINKS_MM - plane_mm
    in_front = blur(floats(np.clip(margin_mm / _SINKS_MM + 0.5, 0, 1)), 0.6)
    return floats(np.maximum(in_front, view.part_mask((0,))))


def _refuse_off_finger(view: View, finger: dict[str, Any], request: RenderRequest) -> None:
    """Raise ViewRefused where a ring moved by hand wouldn't be round the finger any more."""
    by, axis = request.adjustment, finger["axis_px"]
    aside_px = min(request.size_px) * abs(by.right * axis[1] - by.down * axis[0])
    low, high = _FITTING
    if aside_px > _ASIDE * float(finger["width_px"]) * view.zoom or not low <= by.size <= high:
        raise ViewRefused(ViewProblem.MOVED_TOO_FAR)


def _plane_by_hand(
    view: View, finger: dict[str, Any], request: RenderRequest
) -> tuple[Floats, Floats]:
    """The ring's plane in the camera's space, its normal and a point in mm: it goes along the
    finger, and turns, with a ring that was moved by hand.
    """
    axis, seat = floats(finger["axis_camera"]), floats(finger["seat_camera_mm"])
    by = request.adjustment
    if not by.moves:
        return axis, seat
    moved_px = min(request.size_px) * np.array([by.right, by.down])
    along_px = float(moved_px @ np.array(finger["axis_px"], np.float64))
    seen = max(float(np.hypot(axis[0], axis[1])), 0.1)  # how much of the axis the camera sees
    along_mm = along_px / (float(finger["px_per_mm"]) * view.zoom * seen)
    angle = np.radians(by.turn_deg)
    turn = np.array(
        [[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]]
    )
    return floats(turn @ axis), floats(seat + along_mm * axis)


def _coordinates(view: View, finger: dict[str, Any]) -> tuple[Floats, Floats]:
    """Per pixel: pixels along the finger's axis from the seat, and across in half finger widths."""
    width, height = view.size_px
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = view.points(_middle(finger))
    ax, ay = finger["axis_px"]
    along = (across - x) * ax + (down - y) * ay
    aside = (across - x) * ay - (down - y) * ax
    return floats(along), floats(aside / (float(finger["width_px"]) * view.zoom / 2))


def _light(view: View, finger: dict[str, Any]) -> Light:
    """The band turns away from the lamp at the finger's sides, as the finger itself does."""
    _, aside = _coordinates(view, finger)
    turned = 1 - 0.08 * np.clip(np.abs(aside), 0, 1.15) ** 3
    return Light(floats(light_gains(view.template) * turned[..., None]))


def _shaded(view: View, finger: dict[str, Any], ring: Layer) -> Floats:
    """The hand, in linear light, under the ring's shadow."""
    unit = float(finger["px_per_mm"]) * view.zoom
    on_skin = blur(view.part_mask(tuple(range(1, 17))), 0.5)
    cast = skin_shadow(view.template, ring.cover, _RELIEF_MM, unit)
    return floats(to_linear(view.picture()) * (1 - (1 - cast) * on_skin[..., None]))


def _alterations(look: Look, hidden: float, squeezed: float) -> tuple[Message, ...]:
    return (
        *(message(one) for one in look.alterations),
        message(Alteration.FINGER_FITTED),
        message(Alteration.BAND_HIDDEN, percent=round(100 * hidden)),
        _tilt(round(100 * (squeezed - 1))),
        message(Alteration.SKIN_LIGHT),
    )


def _tilt(percent: int) -> Message:
    """How much taller the ring is drawn than in the photo, as what an image changes."""
    if not percent:
        return message(Alteration.TILT_KEPT)
    code = Alteration.TILT_SHORTER if percent < 0 else Alteration.TILT_TALLER
    return message(code, percent=abs(percent))
