"""Lost parts, and parts that may not belong, are marked at their place; a clean cutout is not."""

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import Bytes, Mask, blur, floats
from jewelrymodel.studio.cutout import Cutout, cut_out
from jewelrymodel.studio.cutout_doubts import Doubts, find_doubts, notes_of
from jewelrymodel.studio.doubt_edges import EXTRA_RGB, MISSING_RGB, drawn
from jewelrymodel.studio.messages import CutoutNote
from tests.support import pieces

EDGE = 800


def on_noisy_paper(piece: Cutout, shadow: float = 0.25) -> Bytes:
    """The piece on paper with grain and a soft shadow beside it."""
    cover = piece.alpha[..., None]
    fallen = blur(floats(np.roll(piece.alpha, (14, 18), (0, 1))), 9)[..., None]
    paper = np.array([232, 229, 224]) * (1 - shadow * fallen)
    mixed = piece.rgba[..., :3] * cover + paper * (1 - cover)
    grain = np.random.default_rng(4).normal(0, 1.5, (EDGE, EDGE, 1))
    return np.asarray(np.clip(mixed + grain, 0, 255), np.uint8)


def pendant() -> Cutout:
    return pieces.golden(pieces.pendant(EDGE))


def covers(marks: Mask, place: Mask) -> float:
    return float(marks[place].mean())


@pytest.mark.parametrize("piece", [pendant(), pieces.golden(pieces.ring(EDGE))])
def test_a_clean_cutout_has_no_marks(piece: Cutout) -> None:
    doubts = find_doubts(on_noisy_paper(piece), piece.alpha, piece.alpha)
    assert not doubts.any
    assert (drawn(doubts), notes_of(doubts)) == (None, ())


def test_a_part_that_the_network_lost_is_marked_as_missing() -> None:
    piece = pendant()
    lost = np.zeros((EDGE, EDGE), bool)
    lost[660:] = True
    cut = floats(np.where(lost, 0, piece.alpha))
    doubts = find_doubts(on_noisy_paper(piece), cut, cut)
    assert covers(doubts.missing, lost & (piece.alpha > 0.9)) > 0.6
    assert not doubts.extra.any()
    assert [note.code for note in notes_of(doubts)] == [CutoutNote.PARTS_MISSING]


def test_a_part_that_the_network_half_saw_is_marked_on_any_ground() -> None:
    piece = pendant()
    random = np.random.default_rng(5).integers(0, 255, (EDGE, EDGE, 3)).astype(np.uint8)
    faint = piece.alpha.copy()
    faint[640:] *= 0.5
    doubts = find_doubts(random, faint, faint)
    assert doubts.missing[660:].any()
    assert not doubts.missing[:600].any()


def test_an_opening_that_was_filled_is_marked_as_extra() -> None:
    piece = pieces.golden(pieces.ring(EDGE))
    filled = piece.alpha.copy()
    opening = np.zeros((EDGE, EDGE), np.uint8)
    cv2.circle(opening, (EDGE // 2, EDGE // 2), EDGE * 34 // 100, 1, -1)
    filled[opening > 0] = 1
    doubts = find_doubts(on_noisy_paper(piece, 0), filled, filled)
    assert covers(doubts.extra, (opening > 0) & (piece.alpha == 0)) > 0.8
    assert not doubts.missing.any()
    assert [note.code for note in notes_of(doubts)] == [CutoutNote.OPENINGS_FILLED]


def test_print_is_never_missing_and_never_belongs() -> None:
    piece = pendant()
    photo = on_noisy_paper(piece)
    cv2.putText(photo, "17 CM", (560, 640), cv2.FONT_HERSHEY_SIMPLEX, 1, (30, 30, 30), 3)
    ink = np.asarray(photo.max(2) < 100) & (piece.alpha == 0)
    beside = find_doubts(photo, piece.alpha, piece.alpha)
    assert not beside.any
    kept = floats(np.maximum(piece.alpha, ink))
    inside = find_doubts(photo, kept, kept)
    assert covers(inside.extra, ink) > 0.7
    assert [note.code for note in notes_of(inside)] == [CutoutNote.PARTS_EXTRA]


def test_the_edge_of_a_card_behind_the_piece_is_not_missing() -> None:
    piece = pendant()
    cover = piece.alpha[..., None]
    ground = np.full((EDGE, EDGE, 3), (232, 229, 224), np.uint8)
    ground[600:] = (200, 30, 90)
    photo = np.asarray(piece.rgba[..., :3] * cover + ground * (1 - cover), np.uint8)
    assert not find_doubts(photo, piece.alpha, piece.alpha).missing[620:, :250].any()


def test_what_the_seller_decided_is_not_doubted_again() -> None:
    piece = pendant()
    cut = piece.alpha.copy()
    cut[660:] = 0
    settled = np.asarray(cut != piece.alpha)
    assert not find_doubts(on_noisy_paper(piece), cut, piece.alpha, settled).any


def test_marks_are_solid_for_missing_and_dashed_for_extra() -> None:
    missing, extra = np.zeros((2, EDGE, EDGE), bool)
    missing[100:300, 100:300], extra[400:600, 400:600] = True, True
    overlay = drawn(Doubts(missing, extra))
    assert overlay is not None
    around = {"missing": overlay[60:340, 60:340], "extra": overlay[360:640, 360:640]}
    solid = (around["missing"] == (*MISSING_RGB, 255)).all(2).sum()
    dashed = (around["extra"] == (*EXTRA_RGB, 255)).all(2).sum()
    assert 0.3 * solid < dashed < 0.8 * solid
    assert overlay[..., 3].mean() < 0.1 * 255


def test_a_cutout_brings_its_marks() -> None:
    piece = pendant()
    lost = piece.alpha.copy()
    lost[660:] = 0
    found = cut_out(on_noisy_paper(piece), pieces.Known(floats(lost)))  # type: ignore[arg-type]  # a stand-in
    assert found.doubts is not None
    assert found.doubts[..., 3].any()
    assert found.verdict == "check"
