"""The backdrop's colour is taken out of half-covered pixels."""

import numpy as np
import pytest

from jewelrymodel.studio.arrays import Bytes, Floats, floats
from jewelrymodel.studio.foreground import foreground_colours

GOLD, WHITE, BLACK = (0.8, 0.6, 0.2), (0.97, 0.97, 0.97), (0.03, 0.03, 0.03)


def soft_disc() -> Floats:
    """A disc of 60 px with an edge of 12 px."""
    y, x = np.mgrid[:200, :200]
    return floats(np.clip((66 - np.hypot(y - 100, x - 100)) / 12, 0, 1))


def photo(alpha: Floats, backdrop: tuple[float, float, float]) -> Floats:
    cover = alpha[..., None]
    return floats(cover * np.array(GOLD) + (1 - cover) * np.array(backdrop))


@pytest.mark.parametrize("backdrop", [WHITE, BLACK])
def test_the_piece_keeps_its_colour_into_its_edge(backdrop: tuple[float, float, float]) -> None:
    alpha = soft_disc()
    seen = photo(alpha, backdrop)
    edge: Bytes = np.asarray((alpha > 0.3) & (alpha < 0.9))
    before = np.abs(seen - GOLD)[edge].max()
    after = np.abs(foreground_colours(seen, alpha) - GOLD)[edge].max()
    assert before > 0.15
    assert after < before / 4


def test_where_the_piece_covers_all_the_photo_stays() -> None:
    alpha = soft_disc()
    rng = np.random.default_rng(7)
    seen = floats(rng.uniform(0, 1, (200, 200, 3)))
    sure = alpha == 1
    assert np.allclose(foreground_colours(seen, alpha)[sure], seen[sure], atol=1e-3)
