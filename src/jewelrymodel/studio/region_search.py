"""Where the region round a tapped place ends: sought close by at full size, else farther in a
smaller copy; and its soft rim.
"""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask, floats, grown, shrunk, window_round
from jewelrymodel.studio.color_samples import samples_of, side
from jewelrymodel.studio.corrections import Point
from jewelrymodel.studio.tapped_region import ground_region, region_of

BAND_PX = 7  # the rim of a region and what is close to it
_SEARCH_EDGE_PX = 900
_GROUND_PX = 60
_NEAR_PX = (72, 200)  # first close by: the fewer colors, the finer they are told apart
_RING_PX = 25
_LEAST_SAMPLES = 12

Place = tuple[int, int]


def place_of(point: Point, shape: tuple[int, ...]) -> Place:
    """The pixel (x, y) of a point in a photo of this shape (height, width)."""
    return min(int(point[0]), shape[1] - 1), min(int(point[1]), shape[0] - 1)


def hanging_with(mask: Mask, place: Place) -> Mask:
    """What of the mask hangs together with the place; nothing where that lies outside it."""
    labels = cv2.connectedComponents(mask.astype(np.uint8))[1]
    label = labels[place[1], place[0]]
    return np.asarray((labels == label) & (label > 0))


def region_nearby(
    colors: Floats, place: Place, allowed: Mask, ground: Mask
) -> tuple[tuple[slice, slice], Mask] | None:
    """A small region at the place, at the photo's own size: its window and its pixels there; None
    where nothing bounds it so near.
    """
    for reach in _NEAR_PX:
        x, y = place
        rows, columns = (slice(max(0, one - reach), one + reach + 1) for one in (y, x))
        window, at = (rows, columns), (x - columns.start, y - rows.start)
        inside, here = allowed[window], colors[window]
        region = region_of(here, at, inside, 1.0)
        if region is None or _is_at_border(region):
            region = ground_region(here, at, inside, ground[window], 1.0)
        if region is not None and not _is_at_border(region):
            return window, region
    return None


def _is_at_border(region: Mask) -> bool:
    edges = (region[0], region[-1], region[:, 0], region[:, -1])
    return any(bool(line.any()) for line in edges)


def region_at(
    colors: Floats, place: Place, allowed: Mask, most: float, ground: Mask | None = None
) -> Mask | None:
    """The region at the place, sought in a smaller copy of what hangs together with it: of the
    tapped color, else of the spots of the `ground` where there is one to compare with.
    """
    part = hanging_with(allowed, place)
    if not part.any():
        return None
    rows, columns = window = window_round(part, _GROUND_PX)
    height, width = part[window].shape
    factor = max(1.0, max(height, width) / _SEARCH_EDGE_PX)
    size = max(1, round(width / factor)), max(1, round(height / factor))
    small = floats(cv2.resize(colors[window], size, interpolation=cv2.INTER_AREA))
    inside = _resized(part[window], size)
    at = (int((place[0] - columns.start) / factor), int((place[1] - rows.start) / factor))
    at = min(at[0], size[0] - 1), min(at[1], size[1] - 1)
    found = region_of(small, at, inside, most)
    if found is None and ground is not None:
        found = ground_region(small, at, inside, _resized(ground[window], size), most)
    if found is None:
        return None
    region = np.zeros(allowed.shape, bool)
    region[window] = _resized(found, (width, height))
    return region


def _resized(mask: Mask, size: tuple[int, int]) -> Mask:
    return np.asarray(cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0)


def soft_region(region: Mask, colors: Floats, other: Mask) -> Floats:
    """The region (0 to 1) with its rim fitted to the photo against the colors of `other` beside
    it.
    """
    window = window_round(region, _RING_PX + 2)
    inner, lab = region[window], colors[window]
    deep = shrunk(inner, 3)
    near = grown(inner, BAND_PX)
    beside = other[window] & ~near & grown(inner, _RING_PX)
    shape = np.zeros(region.shape, np.float32)
    edge = cv2.GaussianBlur(floats(inner), (0, 0), 0.8)
    if min(deep.sum(), beside.sum()) >= _LEAST_SAMPLES:
        rim = grown(inner, 5) & ~deep
        fitted = side(lab, samples_of(lab, deep), samples_of(lab, beside), floats(edge), rim)
        edge = np.where(deep, 1, fitted * rim)
    shape[window] = edge
    return shape
