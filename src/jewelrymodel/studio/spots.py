"""The largest spot in which a picture differs from what it should show.

A mean over the piece can't see a lost prong or a recolored stone: what counts is the largest
connected area whose color (CIE76) differs by more than SPOT_DELTA_E. Beside the piece, where
white paper on a pale surface has to be seen, grain is averaged away and less is allowed.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from jewelrymodel.studio.arrays import (
    Bytes,
    Floats,
    Mask,
    grown,
    lab,
    to_bytes,
    to_srgb,
    window_round,
)
from jewelrymodel.studio.placement import Layer

SPOT_DELTA_E, BESIDE_DELTA_E = 8.0, 5.0
_LEAST_PX = 5
_ALIKE = 4  # of 255: bytes that are so near are never seen apart
_EDGE_PX = 3
_BESIDE = 0.08  # of the picture's longer edge: what lies farther from the piece is no part of it


@dataclass(frozen=True)
class Spots:
    """The largest spot on the piece and the largest beside it, as shares of the piece's area."""

    changed: float
    added: float


def spots_on(wanted: Bytes, made: Bytes, inside: Mask) -> Spots:
    """Compare two pictures (HxWx3) on the piece alone: of what is behind it nothing is known."""
    return Spots(_largest(_differs(wanted, made) & inside) / max(int(inside.sum()), 1), 0.0)


def spots_beside(layer: Layer, made: Bytes, behind: Floats, laid: Layer | None) -> Spots:
    """Compare a picture (HxWx3) with the piece's layer over the declared rest of the picture, on
    the piece and round it.
    """
    shown = np.asarray(layer.cover > 0)
    piece = np.asarray(layer.cover > 0.5)
    if laid is not None:
        shown |= laid.cover > 0
        behind = laid.over(behind)
    window = window_round(shown, int(_BESIDE * max(shown.shape)))
    layer = Layer(layer.light[window], layer.cover[window])
    wanted = to_bytes(to_srgb(layer.over(behind[window])))
    made, on_piece = made[window], piece[window]
    inside = _off_the_edge(shown.shape)[window]
    changed = _differs(wanted, made) & on_piece
    added = _differs(_calm(wanted), _calm(made), BESIDE_DELTA_E) & ~grown(on_piece, 3)
    added |= _differs(wanted, made) & ~on_piece
    area = max(int(piece.sum()), 1)
    return Spots(_largest(changed & inside) / area, _largest(added & inside) / area)


def _off_the_edge(size: tuple[int, ...]) -> Mask:
    """Not at the picture's own edge: a chain that runs out of it was cut from the cutout there."""
    inside = np.zeros(size, bool)
    inside[_EDGE_PX:-_EDGE_PX, _EDGE_PX:-_EDGE_PX] = True
    return inside


def _calm(picture: Bytes) -> Bytes:
    return np.asarray(cv2.blur(picture, (3, 3)), np.uint8)


def _differs(wanted: Bytes, made: Bytes, delta_e: float = SPOT_DELTA_E) -> Mask:
    differs = np.asarray((cv2.absdiff(wanted, made) > _ALIKE).any(2))
    if differs.any():
        apart = lab(wanted[differs][None]) - lab(made[differs][None])
        differs[differs] = np.linalg.norm(apart[0], axis=1) > delta_e
    return differs


def _largest(spots: Mask) -> int:
    """The pixels of the largest connected spot; thin ones count with what joins them."""
    if spots.sum() < _LEAST_PX:
        return 0
    joined = cv2.morphologyEx(spots.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    largest = int(stats[1:, cv2.CC_STAT_AREA].max()) if count > 1 else 0
    return largest if largest >= _LEAST_PX else 0
