"""The region of one color round a tapped place, as far as the photo's own edges bound it."""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats, shrunk
from jewelrymodel.studio.color_samples import WEIGHTS

_TOLERANCES = np.geomspace(2.5, 40, 26)  # ΔE, each a ninth above the one before
_STEADY = 0.25  # pixels of its rim: so much a steady region grows with the next tolerance
_LEAST_STEPS = 3
_LEAST_PX = 9
_SEED_PX = 2


def region_of(colors: Floats, place: tuple[int, int], allowed: Mask, most: float) -> Mask | None:
    """The region (HxW) of the color at `place` (x, y) within `allowed`, at most this share of it.

    It is the one that stays the same over the widest range of tolerances (maximally stable: J.
    Matas et al., "Robust wide baseline stereo from maximally stable extremal regions", BMVC 2002);
    None where no region does, because nothing bounds it.
    """
    x, y = place
    if not allowed[y, x]:
        return None
    near = np.s_[max(0, y - _SEED_PX) : y + _SEED_PX + 1, max(0, x - _SEED_PX) : x + _SEED_PX + 1]
    seed = np.median(colors[near][allowed[near]], axis=0)
    distance = np.linalg.norm((colors - seed) * WEIGHTS, axis=2)
    distance = floats(cv2.GaussianBlur(floats(distance), (0, 0), 0.7))
    reached = np.where(allowed, distance, np.inf)
    reached[y, x] = 0
    regions = [_connected(np.asarray(reached <= one), place) for one in _TOLERANCES]
    sizes = np.array([int(region.sum()) for region in regions])
    rims = np.array([int((region & ~shrunk(region, 3)).sum()) for region in regions])
    steady = (np.diff(sizes) <= _STEADY * rims[:-1] + 2) & (sizes[:-1] >= _LEAST_PX)
    steady &= sizes[1:] <= most * int(allowed.sum())
    start, length = _longest_run(steady)
    return regions[start + length] if length >= _LEAST_STEPS else None


def _connected(mask: Mask, place: tuple[int, int]) -> Mask:
    filled: Bytes = mask.astype(np.uint8)
    cv2.floodFill(filled, None, place, 2, flags=4)
    return np.asarray(filled == 2)


def _longest_run(steps: Mask) -> tuple[int, int]:
    """Where the last of the longest runs of true values starts, and how long it is."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], steps.astype(np.int8), [0]])))
    starts, lengths = edges[::2], edges[1::2] - edges[::2]
    if not len(starts):
        return 0, 0
    best = len(lengths) - 1 - int(np.argmax(lengths[::-1]))
    return int(starts[best]), int(lengths[best])
