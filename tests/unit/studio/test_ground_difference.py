"""What stands out from its ground is told apart from what only shades it."""

import numpy as np

from jewelrymodel.studio.arrays import Floats, floats
from jewelrymodel.studio.ground_difference import ground_difference

EDGE = 256


def scene(ground: Floats) -> tuple[Floats, Floats]:
    """A gold square and a gray shadow beside it on a ground (HxWx3), and the square's cover."""
    rgb, cover = ground.copy(), np.zeros(ground.shape[:2], np.float32)
    rgb[100:140, 100:140] = (0.8, 0.6, 0.2)
    rgb[100:140, 150:170] *= 0.8
    cover[100:140, 100:170] = 1  # the networks took the shadow for piece
    return floats(rgb), floats(cover)


def even(tone: float = 0.9) -> Floats:
    return np.full((EDGE, EDGE, 3), tone, np.float32)


def test_the_ground_itself_does_not_differ() -> None:
    found = ground_difference(*scene(even()))
    assert np.abs(found.ratio[:90]).max() < 0.01
    assert found.spread.max() < 0.02
    assert np.allclose(found.brightness, 0.9, atol=0.01)


def test_metal_differs_in_color_and_shadow_in_brightness_only() -> None:
    ratio = ground_difference(*scene(even())).ratio
    metal, shade = ratio[120, 120], ratio[120, 160]
    assert np.ptp(metal) > 0.3
    assert np.ptp(shade) < 0.01
    assert -0.3 < shade.mean() < -0.05


def test_a_ground_that_darkens_toward_an_edge_is_followed() -> None:
    slope = floats(np.linspace(0.95, 0.6, EDGE))[:, None, None]
    ratio = ground_difference(*scene(even() * slope)).ratio
    assert np.abs(ratio[60:190, 60:90]).max() < 0.05


def test_a_patterned_ground_is_said_to_vary() -> None:
    stripes = floats(0.6 + 0.3 * (np.arange(EDGE) // 8 % 2))[:, None, None]
    calm = ground_difference(*scene(even())).spread
    wild = ground_difference(*scene(even(1.0) * stripes)).spread
    assert wild.mean() > 0.1 > 5 * calm.mean()


def test_a_picture_without_any_ground_is_answered_too() -> None:
    found = ground_difference(even(), np.ones((EDGE, EDGE), np.float32))
    assert np.isfinite(found.ratio).all()
    assert found.spread.max() == 0
