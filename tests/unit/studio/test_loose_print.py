"""A ruler and captions beside a piece: what of a cutout is print, and what is a piece like it."""

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import Bytes, Floats, floats
from jewelrymodel.studio.loose_print import without_loose_print

EDGE = 800
PAPER = 230
INK = 40
GOLD = (200, 160, 70)


def scene(paper: int = PAPER) -> tuple[Bytes, Bytes]:
    """A photo of a gold disc on paper, and its cover."""
    noise = np.random.default_rng(7).normal(0, 2, (EDGE, EDGE, 1))
    photo = np.asarray(np.clip(paper + noise + np.zeros(3), 0, 255), np.uint8)
    cover = np.zeros((EDGE, EDGE), np.uint8)
    for picture, color in ((photo, GOLD), (cover, 255)):
        cv2.circle(picture, (520, 400), 130, color, -1, cv2.LINE_AA)
    return photo, cover


def drawn(photo: Bytes, cover: Bytes, ruler: bool = True) -> Floats:
    """A ruler's ticks and a figure, in the photo and in the cover, whose alpha comes back."""
    for y in range(200, 620, 14) if ruler else ():
        photo[y : y + 3, 100:150], cover[y : y + 3, 100:150] = INK, 220
    for picture, color in ((photo, (INK,) * 3), (cover, 230)):
        cv2.putText(picture, "12", (60, 400), cv2.FONT_HERSHEY_SIMPLEX, 1, color, 3, cv2.LINE_AA)
    return floats(cover / 255)


def test_a_ruler_with_its_figures_goes_and_the_piece_stays() -> None:
    photo, cover = scene()
    piece = floats(cover.copy() / 255)
    found = without_loose_print(photo, drawn(photo, cover))
    assert found[:, :200].max() < 0.1
    assert (found[:, 300:] == piece[:, 300:]).all()


@pytest.mark.parametrize("color", [(150, 110, 40), (230, 40, 40), (255, 255, 255)])
def test_small_parts_with_a_color_or_a_highlight_stay(color: tuple[int, int, int]) -> None:
    photo, cover = scene()
    for y in range(200, 620, 40):
        photo[y : y + 6, 100:150], cover[y : y + 6, 100:150] = INK, 255
        photo[y : y + 4, 100:150] = color
    alpha = floats(cover / 255)
    assert (without_loose_print(photo, alpha) == alpha).all()


def test_a_dark_mark_without_company_stays() -> None:
    photo, cover = scene()
    photo[300:304, 100:150], cover[300:304, 100:150] = INK, 255
    alpha = floats(cover / 255)
    assert (without_loose_print(photo, alpha) == alpha).all()


def test_a_black_chain_in_pieces_stays_where_the_photo_shows_it_whole() -> None:
    photo, cover = scene()
    cv2.line(photo, (520, 280), (300, 20), (INK,) * 3, 4, cv2.LINE_AA)
    for n in range(0, 9, 2):  # the matte lost every second part of it
        ends = [(520 - 22 * (n + k), 270 - 26 * (n + k)) for k in (0, 1)]
        cv2.line(cover, *ends, 255, 4)
    alpha = floats(cover / 255)
    assert (without_loose_print(photo, alpha) == alpha).all()


def test_where_the_piece_itself_is_like_ink_nothing_goes() -> None:
    photo, cover = scene()
    photo[cover > 0] = INK
    alpha = drawn(photo, cover)
    assert (without_loose_print(photo, alpha) == alpha).all()


def test_on_dark_ground_nothing_goes() -> None:
    photo, cover = scene(paper=90)
    alpha = drawn(photo, cover)
    assert (without_loose_print(photo, alpha) == alpha).all()


def test_print_that_touches_the_piece_stays_for_the_seller() -> None:
    photo, cover = scene()
    alpha = drawn(photo, cover, ruler=False)
    alpha[380:386, 60:400], photo[380:386, 60:400] = 1, INK
    assert (without_loose_print(photo, alpha) == alpha).all()


def beside_the_piece(photo: Bytes, alpha: Floats) -> tuple[slice, slice]:
    """Three dark marks along the disc's left side; the cutout holds the nearest, 3 px from it."""
    for x in (284, 334, 384):
        photo[380:420, x : x + 3] = INK
    alpha[380:420, 384:387] = 0.9
    return slice(378, 422), slice(382, 388)


def test_a_tick_close_beside_the_piece_goes_with_the_ruler() -> None:
    photo, cover = scene()
    alpha = floats(cover / 255)
    where = beside_the_piece(photo, alpha)
    assert without_loose_print(photo, alpha)[where].max() < 0.1


def test_a_dark_pin_that_hangs_close_on_the_piece_stays() -> None:
    photo, cover = scene()
    alpha = floats(cover / 255)
    where = beside_the_piece(photo, alpha)
    photo[398:401, 386:393] = INK  # the matte lost where it joins
    assert (without_loose_print(photo, alpha)[where] == alpha[where]).all()
