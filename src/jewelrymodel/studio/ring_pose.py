"""How a ring was photographed, standing or lying, and from how high: the surface follows that.

A ring's opening is a circle. Seen from the front it is as high as it is wide; the higher the camera
stands above a ring that stands, the lower its ellipse (cos of the height), and the lower it stands
above one that lies (sin of the height). Turned about its own axis, it is higher than it is wide.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask
from jewelrymodel.studio.components import components_of
from jewelrymodel.studio.piece_kinds import Kind, largest_hole

LOWEST_DEG, HIGHEST_DEG = 10.0, 60.0
FROM_ABOVE_DEG = 90.0
_ROUND = 0.85  # an ellipse at least so high for its width is seen from the front
_HEAD = 1.6  # the head is so much thicker than the band
_LEAST_OPENING = 0.02  # of the piece's frame; less is a gap between prongs
_TURNED, _PLAIN = 1.1, 0.94  # breadth by height, and area by that of the convex hull
_ON_RIM_DEG = 20.0
_SAME_FOOT = 0.05  # of the piece's height


@dataclass(frozen=True)
class Pose:
    """Whether the piece stands, and the camera's height above the surface in degrees: at 90 it
    looks straight down.
    """

    stands: bool
    camera_deg: float


LYING = Pose(stands=False, camera_deg=FROM_ABOVE_DEG)


def pose_of(alpha: Floats, kind: Kind) -> Pose:
    """How the piece lies or stands. Only of a ring can be told that it stands, and several parts
    do only where all of them reach the ground.
    """
    if kind is not Kind.RING or not _on_one_ground(alpha):
        return LYING
    solid = np.asarray(alpha > 0.5)
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    height, width = int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1
    hole = largest_hole(solid)
    if hole is None or hole.sum() < _LEAST_OPENING * height * width:
        return _of_closed(solid, width / height)
    x, y, across, down = cv2.boundingRect(hole.astype(np.uint8))
    above, below = y - int(rows[0]), int(rows[-1]) + 1 - (y + down)
    aside = max(x - int(columns[0]), int(columns[-1]) + 1 - (x + across))
    ratio = down / across
    stands = ratio >= _ROUND or above > _HEAD * max(below, aside)
    seen_deg = math.acos(min(1.0, ratio)) if stands else math.asin(min(1.0, ratio))
    low, high = (LOWEST_DEG, HIGHEST_DEG) if stands else (25.0, 75.0)
    return Pose(stands, min(high, max(low, math.degrees(seen_deg))))


def _of_closed(solid: Mask, breadth: float) -> Pose:
    """The pose of a ring whose opening doesn't show: edge on it is higher than broad, a plain band
    on its rim has no outline but its own, and else the camera looks down on its head.
    """
    if breadth < 1 / _TURNED:
        return Pose(stands=True, camera_deg=LOWEST_DEG)
    outlines, _ = cv2.findContours(
        solid.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    outline = max(outlines, key=cv2.contourArea)
    filled = cv2.contourArea(outline) / max(cv2.contourArea(cv2.convexHull(outline)), 1.0)
    on_rim = breadth > _TURNED and filled > _PLAIN
    return Pose(stands=True, camera_deg=_ON_RIM_DEG) if on_rim else LYING


def _on_one_ground(alpha: Floats) -> bool:
    parts = components_of(alpha)
    feet = [part.box[3] for part in parts]
    highest = max(part.box[3] - part.box[1] for part in parts)
    return max(feet) - min(feet) <= _SAME_FOOT * highest
