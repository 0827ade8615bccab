"""How far a piece leans in its photo, told from its own outline."""

import math

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, floats

MAX_TURN_DEG = 12.0
LEAST_TURN_DEG = 0.4
MIN_SYMMETRY = 0.86  # of the outline with its mirror image; less, and the piece has no axis
MIN_GAIN = 0.012
_EDGE_PX = 280
_SHIFTS_PX = (-3, -1, 1, 3)


def turn_deg(alpha: Floats) -> float:
    """The turn (degrees, clockwise positive) that makes the piece's axis of symmetry plumb; 0 where
    it has none, or where it leans by more than MAX_TURN_DEG and may do so on purpose.
    """
    mask = _centered(alpha)
    coarse = np.arange(-MAX_TURN_DEG - 1, MAX_TURN_DEG + 1.1, 1.0)
    near = max(coarse, key=lambda degrees: _symmetry(mask, float(degrees)))
    fine = near + np.arange(-0.9, 0.91, 0.15)
    best = float(max(fine, key=lambda degrees: _symmetry(mask, float(degrees))))
    symmetry = _symmetry(mask, best)
    if symmetry < MIN_SYMMETRY or symmetry < _symmetry(mask, 0.0) + MIN_GAIN:
        return 0.0
    return round(best, 2) if LEAST_TURN_DEG <= abs(best) <= MAX_TURN_DEG else 0.0


def _centered(alpha: Floats) -> Floats:
    """The outline at one size, its center of area in the middle of a square that it can turn in."""
    rows, columns = (np.flatnonzero((alpha > 0.5).any(axis)) for axis in (1, 0))
    piece = alpha[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = min(1.0, _EDGE_PX / max(piece.shape))
    small = cv2.resize(floats(piece), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    total = float(small.sum())
    down, across = np.mgrid[0 : small.shape[0], 0 : small.shape[1]]
    middle = float((across * small).sum()) / total, float((down * small).sum()) / total
    sides = [max(at, size - at) for at, size in zip(middle, small.shape[::-1], strict=True)]
    edge = 2 * math.ceil(math.hypot(*sides) + max(_SHIFTS_PX)) + 1
    shift = np.array([[1, 0, edge // 2 - middle[0]], [0, 1, edge // 2 - middle[1]]])
    return floats(cv2.warpAffine(small, shift, (edge, edge)))


def _symmetry(mask: Floats, degrees: float) -> float:
    """The share that the turned outline has in common with its mirror image, left and right."""
    middle = mask.shape[0] // 2
    turn = cv2.getRotationMatrix2D((middle, middle), -degrees, 1.0)
    turned = floats(cv2.warpAffine(mask, turn, mask.shape[::-1]))
    whole = float(turned.sum())
    common = max(_common(turned, shift) for shift in (0, *_SHIFTS_PX))
    return common / (2 * whole - common)  # of both together


def _common(turned: Floats, shift: int) -> float:
    """What the outline has in common with its mirror image, moved by pixels to the right."""
    mirrored = turned[:, ::-1]
    width = turned.shape[1]
    here = slice(max(shift, 0), width + min(shift, 0))
    there = slice(max(-shift, 0), width - max(shift, 0))
    return float(np.minimum(turned[:, here], mirrored[:, there]).sum())
