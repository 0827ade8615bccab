"""The way round a template's wrist on which a strand lies: an ellipse across the arm, a little
above the skin.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from jewelrymodel.studio.arrays import Floats, blur, floats
from jewelrymodel.studio.model_templates import View
from jewelrymodel.studio.strand_layout import Track

_POINTS = 1200
_ROUND_DEG = 125.0  # from the middle of the wrist's back: so far beyond its sides nothing shows
_LEAST_SHORTENED = 0.82  # a flat photo can't be turned: more than that would press it together
_EVEN = 40  # points
_SLACK_MM, _LEAN_DEG = 0.5, 5.0  # a bracelet hangs a little towards the hand


@dataclass(frozen=True)
class WristCurve:
    """The track in the picture, counted from the middle of the wrist's back; how much of it is
    before the wrist's sides (`front_mm`), the whole way round (`girth_mm`), and how high above the
    skin it runs.
    """

    track: Track
    front_mm: float
    girth_mm: float
    lift_mm: float

    @property
    def sides_px(self) -> Floats:
        """The middle between the places of the picture where it goes round the wrist's sides."""
        arc = self.track.arc_mm
        sides = [np.argmin(np.abs(arc - side * self.front_mm / 2)) for side in (-1, 1)]
        return floats(self.track.px[sides].mean(0))


def girth_mm(limb: dict[str, Any], lift_mm: float) -> float:
    """The way round a limb in mm, `lift_mm` above its skin (Ramanujan's formula for an ellipse)."""
    wide, high = (float(limb[one]) / 2 + lift_mm + _SLACK_MM for one in ("width_mm", "height_mm"))
    return float(np.pi * (3 * (wide + high) - np.sqrt((3 * wide + high) * (wide + 3 * high))))


def curve_round(
    view: View, limb: dict[str, Any], *, lift_mm: float, size: float, outer_to_hand: bool,
    moved_px: Floats, turn_deg: float = 0.0,
) -> WristCurve:  # fmt: skip
    """The way round the wrist, `size` times as wide, moved along the arm by what of `moved_px` goes
    that way, and turned clockwise. The strand's outer side lies towards the elbow, or else towards
    the hand.
    """
    angles = np.radians(np.linspace(-_ROUND_DEG, _ROUND_DEG, _POINTS))
    wide, high = (
        (float(limb[one]) / 2 + lift_mm + _SLACK_MM) * size for one in ("width_mm", "height_mm")
    )
    across, back = (floats(limb[one]) for one in ("across_camera", "back_camera"))
    lean = np.radians(_LEAN_DEG)
    up = np.cos(lean) * back - np.sin(lean) * floats(limb["axis_camera"])
    top = floats(limb["seat_camera_mm"]) + high * back
    turned = np.sin(angles)[:, None] * wide * across + (np.cos(angles)[:, None] - 1) * high * up
    points = top + turned
    template = view.template
    px = template.focal_px * points[:, :2] / points[:, 2:] + template.center_px
    axis = floats(limb["axis_px"])
    seat, turn = view.points(limb["seat_px"]), np.radians(turn_deg)
    turn_back = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    places = floats((view.points(px) - seat) @ turn_back + seat + (moved_px @ axis) * axis)
    scale = view.px_per_mm(points[:, 2])
    if _right_side_is(places, axis) != outer_to_hand:
        places, points, scale = places[::-1], points[::-1], scale[::-1]
    steps_mm = np.linalg.norm(np.diff(points, axis=0), axis=1)
    seen = np.linalg.norm(np.diff(places, axis=0), axis=1) / scale[1:]
    shortened = blur(floats(seen / steps_mm)[:, None], _EVEN)[:, 0]
    arc = np.concatenate([[0], np.cumsum(seen / np.clip(shortened, _LEAST_SHORTENED, 1))])
    arc -= np.interp(_POINTS / 2, np.arange(_POINTS), arc)
    side = float(np.interp(np.pi / 2, np.abs(angles[_POINTS // 2 :]), arc[_POINTS // 2 :]))
    girth = girth_mm(limb, lift_mm) * size
    return WristCurve(Track(places, floats(arc), floats(scale)), 2 * side, girth, lift_mm)


def _right_side_is(places: Floats, axis: Floats) -> bool:
    """Whether the right hand of somebody who walks along the places is the side of the hand."""
    middle = len(places) // 2
    step = places[middle + 1] - places[middle - 1]
    return bool(-step[1] * axis[0] + step[0] * axis[1] > 0)
