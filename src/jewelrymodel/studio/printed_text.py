"""Captions and the figures of a ruler: print in a photo that is no part of the piece.

Print is told by what letters have in common: dark and colorless, of one tone, and in company of
others as tall as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats, grown, lab

_INK_LIGHTNESS = 50
_INK_CHROMA = 14
_LEAST_CONTRAST = 25
_HEIGHTS_PX = (7, 90)
_FAR = 1.6  # of its height is a letter away from the next
_ALIKE = 0.75


@dataclass(frozen=True)
class Print:
    """`letters` (HxW): the label of each pixel's letter, 0 elsewhere. `company`: of each label,
    those of the letters beside it.
    """

    letters: NDArray[np.int32]
    company: Mapping[int, tuple[int, ...]]

    @property
    def mask(self) -> Mask:
        """Where the letters are, with their soft edges (HxW)."""
        return grown(self.letters > 0, 5)

    def mostly_in(self, mask: Mask) -> frozenset[int]:
        """The letters of which at least half lies in the mask."""
        size = max(self.company, default=0) + 1
        areas = np.bincount(self.letters.ravel(), minlength=size)
        inside = np.bincount(self.letters[mask], minlength=size)
        return frozenset(label for label in self.company if 2 * inside[label] >= areas[label])


def find_print(rgb: Bytes) -> Print:
    """The letters and figures of a photo (HxWx3) of up to about 1000 pixels."""
    colors = lab(rgb)
    _, labels, stats, middles = cv2.connectedComponentsWithStats(_ink(colors).astype(np.uint8))
    letters = [i for i in range(1, len(stats)) if _like_a_letter(stats[i])]
    letters = [i for i in letters if _of_one_tone(_inside(colors, labels, stats[i], i))]
    beside = {
        i: tuple(j for j in letters if j != i and _neighbors(stats, middles, i, j)) for i in letters
    }
    company = {label: others for label, others in beside.items() if others}
    return Print(np.where(np.isin(labels, list(company)), labels, 0).astype(np.int32), company)


def _ink(colors: Floats) -> Mask:
    """Dark and colorless, and clearly darker than the paper round it."""
    lightness, chroma = colors[..., 0], np.hypot(colors[..., 1], colors[..., 2])
    paper = cv2.dilate(lightness, np.ones((25, 25), np.uint8))
    return np.asarray(
        (lightness < _INK_LIGHTNESS)
        & (chroma < _INK_CHROMA)
        & (paper - lightness > _LEAST_CONTRAST)
    )


def _like_a_letter(stats: NDArray[Any]) -> bool:
    _, _, width, height, area = (int(value) for value in stats)
    tall = _HEIGHTS_PX[0] <= height <= _HEIGHTS_PX[1]
    return tall and 0.12 * height <= width <= 1.8 * height and area > 0.15 * width * height


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
