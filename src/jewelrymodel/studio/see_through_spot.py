"""Taps on what is see-through of a piece: highlights that the piece encloses, a faded part."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import Floats, floats, grown
from jewelrymodel.studio.dropped_part import label_at
from jewelrymodel.studio.hanging_region import half_there
from jewelrymodel.studio.region_search import Place

_SURE = 0.9  # of cover: from there on nothing shines through
_SOLID = 0.5
_REACH_PX = 8  # so far from a spot a tap on the piece means it
_LARGEST = 0.05  # of the piece: a larger hole is no highlight
_RIM_PX = 5  # twice the spot's soft edge, and one
_SHADE, _RISE = 0.08, 0.3  # of cover: a faded part is solid from there on, so that its edge stays

Labels = NDArray[np.int32]


def filled_spots(alpha: Floats, places: Sequence[Place]) -> tuple[Floats, tuple[Place, ...]]:
    """`alpha` (HxW) with the see-through spots solid that the piece encloses at these places
    (x, y), and the places where there is none.
    """
    labels = _enclosed(alpha)
    chosen = [label_at(labels, one, _reach_px(alpha, one)) for one in places]
    rest = tuple(place for place, label in zip(places, chosen, strict=True) if not label)
    if len(rest) == len(places):
        return alpha, rest
    spots = np.asarray(np.isin(labels, [label for label in chosen if label]))
    rim = cv2.GaussianBlur(floats(grown(spots, _RIM_PX)), (0, 0), 0.8)
    return floats(np.where(spots, 1, np.maximum(alpha, rim))), rest


def solid_part(alpha: Floats, place: Place) -> Floats | None:
    """The faded part at the place (HxW, 0 to 1), solid where it is more than a shade; None where
    nothing is half there.
    """
    faded = half_there(alpha, place)
    if faded is None:
        return None
    level = np.clip((alpha - _SHADE) / _RISE, 0, 1)
    return floats(level * cv2.GaussianBlur(faded, (0, 0), 0.8))


def _reach_px(alpha: Floats, place: Place) -> int:
    return _REACH_PX if alpha[place[1], place[0]] >= _SOLID else 0


def _enclosed(alpha: Floats) -> Labels:
    """The see-through spots that the piece encloses (HxW): a label for each, 0 elsewhere."""
    open_ = (alpha < _SURE).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(open_, connectivity=4)
    enclosed = stats[:, 4] <= _LARGEST * (alpha > _SOLID).sum()
    frame = (labels[0], labels[-1], labels[:, 0], labels[:, -1])
    enclosed[np.unique(np.concatenate(frame))] = False
    enclosed[0] = False
    return np.asarray(np.where(enclosed[labels], labels, 0), np.int32)
