"""The network's own matte is kept: nothing is added to it, nothing carved out of it.

Every photo here is composed from a piece whose cover is known exactly, so each step of the
clean-up is compared with the truth before and after it.
"""

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import Bytes, Floats, blur, floats
from jewelrymodel.studio.cutout import Cutout, cut_out
from jewelrymodel.studio.messages import CutoutNote
from jewelrymodel.studio.piece_kinds import Kind
from tests.support import pieces
from tests.support.pieces import Known

PAPER = 232
BLACK = (30, 31, 33)


def on_shaded_paper(piece: Cutout, softness_px: float) -> Bytes:
    """The piece on paper, with the soft shadow that a window throws beside it."""
    cover = piece.alpha
    height, width = cover.shape
    down, across = np.mgrid[0:height, 0:width] / max(height, width)
    fallen = blur(floats(np.roll(cover, (height // 75, width // 56), (0, 1))), softness_px)
    paper = PAPER * (1.02 - 0.1 * across - 0.05 * down) * (1 - 0.3 * fallen)
    ground = np.dstack([paper, paper * 0.99, paper * 0.97])
    mixed = piece.rgba[..., :3] * cover[..., None] + ground * (1 - cover[..., None])
    return np.asarray(np.clip(mixed + 0.5, 0, 255), np.uint8)


def pearl(edge: int = 600) -> Cutout:
    """A pearl; its highlight is as white as the paper."""
    mask = np.zeros((edge, edge), np.uint8)
    cv2.circle(mask, (edge // 2, edge // 2), edge * 9 // 20, 255, -1, cv2.LINE_AA)
    down, across = np.mgrid[0:edge, 0:edge] / edge
    glow = np.clip(1 - 5 * np.hypot(across - 0.4, down - 0.38), 0, 1)
    tone = np.clip(120 + 180 * glow, 0, PAPER)
    colors = np.dstack([tone, tone * 0.995 + 1, np.minimum(tone * 0.99 + 2, PAPER)])
    return pieces.of(mask, colors.astype(np.uint8), Kind.PENDANT)


def dark_shank(edge: int = 600) -> Cutout:
    """A ring whose lower half mirrors the black card that it stands on."""
    piece = pieces.ring(edge)
    colors = piece.rgba[..., :3].copy()
    colors[edge // 2 :] = BLACK
    return pieces.of(piece.rgba[..., 3], colors, Kind.RING)


def on_black(piece: Cutout) -> Bytes:
    """The piece on black card."""
    cover = piece.alpha[..., None]
    return np.asarray(piece.rgba[..., :3] * cover + np.array(BLACK) * (1 - cover), np.uint8)


def differences(found: Floats, true: Floats) -> tuple[float, float]:
    """What was added to and what was taken from the truth, as shares of the piece."""
    gap = found - true
    area = float(true.sum())
    return float(np.maximum(gap, 0).sum()) / area, float(np.maximum(-gap, 0).sum()) / area


def cut(photo: Bytes, matte: Floats) -> Floats:
    return cut_out(photo, Known(matte)).alpha  # type: ignore[arg-type]  # a stand-in


@pytest.mark.parametrize("softness_px", [3, 6, 10])
def test_a_soft_shadow_adds_nothing_to_a_clean_matte(softness_px: float) -> None:
    piece = pieces.pendant(900)
    photo = on_shaded_paper(piece, softness_px)
    added, taken = differences(cut(photo, piece.alpha), piece.alpha)
    assert added < 0.005
    assert taken < 0.005


def test_a_highlight_as_white_as_the_paper_is_no_opening() -> None:
    piece = pearl()
    added, taken = differences(cut(pieces.photographed(piece, PAPER), piece.alpha), piece.alpha)
    assert taken < 0.005
    assert added < 0.005


def test_a_shank_as_dark_as_the_card_stays_whole() -> None:
    piece = dark_shank()
    added, taken = differences(cut(on_black(piece), piece.alpha), piece.alpha)
    assert taken < 0.005
    assert added < 0.005


def test_only_whole_parts_are_dropped() -> None:
    piece = pieces.ring(600)
    matte = piece.alpha.copy()
    matte[20:40, 20:90] = 1  # a caption
    matte[560:563, 100:500] = 0.3  # a faint scale, far from the piece
    photo = pieces.photographed(piece)
    assert (cut(photo, matte) == cut(photo, piece.alpha)).all()


def test_an_opening_that_the_network_filled_is_said() -> None:
    piece = pieces.ring(600)
    filled = piece.alpha.copy()
    cv2.circle(filled, (300, 300), 200, 1, -1)
    photo = pieces.photographed(piece)
    notes = cut_out(photo, Known(floats(filled))).notes  # type: ignore[arg-type]  # a stand-in
    assert [note.code for note in notes] == [CutoutNote.OPENINGS_FILLED]
    assert cut_out(photo, Known(piece.alpha)).notes == ()  # type: ignore[arg-type]  # a stand-in
