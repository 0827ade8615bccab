"""Whether something that hangs on the piece in a generated scene is the shadow that it casts.

A hard shadow is the piece's own silhouette, moved, and within it the surface goes on with less
light by one share everywhere. A copy that grew may be one of both, hardly both.
"""

import math

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Mask, floats, to_linear
from jewelrymodel.studio.scene_canvas import healed_px, widened
from jewelrymodel.studio.scene_fill import filled
from jewelrymodel.studio.scene_seam import outside

EDGE_PX = 512  # of the picture's longer edge: as fine as a shadow is looked at
_TURNS, _FAR, _STEPS = 24, 0.15, 7  # its directions, and distances as shares of the longer edge
_OF_SILHOUETTE, _OFF_PX = 0.85, 2  # how much of it is in the moved silhouette
_LIGHT = (-1.6, -0.3)  # natural logarithm of the light that it leaves, in the median
_EVEN, _TINT = 0.55, 0.22  # between that light's quarters, and between its channels
_DARKER = 0.5  # from the median down to the darkest twentieth: a copy has dark lines of its own
_CLEAR_PX = 6  # round it: of what may be soft there the surface isn't learned
_DARK = 0.004  # of linear light: below it no ratio can be told
_FEW_PX = 20


def is_cast_shadow(growth: Mask, scene: Bytes, covered: Mask) -> bool:
    """Whether the growth (HxW) in a scene (HxWx3) is cast by the piece, which has `covered` (HxW)
    of it.
    """
    shrink = min(1.0, EDGE_PX / max(covered.shape))
    if shrink < 1:
        size = (round(covered.shape[1] * shrink), round(covered.shape[0] * shrink))
        scene = np.asarray(cv2.resize(scene, size, interpolation=cv2.INTER_AREA), np.uint8)
        growth, covered = (
            cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
            for mask in (growth, covered)
        )
    if not growth.any():
        return False
    reach = max(int(np.ptp(np.flatnonzero(covered.any(axis)))) + 1 for axis in (0, 1))
    enclosed = ~outside(widened(covered, healed_px(reach)))
    return _is_silhouette(growth, covered, reach) and _is_evenly_dark(growth, scene, enclosed)


def _is_silhouette(growth: Mask, covered: Mask, reach: int) -> bool:
    """Whether most of it is what the piece has `covered`, moved somewhere near."""
    room = math.ceil(_FAR * reach) + 1
    framed = np.pad(covered, room)
    away = cv2.distanceTransform((~framed).astype(np.uint8), cv2.DIST_L2, 5)
    down, across = (places + room for places in np.nonzero(growth))
    for by in np.linspace(_FAR / _STEPS, _FAR, _STEPS) * reach:
        for turn in np.linspace(0, 2 * math.pi, _TURNS, endpoint=False):
            there = away[down - round(by * math.sin(turn)), across - round(by * math.cos(turn))]
            if (there <= _OFF_PX).mean() >= _OF_SILHOUETTE:
                return True
    return False


def _is_evenly_dark(growth: Mask, scene: Bytes, enclosed: Mask) -> bool:
    """Whether the surface goes on in it, with less light by one share everywhere."""
    light = to_linear(np.asarray(cv2.GaussianBlur(scene, (0, 0), 1.5), np.uint8))
    hole = widened(growth, _CLEAR_PX) | enclosed
    if hole.all():
        return False
    shares = np.log((light + _DARK) / (filled(light, hole) + _DARK))
    core = cv2.erode(growth.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    inner = floats(shares[core if core.sum() > _FEW_PX else growth])
    darkest, low, middle, high = np.percentile(inner.mean(1), (5, 25, 50, 75))
    tint = float(np.abs(np.median(inner, axis=0) - middle).max())
    is_even = high - low <= _EVEN and middle - darkest <= _DARKER
    return bool(_LIGHT[0] <= middle <= _LIGHT[1] and is_even and tint <= _TINT)
