"""Captions and figures are print; the links of a chain and what is written on a piece are not."""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes
from jewelrymodel.studio.cutout_doubts import find_doubts
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.printed_text import find_print
from tests.support import pieces

EDGE = 800


def page(text: str, at: tuple[int, int]) -> Bytes:
    """Print on white paper."""
    photo = np.full((EDGE, EDGE, 3), 235, np.uint8)
    cv2.putText(photo, text, at, cv2.FONT_HERSHEY_SIMPLEX, 1.4, (30, 30, 32), 4)
    return photo


def test_a_caption_is_found_letter_by_letter() -> None:
    found = find_print(page("MARK", (200, 400)))
    assert len(found.company) == 4
    assert found.mask[360:400, 200:330].mean() > 0.2
    assert not found.mask[:300].any()


def test_a_letter_alone_and_a_chain_are_no_print() -> None:
    assert find_print(page("B", (200, 400))).company == {}
    chain = pieces.photographed(pieces.on_chain(EDGE).cutout)
    assert not find_print(chain).mask.any()


def test_letters_of_a_caption_that_goes_on_outside_do_not_belong() -> None:
    """A strand crosses the caption, so the network took a letter along with it."""
    piece = pieces.golden(pieces.pendant(EDGE))
    cover = piece.alpha[..., None]
    photo = page("merci", (120, 330))
    ink = np.asarray(photo.max(2) < 100)
    photo = np.asarray(piece.rgba[..., :3] * cover + photo * (1 - cover), np.uint8)
    kept = piece.alpha.copy()
    letter = ink & (np.arange(EDGE) > 196) & (np.arange(EDGE) < 220)
    kept[letter] = 1
    marked = find_doubts(photo, kept, kept).extra
    assert marked[letter & (piece.alpha < 0.1)].mean() > 0.7
    assert not find_doubts(photo, piece.alpha, piece.alpha).extra.any()


def test_an_engraving_is_no_caption() -> None:
    mask = np.zeros((EDGE, EDGE), np.uint8)
    cv2.rectangle(mask, (150, 300), (650, 500), 255, -1)
    plate = pieces.of(mask, np.full((EDGE, EDGE, 3), (205, 206, 210), np.uint8), Kind.RING)
    photo = pieces.photographed(plate)
    cv2.putText(photo, "MARIA", (300, 420), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (30, 30, 32), 4)
    assert len(find_print(photo).company) == 5
    assert not find_doubts(photo, plate.alpha, plate.alpha).extra.any()
