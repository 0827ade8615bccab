"""Haze goes where the photo shows shaded ground, and nothing of a piece goes with it."""

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import Bytes, Floats, blur, floats, to_bytes
from jewelrymodel.studio.shadow_haze import without_shadow_haze

EDGE = 600
PAPER, GOLD, PEARL = (0.93, 0.93, 0.92), (0.75, 0.55, 0.2), (0.95, 0.94, 0.92)
HAZE = np.s_[280:320, 280:320]  # the middle of the ring's opening


def ring() -> Floats:
    """The cover of a ring 300 px wide in the middle of the frame."""
    drawn = np.zeros((EDGE, EDGE), np.float32)
    cv2.circle(drawn, (300, 300), 130, 1.0, 40)
    return blur(drawn, 1.0)


def inside() -> Floats:
    """The cover of what the ring surrounds, softly."""
    drawn = np.zeros((EDGE, EDGE), np.float32)
    cv2.circle(drawn, (300, 300), 100, 1.0, -1)
    return blur(drawn, 6.0)


def photo(ground: Floats, cover: Floats, color: tuple[float, float, float] = GOLD) -> Bytes:
    grain = np.random.default_rng(1).normal(0, 0.004, (EDGE, EDGE, 3))
    return to_bytes(ground * (1 - cover[..., None]) + cover[..., None] * np.array(color) + grain)


def paper(shadow: float = 0.15) -> Floats:
    """Even paper with a soft shadow inside the ring."""
    return floats(np.array(PAPER) * (1 - shadow * inside()[..., None]))


def hazy(alpha: float = 0.5) -> Floats:
    """The network's answer: the ring, and half of the shadow in its opening."""
    return floats(np.maximum(ring(), alpha * inside()))


def test_a_soft_shadow_on_paper_goes_and_the_metal_stays() -> None:
    cleaned = without_shadow_haze(photo(paper(), ring()), hazy())
    assert hazy()[HAZE].min() > 0.45
    assert cleaned[HAZE].max() < 0.02
    assert np.allclose(cleaned[ring() > 0.97], hazy()[ring() > 0.97])


def test_a_sure_answer_comes_back_byte_for_byte() -> None:
    matte = ring()
    assert without_shadow_haze(photo(paper(), ring()), matte) is matte
    filled = cv2.circle(ring(), (300, 300), 120, 1.0, -1)  # sure, if wrongly: the seller's to say
    assert np.array_equal(without_shadow_haze(photo(paper(), ring()), filled), filled)


@pytest.mark.parametrize("color", [(0.8, 0.5, 0.45), (0.3, 0.5, 0.85), (0.25, 0.25, 0.26)])
def test_a_stone_of_which_the_network_is_unsure_stays(color: tuple[float, float, float]) -> None:
    stone = floats(np.maximum(ring(), inside()))
    ground = floats(paper(0) * (1 - inside()[..., None]) + inside()[..., None] * np.array(color))
    cleaned = without_shadow_haze(photo(ground, ring()), hazy())
    assert np.array_equal(cleaned[HAZE], hazy()[HAZE])
    assert cleaned[stone > 0.97].mean() == pytest.approx(hazy()[stone > 0.97].mean(), abs=0.01)


def test_what_has_edges_or_facets_inside_is_no_shadow() -> None:
    facets = (np.indices((EDGE, EDGE)).sum(0) // 10 % 2)[..., None] * 0.12 * inside()[..., None]
    cleaned = without_shadow_haze(photo(floats(paper() - facets), ring()), hazy())
    assert cleaned[HAZE].mean() > 0.4


def test_nothing_is_taken_on_dark_or_patterned_ground() -> None:
    dark = floats(paper() * 0.2)
    boards = 0.7 + 0.25 * (np.arange(EDGE) // 12 % 2)[:, None, None]
    for ground in (dark, floats(paper() * boards)):
        cleaned = without_shadow_haze(photo(ground, ring()), hazy())
        assert np.array_equal(cleaned, hazy())


def test_an_outline_is_left_as_soft_as_it_is() -> None:
    soft = blur(ring(), 1.5)
    assert np.array_equal(without_shadow_haze(photo(paper(0), soft), soft), soft)


def test_an_empty_matte_stays_empty() -> None:
    nothing = np.zeros((EDGE, EDGE), np.float32)
    assert without_shadow_haze(photo(paper(), ring()), nothing) is nothing
