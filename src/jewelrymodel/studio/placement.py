"""Put the cutout into a picture by one planned transform, without redrawing it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import Bytes, Floats, blur, floats, thrice, to_linear
from jewelrymodel.studio.composition import Adjustment

Matrix = NDArray[np.float64]
Window = tuple[slice, slice]
SUPERSAMPLE = 2


@dataclass(frozen=True)
class Layer:
    """Premultiplied linear light (HxWx3) and cover (HxW), as large as the picture."""

    light: Floats
    cover: Floats

    def over(self, below: Floats) -> Floats:
        """This layer on top of linear light `below`."""
        return floats(below * thrice(1 - self.cover) + self.light)

    def clipped(self, mask: Floats) -> "Layer":
        """Only where `mask` (0…1) lets it show. Blurs and warps leave it up to 2e-7 beyond both
        ends, and of a negative cover nobody can take a root.
        """
        shows = floats(np.clip(mask, 0, 1))
        return Layer(floats(self.light * thrice(shows)), floats(self.cover * shows))

    def lit(self, gains: Floats) -> "Layer":
        """Under another light: one gain per channel, in linear light; an HxWx1 field shades too."""
        return Layer(floats(self.light * gains), self.cover)


def similarity(scale: float, source: tuple[float, float], target: tuple[float, float]) -> Matrix:
    """Upright scaling that takes the point `source` to the point `target`."""
    shift = np.array(target) - scale * np.array(source)
    return np.array([[scale, 0, shift[0]], [0, scale, shift[1]]], np.float64)


def by_hand(
    matrix: Matrix, pivot: tuple[float, float], adjustment: Adjustment, size: tuple[int, int]
) -> Matrix:
    """The transform with what a seller set by hand in a picture of `size`: turned and resized round
    where the cutout's point `pivot` comes to lie, then moved.
    """
    if not adjustment.moves:
        return matrix
    angle, shorter = np.radians(adjustment.turn_deg), min(size)
    cos, sin = np.cos(angle) * adjustment.size, np.sin(angle) * adjustment.size
    turn = np.array([[cos, -sin], [sin, cos]])
    at = matrix @ np.array([*pivot, 1.0])
    shift = shorter * np.array([adjustment.right, adjustment.down])
    return np.column_stack([turn @ matrix[:, :2], turn @ (matrix[:, 2] - at) + at + shift])


def scale_of(matrix: Matrix) -> float:
    """The smaller of the transform's two scales."""
    return float(np.linalg.svd(matrix[:, :2], compute_uv=False)[1])


def reach_of(alpha: Floats, matrix: Matrix) -> tuple[float, float, float, float]:
    """The frame (left, top, right, bottom) of the piece in the picture, in its pixels."""
    solid = alpha > 0.5
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    xs, ys = (columns[0], columns[-1] + 1), (rows[0], rows[-1] + 1)
    corners = np.array([(x, y, 1) for x in xs for y in ys], np.float64)
    places = corners @ matrix.T
    low, high = places.min(0), places.max(0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def place(rgba: Bytes, matrix: Matrix, size: tuple[int, int]) -> Layer:
    """Warp straight-alpha `rgba` into a picture of `size` (width, height).

    A piece that only moves by whole pixels keeps its own. Shrinking blurs by half an output pixel
    first, because the warp only looks at neighbors; edges are sampled finer than the picture and
    averaged.
    """
    width, height = size
    cover = floats(rgba[..., 3] / 255)
    source = np.empty(rgba.shape, np.float32)
    np.multiply(to_linear(rgba[..., :3]), thrice(cover), out=source[..., :3])
    source[..., 3] = cover
    if np.array_equal(matrix, np.round(matrix)) and np.array_equal(matrix[:, :2], np.eye(2)):
        whole = cv2.warpAffine(source, matrix, size, flags=cv2.INTER_NEAREST)
        return Layer(floats(whole[..., :3]), floats(whole[..., 3]))
    scale = scale_of(matrix)
    if scale < 1:
        source = blur(source, max(0.3, 0.5 / scale) if scale < 0.9 else 0.3)
    finer = np.array([[SUPERSAMPLE], [SUPERSAMPLE]]) * matrix
    finer[:, 2] += (SUPERSAMPLE - 1) / 2
    rows, columns = _window(cover, matrix, size)
    finer[:, 2] -= SUPERSAMPLE * np.array([columns.start, rows.start])
    inner = (columns.stop - columns.start, rows.stop - rows.start)
    how = cv2.INTER_CUBIC if scale > 0.999 else cv2.INTER_LINEAR
    fine = cv2.warpAffine(
        source, finer, (inner[0] * SUPERSAMPLE, inner[1] * SUPERSAMPLE), flags=how
    )
    whole = np.zeros((height, width, 4), np.float32)
    whole[rows, columns] = cv2.resize(fine, inner, interpolation=cv2.INTER_AREA)
    return Layer(np.maximum(whole[..., :3], 0), np.clip(whole[..., 3], 0, 1))


def _window(cover: Floats, matrix: Matrix, size: tuple[int, int]) -> Window:
    """The part of the picture that the piece can reach."""
    rows, columns = np.flatnonzero(cover.any(1)), np.flatnonzero(cover.any(0))
    corners = [(x, y, 1) for x in (columns[0], columns[-1]) for y in (rows[0], rows[-1])]
    reached = (matrix @ np.array(corners, np.float64).T).T
    low = np.clip(np.floor(reached.min(0)) - 4, 0, np.array(size) - 1).astype(int)
    high = np.clip(np.ceil(reached.max(0)) + 5, low + 1, size).astype(int)
    return slice(int(low[1]), int(high[1])), slice(int(low[0]), int(high[0]))


def merged(upper: Layer, lower: Layer) -> Layer:
    """One layer of two."""
    rest = 1 - upper.cover
    light = floats(upper.light + lower.light * thrice(rest))
    return Layer(light, floats(upper.cover + lower.cover * rest))
