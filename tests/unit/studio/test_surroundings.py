"""An opening that was filled and a scrap at the outline are told from a background, or it is said
that they can't be.
"""

import numpy as np
import pytest

from jewelrymodel.studio.fidelity import measure
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.placement import Layer
from jewelrymodel.studio.surroundings import surroundings
from tests.support.seeded_damage import DAMAGES, unknown_behind
from tests.support.seeded_hosted import hosted_scene
from tests.support.seeded_jewelry import drawn
from tests.support.seeded_shapes import shaped

EDGE = 512


@pytest.mark.parametrize("background", ["dark", "linen", "velvet", "tinted"])
def test_a_filled_opening_is_found_and_an_open_one_is_not(background: str) -> None:
    view = hosted_scene(drawn(4, Kind.RING, 700), background, EDGE, 1)  # yellow gold
    filled = DAMAGES["filled opening"](view, np.random.default_rng(2))
    assert filled is not None
    assert surroundings(view.layer, view.image).filled == 0
    assert surroundings(view.layer, filled).filled == 1


def test_an_opening_before_a_wall_of_the_metals_color_can_not_be_told() -> None:
    view = hosted_scene(drawn(2, Kind.RING, 700), "white", EDGE, 1)  # white gold
    wall = np.full_like(view.image, 150)
    flat = Layer(
        np.full_like(view.layer.light, 0.3) * view.layer.cover[..., None], view.layer.cover
    )
    round_it = surroundings(flat, wall)
    assert len(round_it.openings) == 1
    assert round_it.filled is None


def test_a_narrow_opening_in_the_shadow_of_its_piece_is_open() -> None:
    view = hosted_scene(shaped(2, "bangle"), "tinted", 768, 2)
    assert len(surroundings(view.layer, view.image).openings) == 2
    assert surroundings(view.layer, view.image).filled == 0


def test_a_scrap_of_paper_is_found_on_a_dark_ground_and_not_told_on_a_white_one() -> None:
    found = {}
    for background in ("dark", "white"):
        view = hosted_scene(drawn(4, Kind.BRACELET, 700), background, EDGE, 1)
        scrap = DAMAGES["rag"](view, np.random.default_rng(2))
        assert scrap is not None
        assert not surroundings(view.layer, view.image).beside
        found[background] = surroundings(view.layer, scrap).beside
    assert found["dark"]
    assert found["white"] is None


def test_nothing_is_told_before_a_background_that_is_different_on_every_side() -> None:
    view = hosted_scene(drawn(4, Kind.EARRING, 700), "bokeh", EDGE, 1)
    round_it = surroundings(view.layer, view.image)
    assert (round_it.filled, round_it.beside) == (None, None)


def test_a_verdict_names_what_it_could_not_check() -> None:
    view = hosted_scene(drawn(4, Kind.BRACELET, 700), "white", EDGE, 1)
    said = measure(view.piece.cutout.rgba, view.image, unknown_behind(view.declared))
    assert said.passed
    assert said.unchecked == ("beside",)
