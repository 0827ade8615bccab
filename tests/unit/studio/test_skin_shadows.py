"""What a worn piece takes of the light on skin, and what of the place's light the piece gets."""

import dataclasses

import numpy as np
import pytest

from jewelrymodel.studio.arrays import Bytes, Floats, floats, to_linear
from jewelrymodel.studio.lighting import MAX_TINT, Light
from jewelrymodel.studio.model_templates import View, load_template
from jewelrymodel.studio.placement import Layer
from jewelrymodel.studio.ring_lighting import shaded_skin
from jewelrymodel.studio.skin_lighting import bounded, hanging_light, light_gains
from jewelrymodel.studio.skin_shadows import skin_shadow

EDGE, UNIT = 240, 8.0
MIDDLE = EDGE // 2
HEIGHTS = (0.5, 2.0, 5.0, 9.0)


def chest(bright: float = 0.6, tone: str = "light") -> View:
    """Even skin, lit from the upper left."""
    template = load_template(f"neck-{tone}")
    picture: Bytes = np.full_like(template.picture, round(255 * bright))
    key = floats(np.array([-0.6, -0.5, -0.62]))
    even = dataclasses.replace(
        template, picture=picture, parts=np.ones_like(template.parts), key_direction=key
    )
    return View(even, floats([700, 1100]), 1.0, (EDGE, EDGE))


def disc(radius: int = 20, at: tuple[int, int] = (MIDDLE, MIDDLE)) -> Floats:
    down, across = np.mgrid[0:EDGE, 0:EDGE]
    return floats(np.hypot(across - at[0], down - at[1]) < radius)


def middle_of(dark: Floats) -> Floats:
    down, across = np.mgrid[0:EDGE, 0:EDGE]
    return floats([(dark * across).sum() / dark.sum(), (dark * down).sum() / dark.sum()])


def spread_of(dark: Floats) -> float:
    down, across = np.mgrid[0:EDGE, 0:EDGE]
    x, y = middle_of(dark)
    return float(np.sqrt((dark * ((across - x) ** 2 + (down - y) ** 2)).sum() / dark.sum()))


def test_a_shadow_falls_away_from_the_lamp_and_farther_from_what_is_higher() -> None:
    darks = [1 - skin_shadow(chest(), disc(), height, UNIT)[..., 1] for height in HEIGHTS]
    moved = [middle_of(dark) - MIDDLE for dark in darks]
    assert all((by > 0).all() for by in moved)
    reach = [float(np.hypot(*by)) for by in moved]
    assert reach == sorted(reach)
    spread = [spread_of(dark) for dark in darks]
    assert spread == sorted(spread)


def test_what_touches_darkens_the_skin_close_to_it_on_either_side() -> None:
    low, high = (skin_shadow(chest(), disc(), height, UNIT)[..., 1] for height in (0.2, 6.0))
    lamp_side = MIDDLE - 21, MIDDLE
    assert low[lamp_side[::-1]] < 0.85
    assert low[lamp_side[::-1]] < high[lamp_side[::-1]]
    assert low[5, 5] > 0.99
    assert (low > 0).all()
    assert (low <= 1).all()


def test_a_shadows_edge_is_red_on_its_outer_side() -> None:
    factor = skin_shadow(chest(), disc(), 1.0, UNIT)
    reds, blues = ((1 - factor[..., channel]) for channel in (0, 2))
    assert spread_of(reds) > spread_of(blues)


def test_where_the_lamp_does_not_reach_nothing_is_thrown() -> None:
    half = chest()
    picture = half.template.picture.copy()
    picture[:, 700 + MIDDLE :] = 90  # a seventh of the light
    view = dataclasses.replace(half, template=dataclasses.replace(half.template, picture=picture))
    both = np.maximum(disc(16, (60, 100)), disc(16, (180, 100)))
    dark = 1 - skin_shadow(view, both, 3.0, UNIT)[..., 1]
    assert dark[:, MIDDLE + 30 :].sum() < 0.7 * dark[:, : MIDDLE - 30].sum()


