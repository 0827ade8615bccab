"""What a tap removes of the piece itself, where no gap parts it off: a shadow or a reflection that
is half there, or a lobe that hangs on by a neck.
"""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats, grown
from jewelrymodel.studio.components import distance_from
from jewelrymodel.studio.dropped_part import label_at
from jewelrymodel.studio.ground_evidence import FREE
from jewelrymodel.studio.region_search import Place, hanging_with

_HALF = 0.85  # of cover: below, it is half there
_SURE = 0.9
_RIM_PX = 5  # twice the soft edge of what stays, and one
_REACH_PX = 8
_LEAST_PX = 12
_LEAST_SOLID = 0.03  # of all that is there: earrings hung on a jug
_LARGEST = 0.4  # of all that is there
_NECKS_PX = (3, 5, 9, 15, 23, 35)  # so wide is a neck at most, from the thinnest on
_EDGE_PX = 1200  # in a photo of this edge


def half_there(alpha: Floats, place: Place) -> Floats | None:
    """The half-transparent region at the place (x, y) as a share of each pixel (HxW), up to the
    soft edge of what is solid: a shadow, a haze; None where there is none, or too little is solid
    for a piece.
    """
    if not FREE < alpha[place[1], place[0]] < _HALF:
        return None
    solid = _opened(np.asarray(alpha >= _SURE), 3)
    if solid.sum() < _LEAST_SOLID * (alpha > 0.5).sum():
        return None
    half = np.asarray((alpha > 0.01) & (alpha < _SURE) & ~grown(solid, _RIM_PX))
    labels = np.asarray(cv2.connectedComponents(half.astype(np.uint8))[1], np.int32)
    region = labels == (label_at(labels, place, _REACH_PX) or -1)
    if region.sum() < _LEAST_PX:
        return None
    return floats(grown(np.asarray(region), 3) & ~grown(solid, 3))


def lobe(alpha: Floats, place: Place) -> Floats | None:
    """The lobe at the place that hangs on the rest by a neck, the thinnest that parts it off: a
    reflection; None where there is none.
    """
    solid = np.asarray(alpha > 0.5)
    scale = max(1.0, max(alpha.shape) / _EDGE_PX)
    for neck_px in _NECKS_PX:
        edge_px = int(neck_px * scale) | 1
        core = _shrunk(solid, edge_px)
        if not core[place[1], place[0]]:
            continue
        these = hanging_with(core, place)
        rest = core & ~these
        if rest.sum() > these.sum():
            nearer = distance_from(these) < distance_from(np.asarray(rest))
            part = np.asarray(nearer & hanging_with(solid, place))
            small = _LEAST_PX <= part.sum() <= _LARGEST * solid.sum()
            return floats(nearer & grown(part, 2 * _RIM_PX + 1)) if small else None
    return None


def _shrunk(mask: Mask, edge_px: int) -> Mask:
    return np.asarray(cv2.erode(mask.astype(np.uint8), _disc(edge_px), borderValue=0) > 0)


def _opened(mask: Mask, edge_px: int) -> Mask:
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, _disc(edge_px))
    return np.asarray(opened > 0)


def _disc(edge_px: int) -> Bytes:
    size = (edge_px, edge_px)
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, size), np.uint8)
