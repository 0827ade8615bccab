"""Where a hosted generator is to put the piece, and how faithful it was there.

The piece is scaled by us and sent as a layer as large as the picture: whoever only lays it on a
background can't blur it.
"""

import dataclasses

import numpy as np
from numpy.typing import NDArray

from jewelrymodel.generation.gateway import Measured
from jewelrymodel.studio import fidelity
from jewelrymodel.studio.arrays import floats, to_bytes, to_srgb
from jewelrymodel.studio.declaration import Declaration
from jewelrymodel.studio.pendant_body import photo_px_per_mm
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.placement import Matrix, place, similarity

SHARE = 0.68  # of the picture's edge that the piece's longer edge takes
MAX_SCALE = 2.5


def planned(cutout: NDArray[np.uint8], edge_px: int) -> Matrix:
    """Return the transform (2x3) that centers the piece on a square picture of *edge_px*."""
    solid = cutout[..., 3] > 40
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    extent = max(np.ptp(rows), np.ptp(columns)) + 1
    middle = (float(columns[0] + columns[-1]) / 2, float(rows[0] + rows[-1]) / 2)
    scale = min(MAX_SCALE, SHARE * edge_px / float(extent))
    return similarity(scale, middle, (edge_px / 2, edge_px / 2))


def layer(cutout: NDArray[np.uint8], edge_px: int) -> NDArray[np.uint8]:
    """Return the placed piece alone, *edge_px* squared with straight alpha."""
    placed = place(cutout, planned(cutout, edge_px), (edge_px, edge_px))
    light = placed.light / np.maximum(placed.cover, 1e-3)[..., None]
    return np.dstack([to_bytes(to_srgb(light)), to_bytes(placed.cover)])


def measured(
    cutout: NDArray[np.uint8], image: NDArray[np.uint8], kind: str, size_mm: float
) -> Measured:
    """Return how far *image*, a square, kept *cutout*, a piece of *kind* and *size_mm*, where it
    was ordered.
    """
    transform = planned(cutout, image.shape[1])
    alpha = floats(cutout[..., 3]) / np.float32(255)
    px_per_mm = photo_px_per_mm(alpha, Kind(kind), size_mm) * float(transform[0, 0])
    return from_studio(fidelity.measure(cutout, image, Declaration(transform, px_per_mm=px_per_mm)))


def from_studio(figures: fidelity.Fidelity) -> Measured:
    """Return the studio's figures as this room keeps them, without those that can't be told."""
    every = dataclasses.asdict(figures)
    every |= every.pop("sizes") or {}
    numbers = {k: float(v) for k, v in every.items() if k != "passed" and v is not None}
    return Measured(figures=numbers, passed=bool(figures.passed))
