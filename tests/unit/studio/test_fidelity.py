"""The gate forgives another light and catches another product."""

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import Bytes, floats, to_bytes, to_linear, to_srgb
from jewelrymodel.studio.declaration import Declaration
from jewelrymodel.studio.fidelity import measure
from jewelrymodel.studio.lighting import Light
from jewelrymodel.studio.placement import place, similarity
from tests.support import pieces

PIECE = pieces.pendant(chain=False)
MATRIX = similarity(0.8, (250, 250), (320, 300))
LIGHT = Light(floats([0.95, 0.88, 0.8]))
DECLARED = Declaration(MATRIX, LIGHT)


def honest() -> Bytes:
    layer = place(PIECE.rgba, MATRIX, (640, 600))
    return to_bytes(to_srgb(layer.lit(LIGHT.gains).over(to_linear(np.full((600, 640, 3), 0.6)))))


def changed(how: str) -> Bytes:
    image = honest()
    x, y, r = 320, 400, 62
    stone = image[y - r : y + r, x - r : x + r]
    stone[:] = {
        "mirrored": lambda: stone[:, ::-1].copy(),
        "blurred": lambda: cv2.GaussianBlur(stone, (0, 0), 2.5),
        "recolored": lambda: stone[..., ::-1].copy(),
        "turned": lambda: np.rot90(stone).copy(),
        "repainted": lambda: cv2.circle(stone.copy(), (r, r), 22, (60, 170, 220), -1),
        "blank": lambda: np.full_like(stone, 180),
    }[how]()
    return image


def test_an_honest_picture_passes() -> None:
    fidelity = measure(PIECE.rgba, honest(), DECLARED)
    assert fidelity.passed
    assert fidelity.gradient_correlation > 0.99
    assert fidelity.delta_e < 2


def test_a_small_shift_is_registered() -> None:
    moved = np.roll(honest(), (1, 1), (0, 1))
    assert measure(PIECE.rgba, moved, DECLARED).gradient_correlation > 0.95


@pytest.mark.parametrize(
    "how", ["mirrored", "blurred", "recolored", "turned", "repainted", "blank"]
)
def test_another_product_fails(how: str) -> None:
    assert not measure(PIECE.rgba, changed(how), DECLARED).passed


def test_nothing_to_see_fails() -> None:
    hidden = floats(np.zeros((600, 640)))
    assert not measure(PIECE.rgba, honest(), Declaration(MATRIX, LIGHT, visible=hidden)).passed


def test_a_picture_of_one_color_fails_without_a_word() -> None:
    assert not measure(PIECE.rgba, np.full_like(honest(), 128), DECLARED).passed


def test_hidden_by_a_rounding_error_more_than_wholly_is_hidden() -> None:
    shows = floats(np.ones((600, 640)))
    shows[:340] = -1.2e-7  # as 1 less a blurred mask comes out
    without_error = Declaration(MATRIX, LIGHT, visible=floats(np.maximum(shows, 0)))
    found = measure(PIECE.rgba, honest(), Declaration(MATRIX, LIGHT, visible=shows))
    assert found == measure(PIECE.rgba, honest(), without_error)