def test_each_place_of_the_skin_has_its_own_distance() -> None:
    both = np.maximum(disc(14, (60, 80)), disc(14, (180, 80)))
    heights = np.full((EDGE, EDGE), 0.5, np.float32)
    heights[:, MIDDLE:] = 5.0
    dark = 1 - skin_shadow(chest(), both, floats(heights), UNIT)[..., 1]
    near, far = (skin_shadow(chest(), both, height, UNIT)[..., 1] for height in (0.5, 5.0))
    assert np.abs(1 - dark - near)[:, : MIDDLE - 30].mean() < 0.01
    assert np.abs(1 - dark - far)[:, MIDDLE + 30 :].mean() < 0.01


def test_without_a_piece_nothing_is_darker() -> None:
    nothing = floats(np.zeros((EDGE, EDGE)))
    assert (skin_shadow(chest(), nothing, 1.0, UNIT) == 1).all()
    layer = Layer(floats(np.zeros((EDGE, EDGE, 3))), nothing)
    flat = hanging_light(chest(), layer, floats(np.ones((EDGE, EDGE))), UNIT)
    assert (flat.gains == light_gains(chest().template)).all()


def test_what_runs_on_behind_a_limb_throws_nothing_on_it() -> None:
    wrist = load_template("wrist-light")
    limb = wrist.anchors["wrist"]
    skin = np.zeros((EDGE, EDGE), np.float32)
    skin[:, MIDDLE:] = 1
    beside, upon = disc(12, (MIDDLE - 30, 120)), disc(12, (MIDDLE + 30, 120))
    view = dataclasses.replace(chest(), template=dataclasses.replace(
        chest().template, key_direction=floats([-0.8, 0, -0.6]),
    ))  # fmt: skip
    picture = view.picture()
    made = [
        shaded_skin(view, limb, Layer(floats(np.dstack([cover] * 3)), cover), None, 3.0, picture,
                    skin)
        for cover in (beside, upon)
    ]  # fmt: skip
    lost = [float((to_linear(picture) - one)[:, MIDDLE + 2 :].sum()) for one in made]
    assert lost[0] < 0.02 * lost[1]


def piece(color: float, radius: int = 40) -> Layer:
    cover = disc(radius)
    return Layer(floats(cover[..., None] * np.full(3, color)), cover)


@pytest.mark.parametrize("tone", ["light", "tan", "deep"])
def test_the_light_on_what_hangs_is_one_that_a_lamp_and_skin_give(tone: str) -> None:
    view = chest(tone=tone)
    light = hanging_light(view, piece(0.9), np.ones((EDGE, EDGE), np.float32), UNIT)
    assert light.is_plausible
    flat = light_gains(view.template)
    assert (light.gains[0, 0] == flat).all()
    lit = disc(30) > 0
    assert np.abs(light.gains[lit] / flat - 1).max() < 0.35


def test_a_wide_white_face_is_darker_and_a_gray_one_keeps_its_light() -> None:
    skin = np.ones((EDGE, EDGE), np.float32)
    white, gray = (
        hanging_light(chest(), piece(color), skin, UNIT).gains[MIDDLE, MIDDLE].mean()
        for color in (0.95, 0.4)
    )
    assert white < 0.9 * gray


def test_the_side_away_from_the_lamp_is_darker() -> None:
    gains = hanging_light(chest(), piece(0.4), np.ones((EDGE, EDGE), np.float32), UNIT).gains
    assert gains[MIDDLE - 20, MIDDLE - 20].mean() > gains[MIDDLE + 20, MIDDLE + 20].mean()


def test_a_tint_that_is_too_strong_is_weakened_and_stays_the_same_hue() -> None:
    strong = floats(np.tile([1.0, 0.8, 0.7], (2, 2, 1)))
    light = bounded(strong)
    assert isinstance(light, Light)
    assert light.is_plausible
    red, green, blue = light.gains[0, 0]
    assert red / blue < MAX_TINT
    assert (red - green) / (red - blue) == pytest.approx(0.2 / 0.3, abs=1e-3)
