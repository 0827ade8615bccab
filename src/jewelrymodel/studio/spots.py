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
    any_channel,
    blur,
    floats,
    grown,
    lab,
    to_bytes,
    to_srgb,
    window_round,
)
from jewelrymodel.studio.placement import Layer
from jewelrymodel.studio.surroundings import FILLED, openings_of, sizes_of, surroundings

SPOT_DELTA_E, BESIDE_DELTA_E = 8.0, 2.5
_LEAST_PX = 5
_CALM_PX = 5
_ALIKE = 4  # of 255: bytes that are so near are never seen apart
_EDGE_PX = 3
_LIGHTNESS_PX, _COLOR_PX = 0.7, 1.5
_BRIGHT_REACH, _BRIGHT_BY = 0.03, 40  # of the piece's longer edge; of 255
_BESIDE = 0.08  # of the picture's longer edge: what lies farther from the piece is no part of it


@dataclass(frozen=True)
class Spots:
    """What differs, in pixels of a picture in which the piece covers `piece`: the largest connected
    spot on it (`changed`) and beside it (`added`), all of both (`lost`, `gained`), and how many
    small `bright` parts the piece shows, of which `dimmed` differ. `openings` are its openings'
    sizes, `filled` those that show something else. What can't be told is None.
    """

    piece: int
    changed: int
    added: int | None
    lost: int
    gained: int | None
    bright: int
    dimmed: int
    openings: tuple[int, ...]
    filled: int | None


def spots_apart(layer: Layer, wanted: Bytes, made: Bytes, inside: Mask) -> Spots:
    """Compare two pictures (HxWx3) on the piece alone, a file's compression forgiven; and look
    round it, where what is behind it is known from nothing but the picture itself. `layer` is the
    piece; `wanted` and `made` are as bright as each other.
    """
    differs = _differs_smoothly(wanted, made) & inside
    bright, dimmed = _bright_parts(wanted, inside, differs)
    round_it = surroundings(layer, made)
    area = int(np.asarray(layer.cover > 0.5).sum())
    beside = round_it.beside
    return Spots(
        area, _largest(differs), beside, int(differs.sum()), beside,
        bright, dimmed, round_it.openings, round_it.filled,
    )  # fmt: skip


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
    changed = _differs(wanted, made) & on_piece & inside
    added = _differs(_calm(wanted), _calm(made), BESIDE_DELTA_E) & ~grown(on_piece, _CALM_PX)
    added = (added | _differs(wanted, made) & ~on_piece) & inside
    bright, dimmed = _bright_parts(wanted, on_piece & inside, changed)
    openings = openings_of(on_piece)
    numbers = range(1, int(openings.max()) + 1)
    filled = sum(bool(added[openings == number].mean() > FILLED) for number in numbers)
    return Spots(
        int(piece.sum()), _largest(changed), _largest(added), int(changed.sum()), int(added.sum()),
        bright, dimmed, sizes_of(openings), filled,
    )  # fmt: skip


def _off_the_edge(size: tuple[int, ...]) -> Mask:
    """Not at the picture's own edge: a chain that runs out of it was cut from the cutout there."""
    inside = np.zeros(size, bool)
    inside[_EDGE_PX:-_EDGE_PX, _EDGE_PX:-_EDGE_PX] = True
    return inside


def _calm(picture: Bytes) -> Bytes:
    return np.asarray(cv2.blur(picture, (_CALM_PX, _CALM_PX)), np.uint8)


def _differs(wanted: Bytes, made: Bytes, delta_e: float = SPOT_DELTA_E) -> Mask:
    differs = any_channel(np.asarray(cv2.absdiff(wanted, made) > _ALIKE))
    if differs.any():
        apart = lab(wanted[differs][None]) - lab(made[differs][None])
        differs[differs] = np.linalg.norm(apart[0], axis=1) > delta_e
    return differs


def _differs_smoothly(wanted: Bytes, made: Bytes) -> Mask:
    """As `_differs`, but with what a compressed file does averaged away: it keeps colors at half
    the size, and leaves its noise at edges.
    """
    apart = lab(wanted) - lab(made)
    sigmas = (_LIGHTNESS_PX, _COLOR_PX, _COLOR_PX)
    parts = [blur(floats(apart[..., n]), sigma) for n, sigma in enumerate(sigmas)]
    return np.asarray(np.linalg.norm(np.dstack(parts), axis=2) > SPOT_DELTA_E)


def _bright_parts(wanted: Bytes, inside: Mask, differs: Mask) -> tuple[int, int]:
    """How many small parts stand out bright, as stones, prongs and glints do, and how many of them
    differ.
    """
    rows, columns = (np.flatnonzero(inside.any(axis)) for axis in (1, 0))
    if not rows.size:
        return 0, 0
    edge = int(_BRIGHT_REACH * max(np.ptp(rows), np.ptp(columns))) | 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (edge, edge))
    gray = cv2.cvtColor(wanted, cv2.COLOR_RGB2GRAY)
    standing_out = cv2.morphologyEx(gray, cv2.MORPH_TOPHAT, disc) > _BRIGHT_BY
    parts = (standing_out & inside).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(parts)
    large = stats[:, cv2.CC_STAT_AREA] >= 2 * _LEAST_PX
    large[0] = False
    changed = np.bincount(labels[differs], minlength=count) > 0.5 * stats[:, cv2.CC_STAT_AREA]
    return int(large.sum()), int((large & changed).sum())


def _largest(spots: Mask) -> int:
    """The pixels of the largest connected spot; thin ones count with what joins them."""
    if spots.sum() < _LEAST_PX:
        return 0
    joined = cv2.morphologyEx(spots.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    largest = int(stats[1:, cv2.CC_STAT_AREA].max()) if count > 1 else 0
    return largest if largest >= _LEAST_PX else 0
