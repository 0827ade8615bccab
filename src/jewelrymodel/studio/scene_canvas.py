"""What a generator of scenes is sent: the real piece at its place, and the mask that keeps it.

The canvas shows more than the finished picture on every side, so that a scene that came back
shifted still covers it. Its edges are multiples of 16, because the models' cells are.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Mask, floats, to_bytes, to_linear, to_srgb
from jewelrymodel.studio.placement import Matrix, place

MARGIN = 0.06  # of the finished picture's edges, beyond each of its sides
CELL_PX = 16
KEEP = 0.015  # of the piece's longer edge, beyond its outline
HEALED = 0.02  # of the same: how far beyond that the finished picture's rim is made anew
NEUTRAL = (176, 174, 171)


@dataclass(frozen=True)
class Canvas:
    """`picture` (HxWx3) has the piece on a neutral background, `paint` (HxW) is 255 where a scene
    is wanted. `from_final` (2x3) leads from the finished picture of `size` (width, height) to the
    canvas, `from_cutout` from the cutout to the canvas; `solid` is where the piece is opaque.
    """

    picture: Bytes
    paint: Bytes
    from_final: Matrix
    from_cutout: Matrix
    size: tuple[int, int]
    solid: Mask

    @property
    def reach_px(self) -> int:
        """The longer edge of the piece in the canvas."""
        return max(int(np.ptp(np.flatnonzero(self.solid.any(axis)))) + 1 for axis in (0, 1))


def canvas_of(cutout: Bytes, placed: Matrix, size: tuple[int, int], edge_px: int) -> Canvas:
    """Return the canvas, about `edge_px` long, of a finished picture of `size` (width, height) into
    which `placed` (2x3) puts the cutout (HxWx4, straight alpha).
    """
    scale = edge_px / (max(size) * (1 + 2 * MARGIN))
    width, height = (_cells(edge * (1 + 2 * MARGIN) * scale) for edge in size)
    middle = [(edge - 1) / 2 for edge in size]
    shift = [(width - 1) / 2 - scale * middle[0], (height - 1) / 2 - scale * middle[1]]
    from_final = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]], np.float64)
    from_cutout = chained(from_final, placed)
    layer = place(cutout, from_cutout, (width, height))
    ground = np.broadcast_to(to_linear(np.array(NEUTRAL, np.uint8)), layer.light.shape)
    picture = to_bytes(to_srgb(layer.over(floats(ground))))
    solid = np.asarray(layer.cover > 0.94)
    reach = max(int(np.ptp(np.flatnonzero(solid.any(axis)))) + 1 for axis in (0, 1))
    kept = widened(np.asarray(layer.cover > 0.02), max(2, round(KEEP * reach)))
    paint = np.where(kept, 0, 255).astype(np.uint8)
    return Canvas(picture, paint, from_final, from_cutout, size, solid)


def _cells(edge: float) -> int:
    return CELL_PX * math.ceil(round(edge, 6) / CELL_PX)


def widened(mask: Mask, by_px: int) -> Mask:
    """The mask with so many pixels more all round."""
    apart = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(apart <= by_px)


def healed_px(reach_px: int) -> int:
    """How far from the outline of a piece, whose longer edge has so many pixels, the rim goes."""
    return max(2, round((KEEP + HEALED) * reach_px))


def chained(second: Matrix, first: Matrix) -> Matrix:
    """The transform (2x3) that does `first` and then `second`."""
    return np.asarray(second @ np.vstack([first, [0, 0, 1]]))
