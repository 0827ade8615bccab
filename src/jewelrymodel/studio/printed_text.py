"""Captions and the figures of a ruler: print in a photo that is no part of the piece.

Print is told by what letters have in common: dark and colorless, of one tone, and in company of
others as tall as they are.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats, grown, lab

_INK_LIGHTNESS = 50
_INK_CHROMA = 14
_LEAST_CONTRAST = 25
_HEIGHTS_PX = (7, 60)
_FAR = 1.6  # of its height is a letter away from the next
_ALIKE = 0.75


def printed_text(rgb: Bytes) -> Mask:
    """Where a photo (HxWx3) of up to about 1000 pixels shows letters or figures (HxW)."""
    colors = lab(rgb)
    _, labels, stats, middles = cv2.connectedComponentsWithStats(_ink(colors).astype(np.uint8))
    letters = [i for i in range(1, len(stats)) if _like_a_letter(stats[i])]
    letters = [i for i in letters if _of_one_tone(_inside(colors, labels, stats[i], i))]
    kept = [i for i in letters if any(_neighbors(stats, middles, i, j) for j in letters if j != i)]
    return grown(np.isin(labels, kept), 5) if kept else np.zeros(labels.shape, bool)


def _ink(colors: Floats) -> Mask:
    """Dark and colorless, and clearly darker than the paper round it."""
    lightness, chroma = colors[..., 0], np.hypot(colors[..., 1], colors[..., 2])
    paper = cv2.dilate(lightness, np.ones((15, 15), np.uint8))
    return np.asarray(
        (lightness < _INK_LIGHTNESS)
        & (chroma < _INK_CHROMA)
        & (paper - lightness > _LEAST_CONTRAST)
    )


def _like_a_letter(stats: NDArray[Any]) -> bool:
    _, _, width, height, area = (int(value) for value in stats)
    tall = _HEIGHTS_PX[0] <= height <= _HEIGHTS_PX[1]
    return tall and 0.12 * height <= width <= 1.3 * height and area > 0.15 * width * height


def _inside(colors: Floats, labels: NDArray[Any], stats: NDArray[Any], label: int) -> Floats:
    x, y, width, height = (int(value) for value in stats[:4])
    window = np.s_[y : y + height, x : x + width]
    return floats(colors[window][labels[window] == label])


def _of_one_tone(colors: Floats) -> bool:
    """Ink has no highlights: what metal of that size always has."""
    return float(np.percentile(colors[:, 0], 75) - np.percentile(colors[:, 0], 10)) < 22


def _neighbors(stats: NDArray[Any], middles: NDArray[Any], one: int, other: int) -> bool:
    heights = sorted((int(stats[one, 3]), int(stats[other, 3])))
    away = float(np.hypot(*(middles[one] - middles[other])))
    return heights[0] >= _ALIKE * heights[1] and away < _FAR * heights[1]
