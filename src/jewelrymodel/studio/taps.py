"""Taps on a cutout: an opening that was filled, a part that it lacks, one to leave out; and the
line that parts pieces which touch.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats, grown, shrunk, window_round
from jewelrymodel.studio.brush_path import stretches
from jewelrymodel.studio.color_samples import samples_of, side
from jewelrymodel.studio.corrections import Correction, Point
from jewelrymodel.studio.dropped_part import label_at, without_part
from jewelrymodel.studio.opening_limits import is_opening
from jewelrymodel.studio.tapped_part import part_at
from jewelrymodel.studio.tapped_region import ground_region, region_of

_LARGEST_OPENING = 0.85  # of what is opaque
_LARGEST_PART = 0.4  # of what isn't
_SEARCH_EDGE_PX = 900
_GROUND_PX = 60
_BAND_PX = 7
_RING_PX = 25
_LEAST_SAMPLES = 12
_FAINT = 0.1
_TAP_REACH_PX = 12
_CUT_WIDTH_PX = 3.0
_MOST_CUT_PX = 6.0


def opened(alpha: Floats, colors: Floats, tap: Correction) -> Floats:
    """`alpha` with the region of the tapped color opened, as far as the photo's edges bound it."""
    for point in tap.points:
        place = _pixel(point, alpha.shape)
        opaque, ground = np.asarray(alpha > _FAINT), np.asarray(alpha < _FAINT / 2)
        region = _region(colors, place, opaque, _LARGEST_OPENING, ground)
        if region is not None and is_opening(region, _part(opaque, place), ground, colors):
            alpha = np.minimum(alpha, 1 - _soft(region, colors, np.asarray(alpha > 0.9)))
    return floats(alpha)


def added(alpha: Floats, matte: Floats, rgb: Bytes, colors: Floats, tap: Correction) -> Floats:
    """`alpha` with the tapped part: what the network saw there, however faintly, else what is
    unlike a calm background, else the region of the tapped color.
    """
    for point in tap.points:
        place = _pixel(point, alpha.shape)
        faint = _faint_part(alpha, matte, place)
        if faint is not None:
            alpha = np.maximum(alpha, faint)
            continue
        region = part_at(rgb, alpha, place)
        if region is None:
            region = _region(colors, place, np.asarray(alpha < 0.5), _LARGEST_PART)
        if region is not None:
            beside = np.asarray(alpha < _FAINT) & ~grown(region, _BAND_PX)
            alpha = np.maximum(alpha, _soft(region, colors, beside))
    return floats(alpha)


def dropped(alpha: Floats, tap: Correction) -> Floats:
    """`alpha` without the tapped parts and shreds."""
    for point in tap.points:
        alpha = without_part(alpha, _pixel(point, alpha.shape))
    return alpha


def parted(alpha: Floats, line: Correction) -> Floats:
    """`alpha` with a thin gap along the line."""
    alpha = alpha.copy()
    width = min(max(line.radius * 2, _CUT_WIDTH_PX), _MOST_CUT_PX)
    for one in stretches(line, alpha.shape, 4):
        gap = floats(np.clip(width / 2 + 0.5 - one.distance, 0, 1))
        alpha[one.window] = np.minimum(alpha[one.window], 1 - gap)
    return alpha


def _pixel(point: Point, shape: tuple[int, ...]) -> tuple[int, int]:
    return min(int(point[0]), shape[1] - 1), min(int(point[1]), shape[0] - 1)


def _region(
    colors: Floats, place: tuple[int, int], allowed: Mask, most: float, ground: Mask | None = None
) -> Mask | None:
    """The region at the place, sought in a smaller copy of what hangs together with it: of the
    tapped color, else of the spots of the `ground` where there is one to compare with.
    """
    part = _part(allowed, place)
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


def _part(mask: Mask, place: tuple[int, int]) -> Mask:
    """What of the mask hangs together with the place; nothing where that lies outside it."""
    labels = _labels(mask)
    label = labels[place[1], place[0]]
    return np.asarray((labels == label) & (label > 0))


def _resized(mask: Mask, size: tuple[int, int]) -> Mask:
    return np.asarray(cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0)


def _soft(region: Mask, colors: Floats, other: Mask) -> Floats:
    """The region (0 to 1) with its rim fitted to the photo against the colors of `other` beside
    it.
    """
    window = window_round(region, _RING_PX + 2)
    inner, lab = region[window], colors[window]
    deep = shrunk(inner, 3)
    near = grown(inner, _BAND_PX)
    beside = other[window] & ~near & grown(inner, _RING_PX)
    shape = np.zeros(region.shape, np.float32)
    edge = cv2.GaussianBlur(floats(inner), (0, 0), 0.8)
    if min(deep.sum(), beside.sum()) >= _LEAST_SAMPLES:
        rim = grown(inner, 5) & ~deep
        fitted = side(lab, samples_of(lab, deep), samples_of(lab, beside), floats(edge), rim)
        edge = np.where(deep, 1, fitted * rim)
    shape[window] = edge
    return shape


def _faint_part(alpha: Floats, matte: Floats, place: tuple[int, int]) -> Floats | None:
    """What the network saw at the place beyond the cutout, as sure as it can be made."""
    seen = np.asarray((matte > _FAINT) & (alpha < 0.5))
    labels = _labels(seen)
    chosen = label_at(labels, place, _TAP_REACH_PX)
    if not chosen:
        return None
    part = np.asarray(labels == chosen)
    most = float(np.percentile(matte[part], 90))
    lifted = np.clip((matte - _FAINT / 2) / max(most - _FAINT / 2, 0.05), 0, 1)
    return floats(lifted * grown(part, 3))


def _labels(mask: Mask) -> NDArray[np.int32]:
    return np.asarray(cv2.connectedComponents(mask.astype(np.uint8))[1], np.int32)
