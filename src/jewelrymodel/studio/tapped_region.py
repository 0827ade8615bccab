"""The region round a tapped place: of one color, as far as the photo's own edges bound it, else of
the spots of the ground.
"""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats, shrunk
from jewelrymodel.studio.color_samples import WEIGHTS, noise_of, samples_of, unlikeness

_TOLERANCES = np.geomspace(2.5, 40, 26)  # ΔE, each a ninth above the one before
_STEADY = 0.25  # pixels of its rim: so much a steady region grows with the next tolerance
_LEAST_STEPS = 3
_LEAST_PX = 9
_SEED_PX = 2
_LEAST_GROUND_PX = 200
_LEAK_PX = 9  # so narrow a way out of an opening is a gap in its edge


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


def ground_region(
    colors: Floats, place: tuple[int, int], allowed: Mask, ground: Mask, most: float
) -> Mask | None:
    """The region (HxW) round `place` (x, y) within `allowed` that looks like some spot of the
    `ground` beside it, at most this share of `allowed`: an opening that shows slab, linen or stone,
    where no color bounds it. None where the place doesn't look like the ground.
    """
    if ground.sum() < _LEAST_GROUND_PX:
        return None
    samples = samples_of(colors, ground)
    noise = noise_of(colors, samples, ground)
    like = (unlikeness(colors, samples, allowed) <= 1.5 * noise) & allowed
    smooth = (cv2.GaussianBlur(floats(like), (0, 0), 1.5) > 0.5).astype(np.uint8)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_LEAK_PX, _LEAK_PX))
    region = _connected(np.asarray(cv2.morphologyEx(smooth, cv2.MORPH_OPEN, kernel) > 0), place)
    whole = cv2.morphologyEx(region.astype(np.uint8), cv2.MORPH_CLOSE, kernel) > 0
    region = np.asarray(whole & allowed)
    return region if _LEAST_PX <= int(region.sum()) <= most * int(allowed.sum()) else None


def _connected(mask: Mask, place: tuple[int, int]) -> Mask:
    filled: Bytes = mask.astype(np.uint8)
    if not mask[place[1], place[0]]:
        return np.zeros(mask.shape, bool)
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
