"""The background's color is taken out of half-covered pixels."""

import numpy as np
import pytest

from jewelrymodel.studio.arrays import Bytes, Floats, floats
from jewelrymodel.studio.edge_colors import foreground_colors

GOLD, WHITE, BLACK = (0.8, 0.6, 0.2), (0.97, 0.97, 0.97), (0.03, 0.03, 0.03)


def soft_disc() -> Floats:
    """A disc of 60 px with an edge of 12 px."""
    y, x = np.mgrid[:200, :200]
    return floats(np.clip((66 - np.hypot(y - 100, x - 100)) / 12, 0, 1))


def photo(alpha: Floats, background: tuple[float, float, float]) -> Floats:
    cover = alpha[..., None]
    return floats(cover * np.array(GOLD) + (1 - cover) * np.array(background))


@pytest.mark.parametrize("background", [WHITE, BLACK])
def test_the_piece_keeps_its_color_into_its_edge(background: tuple[float, float, float]) -> None:
    alpha = soft_disc()
    seen = photo(alpha, background)
    edge: Bytes = np.asarray((alpha > 0.3) & (alpha < 0.9))
    before = np.abs(seen - GOLD)[edge].max()
    after = np.abs(foreground_colors(seen, alpha) - GOLD)[edge].max()
    assert before > 0.15
    assert after < before / 4


def test_where_the_piece_covers_all_the_photo_stays() -> None:
    alpha = soft_disc()
    rng = np.random.default_rng(7)
    seen = floats(rng.uniform(0, 1, (200, 200, 3)))
    sure = alpha == 1
    assert np.allclose(foreground_colors(seen, alpha)[sure], seen[sure], atol=1e-3)
