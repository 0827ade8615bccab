"""The measure of a cutout's edge notices what a stranger notices, and nothing else."""

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import Floats, floats, to_bytes
from tests.support.cutout_edges import EdgeFigures, as_photo, edge_figures
from tests.support.drawn_photos import Photo
from tests.support.tried_edges import EDGES

GOLD, PAPER = (0.8, 0.6, 0.2), (0.9, 0.9, 0.9)


def disc(radius: float = 60) -> Floats:
    y, x = np.mgrid[:200, :200]
    return floats(np.clip(radius + 0.75 - np.hypot(y - 100, x - 100), 0, 1.5) / 1.5)


def photo() -> Photo:
    cover = disc()[..., None]
    return as_photo(to_bytes(cover * np.array(GOLD) + (1 - cover) * np.array(PAPER)), disc())


def measured(alpha: Floats) -> EdgeFigures:
    found = edge_figures(alpha, photo())
    assert found is not None
    return found


def test_the_truth_itself_has_no_fault() -> None:
    assert measured(disc()) == EdgeFigures(0, 0, 0, 0)


def test_a_cutout_that_is_a_pixel_wider_or_narrower_leans_so() -> None:
    wide, narrow = measured(disc(61)), measured(disc(59))
    assert wide.lean == pytest.approx(wide.cover)
    assert narrow.lean == pytest.approx(-narrow.cover)
    assert 0.08 < wide.cover < 0.15


def test_a_fringe_of_pale_ground_shows_on_a_dark_one() -> None:
    fringed = measured(disc(62))
    assert fringed.on_navy > 10
    assert fringed.on_navy > 3 * fringed.on_white


def test_a_soft_edge_is_a_fault_even_where_it_is_in_the_right_place() -> None:
    soft = measured(floats(cv2.GaussianBlur(disc(), (0, 0), 2)))
    assert soft.cover > 0.08
    assert abs(soft.lean) < 0.02


def test_what_is_wrong_more_deeply_is_not_the_edges() -> None:
    with_shadow = disc()
    with_shadow[110:190, 150:190] = 1
    assert measured(with_shadow).cover < 0.03


def test_a_cutout_that_is_nowhere_near_has_no_edge_to_measure() -> None:
    assert edge_figures(floats(1 - disc(95)), photo()) is None


@pytest.mark.parametrize("name", EDGES)
def test_what_was_tried_leaves_all_but_the_edge_as_it_was(name: str) -> None:
    refined = EDGES[name](photo().rgb, disc())
    inside, outside = disc(50) == 1, disc(70) == 0
    assert np.abs(refined - disc())[inside | outside].max() < 0.02
    assert measured(refined).cover < 0.12
