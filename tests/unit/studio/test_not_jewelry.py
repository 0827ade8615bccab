"""A hand is refused, and so is a card with the piece on it; the piece itself never is."""

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import Bytes, Floats, floats
from jewelrymodel.studio.cutout import PieceNotFound, cut_out
from jewelrymodel.studio.cutout_quality import refuse_hopeless
from jewelrymodel.studio.messages import PieceProblem
from tests.support import pieces

EDGE = 600
SKIN = (205, 150, 125)


def painted(color: tuple[int, int, int], mask: Bytes) -> tuple[Bytes, Floats]:
    """A softly shaded area of one color on a dark ground, and its cover."""
    shade = np.linspace(1.05, 0.85, EDGE)[:, None, None]
    photo = np.where(mask[..., None] > 0, np.array(color) * shade, 60)
    return np.asarray(np.clip(photo, 0, 255), np.uint8), floats(mask / 255)


def hand(from_below: int = EDGE) -> tuple[Bytes, Floats]:
    """A fist on its wrist, with a small stone on a finger."""
    mask = np.zeros((EDGE, EDGE), np.uint8)
    cv2.ellipse(mask, (300, 270), (150, 170), 0, 0, 360, 255, -1)
    cv2.rectangle(mask, (240, 350), (360, from_below), 255, -1)
    photo, cover = painted(SKIN, mask)
    photo[200:240, 280:320] = pieces.facets(40)
    return photo, cover


def card(turn: float = 8, *, loaded: bool = True) -> tuple[Bytes, Floats]:
    """A card with two studs, a little askew; without them, a plate."""
    mask = np.zeros((EDGE, EDGE), np.uint8)
    frame = cv2.boxPoints(((300, 300), (300, 400), turn)).astype(np.int32)
    cv2.fillPoly(mask, [frame], 255)
    photo, cover = painted((236, 233, 226), mask)
    if loaded:
        for x in (230, 370):
            cv2.circle(photo, (x, 300), 70, (90, 60, 20), -1)
            photo[270:330, x - 30 : x + 30] = pieces.facets(60)
    return photo, cover


def problem(photo: Bytes, cover: Floats) -> str:
    with pytest.raises(PieceNotFound) as caught:
        cut_out(photo, pieces.Known(cover))  # type: ignore[arg-type]  # a stand-in
    return caught.value.code


def test_a_hand_that_comes_in_by_a_narrow_wrist_is_no_piece() -> None:
    assert problem(*hand()) == PieceProblem.PERSON


@pytest.mark.parametrize("turn", [0, 8, 30])
def test_earrings_on_their_card_are_to_be_taken_off(turn: float) -> None:
    assert problem(*card(turn)) == PieceProblem.ON_CARD


@pytest.mark.parametrize(
    ("photo", "cover"),
    [
        card(loaded=False),  # a plain plate
        hand(from_below=500),  # skin-colored enamel, whole in the photo
    ],
)
def test_a_smooth_piece_is_accepted(photo: Bytes, cover: Floats) -> None:
    refuse_hopeless(photo, cover, 0)


def test_gold_that_the_photo_cuts_is_no_skin() -> None:
    bangle = pieces.golden(pieces.ring(900))
    cover = bangle.alpha[:700]
    refuse_hopeless(pieces.photographed(bangle)[:700], cover, 0)
