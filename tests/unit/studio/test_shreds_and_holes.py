"""Corrections where the cutout is neither there nor gone: shreds, faint ends, see-through spots."""

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats
from jewelrymodel.studio.correction_replay import Corrected, replay
from jewelrymodel.studio.corrections import Correction, Point, Tool
from jewelrymodel.studio.messages import CutoutNote
from tests.support import pieces

PAPER = 236
EDGE = 600


def redone(photo: Bytes, alpha: Floats, *corrections: Correction) -> Corrected:
    return replay(photo, alpha, alpha, corrections)


def paper() -> Bytes:
    noise = np.random.default_rng(5).normal(0, 2, (EDGE, EDGE, 1))
    return np.asarray(np.clip(PAPER + noise + np.zeros(3), 0, 255), np.uint8)


# Drop ----------------------------------------------------------------------


def with_rag(*, hanging: bool) -> tuple[Floats, Mask]:
    """A large part, and beside it a shred that is solid in its middle and fades to its ends."""
    alpha = np.zeros((EDGE, EDGE), np.float32)
    alpha[100:400, 100:300] = 1
    fading = np.interp(np.arange(310, 390), [310, 350, 389], [0.06, 0.5, 0.06])
    alpha[200:206, 310:390] = fading
    if hanging:
        alpha[200:206, 300:310] = 0.06
    rag = np.zeros((EDGE, EDGE), bool)
    rag[200:206, 310:390] = True
    return alpha, rag


@pytest.mark.parametrize("hanging", [False, True])
@pytest.mark.parametrize("tap", [(350, 203), (318, 203), (385, 198)])
def test_a_tapped_shred_goes_with_its_faint_ends_and_the_piece_stays(
    tap: Point, hanging: bool
) -> None:
    alpha, rag = with_rag(hanging=hanging)
    found = redone(paper(), alpha, Correction(Tool.DROP, 10, (tap,)))
    assert found.alpha[rag].max() <= 0.07
    assert found.alpha[:, 320:].max() == 0
    assert (found.alpha[:, :300] == alpha[:, :300]).all()


def test_a_faint_shred_is_dropped_and_not_the_piece_within_reach() -> None:
    alpha = np.zeros((EDGE, EDGE), np.float32)
    alpha[100:400, 100:300] = 1
    alpha[200:206, 310:330] = 0.12
    found = redone(paper(), alpha, Correction(Tool.DROP, 10, ((311, 203),)))
    assert found.alpha[:, 301:].max() == 0
    assert (found.alpha[:, :301] == alpha[:, :301]).all()


def test_several_loose_parts_go_as_one_correction_and_what_isnt_named_stays() -> None:
    """A ruler's ticks beside a ring."""
    alpha = np.zeros((EDGE, EDGE), np.float32)
    alpha[100:400, 100:300] = 1
    for x in (320, 340, 360):
        alpha[200:230, x : x + 4] = 0.9
    found = redone(paper(), alpha, Correction(Tool.DROP, 10, ((321, 215), (341, 215))))
    assert found.alpha[:, 301:350].max() == 0
    assert (found.alpha[:, 355:] == alpha[:, 355:]).all()
    assert (found.alpha[:, :301] == alpha[:, :301]).all()


def test_a_tap_beside_the_piece_drops_nothing() -> None:
    piece = pieces.pair(EDGE)
    found = redone(
        pieces.photographed(piece), piece.alpha, Correction(Tool.DROP, 10, ((150, 395),))
    )
    assert (found.alpha == piece.alpha).all()
    assert found.notes[0].code is CutoutNote.CORRECTIONS_WITHOUT_EFFECT


# Opening ----------------------------------------------------------------------


def test_an_opening_isnt_the_piece_itself() -> None:
    """A plain dark disc with a bright rim: the tap is on the disc, and paper lies beside."""
    alpha, photo = np.zeros((EDGE, EDGE), np.uint8), paper()
    cv2.circle(alpha, (300, 300), 150, 255, -1, cv2.LINE_AA)
    cv2.circle(photo, (300, 300), 150, (230, 190, 90), -1, cv2.LINE_AA)
    cv2.circle(photo, (300, 300), 132, (40, 60, 120), -1, cv2.LINE_AA)
    found = redone(photo, floats(alpha / 255), Correction(Tool.OPENING, 10, ((300, 300),)))
    assert (found.alpha == floats(alpha / 255)).all()
    assert found.notes[0].code is CutoutNote.CORRECTIONS_WITHOUT_EFFECT


