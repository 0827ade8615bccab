"""Taps on a cutout: a part that it lacks, one to leave out; and the line that parts pieces which
touch.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats, grown
from jewelrymodel.studio.brush_path import stretches
from jewelrymodel.studio.corrections import Correction
from jewelrymodel.studio.dropped_part import label_at, share_hit, without_part
from jewelrymodel.studio.hanging_region import half_there, lobe
from jewelrymodel.studio.region_search import (
    BAND_PX,
    Place,
    hanging_with,
    place_of,
    region_at,
    soft_region,
)
from jewelrymodel.studio.see_through_spot import filled_spots, solid_part
from jewelrymodel.studio.tapped_part import part_at

_LARGEST_PART = 0.4  # of what isn't opaque
_FAINT = 0.1
_WHOLE = 0.6  # of all that is solid: such a part is the piece itself
_TAP_REACH_PX = 12
_CLEAR = 0.6  # of the part's surest cover: from there on it is solid
_LARGEST_HOLE = 0.05  # of the piece
_CUT_WIDTH_PX = 3.0
_MOST_CUT_PX = 6.0


def added(alpha: Floats, matte: Floats, rgb: Bytes, colors: Floats, tap: Correction) -> Floats:
    """`alpha` with the tapped part: a see-through spot or a small hole in the piece filled, a faded
    part made solid, else what the network saw there, however faintly, else what is unlike a calm
    background, else the region of the tapped color.
    """
    places = [place_of(point, alpha.shape) for point in tap.points]
    alpha, places_left = filled_spots(alpha, places)
    for place in places_left:
        within = _hole(alpha, place)
        if within is None:
            within = solid_part(alpha, place)
        if within is not None:
            alpha = np.maximum(alpha, within)
            continue
        faint = _faint_part(alpha, matte, place)
        if faint is not None:
            alpha = np.maximum(alpha, faint)
            continue
        region = part_at(rgb, alpha, place)
        if region is None:
            region = region_at(colors, place, np.asarray(alpha < 0.5), _LARGEST_PART)
        if region is not None:
            beside = np.asarray(alpha < _FAINT) & ~grown(region, BAND_PX)
            alpha = np.maximum(alpha, soft_region(region, colors, beside))
    return floats(alpha)


def dropped(alpha: Floats, tap: Correction) -> Floats:
    """`alpha` without the tapped parts and shreds; of the piece itself goes what hangs on it: a
    shadow, a reflection.
    """
    for point in tap.points:
        place = place_of(point, alpha.shape)
        share = share_hit(alpha, place)
        gone = half_there(alpha, place) if share else None
        if gone is None and share > _WHOLE:
            gone = lobe(alpha, place)
            if gone is None:
                continue  # the piece itself isn't left out by a tap
        alpha = without_part(alpha, place) if gone is None else floats(np.minimum(alpha, 1 - gone))
    return alpha


def parted(alpha: Floats, line: Correction) -> Floats:
    """`alpha` with a thin gap along the line."""
    alpha = alpha.copy()
    width = min(max(line.radius * 2, _CUT_WIDTH_PX), _MOST_CUT_PX)
    for one in stretches(line, alpha.shape, 4):
        gap = floats(np.clip(width / 2 + 0.5 - one.distance, 0, 1))
        alpha[one.window] = np.minimum(alpha[one.window], 1 - gap)
    return alpha


def _hole(alpha: Floats, place: Place) -> Floats | None:
    """The small hole at the place that the piece encloses, with its soft rim; None without one."""
    hole = hanging_with(np.asarray(alpha < 0.5), place)
    frame = (hole[0], hole[-1], hole[:, 0], hole[:, -1])
    if not 0 < hole.sum() <= _LARGEST_HOLE * (alpha > 0.5).sum() or any(map(np.any, frame)):
        return None
    return floats(cv2.GaussianBlur(floats(grown(hole, BAND_PX)), (0, 0), 0.8))


def _faint_part(alpha: Floats, matte: Floats, place: tuple[int, int]) -> Floats | None:
    """What the network saw at the place beyond the cutout, as sure as it can be made."""
    seen = np.asarray((matte > _FAINT) & (alpha < 0.5))
    labels = _labels(seen)
    chosen = label_at(labels, place, _TAP_REACH_PX)
    if not chosen:
        return None
    part = np.asarray(labels == chosen)
    most = float(np.percentile(matte[part], 90))
    lifted = np.clip((matte - _FAINT / 2) / max(_CLEAR * most - _FAINT / 2, 0.05), 0, 1)
    return floats(lifted * grown(part, 3))


def _labels(mask: Mask) -> NDArray[np.int32]:
    return np.asarray(cv2.connectedComponents(mask.astype(np.uint8))[1], np.int32)
