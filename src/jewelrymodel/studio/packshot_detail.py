"""The cutout at the resolution of the photo that it was made of, where that is larger.

The outline is the approved one, drawn finer; the colors are the photo's own pixels. Where the
seller had a flaw removed, the cutout's healed color stays.
"""

import dataclasses
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from jewelrymodel.studio.arrays import (
    Bytes,
    Floats,
    blur,
    floats,
    grown,
    shrunk,
    to_bytes,
    to_linear,
    to_srgb,
)
from jewelrymodel.studio.edge_colors import foreground_colors
from jewelrymodel.studio.placement import Layer, Matrix, place

WORTH_IT = 1.05  # less detail than that is not to be seen
_ROOM_PX = 6
_HEALED = 26  # of 255: a reduced photo and its compression differ by less
_ROUNDS = 3
_APART, _MAX_APART = 0.25, 0.002
_OWN = 0.98  # of cover: from here on the photo's own bytes stay, as in a cutout


@dataclass(frozen=True)
class Detail:
    """The piece (HxWx4, straight alpha) cut from the photo with its `corner` (x, y), and how many
    of the photo's pixels one of the cutout's stands for, across and down. The cutout is of
    `cutout_size` (width, height).
    """

    rgba: Bytes
    corner: tuple[int, int]
    scales: tuple[float, float]
    cutout_size: tuple[int, int]

    @property
    def photo_size(self) -> tuple[int, int]:
        """Width and height of the photo that it is cut from."""
        width, height = self.cutout_size
        return round(width * self.scales[0]), round(height * self.scales[1])

    def moved(self, matrix: Matrix) -> Matrix:
        """The transform from this detail, for one (2x3) from the cutout: pixels have their places
        in their middles.
        """
        scales, corner = np.array(self.scales), np.array(self.corner, np.float64)
        linear = matrix[:, :2] / scales
        shift = matrix[:, :2] @ ((corner + 0.5) / scales - 0.5) + matrix[:, 2]
        return np.hstack([np.round(linear, 9), shift[:, None]])

    def enlarged(self, values: Floats) -> Floats:
        """Values of the cutout's frame (HxW or HxWxN) as the detail has its pixels."""
        (right, down), (x, y) = self.scales, self.corner
        matrix = np.array([[right, 0, 0.5 * right - 0.5 - x], [0, down, 0.5 * down - 0.5 - y]])
        size = (self.rgba.shape[1], self.rgba.shape[0])
        return floats(cv2.warpAffine(values, matrix, size, flags=cv2.INTER_CUBIC))

    def placed(self, matrix: Matrix, size: tuple[int, int]) -> Layer:
        """The piece in a picture of `size`, for a transform from the cutout: sampled once, since it
        is neither shrunk nor enlarged.
        """
        own = self.moved(matrix)
        if np.array_equal(own[:, :2], np.eye(2)):
            return place(self.rgba, np.round(own), size)
        cover = floats(self.rgba[..., 3:] / 255)
        source = np.concatenate([to_linear(self.rgba[..., :3]) * cover, cover], 2)
        turned = cv2.warpAffine(floats(source), own, size, flags=cv2.INTER_CUBIC)
        return Layer(np.maximum(turned[..., :3], 0), np.clip(turned[..., 3], 0, 1))


def detail_of(rgba: Bytes, photo: Bytes, most: float) -> Detail | None:
    """The cutout (HxWx4) with the pixels of its photo (HxWx3, of the same frame), at most `most`
    times as many along a side; None where that is no gain.
    """
    height, width = rgba.shape[:2]
    factor = min(photo.shape[1] / width, most)
    if factor < WORTH_IT:
        return None
    if factor < photo.shape[1] / width:
        photo = _resized(photo, round(width * factor), round(height * factor))
    scales = photo.shape[1] / width, photo.shape[0] / height
    x0, y0, x1, y1 = _window(rgba, photo, scales)
    part = photo[y0:y1, x0:x1]
    same = Detail(np.dstack([part, part[..., 0]]), (x0, y0), scales, (width, height))
    alpha = _finer(floats(rgba[..., 3] / 255), photo.shape[1], photo.shape[0])[y0:y1, x0:x1]
    healed = _healed(rgba, photo)
    if healed.any():
        share = np.clip(same.enlarged(healed), 0, 1)[..., None]
        colors = np.clip(same.enlarged(floats(rgba[..., :3])), 0, 255)
        part = np.asarray(part * (1 - share) + colors * share + 0.5, np.uint8)
    estimated = to_bytes(foreground_colors(floats(part / 255), alpha))
    own = np.where(alpha[..., None] > _OWN, part, estimated)
    return dataclasses.replace(same, rgba=np.dstack([own, to_bytes(alpha)]))


