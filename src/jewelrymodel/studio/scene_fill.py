"""A smooth filling for a hole in a picture: what is known round it, carried inward."""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask, floats


def filled(light: Floats, hole: Mask) -> Floats:
    """Linear light (HxWx3) whose `hole` is filled smoothly from what is round it, by averages of
    what is known in a pyramid of ever smaller pictures (push and pull, Gortler et al. 1996).
    """
    known = floats(~hole)
    levels = [(floats(light * known[..., None]), known)]
    while min(levels[-1][1].shape) > 2 and levels[-1][1].min() < 1:
        high, wide = levels[-1][1].shape
        size = ((wide + 1) // 2, (high + 1) // 2)
        sums, weight = (_halved(x, size) for x in levels[-1])
        share = np.minimum(weight * 2, 1) / np.maximum(weight, 1e-6)
        levels.append((floats(sums * share[..., None]), floats(weight * share)))
    sums, weight = levels.pop()
    guess = floats(sums / np.maximum(weight, 1e-6)[..., None])
    for sums, weight in reversed(levels):
        size = (sums.shape[1], sums.shape[0])
        larger = floats(cv2.resize(guess, size, interpolation=cv2.INTER_LINEAR))
        guess = floats(sums + larger * (1 - weight[..., None]))
    return guess


def _halved(values: Floats, size: tuple[int, int]) -> Floats:
    return floats(cv2.resize(values, size, interpolation=cv2.INTER_AREA))
