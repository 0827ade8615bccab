"""Taps on openings that were filled: small ones one by one, as many as a tap names."""

import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask, floats, grown
from jewelrymodel.studio.corrections import Correction
from jewelrymodel.studio.opening_limits import is_opening
from jewelrymodel.studio.region_search import (
    Place,
    hanging_with,
    place_of,
    region_at,
    region_nearby,
    soft_region,
)

_LARGEST = 0.85  # of what is opaque
_FAINT = 0.1
_SURE = 0.9
_WALL_PX = 3, 5  # twice the least that is left round a link's gap and a larger one, and one
_LINK_PX = 2500  # a gap in a link is no larger
_SMALL = 0.1  # of the part: an opening that is sought close by


def opened(alpha: Floats, colors: Floats, tap: Correction) -> Floats:
    """`alpha` with the region at each tapped place opened, as far as the photo's edges bound it."""
    opaque, ground = np.asarray(alpha > _FAINT), np.asarray(alpha < _FAINT / 2)
    alpha = alpha.copy()
    for point in tap.points:
        place = place_of(point, alpha.shape)
        if not _opened_nearby(alpha, colors, place, ground):
            region = region_at(colors, place, opaque, _LARGEST, ground)
            if region is not None and is_opening(
                region, hanging_with(opaque, place), ground, colors
            ):
                gap = soft_region(region, colors, np.asarray(alpha > _SURE))
                alpha = np.minimum(alpha, 1 - gap)
    return floats(alpha)


def _opened_nearby(alpha: Floats, colors: Floats, place: Place, ground: Mask) -> bool:
    """Open a small region at the place in `alpha`; False where there is none that is enclosed."""
    found = region_nearby(colors, place, np.asarray(alpha > _FAINT), ground)
    if found is None:
        return False
    window, region = found
    free = np.asarray(alpha[window] < _FAINT / 2)
    wall_px = _WALL_PX[int(region.sum()) > _LINK_PX]
    if (region & grown(free, wall_px)).any() or region.sum() > _SMALL * (alpha > _FAINT).sum():
        return False
    gap = soft_region(region, colors[window], np.asarray(alpha[window] > _SURE))
    alpha[window] = np.minimum(alpha[window], 1 - gap)
    return True