@dataclass(frozen=True)
class Original:
    """A picture brought back to where its pixels came from, at the cutout's size (HxW): the picture
    as photos are made smaller for cutouts, the piece's cover, and what is behind the piece.
    """

    image: Bytes
    cover: Floats
    behind: Floats

    def as_compared(self, approved: Layer) -> Bytes:
        """The picture (HxWx3) for the check. At the outline it is the approved cutout's own: there
        two ways of making smaller differ, and `is_same_outline` has compared the covers.
        """
        plain = to_bytes(to_srgb(approved.over(self.behind)))
        inside = shrunk(np.asarray(approved.cover > _OWN), 5)
        return np.asarray(np.where(inside[..., None], self.image, plain))

    def is_same_outline(self, approved: Layer) -> bool:
        """Whether the piece's cover is the approved one: what differs by more than rounding is less
        than two thousandths of the piece.
        """
        apart = np.abs(self.cover - approved.cover) > _APART
        return float(apart.sum()) <= _MAX_APART * float(approved.cover.sum())


def original_of(
    image: Bytes, layer: Layer, behind: Floats, detail: Detail, transform: Matrix
) -> Original:
    """Undo the transform (2x3, from the cutout to the picture) of a picture that shows `detail`."""
    own = detail.moved(transform)
    if np.array_equal(own[:, :2], np.eye(2)):
        own = np.round(own)
    own[:, 2] -= own[:, :2] @ np.array(detail.corner)
    large, small = detail.photo_size, detail.cutout_size

    def back(values: NDArray[Any], how: int, beyond: float) -> NDArray[Any]:
        flags, rest = how | cv2.WARP_INVERSE_MAP, (beyond, beyond, beyond)
        return cv2.warpAffine(values, own, large, flags=flags, borderValue=rest)

    def smaller(values: Floats, beyond: float) -> Floats:
        there = back(values, cv2.INTER_LINEAR, beyond)
        return floats(cv2.resize(there, small, interpolation=cv2.INTER_AREA))

    return Original(
        _resized(np.asarray(back(image, cv2.INTER_CUBIC, 255), np.uint8), *small),
        smaller(layer.cover, 0),
        floats(np.repeat(smaller(floats(behind[..., 0]), 1)[..., None], 3, 2)),
    )


def _finer(alpha: Floats, width: int, height: int) -> Floats:
    """The alpha with more pixels, of which the old ones are the averages (back-projection: Irani
    and Peleg, "Improving Resolution by Image Registration", 1991).
    """
    large, small = (width, height), (alpha.shape[1], alpha.shape[0])
    finer = floats(cv2.resize(alpha, large, interpolation=cv2.INTER_CUBIC))
    for _ in range(_ROUNDS):
        finer = floats(np.clip(finer, 0, 1))
        rest = floats(alpha - cv2.resize(finer, small, interpolation=cv2.INTER_AREA))
        finer = floats(finer + cv2.resize(rest, large, interpolation=cv2.INTER_CUBIC))
    return floats(np.clip(finer, 0, 1))


def _resized(image: Bytes, width: int, height: int) -> Bytes:
    picture = Image.fromarray(image)
    small = picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return np.asarray(small, np.uint8)


def _window(rgba: Bytes, photo: Bytes, scales: tuple[float, float]) -> tuple[int, int, int, int]:
    shown = rgba[..., 3] > 0
    rows, columns = np.flatnonzero(shown.any(1)), np.flatnonzero(shown.any(0))
    height, width = photo.shape[:2]
    left, top = columns[0] - _ROOM_PX, rows[0] - _ROOM_PX
    right, bottom = columns[-1] + _ROOM_PX, rows[-1] + _ROOM_PX
    return (
        max(0, int(left * scales[0])),
        max(0, int(top * scales[1])),
        min(width, int(right * scales[0])),
        min(height, int(bottom * scales[1])),
    )


def _healed(rgba: Bytes, photo: Bytes) -> Floats:
    """1 where the cutout's color isn't the photo's, softly."""
    height, width = rgba.shape[:2]
    small = _resized(photo, width, height)
    apart = np.abs(small.astype(np.int16) - rgba[..., :3]).max(2) > _HEALED
    apart &= rgba[..., 3] > 255 * _OWN
    spots = cv2.morphologyEx(apart.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3))) > 0
    return blur(floats(grown(np.asarray(spots), 9)), 1.5) if spots.any() else floats(spots)
