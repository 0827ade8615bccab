"""Which part of a cutout a tap means, and which pixels go with it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import Floats, Mask, floats, grown, window_round
from jewelrymodel.studio.components import distance_from

_SOLID = 0.4
_SHRED = 0.05
_LEVELS = (0.3, 0.2, 0.1, 0.05, 0.02)  # of cover, down to what can't be seen
_RIM_PX = 7  # so wide round what is solid is its own soft edge
_PIECE_SHARE = 0.1  # of all that is solid: such a part goes only when it is hit
_HIT_PX = 2
_REACH_PX = 12
_CRUMB = 0.1  # of the tapped part: what is smaller and hangs on it alone goes with it

Labels = NDArray[np.int32]


def share_hit(alpha: Floats, place: tuple[int, int]) -> float:
    """The share of all that is solid that the large part hit at `place` (x, y) has; 0 for none."""
    labels, areas = _labels_of(alpha)
    hit = label_at(labels, place, _HIT_PX)
    share = float(areas[hit] / max(1, int(areas[1:].sum())))
    return share if hit and share >= _PIECE_SHARE else 0.0


def without_part(alpha: Floats, place: tuple[int, int]) -> Floats:
    """`alpha` without what is tapped at `place` (x, y): the shred or the part that is nearest, with
    all the faint cover that hangs on it and on nothing else. A large part has to be hit, a small
    one may be a finger's width away; where neither is, `alpha` itself.
    """
    labels, areas = _labels_of(alpha)
    chosen = _chosen(labels, areas, place)
    if not chosen:
        return alpha
    seen = np.asarray(alpha > _LEVELS[-1])
    connected = cv2.connectedComponents(seen.astype(np.uint8))[1]
    these = np.asarray(labels == chosen)
    hanging = np.asarray((connected == connected[these].max()) & seen)
    window = window_round(hanging, 2)
    rest = (labels > 0) & (areas >= _CRUMB * areas[chosen])[labels] & _is_solid(alpha) & ~these
    gone = _gone(floats(np.where(hanging, alpha, 0)[window]), these[window], rest[window])
    after = alpha.copy()
    after[window] = np.where(gone, 0, alpha[window])
    return after


def _is_solid(alpha: Floats) -> Mask:
    return np.asarray(alpha > _SOLID)


def _labels_of(alpha: Floats) -> tuple[Labels, NDArray[np.int64]]:
    """The label of each pixel, of the large parts first and then of small ones and shreds with
    their faint ends, and the area of each label in pixels, whose first is what has none.
    """
    solid = _is_solid(alpha)
    _, labels = cv2.connectedComponents(solid.astype(np.uint8))
    areas = np.bincount(labels.ravel())
    large = areas >= _PIECE_SHARE * areas[1:].sum()
    large[0] = False
    pieces = np.asarray(large[labels])
    shreds = (alpha > _SHRED) & ~grown(pieces, _RIM_PX) | solid & ~pieces
    count = int(large.sum()) + 1
    large_labels = np.cumsum(large) * large
    _, small = cv2.connectedComponents(shreds.astype(np.uint8))
    both = np.where(small > 0, small + count - 1, large_labels[labels])
    return np.asarray(both, np.int32), np.bincount(both.ravel()).astype(np.int64)


def _chosen(labels: Labels, areas: NDArray[np.int64], place: tuple[int, int]) -> int:
    large = areas >= _PIECE_SHARE * areas[1:].sum()
    large[0] = False
    small_only = np.asarray(np.where(large[labels], 0, labels), np.int32)
    return label_at(labels, place, _HIT_PX) or label_at(small_only, place, _REACH_PX)


def _gone(alpha: Floats, these: Mask, rest: Mask) -> Mask:
    """What goes with `these`: from the solid to the faint, cover that hangs on one side only goes
    with that, and what hangs on both with the nearer one.
    """
    for level in _LEVELS:
        seen = np.asarray(alpha > level) | these | rest
        count, labels = cv2.connectedComponents(seen.astype(np.uint8))
        on_these, on_rest = (np.bincount(labels[one], minlength=count) > 0 for one in (these, rest))
        both = (on_these & on_rest)[labels]
        nearer = distance_from(these) <= distance_from(rest) if rest.any() else True
        free = seen & ~these & ~rest
        new = free & np.where(both, nearer, on_these[labels])
        those = free & np.where(both, ~np.asarray(nearer), on_rest[labels])
        these, rest = np.asarray(these | new), np.asarray(rest | those)
    return np.asarray(grown(these, 3) & ~rest)


def label_at(labels: Labels, place: tuple[int, int], reach_px: int) -> int:
    """The label at the place (x, y), else the nearest one within reach, else 0."""
    x, y = place
    rows = slice(max(0, y - reach_px), y + reach_px + 1)
    columns = slice(max(0, x - reach_px), x + reach_px + 1)
    ys, xs = np.nonzero(labels[rows, columns])
    if not len(ys):
        return 0
    away = (ys + rows.start - y) ** 2 + (xs + columns.start - x) ** 2
    nearest = int(np.argmin(away))
    return int(labels[ys[nearest] + rows.start, xs[nearest] + columns.start])
