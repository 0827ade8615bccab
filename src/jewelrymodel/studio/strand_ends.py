"""How high the two sides of a chain reach in a cutout."""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask
from jewelrymodel.studio.strands import runs_of

_LOOK_AT = (0.12, 0.16, 0.2, 0.25, 0.3, 0.35)  # of the piece's height, from its top
_THINNEST_APART = 0.25  # of the piece's width: nearer than that, they hang together
_THICKEST = 0.16  # of the piece's width


def lower_end(alpha: Floats) -> int | None:
    """The row of the photo from which on both strands of a chain are there; None where there
    aren't two, or where they meet at the top.
    """
    solid = np.asarray(alpha > 0.5)
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    if not rows.size:
        return None
    window = solid[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    for share in _LOOK_AT:
        tops = _tops(window, int(share * window.shape[0]))
        if tops is not None:
            return int(rows[0]) + max(tops)
    return None


def _tops(solid: Mask, row: int) -> tuple[int, int] | None:
    """The top rows of the outermost runs of a row, where these are strands of their own."""
    width = solid.shape[1]
    runs = runs_of(solid[row])
    if len(runs) < 2 or runs[-1][0] - runs[0][1] < _THINNEST_APART * width:
        return None
    outer = (runs[0], runs[-1])
    if any(stop - start > _THICKEST * width for start, stop in outer):
        return None
    _, labels = cv2.connectedComponents(solid[: row + 1].astype(np.uint8))
    left, right = (int(labels[row, start]) for start, _ in outer)
    if left == right:
        return None
    highest = [int(np.flatnonzero((labels == label).any(1))[0]) for label in (left, right)]
    return highest[0], highest[1]