@pytest.mark.parametrize("tap", [(300, 380), (300, 200)])
def test_an_opening_neither_reaches_the_outline_nor_cuts_the_piece_apart(tap: Point) -> None:
    """A band of another color goes right across the piece, and one lies along its upper edge."""
    alpha, photo = np.zeros((EDGE, EDGE), np.float32), paper()
    alpha[180:480, 150:450] = 1
    photo[180:480, 150:450] = (200, 160, 70)
    photo[360:400, 150:450] = photo[180:220, 200:400] = (40, 60, 120)
    found = redone(photo, alpha, Correction(Tool.OPENING, 10, (tap,)))
    assert (found.alpha == alpha).all()


@pytest.mark.parametrize("radius", [12, 138])
def test_a_small_opening_and_the_bore_of_a_thin_hoop_are_opened(radius: int) -> None:
    alpha, photo = np.zeros((EDGE, EDGE), np.uint8), paper()
    cv2.circle(alpha, (300, 300), 150, 255, -1, cv2.LINE_AA)
    bore = np.zeros((EDGE, EDGE), np.uint8)
    cv2.circle(bore, (300, 300), radius, 255, -1)
    photo[(alpha > 0) & (bore == 0)] = (200, 160, 70)
    found = redone(photo, floats(alpha / 255), Correction(Tool.OPENING, 10, ((300, 300),)))
    assert found.alpha[bore > 0].mean() < 0.05
    assert found.alpha[(bore == 0) & (alpha == 255)].mean() > 0.95


# Keep ----------------------------------------------------------------------


def spotted() -> tuple[Floats, Mask, Bytes]:
    """A piece with a see-through highlight and a small hole in it, both white as the paper."""
    alpha, spots = np.zeros((EDGE, EDGE), np.float32), np.zeros((EDGE, EDGE), bool)
    photo = paper()
    alpha[150:450, 150:450], photo[150:450, 150:450] = 1, (200, 160, 70)
    spots[200:206, 200:210] = spots[430:438, 300:306] = True
    photo[spots] = PAPER
    alpha[200:206, 200:210], alpha[430:438, 300:306] = 0.33, 0
    return alpha, spots, photo


@pytest.mark.parametrize("radius", [4, 10, 25])
def test_keep_makes_see_through_spots_of_the_piece_solid(radius: int) -> None:
    alpha, spots, photo = spotted()
    taps = [Correction(Tool.KEEP, radius, (tap,)) for tap in ((205, 203), (303, 434))]
    found = redone(photo, alpha, *taps)
    under = spots & (alpha < 1) & (found.alpha > alpha)
    assert under.sum() >= min(spots.sum(), 2 * 30)
    assert found.alpha[203, 205] == found.alpha[434, 303] == 1
    assert found.alpha[alpha == 0][~spots[alpha == 0]].max() < 0.05


def test_keep_in_a_hole_larger_than_the_brush_fills_what_is_under_it() -> None:
    alpha = np.zeros((EDGE, EDGE), np.float32)
    alpha[150:450, 150:450] = 1
    alpha[280:340, 280:340] = 0
    photo = paper()
    photo[alpha > 0] = (200, 160, 70)
    found = redone(photo, alpha, Correction(Tool.KEEP, 25, ((300, 310),)))
    assert found.alpha[300:320, 290:315].min() == 1
    assert found.alpha[310, 335] == 0


def test_keep_along_the_piece_leaves_its_openings_open() -> None:
    """A band with holes through it, of which the brush is wider."""
    alpha = np.zeros((EDGE, EDGE), np.float32)
    alpha[290:310, 100:500] = 1
    for x in range(120, 480, 24):
        alpha[294:306, x : x + 14] = 0
    photo = paper()
    photo[alpha > 0] = (200, 160, 70)
    path = tuple((float(x), 300.0) for x in range(110, 490, 10))
    found = redone(photo, alpha, Correction(Tool.KEEP, 16, path))
    assert np.abs(found.alpha - alpha).max() < 0.05


# Erase ----------------------------------------------------------------------


def alike() -> tuple[Floats, Bytes]:
    """A piece, and a red tick that runs into it and ends in its color."""
    alpha, photo = np.zeros((EDGE, EDGE), np.float32), paper()
    alpha[300:450, 150:450] = 1
    alpha[240:300, 296:304] = 1
    photo[alpha > 0] = (90, 80, 70)
    photo[240:293, 296:304] = (190, 60, 60)
    return alpha, photo


def test_erasing_twice_takes_what_looks_like_the_piece_as_well() -> None:
    alpha, photo = alike()
    over = Correction(Tool.ERASE, 16, ((300, 240), (300, 284)))
    once, twice = redone(photo, alpha, over), redone(photo, alpha, over, over)
    close = np.s_[294:298, 297:303]
    assert once.alpha[close].mean() > 0.5  # so near the piece nothing tells it apart
    assert twice.alpha[close].max() == 0
    assert (twice.alpha[302:] == alpha[302:]).all()


