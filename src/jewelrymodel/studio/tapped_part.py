"""The part of a piece round a tapped place on a calm background: all that is unlike that."""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats
from jewelrymodel.studio.background import fit_background

_EDGE_PX = 900
_LEAST_PX = 30
_LARGEST = 0.4  # of the photo
_HIGHLIGHT = 0.015  # of the part's area: a hole of that size is a highlight, a larger one is open


def part_at(rgb: Bytes, alpha: Floats, place: tuple[int, int]) -> Mask | None:
    """The part (HxW) at `place` (x, y) beyond the cutout's `alpha`; None where the background isn't
    calm, or the place looks like it.
    """
    height, width = alpha.shape
    factor = max(1.0, max(height, width) / _EDGE_PX)
    size = round(width / factor), round(height / factor)
    cover = floats(cv2.resize(alpha, size, interpolation=cv2.INTER_AREA))
    small = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
    background = fit_background(small, cover)
    if not background.is_calm:
        return None
    unlike = (background.distance > 2 * background.noise + 3) & (cover < 0.5)
    joined = cv2.morphologyEx(unlike.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    at = min(int(place[0] / factor), size[0] - 1), min(int(place[1] / factor), size[1] - 1)
    part = _part(np.asarray(joined > 0), at)
    if not _LEAST_PX <= int(part.sum()) <= _LARGEST * part.size:
        return None
    full = cv2.resize(part.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(full > 0)


def _part(joined: Mask, at: tuple[int, int]) -> Mask:
    """What hangs together with the place or is next to it, without small holes."""
    _, labels = cv2.connectedComponents(joined.astype(np.uint8))
    near = np.s_[max(0, at[1] - 2) : at[1] + 3, max(0, at[0] - 2) : at[0] + 3]
    chosen = int(labels[near].max())
    part = np.asarray((labels == chosen) & (chosen > 0))
    _, holes, stats, _ = cv2.connectedComponentsWithStats((~part).astype(np.uint8), connectivity=4)
    small = stats[:, 4] <= _HIGHLIGHT * part.sum()
    small[0] = False
    return np.asarray(part | small[holes])
