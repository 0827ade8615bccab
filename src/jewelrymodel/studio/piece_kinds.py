"""What kind of piece a cutout shows: a simple guess with its reason, for the seller to confirm."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask
from jewelrymodel.studio.chain_separation import split_or_none
from jewelrymodel.studio.components import Component
from jewelrymodel.studio.frame_sides import Side, sides_cut
from jewelrymodel.studio.piece_shapes import Shape, alike, is_touching_pair, shape_of
from jewelrymodel.studio.strands import runs_of

_LOOP = 0.28  # of the hull: an opening that the piece closes round
_SLIM = 0.11  # of the longer side: no stouter than a strand of beads
_SMOOTH = 0.95  # of the hull: an outline without links or beads
_BANGLE = 0.09  # of the diameter: a band as thin may be a bangle's
_HANGS = 1.2  # width by height: what is wider doesn't hang from a bail
_LONG = 1.35  # the same: a ring seen so flat shows no opening
_CLOSED = 0.85  # of the hull, openings included: one band, not parts beside each other
_BORE = 0.15  # of the hull: the opening of a ring
_SEEN_ASLANT = 0.05  # of the hull: what a bracelet that lies shows of its opening
_BEADS = 0.09  # of the longer side: beads of a necklace are no larger
_THICK = 0.1  # of the area: with less of it thin, the chain is as stout as what hangs on it
_OPEN = 0.5  # of the hull, openings included: strands that lie apart, and no lace
_HALF = 0.6  # of all that is stout: the larger one of two
_SIDE_BY_SIDE = 1.6  # width by height of two that are no wider than a pair of hoops
_ONE_BODY = 0.7  # of all that is stout: a body, and not one of several
_STRANDED = 0.25  # of the area: that much of it is thin


class Kind(StrEnum):
    """The kinds of piece that the studio knows."""

    PENDANT = "pendant"
    NECKLACE = "necklace"
    RING = "ring"
    EARRING = "earring"
    BRACELET = "bracelet"


class KindReason(StrEnum):
    """Why a piece counts as its kind."""

    TWO_ALIKE = "two_alike"  # two parts of about the same size: a pair
    BODY_ON_CHAIN = "body_on_chain"  # strands run up from a body
    CHAIN_WITHOUT_BODY = "chain_without_body"  # strands run up and no single body hangs from them
    LARGE_OPENING = "large_opening"  # one large round opening
    MUCH_WIDER_THAN_HIGH = "much_wider_than_high"  # and without an opening
    BAIL_ON_TOP = "bail_on_top"  # a narrow top above a wider body
    COMPACT_AND_WIDE = "compact_and_wide"  # a ring from the side
    COMPACT_AND_TALL = "compact_and_tall"  # without an opening
    NOT_SURE = "not_sure"  # the kind is the likeliest one: the seller is asked
    NAMED_BY_SELLER = "named_by_seller"


@dataclass(frozen=True)
class Guess:
    """The likeliest kind and why; `sure` where its reason is enough not to ask the seller."""

    kind: Kind
    reason: KindReason
    sure: bool = True


def guess_kind(
    alpha: Floats, parts: tuple[Component, ...], rgb: Bytes | None = None
) -> tuple[Kind, KindReason]:
    """The likeliest kind, and why; NOT_SURE where the seller had better be asked. Colors (`rgb`)
    tell a pair from a piece with something beside it.
    """
    guess = _guess(alpha, parts, rgb)
    return guess.kind, guess.reason if guess.sure else KindReason.NOT_SURE


def _guess(alpha: Floats, parts: tuple[Component, ...], rgb: Bytes | None) -> Guess:
    solid, corner = _framed(alpha)
    shape = shape_of(solid)
    runs_through = {Side.LEFT, Side.RIGHT} <= sides_cut(alpha)
    if runs_through and (shape.stoutest < _SLIM or shape.strand > _STRANDED):
        return Guess(Kind.NECKLACE, KindReason.CHAIN_WITHOUT_BODY, sure=False)
    if _has_pair(alpha, parts, rgb):
        return Guess(Kind.EARRING, KindReason.TWO_ALIKE)
    if shape.opening > _LOOP:
        return _of_loop(shape)
    if len(parts) == 1 and shape.main < _HALF and is_touching_pair(solid):
        return Guess(Kind.EARRING, KindReason.TWO_ALIKE, sure=shape.aspect < _SIDE_BY_SIDE)
    on_chain = split_or_none(solid, corner, alpha.shape) is not None
    if on_chain or upward_strands(solid) or shape.strand > _STRANDED:
        return _of_strands(shape, on_chain=on_chain, has_body=_has_body(solid))
    if shape.aspect < _HANGS and shape.bail:
        return _of_bail(shape)
    if len(parts) == 1 and is_touching_pair(solid):
        return Guess(Kind.EARRING, KindReason.TWO_ALIKE, sure=shape.main == 1)
    return _of_body(shape)


def _of_loop(shape: Shape) -> Guess:
    """A band or a strand that closes round one large opening."""
    if len(shape.openings) > 1 and shape.openings[1] > 0.5 * shape.opening:
        return Guess(Kind.EARRING, KindReason.TWO_ALIKE)  # two hoops that touch
    if shape.filled > _SMOOTH and shape.band > 0.05 and shape.strand < 0.1:
        sure = shape.band > _BANGLE
        return Guess(Kind.RING, KindReason.LARGE_OPENING, sure)
    if shape.stoutest < _SLIM:
        slim = shape.stoutest < _BEADS
        kind = Kind.NECKLACE if slim else Kind.BRACELET
        return Guess(kind, KindReason.CHAIN_WITHOUT_BODY, sure=slim)
    return Guess(Kind.BRACELET, KindReason.LARGE_OPENING)


def _of_strands(shape: Shape, *, on_chain: bool, has_body: bool) -> Guess:
    """Something hangs on thin strands, or they are all there is."""
    if shape.stoutest < 2 * _SLIM and shape.strand < _THICK:
        return Guess(Kind.NECKLACE, KindReason.CHAIN_WITHOUT_BODY)  # beads that reach the clasp
    if on_chain or (has_body and shape.main > _ONE_BODY):
        return Guess(Kind.PENDANT, KindReason.BODY_ON_CHAIN, sure=shape.main > _ONE_BODY)
    return Guess(Kind.NECKLACE, KindReason.CHAIN_WITHOUT_BODY, sure=shape.filled < _OPEN)


def _of_bail(shape: Shape) -> Guess:
    """Narrow at its top: a pendant by its bail, or a ring whose stone stands up."""
    if shape.opening > _BORE and shape.filled > _CLOSED:
        return Guess(Kind.RING, KindReason.LARGE_OPENING, sure=False)
    return Guess(Kind.PENDANT, KindReason.BAIL_ON_TOP, sure=shape.solidity > 0.5)


def _of_body(shape: Shape) -> Guess:
    """One compact outline: what stands or lies by itself."""
    if shape.filled > _CLOSED and shape.opening > _SEEN_ASLANT and shape.aspect > _LONG:
        return Guess(Kind.BRACELET, KindReason.LARGE_OPENING, sure=False)
    if shape.filled > _CLOSED:
        sure = 0.6 < shape.aspect < 3.2
        return Guess(Kind.RING, KindReason.COMPACT_AND_WIDE, sure)
    if shape.aspect > 2.2:
        return Guess(Kind.BRACELET, KindReason.MUCH_WIDER_THAN_HIGH, sure=False)
    if shape.aspect > _HANGS:
        return Guess(Kind.RING, KindReason.COMPACT_AND_WIDE, sure=False)
    return Guess(Kind.PENDANT, KindReason.COMPACT_AND_TALL, sure=False)


def _has_pair(alpha: Floats, parts: tuple[Component, ...], rgb: Bytes | None) -> bool:
    """Two of the three largest parts are a pair: a third one often shows it from the side."""
    large = combinations(parts[:3], 2)
    if rgb is None:
        return any(_alike(*two) for two in large)
    return any(alike(rgb, alpha, *two) for two in large)


def _framed(alpha: Floats) -> tuple[Mask, tuple[int, int]]:
    """The smallest frame that holds the whole piece, and its corner: a chain often comes in pieces
    that are each too small to count as a part.
    """
    solid = alpha > 0.5
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    if not rows.size:
        return np.zeros((1, 1), bool), (0, 0)
    window = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.asarray(solid[window]), (int(columns[0]), int(rows[0]))


def largest_hole(solid: Mask) -> Mask | None:
    """The largest opening enclosed by the piece, or None."""
    outside = np.pad(~solid, 1, constant_values=True).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(outside, connectivity=4)
    inner = [i for i in range(1, count) if i != labels[0, 0]]
    if not inner:
        return None
    best = max(inner, key=lambda i: int(stats[i, 4]))
    return np.asarray(labels[1:-1, 1:-1] == best)


def upward_strands(solid: Mask) -> bool:
    """True when near the top of the piece there are just two thin, well separated runs."""
    height, width = solid.shape
    votes = 0
    for share in (0.04, 0.08, 0.12, 0.16, 0.2):
        runs = runs_of(solid[int(share * height)])
        thin = all(stop - start < 0.14 * width for start, stop in runs)
        apart = len(runs) >= 2 and runs[-1][0] - runs[0][1] > 0.3 * width
        votes += thin and apart and len(runs) <= 4
    return votes >= 3


def _alike(one: Component, other: Component) -> bool:
    heights = sorted(part.box[3] - part.box[1] for part in (one, other))
    return other.area_px > 0.45 * one.area_px and heights[0] > 0.7 * heights[1]


def _has_body(solid: Mask) -> bool:
    """A disc of a twelfth of the piece's width fits into its lower half."""
    edge = max(3, solid.shape[1] // 12)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (edge, edge))
    lower = solid[solid.shape[0] // 2 :].astype(np.uint8)
    return bool(cv2.erode(lower, disc).any())
