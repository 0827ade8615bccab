"""A faint spot in the middle of solid metal is filled; an opening never is."""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, floats, to_bytes
from jewelrymodel.studio.cutout import Matte, cut_by, draft_by
from jewelrymodel.studio.see_through_spots import without_see_through_spots

GOLD, PAPER, GLINT = (0.8, 0.6, 0.2), (0.82, 0.82, 0.8), (0.95, 0.85, 0.55)
EDGE, MIDDLE = 360, (180, 180)


def disc(radius: float, middle: tuple[int, int] = MIDDLE) -> Floats:
    drawn = np.zeros((EDGE, EDGE), np.float32)
    cv2.circle(drawn, middle, int(radius), 1, -1)
    return floats(cv2.GaussianBlur(drawn, (0, 0), 0.8))


def photo(*layers: tuple[Floats, tuple[float, float, float]]) -> Bytes:
    """Layers on paper with a little noise."""
    seen = np.ones((EDGE, EDGE, 3)) * PAPER
    for cover, color in layers:
        seen = seen * (1 - cover[..., None]) + cover[..., None] * np.array(color)
    return to_bytes(seen + np.random.default_rng(3).normal(0, 0.004, seen.shape))


def faint(alpha: Floats, spot: Floats, left: float) -> Floats:
    return floats(alpha * (1 - spot * (1 - left)))


def test_a_highlight_in_a_bead_becomes_solid() -> None:
    spot = disc(7)
    seen = faint(disc(90), spot, 0.2)
    filled = without_see_through_spots(photo((disc(90), GOLD), (spot, GLINT)), seen)
    assert filled[spot > 0.1].min() > 0.97
    assert (filled >= seen).all()
    assert np.array_equal(filled[spot == 0], np.maximum(seen, filled)[spot == 0])
    away = disc(12) == 0
    assert np.array_equal(filled[away], seen[away])


def test_what_may_be_the_opening_of_a_small_link_stays() -> None:
    opening = disc(1, MIDDLE)
    seen = faint(disc(12), opening, 0.1)
    assert 6 <= (seen < 0.85)[175:186, 175:186].sum() < 12
    assert without_see_through_spots(photo((disc(12), GOLD), (opening, GLINT)), seen) is seen


def test_a_spot_that_shows_the_paper_stays_open() -> None:
    spot = disc(7)
    seen = faint(disc(90), spot, 0.2)
    shaded = tuple(0.85 * one for one in PAPER)
    for ground in (PAPER, shaded):
        through = photo((disc(90), GOLD), (spot, (ground[0], ground[1], ground[2])))
        assert without_see_through_spots(through, seen) is seen


def test_an_empty_opening_stays_whatever_is_seen_through_it() -> None:
    spot = disc(7)
    seen = faint(disc(90), spot, 0.0)
    assert without_see_through_spots(photo((disc(90), GOLD), (spot, GLINT)), seen) is seen


def test_links_are_too_thin_to_be_solid_all_round() -> None:
    ring, spot = floats(disc(12) - disc(7)), disc(7)
    seen = floats(np.maximum(ring, 0.3 * spot))
    assert without_see_through_spots(photo((ring, GOLD), (spot, GLINT)), seen) is seen


def test_a_large_faint_field_is_the_sellers_to_judge() -> None:
    spot = disc(30)
    seen = faint(disc(90), spot, 0.2)
    assert without_see_through_spots(photo((disc(90), GOLD), (spot, GLINT)), seen) is seen


def test_where_no_ground_is_near_nothing_is_filled() -> None:
    everywhere = floats(np.ones((EDGE, EDGE)))
    seen = faint(everywhere, disc(7), 0.2)
    assert without_see_through_spots(photo((everywhere, GOLD), (disc(7), GLINT)), seen) is seen


def test_cutout_and_draft_have_no_such_spot() -> None:
    spot = disc(7)
    rgb = photo((disc(132), GOLD), (spot, GLINT))
    matte = Matte(to_bytes(faint(disc(132), spot, 0.2)), "isnet")
    for rgba in (cut_by(rgb, matte).rgba, draft_by(rgb, matte)):
        assert rgba[..., 3][spot > 0.1].min() > 245
