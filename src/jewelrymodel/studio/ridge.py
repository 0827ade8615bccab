"""How a strand goes out of sight over the ridge between shoulder and neck.

There the skin is a part of a cylinder whose axis runs along the outline. A strand goes round it as
a helix: on its way back it climbs along the outline towards the neck, and sinks behind it.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, floats
from jewelrymodel.studio.model_templates import View
from jewelrymodel.studio.neck_curves import NeckCurve
from jewelrymodel.studio.strand_layout import beside

_NEAR_MM = 4.0  # of the curve, by which its way over the ridge is known
_FARTHEST_MM = 6.0  # from the curve's end to the outline
_RADIUS_MM, _BEFORE = 18.0, 0.16  # of the templates' skin there; radians before it curves end
_STEEPEST = 0.85  # sine of the angle between a strand and the way straight over the ridge
_ROUND_DEG = 75.0  # behind the ridge it leads away from the camera
_CALM_MM = 1.5
_STEP_MM = 0.1


@dataclass(frozen=True)
class WayBehind:
    """What follows a track's end (`px`, Nx2, from the end on), and at which of its points it is on
    the ridge: before that it is in front of the person.
    """

    px: Floats
    ridge: int


def outlines(view: View) -> tuple[Floats, ...]:
    """The person's outlines in the picture (each Nx2, closed, a point per pixel), without the steps
    of pixels.
    """
    solid = (view.part_mask((0,)) < 0.5).astype(np.uint8)
    found, _ = cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    calm = max(1.0, _CALM_MM * float(view.template.anchors["px_per_mm"]) * view.zoom)
    return tuple(_smooth(floats(one[:, 0]), calm) for one in found if len(one) > 8 * calm)


def way_behind(
    upwards: Floats, px_per_mm: float, skin: NeckCurve, end: int, lines: tuple[Floats, ...],
    width_mm: float,
) -> WayBehind | None:  # fmt: skip
    """How a strand so wide goes on that runs `upwards` in the picture (Nx2, a point every 0.1 mm)
    to the `end` (0 or -1) of its curve; None where no outline is near, as where the picture's edge
    cuts it.
    """
    unit, start = px_per_mm, upwards[-1]
    if not lines:
        return None
    line = min(lines, key=lambda one: float(np.linalg.norm(one - start, axis=1).min()))
    apart = np.linalg.norm(line - start, axis=1)
    first = int(np.argmin(apart))
    if apart[first] > _FARTHEST_MM * unit:
        return None
    inwards = start - upwards[-1 - min(int(2 * _NEAR_MM / _STEP_MM), len(upwards) - 1)]
    walk = np.roll(line, -first, axis=0)
    if (walk[int(unit)] - walk[0]) @ inwards < 0:
        walk = np.roll(walk[::-1], 1, axis=0)
    helix = _helix(skin, end, _unit(walk[int(unit)] - walk[0]), width_mm / 2)
    return _along(walk, start, helix, width_mm, unit)


def before_person(view: View, line: Floats, ridges: tuple[float, float], width_px: float) -> Floats:
    """1 where a strand of that width along a line (Nx2) shows (HxW): between two of its points
    everywhere, and beyond them where the person isn't before it.
    """
    width, height = view.size_px
    near = np.zeros((height, width), np.uint8)
    drawn = np.round(line).astype(np.int32)
    cv2.polylines(near, [drawn], isClosed=False, color=1, thickness=int(2 * width_px) + 3)
    index = beside(line, near > 0).index
    beyond = (index < ridges[0]) | (index > ridges[1])
    return floats(1 - np.where(beyond, 1 - view.part_mask((0,)), 0))


@dataclass(frozen=True)
class _Helix:
    """`radius_mm` of the strand's middle round the ridge, how far it goes along the ridge for each
    millimeter round it, and what leads away from the person in the picture (of unit length).
    """

    radius_mm: float
    slope: float
    beyond: Floats


def _helix(curve: NeckCurve, end: int, outline: Floats, above_mm: float) -> _Helix:
    """What the end of a curve says of its way on: how aslant the strand crosses the ridge.
    `outline` is the direction to the neck in the picture.
    """
    step = 1 if end == 0 else -1
    points = curve.camera_mm[::step]
    apart = np.linalg.norm(points - points[0], axis=1)
    way = _unit(points[0] - points[int(np.argmax(apart > _NEAR_MM))])
    along = float(np.clip(way[:2] @ outline, 0, _STEEPEST))
    return _Helix(
        _RADIUS_MM + above_mm, along / float(np.sqrt(1 - along**2)), _unit(curve.out[end, :2])
    )


def _along(walk: Floats, start: Floats, helix: _Helix, width_mm: float, unit: float) -> WayBehind:
    """The way along the outline (`walk`), on which the strand stands over it by less and less."""
    normals = np.gradient(walk, axis=0)[:, ::-1] * np.array([-1, 1])
    normals *= np.sign(normals[0] @ helix.beyond)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-6)
    over_mm = float((start - walk[0]) @ normals[0]) / unit
    radius, before = helix.radius_mm, _BEFORE
    lowest = np.cos(before) - (over_mm + width_mm / 2 + 0.5) / radius
    farthest = min(float(np.arccos(np.clip(lowest, -1, 1))), np.radians(_ROUND_DEG))
    count = max(2, int(radius * (farthest + before) * np.hypot(1, helix.slope) / _STEP_MM))
    angles = np.linspace(-before, farthest, count + 1)[1:]
    along = (angles + before) * radius * helix.slope * unit
    height = unit * (over_mm + radius * (np.cos(angles) - np.cos(before)))
    at = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(walk, axis=0), axis=1))])
    base, normal = (
        np.column_stack([np.interp(along, at, one[:, axis]) for axis in (0, 1)])
        for one in (walk, normals)
    )
    return WayBehind(floats(base + normal * height[:, None]), int(np.argmax(angles >= 0)))


def _unit(vector: Floats) -> Floats:
    return floats(vector / max(float(np.linalg.norm(vector)), 1e-6))


def _smooth(line: Floats, sigma: float) -> Floats:
    """A closed line without the steps of pixels."""
    room = int(4 * sigma) + 1
    padded = np.pad(line, ((room, room), (0, 0)), mode="wrap")
    return floats(cv2.GaussianBlur(padded[:, None, :], (1, 2 * room + 1), sigma)[room:-room, 0])
