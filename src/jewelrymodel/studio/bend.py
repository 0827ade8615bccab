"""A piece laid along a new curve: for each place of the picture, the place of the cutout that it
shows.

What the gate believes of a bend is little: it measures how far the bend stretches the piece and
which of its pixels it leaves out, and fails what isn't as it should be.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import Bytes, Floats, blur, floats, to_linear
from jewelrymodel.studio.placement import SUPERSAMPLE, Layer

Places = NDArray[np.int_]
MAX_STRETCH = 1.45
_SOLID = 0.5
_MOST_REPEATED = 1.15
_MOST_STRETCHED, _MOST_TORN = 0.09, 0.03  # of the area: rims of thick beads on a tight curve
_TORN = 2.0
_OUTSIDE = -1e4


@dataclass(frozen=True)
class Bend:
    """`places` (hxwx2, x and y in cutout pixels, SUPERSAMPLE to a picture pixel; NaN shows nothing)
    for a window of the picture whose upper left pixel is `corner` (x, y).
    """

    places: Floats
    corner: tuple[int, int]

    @property
    def scale(self) -> float:
        """The usual length in the picture of a pixel of the cutout."""
        jacobian = self._jacobian()
        areas = _determinants(jacobian[np.isfinite(jacobian).all((-1, -2))])
        usual = float(np.sqrt(np.median(np.abs(areas)))) if areas.size else 1.0
        return 1 / max(usual * SUPERSAMPLE, 1e-6)

    def is_distorted(self, cover: Floats) -> bool:
        """Whether it mirrors or stretches a cutout of this cover (HxW), shows parts of it larger
        than others, or a part of it twice.
        """
        jacobian = self._jacobian()
        known = np.isfinite(jacobian).all((-1, -2))
        columns, rows = _inside(self.places[:-1, :-1][known], cover.shape)
        on_piece = cover[rows, columns] > _SOLID
        shown = jacobian[known][on_piece]
        if not len(shown):
            return True
        longer, shorter = _singular(shown)
        areas = _determinants(shown)
        size = np.sqrt(np.maximum(np.abs(areas), 1e-9))
        usual = float(np.median(size))
        wrong = (longer > MAX_STRETCH * shorter) | (areas <= 0)
        wrong |= (size > MAX_STRETCH * usual) | (size < usual / MAX_STRETCH)
        torn = (longer > _TORN * shorter) | (areas <= 0)
        cell = max(4, 4 * int(np.ceil(usual)))
        cells = np.zeros((cover.shape[0] // cell + 1, cover.shape[1] // cell + 1), bool)
        cells[rows[on_piece] // cell, columns[on_piece] // cell] = True
        repeated = areas.sum() > _MOST_REPEATED * cells.sum() * cell**2
        return bool(repeated or wrong.mean() > _MOST_STRETCHED or torn.mean() > _MOST_TORN)

    def left_out(self, shape: tuple[int, ...]) -> Floats:
        """Where of a cutout (HxW) the bend shows nothing."""
        shown = np.zeros(shape[:2], np.uint8)
        columns, rows = _inside(self.places[np.isfinite(self.places).all(-1)], shape)
        shown[rows, columns] = 1
        reach = 2 * int(np.ceil(1 / (self.scale * SUPERSAMPLE))) + 1
        return floats(cv2.dilate(shown, np.ones((reach, reach), np.uint8)) == 0)

    def _jacobian(self) -> Floats:
        """How the place changes to the right and down (hxwx2x2), each step once within the bend."""
        right = np.diff(self.places, axis=1)[:-1]
        down = np.diff(self.places, axis=0)[:, :-1]
        return floats(np.stack([right, down], axis=-1))


def placed_along(rgba: Bytes, bend: Bend, size: tuple[int, int]) -> Layer:
    """The cutout (straight alpha) along the bend, in a picture of `size` (width, height)."""
    width, height = size
    cover = floats(rgba[..., 3] / 255)
    source = np.dstack([to_linear(rgba[..., :3]) * cover[..., None], cover])
    scale = bend.scale
    if scale < 1:
        source = blur(source, max(0.3, 0.5 / scale) if scale < 0.9 else 0.3)
    places = np.where(np.isfinite(bend.places), bend.places, _OUTSIDE)
    fine = cv2.remap(
        floats(source), floats(places[..., 0]), floats(places[..., 1]), cv2.INTER_LINEAR
    )
    high, wide = (edge // SUPERSAMPLE for edge in fine.shape[:2])
    x, y = bend.corner
    whole = np.zeros((height, width, 4), np.float32)
    whole[y : y + high, x : x + wide] = cv2.resize(fine, (wide, high), interpolation=cv2.INTER_AREA)
    return Layer(whole[..., :3], np.clip(whole[..., 3], 0, 1))


def _inside(places: Floats, shape: tuple[int, ...]) -> tuple[Places, Places]:
    """Places as columns and rows of a cutout, those beside it moved to its edge."""
    columns, rows = np.round(places).astype(int).T
    return columns.clip(0, shape[1] - 1), rows.clip(0, shape[0] - 1)


def _determinants(jacobian: Floats) -> Floats:
    product = jacobian[..., 0, 0] * jacobian[..., 1, 1]
    return floats(product - jacobian[..., 0, 1] * jacobian[..., 1, 0])


def _singular(jacobian: Floats) -> tuple[Floats, Floats]:
    """The larger and the smaller singular value of each 2x2 matrix."""
    square = (jacobian**2).sum((-1, -2))
    root = np.sqrt(np.maximum(square**2 - 4 * _determinants(jacobian) ** 2, 0))
    smaller = np.sqrt(np.maximum((square - root) / 2, 0))
    return floats(np.sqrt((square + root) / 2)), floats(smaller)
