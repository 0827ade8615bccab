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
_LARGEST = 0.4  # of all that is there
_NECKS_PX = (3, 5, 9, 15, 23, 35)  # so wide is a neck at most, from the thinnest on
_EDGE_PX = 1200  # in a photo of this edge


def half_there(alpha: Floats, place: Place) -> Floats | None:
    """The half-transparent region at the place (x, y) as a share of each pixel (HxW), up to the
    soft edge of what is solid: a shadow, a haze; None where there is none.
    """
    return _bounded(_half_there(alpha, place), alpha)


def lobe(alpha: Floats, place: Place) -> Floats | None:
    """The lobe at the place that hangs on the rest by a neck, the thinnest that parts it off: a
    reflection; None where there is none.
    """
    return _bounded(_lobe(alpha, place), alpha)


def _bounded(gone: Floats | None, alpha: Floats) -> Floats | None:
    most = _LARGEST * int((alpha > 0.5).sum())
    return gone if gone is not None and _LEAST_PX <= gone.sum() <= most else None


def _half_there(alpha: Floats, place: Place) -> Floats | None:
    """The half-transparent region at the place, up to the soft edge of what is solid."""
    if not FREE < alpha[place[1], place[0]] < _HALF:
        return None
    solid = _opened(np.asarray(alpha >= _SURE), 3)
    half = np.asarray((alpha > 0.01) & (alpha < _SURE) & ~grown(solid, _RIM_PX))
    labels = np.asarray(cv2.connectedComponents(half.astype(np.uint8))[1], np.int32)
    region = labels == (label_at(labels, place, _REACH_PX) or -1)
    return floats(grown(region, 3) & ~grown(solid, 3)) if region.any() else None


def _lobe(alpha: Floats, place: Place) -> Floats | None:
    """What hangs on the rest by a neck, the thinnest that parts it off."""
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
            lobe = np.asarray(nearer & hanging_with(solid, place))
            return floats(nearer & grown(lobe, 2 * _RIM_PX + 1))
    return None


def _shrunk(mask: Mask, edge_px: int) -> Mask:
    return np.asarray(cv2.erode(mask.astype(np.uint8), _disc(edge_px), borderValue=0) > 0)


def _opened(mask: Mask, edge_px: int) -> Mask:
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, _disc(edge_px))
    return np.asarray(opened > 0)


def _disc(edge_px: int) -> Bytes:
    size = (edge_px, edge_px)
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, size), np.uint8)
