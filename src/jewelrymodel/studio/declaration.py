"""What a renderer says that it did with the approved cutout: the gate believes this and no more."""

from dataclasses import dataclass

import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, floats
from jewelrymodel.studio.bend import MAX_STRETCH, Bend, placed_along
from jewelrymodel.studio.lighting import DAYLIGHT, Light
from jewelrymodel.studio.placement import Layer, Matrix, place


@dataclass(frozen=True)
class Declaration:
    """Where the cutout went and what was done to it on purpose.

    `transform` (2x3) leads from the cutout to the picture. `light` is what the place's lamp does to
    the piece. `left_out` (HxW of the cutout, 0…1) was laid anew or dropped. `visible` (HxW of the
    picture, 0…1) leaves out what a finger or a lobe hides. `behind` is the picture without the
    piece, in linear light (HxWx3), its shadow included, and `laid` a chain laid anew before it;
    both None where somebody else made the picture. `px_per_mm` are the picture's pixels per
    millimeter of the piece, None where its size isn't known. `bend` is how a strand lies along a
    new curve; the transform is then that of its middle.
    """

    transform: Matrix
    light: Light = DAYLIGHT
    left_out: Floats | None = None
    visible: Floats | None = None
    behind: Floats | None = None
    laid: Layer | None = None
    px_per_mm: float | None = None
    bend: Bend | None = None

    def placed(self, rgba: Bytes, size: tuple[int, int]) -> Layer:
        """A cutout (HxWx4) where it was declared to be, in a picture of `size` (width, height)."""
        if self.bend is None:
            return place(rgba, self.transform, size)
        return placed_along(rgba, self.bend, size)

    def is_distorted(self, piece: Bytes) -> bool:
        """Whether the piece (HxWx4) was declared to be mirrored, or stretched more than a view
        can do.
        """
        if self.bend is not None:
            return self.bend.is_distorted(floats(piece[..., 3] / 255))
        scales = np.linalg.svd(self.transform[:, :2], compute_uv=False)
        mirrored = np.linalg.det(self.transform[:, :2]) <= 0
        return bool(mirrored or scales[0] > MAX_STRETCH * scales[1])

    def cropped(self, piece: Bytes, placed: Layer) -> float:
        """The share of the piece (HxWx4) that is not in the picture, where `placed` is what is; a
        thousandth is rounding.
        """
        whole = float(piece[..., 3].sum(dtype=np.float64)) / 255
        if self.bend is None:
            expected = whole * float(abs(np.linalg.det(self.transform[:, :2])))
            share = 1 - float(placed.cover.sum(dtype=np.float64)) / max(expected, 1e-6)
        else:
            gone = self.bend.left_out(piece.shape) * piece[..., 3]
            share = float(gone.sum(dtype=np.float64)) / 255 / max(whole, 1e-6)
        return share if share > 0.001 else 0.0
