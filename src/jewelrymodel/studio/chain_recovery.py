"""A chain that the network saw, across the small gaps of its answer.

The matte keeps what hangs together with the piece; a chain that comes apart above its bail would go
with the rulers and captions. Nothing is added that isn't in the network's own answer.
"""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask, floats, grown
from jewelrymodel.studio.chain_separation import split_or_none
from jewelrymodel.studio.strands import thickness

_SEEN, _WEAK = 0.3, 0.12
_THICKEST = 0.2  # of the kept part's size: thicker than that is no chain of it


def with_chain(answer: Floats, kept: Floats) -> Floats:
    """`kept`, the network's `answer` without what stands apart, and with those parts of it that are
    strands of the piece.
    """
    loose = (answer > _WEAK) & ~grown(np.asarray(kept > 0), 3)
    seen = np.asarray(kept > _SEEN)
    if not seen.any() or not loose.any():
        return kept
    size = max(int(np.ptp(np.flatnonzero(seen.any(axis)))) + 1 for axis in (0, 1))
    thin = _thin_parts(loose, _THICKEST * size)
    joining = thin & (answer > _SEEN)
    if not joining.any():
        return kept  # a strand lies in what is seen: without any, no part can touch one
    solid = seen | joining
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    window = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    parted = split_or_none(solid[window], (int(columns[0]), int(rows[0])), answer.shape)
    if parted is None:
        return kept
    strand = np.zeros(answer.shape, bool)
    strand[window] = parted.strand
    return floats(np.where(grown(_touching(thin, strand), 3), np.maximum(kept, answer), kept))


def _thin_parts(mask: Mask, thickest_px: float) -> Mask:
    count, labels = cv2.connectedComponents(mask.astype(np.uint8))
    thick = np.asarray(thickness(mask) > thickest_px)
    keep = np.bincount(labels[thick], minlength=count) == 0
    keep[0] = False
    return np.asarray(keep[labels])


def _touching(parts: Mask, strand: Mask) -> Mask:
    count, labels = cv2.connectedComponents(parts.astype(np.uint8))
    keep = np.bincount(labels[strand], minlength=count) > 0
    keep[0] = False
    return np.asarray(keep[labels])
