"""Corrections along an edge: what shows the ground goes, what is half there becomes solid."""

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats, grown
from jewelrymodel.studio.correction_replay import Corrected, replay
from jewelrymodel.studio.corrections import Correction, Tool
from jewelrymodel.studio.messages import CutoutNote
from tests.support import pieces

EDGE = 600
CHAIN = [(float(x), 300.0) for x in range(60, 541, 20)]


def redone(photo: Bytes, alpha: Floats, *corrections: Correction) -> Corrected:
    return replay(photo, alpha, alpha, corrections)


def stroke(tool: Tool, radius: float = 22) -> Correction:
    return Correction(tool, radius, tuple(CHAIN))


def links() -> tuple[Mask, Mask]:
    """A chain of round links across the middle, and what is seen through them."""
    metal, holes = np.zeros((2, EDGE, EDGE), np.uint8)
    for x in range(60, 541, 24):
        cv2.circle(metal, (x, 300), 13, 1, -1)
    for x in range(60, 541, 24):
        cv2.circle(holes, (x, 300), 7, 1, -1)
    return np.asarray((metal > 0) & (holes == 0)), holes > 0


def wood() -> Floats:
    """Brown with streaks."""
    noise = np.random.default_rng(4).normal(0, 60, (EDGE, EDGE)).astype(np.float32)
    streaks = cv2.GaussianBlur(noise, (0, 0), sigmaX=14, sigmaY=2)[..., None]
    return floats(np.array([176, 138, 96]) + 2 * streaks)


def paper() -> Floats:
    return floats(np.full((EDGE, EDGE, 3), 236))


def photographed(metal: Mask, ground: Floats) -> Bytes:
    """Silver on the ground, with a camera's noise."""
    cover = cv2.GaussianBlur(floats(metal), (0, 0), 0.7)[..., None]
    shine = cv2.GaussianBlur(pieces.metal(EDGE, (150, 154, 160)), (0, 0), 1)
    noise = np.random.default_rng(5).normal(0, 2, (EDGE, EDGE, 1))
    return np.asarray(np.clip(shine * cover + ground * (1 - cover) + noise, 0, 255), np.uint8)


@pytest.mark.parametrize("ground", [paper(), wood()], ids=["paper", "wood"])
@pytest.mark.parametrize("tool", [Tool.CLEAN, Tool.OUTLINE])
def test_haze_in_links_and_round_them_goes_and_the_links_stay(tool: Tool, ground: Floats) -> None:
    metal, holes = links()
    haze = 0.55 * (grown(metal, 9) & ~metal | holes)
    alpha = cv2.GaussianBlur(floats(np.where(metal, 1, haze)), (0, 0), 0.7)
    found = redone(photographed(metal, ground), alpha, stroke(tool))
    far = ~grown(metal, 5)
    if tool is Tool.OUTLINE:  # what lies deeper is left to a brush
        far &= ~holes
    assert alpha[far & grown(metal, 9)].mean() > 0.4
    assert found.alpha[far & grown(metal, 9)].mean() < 0.02
    assert found.alpha[metal].mean() > 0.93


def shaded_strand() -> tuple[Bytes, Floats, Mask, Mask]:
    """A strand of red beads on paper that throws a soft shadow, reddened by them, which the network
    took for more and more of a piece: photo, alpha, the strand, and the darkest of the shadow.
    """
    rows, columns = np.indices((EDGE, EDGE), np.float32)
    strand = (rows >= 294) & (rows < 316) & (columns >= 60) & (columns < 540)
    deep = np.clip((rows - 282) / 12, 0, 1) * (rows < 316) * (columns >= 60) * (columns < 540)
    paper_there, shaded = np.array([209, 222, 231]), np.array([160, 146, 149])
    ground = paper_there + (shaded - paper_there) * deep[..., None]
    beads = np.array([140, 58, 48]) * (0.8 + 0.35 * np.abs(np.sin(columns / 7)))[..., None]
    cover = cv2.GaussianBlur(floats(strand), (0, 0), 1.5)[..., None]
    noise = np.random.default_rng(5).normal(0, 1.5, (EDGE, EDGE, 1))
    photo = beads * cover + ground * (1 - cover) + noise
    alpha = floats(np.where(strand, 1, np.interp(deep, [0, 0.3, 0.6, 1], [0, 0.4, 0.75, 0.98])))
    rim = np.asarray((deep > 0.45) & (rows < 293))
    return np.asarray(np.clip(photo, 0, 255), np.uint8), alpha, np.asarray(strand), rim


