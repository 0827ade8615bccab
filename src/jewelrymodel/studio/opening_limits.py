"""Whether a region inside a piece can be an opening: in doubt it isn't."""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask, grown
from jewelrymodel.studio.color_samples import noise_of, samples_of, unlikeness

_SMALL = 0.2  # of what the outline encloses: so much may be of any color
_LARGEST = 0.85  # a thin hoop, seen from the front
_WALL_PX = 5  # twice the least that is left of the piece round an opening, and one
_LEAST_GROUND_PX = 200
_LIKE_GROUND = 4.0  # ΔE beyond twice the ground's own noise
_LEFTOVER = 0.02  # of the part: islands up to that are specks, a larger one was cut off


def is_opening(region: Mask, part: Mask, ground: Mask, colors: Floats) -> bool:
    """Whether `region` (HxW) can be an opening of the `part` that it was found in: it reaches that
    part's outline nowhere, leaves the part in one, and is small, or looks like the `ground` as
    well; `colors` is the photo in Lab.
    """
    outline = _filled(part)
    share = int(region.sum()) / int(outline.sum())
    if (
        share > _LARGEST
        or (region & grown(~outline, _WALL_PX)).any()
        or _is_cut(part & ~region, part)
    ):
        return False
    return share <= _SMALL or _looks_like(region, ground, colors)


def _filled(part: Mask) -> Mask:
    """The part with all that it encloses; at the frame's edge nothing encloses."""
    outside = np.pad((~part).astype(np.uint8), 1, constant_values=1)
    cv2.floodFill(outside, None, (0, 0), 2, flags=4)
    filled = outside[1:-1, 1:-1] != 2
    filled[[0, -1]] = filled[:, [0, -1]] = False
    return np.asarray(filled)


def _is_cut(rest: Mask, part: Mask) -> bool:
    """Whether more than one of the pieces left is no mere speck."""
    areas = cv2.connectedComponentsWithStats(rest.astype(np.uint8))[2][1:, 4]
    return int((areas > _LEFTOVER * int(part.sum())).sum()) != 1


def _looks_like(region: Mask, ground: Mask, colors: Floats) -> bool:
    if ground.sum() < _LEAST_GROUND_PX:
        return False
    samples = samples_of(colors, ground)
    unlike = np.median(unlikeness(colors, samples, region)[region])
    return bool(unlike <= 2 * noise_of(colors, samples, ground) + _LIKE_GROUND)
