"""Is this cutout good enough to go on with?"""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, grown, shrunk
from jewelrymodel.studio.components import Component
from jewelrymodel.studio.messages import (
    CutoutNote,
    Message,
    PieceProblem,
    StudioRefusal,
    ViewProblem,
    message,
)
from jewelrymodel.studio.not_jewelry import shows_card, shows_skin
from jewelrymodel.studio.piece_kinds import KindReason

MIN_PIECE_PX = 250
MAX_BORDER = 0.20
REFUSE_ABOVE = 0.5
CHECK_ABOVE = 0.12
CHECK_DOUBTED = 0.015
_WIDE_CONTACT = 0.2

MENDABLE = frozenset(
    {
        PieceProblem.NO_PIECE,
        PieceProblem.PIECE_TOO_SMALL,
        PieceProblem.UNCLEAR,
        PieceProblem.CUT_OFF,
    }
)
"""Refusals that are about the cutout, not about what the photo shows: corrections may mend it."""

MENDABLE_FOR_LOOKS = frozenset(
    {
        ViewProblem.LOOSE_END,
        ViewProblem.ONE_STRAND,
        ViewProblem.CHAIN,
        ViewProblem.CHAIN_OUT_OF_REACH,
        ViewProblem.PARTS_ON_CHAIN,
        ViewProblem.NO_BAIL,
        ViewProblem.NO_OPENING,
        ViewProblem.OVERLAP,
    }
)
"""The same of looks: the photo may show a strand, a loop or an opening that the cutout lacks."""


class PieceNotFound(StudioRefusal):
    """No piece can be cut out of this photo: a PieceProblem."""

    codes = PieceProblem


def uncertainty(alpha: Floats) -> float:
    """The unsure area (0.1 < alpha < 0.9) away from edges, by the piece's area: 0 is sure."""
    solid = np.asarray(alpha > 0.5)
    edge = grown(solid, 5) & ~shrunk(solid, 5)
    unsure = (alpha > 0.1) & (alpha < 0.9) & ~edge
    return float(unsure.sum() / max(1, int(solid.sum())))


def is_doubtful(unsure: float, doubted: float) -> bool:
    """True where the seller should look closely: by the share that the network is unsure of, or
    that the photo contradicts.
    """
    return unsure > CHECK_ABOVE or doubted > CHECK_DOUBTED


def refuse_hopeless(rgb: Bytes, alpha: Floats, unsure: float) -> None:
    """Raise PieceNotFound where going on would waste the seller's time."""
    solid = np.asarray(alpha > 0.5)
    if solid.sum() < 200:
        raise PieceNotFound(PieceProblem.NO_PIECE)
    if shows_skin(rgb, alpha):
        raise PieceNotFound(PieceProblem.PERSON)
    if shows_card(rgb, alpha):
        raise PieceNotFound(PieceProblem.ON_CARD)
    _refuse_people_and_cut_pieces(rgb, solid)
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    size = int(max(np.ptp(rows), np.ptp(columns)) + 1)
    if size < MIN_PIECE_PX:
        raise PieceNotFound(PieceProblem.PIECE_TOO_SMALL, size_px=size, least_px=MIN_PIECE_PX)
    if unsure > REFUSE_ABOVE:
        raise PieceNotFound(PieceProblem.UNCLEAR)


def _refuse_people_and_cut_pieces(rgb: Bytes, solid: Mask) -> None:
    frames = (solid[0], solid[-1], solid[:, 0], solid[:, -1])
    touched = sum(int(line.sum()) for line in frames) / sum(line.size for line in frames)
    widest = max(_longest_run(line) / line.size for line in frames)
    if widest > _WIDE_CONTACT and _skin_share(rgb, solid) > 0.4:
        raise PieceNotFound(PieceProblem.PERSON)
    if touched > MAX_BORDER or widest > 0.6:
        raise PieceNotFound(PieceProblem.CUT_OFF)


def _longest_run(line: Mask) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], line.astype(np.int8), [0]])))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def _skin_share(rgb: Bytes, solid: Mask) -> float:
    """Share of skin-like color. Only beside a wide contact with the frame: gold reads as skin."""
    luma = cv2.cvtColor(rgb, cv2.COLOR_RGB2YCrCb)
    red, blue = luma[..., 1], luma[..., 2]
    skin = (red > 135) & (red < 178) & (blue > 85) & (blue < 128)
    return float(skin[solid].mean())


def notes_of_parts(parts: tuple[Component, ...], reason: KindReason) -> tuple[Message, ...]:
    """For the approval page, where the cutout has more parts than a piece or a pair."""
    if len(parts) > 2 or (len(parts) == 2 and reason is not KindReason.TWO_ALIKE):
        return (message(CutoutNote.SEVERAL_PARTS, count=len(parts)),)
    return ()
