"""What kind of piece a cutout shows: a simple guess with its reason, for the seller to confirm."""

from enum import StrEnum

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask
from jewelrymodel.studio.chain_separation import Split, split
from jewelrymodel.studio.components import Component
from jewelrymodel.studio.strands import runs_of

HOLE_SHARE = 0.25


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
    COMPACT_AND_WIDE = "compact_and_wide"  # a ring from the side
    COMPACT_AND_TALL = "compact_and_tall"  # without an opening
    NOT_SURE = "not_sure"  # the kind is the likeliest one: the seller is asked
    NAMED_BY_SELLER = "named_by_seller"


def guess_kind(alpha: Floats, parts: tuple[Component, ...]) -> tuple[Kind, KindReason]:
    """The likeliest kind, and why."""
    if len(parts) > 1 and _alike(parts[0], parts[1]):
        return Kind.EARRING, KindReason.TWO_ALIKE
    solid, corner = _framed(alpha)
    on_chain = isinstance(split(solid, corner, alpha.shape), Split)
    if on_chain or upward_strands(solid):
        if on_chain or _has_body(solid):
            return Kind.PENDANT, KindReason.BODY_ON_CHAIN
        return Kind.NECKLACE, KindReason.CHAIN_WITHOUT_BODY
    hole = largest_hole(solid)
    if hole is not None and hole.sum() > HOLE_SHARE * solid.size:
        return Kind.RING, KindReason.LARGE_OPENING
    if solid.shape[1] > 2.2 * solid.shape[0]:
        return Kind.BRACELET, KindReason.MUCH_WIDER_THAN_HIGH
    if solid.shape[1] > solid.shape[0]:
        return Kind.RING, KindReason.COMPACT_AND_WIDE
    return Kind.PENDANT, KindReason.COMPACT_AND_TALL


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
    return bool(cv2.morphologyEx(lower, cv2.MORPH_OPEN, disc).any())
