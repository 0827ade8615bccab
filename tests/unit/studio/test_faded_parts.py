"""What a network saw faintly becomes solid where the photo shows more than a shadow, only there."""

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import Bytes, Floats, blur, floats, to_bytes
from jewelrymodel.studio.faded_parts import with_solid_parts

EDGE = 600
PAPER, BLACK, GOLD = (0.93, 0.93, 0.92), (0.05, 0.05, 0.055), (0.75, 0.55, 0.2)
SILVER = (0.45, 0.45, 0.46)


def drawn(first_row: int, last_row: int) -> Floats:
    """The cover of a wire down the middle of the frame, between these rows."""
    cover = np.zeros((EDGE, EDGE), np.float32)
    cv2.line(cover, (300, first_row), (300, last_row), 1.0, 14)
    return blur(cover, 1.0)


def photo(ground: Floats, cover: Floats, color: tuple[float, float, float]) -> Bytes:
    grain = np.random.default_rng(1).normal(0, 0.004, (EDGE, EDGE, 3))
    return to_bytes(ground * (1 - cover[..., None]) + cover[..., None] * np.array(color) + grain)


def even(color: tuple[float, float, float]) -> Floats:
    return floats(np.ones((EDGE, EDGE, 1)) * np.array(color))


WIRE = drawn(60, 540)
LOWER, UPPER = np.s_[330:520], np.s_[80:250]
FADED = floats(WIRE * np.where(np.arange(EDGE) < 280, 0.4, 1)[:, None])  # the upper half is faint


@pytest.mark.parametrize(("ground", "color"), [(PAPER, GOLD), (BLACK, SILVER), (BLACK, GOLD)])
def test_a_faded_end_becomes_solid_with_its_own_soft_edge(
    ground: tuple[float, float, float], color: tuple[float, float, float]
) -> None:
    solid = with_solid_parts(photo(even(ground), WIRE, color), FADED)
    assert solid[UPPER, 299:302].min() > 0.9
    assert np.abs(solid - WIRE)[UPPER].max() < 0.1
    assert np.abs(solid - FADED)[LOWER].max() < 0.01
    assert not solid[WIRE == 0].any(), "the network saw nothing there"


def test_a_gray_band_without_an_edge_inside_may_be_a_shadow_on_paper() -> None:
    solid = with_solid_parts(photo(even(PAPER), WIRE, SILVER), FADED)
    assert solid[UPPER, 299:302].max() < 0.5


def test_a_soft_shadow_stays_as_faint_as_it_was_seen() -> None:
    shadow = blur(floats(np.roll(drawn(60, 540), 60, 1)), 14.0) * 4
    ground = floats(even(PAPER) * (1 - 0.4 * np.clip(shadow, 0, 1)[..., None]))
    seen = floats(np.maximum(WIRE, 0.4 * np.clip(shadow, 0, 1)))
    solid = with_solid_parts(photo(ground, WIRE, GOLD), seen)
    assert np.abs(solid - seen)[:, 340:].max() < 0.05


def test_what_shines_is_no_shadow_on_dark_uneven_ground() -> None:
    creases = 0.5 + 0.5 * np.sin(np.arange(EDGE) / 25)[:, None, None]
    ground = floats(even(BLACK) * (0.4 + 1.6 * creases))
    solid = with_solid_parts(photo(ground, WIRE, SILVER), FADED)
    assert solid[UPPER, 299:302].min() > 0.9


def test_on_pebbles_nothing_says_what_is_piece() -> None:
    tiles = np.random.default_rng(2).uniform(0.03, 0.95, (25, 25, 1)).repeat(3, 2)
    ground = floats(cv2.resize(tiles, (EDGE, EDGE), interpolation=cv2.INTER_NEAREST))
    assert np.abs(with_solid_parts(photo(ground, WIRE, GOLD), FADED) - FADED).max() < 0.05


def test_what_is_sure_comes_back_as_it_is() -> None:
    assert np.abs(with_solid_parts(photo(even(PAPER), WIRE, GOLD), WIRE) - WIRE).max() < 0.01
    nothing = np.zeros_like(WIRE)
    assert with_solid_parts(photo(even(PAPER), WIRE, GOLD), nothing) is nothing