def test_where_no_edge_lies_under_the_rim_an_eraser_cuts_softly() -> None:
    alpha, photo = np.ones((EDGE, EDGE), np.float32), np.full((EDGE, EDGE, 3), 120, np.uint8)
    found = redone(photo, alpha, Correction(Tool.ERASE, 40, ((300, 300),)))
    rim = found.alpha[300, 330:342]
    assert (np.diff(rim) > 0).sum() >= 8
    assert found.alpha[300, 300:330].max() == 0
    assert found.alpha[300, 342] == 1


# Drop what hangs on the piece ----------------------------------------------


def disc_with(extra: Floats, tone: int) -> tuple[Floats, Bytes, Mask]:
    """A gold disc and something on it of another cover and tone; the last is the disc."""
    disc, photo = np.zeros((EDGE, EDGE), np.uint8), paper()
    cv2.circle(disc, (300, 260), 120, 255, -1, cv2.LINE_AA)
    photo[(extra > 0) & (disc == 0)] = tone
    photo[disc > 0] = pieces.metal(EDGE)[disc > 0]
    return floats(np.maximum(disc / 255, extra)), photo, disc > 250


def test_a_tapped_shadow_that_is_half_there_goes_and_the_piece_stays() -> None:
    shadow = np.zeros((EDGE, EDGE), np.float32)
    cv2.ellipse(shadow, (300, 400), (110, 50), 0, 0, 360, 0.5, -1)
    alpha, photo, disc = disc_with(shadow, 190)
    found = redone(photo, alpha, Correction(Tool.DROP, 10, ((300, 420),)))
    assert found.alpha[396:].max() < 0.05
    assert found.alpha[disc].min() > 0.95


def test_a_tapped_reflection_goes_up_to_the_neck_by_which_it_hangs_on() -> None:
    mirrored = np.zeros((EDGE, EDGE), np.float32)
    cv2.circle(mirrored, (300, 470), 80, 1, -1)
    mirrored[375:395, 292:308] = 1
    alpha, photo, disc = disc_with(mirrored, 90)
    photo[420:520:8, 240:360] = 60  # of no one color
    found = redone(photo, alpha, Correction(Tool.DROP, 10, ((300, 470),)))
    assert found.alpha[395:].max() < 0.05
    assert found.alpha[disc].min() > 0.95


def test_of_two_large_parts_the_tapped_one_goes_whole() -> None:
    pair = pieces.pair(EDGE)
    photo = np.where(pair.rgba[..., 3:] > 0, pair.rgba[..., :3], paper())
    found = redone(photo, pair.alpha, Correction(Tool.DROP, 10, ((150, 300),)))
    assert found.alpha[:, :300].max() == 0
    assert (found.alpha[:, 310:] == pair.alpha[:, 310:]).all()


# Add ----------------------------------------------------------------------


def test_a_tap_makes_a_see_through_spot_solid_and_what_isnt_tapped_stays() -> None:
    alpha, spots, photo = spotted()
    found = redone(photo, alpha, Correction(Tool.ADD, 12, ((205, 203),)))
    assert found.alpha[200:206, 200:210].min() == 1
    assert found.alpha[434, 303] == 0
    assert (found.alpha[~spots] >= alpha[~spots]).all()
    assert found.alpha[:145].max() == 0


def test_a_spot_that_is_barely_see_through_is_meant_by_a_tap_beside_it() -> None:
    alpha, _, photo = spotted()
    alpha[200:206, 200:210] = 0.8
    found = redone(photo, alpha, Correction(Tool.ADD, 12, ((214, 203),)))
    assert found.alpha[200:206, 200:210].min() == 1


def test_one_tap_for_many_makes_each_named_spot_solid() -> None:
    alpha, spots, photo = spotted()
    found = redone(photo, alpha, Correction(Tool.ADD, 12, ((205, 203), (303, 434))))
    assert found.alpha[spots].min() == 1


def test_a_faded_end_that_is_tapped_becomes_solid_and_no_wider() -> None:
    alpha, photo = np.zeros((EDGE, EDGE), np.float32), paper()
    alpha[150:450, 150:350] = 1
    alpha[290:310, 350:500] = 0.5
    photo[alpha > 0] = (200, 160, 70)
    found = redone(photo, alpha, Correction(Tool.ADD, 12, ((430, 300),)))
    assert found.alpha[292:308, 360:498].min() > 0.95
    assert found.alpha[:, 503:].max() < 0.05
    assert found.alpha[:285, 360:].max() < 0.05


def test_a_tap_beside_the_piece_fills_no_spot_of_it() -> None:
    alpha, _, photo = spotted()
    alpha[150:156, 300:306] = 0.4  # a spot that the outline doesn't enclose: half there
    found = redone(photo, alpha, Correction(Tool.ADD, 12, ((303, 144),)))
    assert (found.alpha[180:] == alpha[180:]).all()