def test_a_second_stroke_takes_the_shadow_that_the_network_was_sure_of() -> None:
    photo, alpha, strand, rim = shaded_strand()
    once = redone(photo, alpha, stroke(Tool.CLEAN, 26)).alpha
    twice = redone(photo, alpha, stroke(Tool.CLEAN, 26), stroke(Tool.CLEAN, 26)).alpha
    assert once[rim].mean() > 0.35
    assert twice[rim].mean() < 0.1
    assert twice[strand].mean() > 0.95
    elsewhere = Correction(Tool.CLEAN, 26, ((300, 120), (400, 120)))
    assert (redone(photo, alpha, elsewhere, stroke(Tool.CLEAN, 26)).alpha == once).all()


def test_links_that_were_filled_are_opened_under_the_brush() -> None:
    metal, holes = links()
    alpha = cv2.GaussianBlur(floats(metal | holes), (0, 0), 0.7)
    found = redone(photographed(metal, wood()), alpha, stroke(Tool.CLEAN))
    assert found.alpha[holes & ~grown(metal, 5)].mean() < 0.1
    assert found.alpha[metal].mean() > 0.93


@pytest.mark.parametrize("tool", [Tool.CLEAN, Tool.OUTLINE])
def test_where_the_piece_looks_like_the_ground_nothing_is_cleaned(tool: Tool) -> None:
    """Gray on gray: no color tells them apart, so the network's word stands."""
    noise = np.random.default_rng(6).normal(140, 12, (EDGE, EDGE, 1)) + np.zeros(3)
    alpha = np.zeros((EDGE, EDGE), np.float32)
    alpha[260:340, 60:540] = 1
    alpha = cv2.GaussianBlur(alpha, (0, 0), 2)
    found = redone(np.asarray(np.clip(noise, 0, 255), np.uint8), alpha, stroke(tool))
    assert (found.alpha == alpha).all()
    assert [note.code for note in found.notes] == [CutoutNote.CORRECTIONS_WITHOUT_EFFECT]


def test_a_second_keep_stroke_makes_what_is_half_there_solid_and_no_wider() -> None:
    """A chain on black, whose lower side is as dark; the network saw half of it."""
    noise = np.random.default_rng(6).normal(60, 2, (EDGE, EDGE, 1)) + np.zeros(3)
    noise[296:299, 60:540] += 90
    photo = np.asarray(np.clip(noise, 0, 255), np.uint8)
    alpha = np.zeros((EDGE, EDGE), np.float32)
    alpha[296:304, 60:540] = 0.45
    once = redone(photo, alpha, stroke(Tool.KEEP, 14)).alpha
    twice = redone(photo, alpha, stroke(Tool.KEEP, 14), stroke(Tool.KEEP, 14)).alpha
    assert once[301:303, 80:520].mean() < 0.7
    assert twice[297:303, 80:520].min() > 0.9
    assert twice[306:].max() == twice[:294].max() == 0


def test_one_correction_opens_many_links_at_their_own_size() -> None:
    """Gaps of fifteen pixels in a photo that a search for larger openings would halve."""
    metal, holes = links()
    large = np.asarray(cv2.resize(photographed(metal, paper()), None, fx=3, fy=3), np.uint8)
    filled = cv2.GaussianBlur(floats(metal | holes), (0, 0), 0.7)
    alpha = floats(cv2.resize(filled, None, fx=3, fy=3))
    taps = tuple((3.0 * x + 1.5, 901.5) for x in range(60, 541, 24))
    found = redone(large, alpha, Correction(Tool.OPENING, 12, taps))
    gaps = np.asarray(cv2.resize(holes.astype(np.uint8), None, fx=3, fy=3) > 0)
    solid = np.asarray(cv2.resize(floats(metal), None, fx=3, fy=3) > 0.99)
    assert found.notes == ()
    assert found.alpha[gaps].mean() < 0.2
    assert found.alpha[solid].mean() > 0.97
    edge_px = cv2.distanceTransform(gaps.astype(np.uint8), cv2.DIST_L2, 5)
    assert found.alpha[edge_px > 3].max() < 0.1


def test_a_tap_in_a_hole_of_the_piece_fills_it_and_no_ring_is_filled() -> None:
    """A stone whose brightest facet the network took for paper, in a wide ring."""
    photo = np.full((EDGE, EDGE, 3), 236, np.uint8)
    mask = np.zeros((EDGE, EDGE), np.uint8)
    cv2.circle(mask, (300, 300), 240, 255, 60, cv2.LINE_AA)
    facet = np.zeros((EDGE, EDGE), np.uint8)
    cv2.circle(facet, (300, 60), 14, 255, -1)
    photo[(mask > 0) & (facet == 0)] = (170, 60, 110)
    alpha = floats(np.where(facet > 0, 0, mask) / 255)
    filled = redone(photo, alpha, Correction(Tool.ADD, 10, ((300, 60),)))
    assert filled.alpha[facet > 0].min() > 0.9
    assert (filled.alpha[100:] == alpha[100:]).all()
    bore = redone(photo, alpha, Correction(Tool.ADD, 10, ((300, 300),)))
    assert bore.alpha[300, 300] == 0
