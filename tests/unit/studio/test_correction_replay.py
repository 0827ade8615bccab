"""Corrections by hand are fitted to the photo, and always give the same cutout."""

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats, grown, shrunk
from jewelrymodel.studio.correction_replay import Corrected, replay
from jewelrymodel.studio.corrections import Correction, Point, Tool
from jewelrymodel.studio.cutout import Cutout, Matte, PieceNotFound, cut_by
from jewelrymodel.studio.messages import CutoutNote
from tests.support import pieces

PAPER = 236
EDGE = 600


def on_table(piece: Cutout, *, shade: int = 0, grain: float = 2) -> Bytes:
    """The piece on paper that gets darker to the right, with the noise of a camera."""
    random = np.random.default_rng(5)
    height, width = piece.rgba.shape[:2]
    paper = PAPER - np.linspace(0, shade, width)[None, :, None]
    cover = piece.alpha[..., None]
    noise = random.normal(0, grain, (height, width, 1))
    photo = piece.rgba[..., :3] * cover + paper * (1 - cover) + noise
    return np.asarray(np.clip(photo, 0, 255), np.uint8)


def stroke(tool: Tool, radius: float, *points: Point) -> Correction:
    return Correction(tool, radius, tuple(points))


def redone(photo: Bytes, alpha: Floats, *corrections: Correction) -> Corrected:
    return replay(photo, alpha, alpha, corrections)


def overlap(found: Floats, truth: Floats, where: Mask) -> float:
    """Shared cover by cover of either, over the pixels `where`."""
    both, either = np.minimum(found, truth)[where].sum(), np.maximum(found, truth)[where].sum()
    return float(both / either)


def without(alpha: Floats, mask: Mask) -> Floats:
    return floats(np.where(mask, 0, alpha))


# Keep ----------------------------------------------------------------------


def lost_chain() -> tuple[Cutout, Mask, list[Point]]:
    """A pendant, the left half of its chain, and places along that."""
    truth = pieces.on_chain(900, spread=0.35)
    chain = (truth.cutout.alpha > 0) & ~grown(truth.body, 3)
    chain[:, 450:] = False
    start, end = np.array([450, 566]), np.array([135, 0])
    along = [start + share * (end - start) for share in np.linspace(0, 1, 40)]
    return truth.cutout, chain, [(float(x), float(y)) for x, y in along]


@pytest.mark.parametrize("radius", [18, 30])
@pytest.mark.parametrize("shade", [0, 90])
def test_a_wide_stroke_along_a_lost_chain_gives_a_chain(radius: int, shade: int) -> None:
    piece, chain, path = lost_chain()
    unsteady = [(x + radius / 4 * (-1) ** n, y) for n, (x, y) in enumerate(path)]
    photo = on_table(piece, shade=shade)
    found = redone(photo, without(piece.alpha, chain), stroke(Tool.KEEP, radius, *unsteady))
    assert overlap(found.alpha, piece.alpha, grown(chain, 2 * radius)) > 0.9


def test_a_stroke_over_a_lost_stone_takes_its_edge_not_the_brushs() -> None:
    piece = pieces.golden(pieces.pendant(EDGE, chain=False))
    half = np.zeros((EDGE, EDGE), bool)
    half[:, : EDGE // 2] = piece.alpha[:, : EDGE // 2] > 0
    photo = on_table(piece)
    painted = stroke(Tool.KEEP, 80, (250, 440), (250, 470))
    found = redone(photo, without(piece.alpha, half), painted)
    near = np.zeros((EDGE, EDGE), bool)
    near[380:520, 180:300] = True
    assert overlap(found.alpha, piece.alpha, near) > 0.95


def test_where_the_photo_shows_nothing_the_stroke_itself_counts() -> None:
    """Clear glass, or white on white."""
    photo = np.full((EDGE, EDGE, 3), PAPER, np.uint8)
    alpha = floats(np.zeros((EDGE, EDGE)))
    alpha[100:300, 100:300] = 1
    found = redone(photo, alpha, stroke(Tool.KEEP, 20, (350, 200), (420, 200)))
    assert (found.alpha[182:218, 352:418] == 1).all()
    assert found.alpha[200, 450] == found.alpha[230, 380] == 0


def test_a_stroke_over_a_hole_in_the_piece_fills_it_wherever_it_came_from() -> None:
    """It begins on a chain beside the piece, which it follows, and ends on a false opening."""
    mask = np.zeros((EDGE, EDGE), np.uint8)
    mask[150:550, 250:590] = 255
    mask[346:354, 20:250] = 255
    piece = pieces.of(mask, pieces.metal(EDGE), pieces.Kind.PENDANT)
    hole = np.zeros((EDGE, EDGE), bool)
    hole[338:362, 430:470] = True
    lost = hole.copy()
    lost[340:360, 20:250] = True
    path = [(float(x), 350.0) for x in range(30, 481, 10)]
    found = redone(on_table(piece), without(piece.alpha, lost), stroke(Tool.KEEP, 20, *path))
    assert overlap(found.alpha, piece.alpha, np.asarray(piece.alpha > 0) | grown(lost, 61)) > 0.97
    assert found.alpha[hole].min() > 0.9


# Erase ----------------------------------------------------------------------


def test_erasing_a_shadow_leaves_the_piece_beside_it() -> None:
    piece = pieces.golden(pieces.pendant(EDGE, chain=False))
    photo = on_table(piece)
    shadow = np.zeros((EDGE, EDGE), np.uint8)
    cv2.ellipse(shadow, (300, 548), (90, 18), 0, 0, 360, 1, -1)
    rag = (shadow > 0) & (piece.alpha < 0.02)
    photo[rag] = photo[rag] * 0.75
    alpha = np.where(rag, 1, piece.alpha)
    path = [(float(x), 549.0) for x in range(210, 391, 20)]
    found = redone(photo, floats(alpha), stroke(Tool.ERASE, 22, *path))
    assert found.alpha[rag].mean() < 0.05
    assert overlap(found.alpha, piece.alpha, np.asarray(piece.alpha > 0.5)) > 0.985


def test_where_nothing_tells_the_sides_apart_the_brush_cuts_its_circle() -> None:
    piece = pieces.of(np.full((EDGE, EDGE), 255, np.uint8), pieces.metal(EDGE), pieces.Kind.RING)
    found = redone(piece.rgba[..., :3].copy(), piece.alpha, stroke(Tool.ERASE, 40, (300, 300)))
    assert found.alpha[300, 300] == 0
    assert found.alpha[300, 300 + 35] < 0.5
    assert found.alpha[300, 300 + 45] == 1


# Taps ----------------------------------------------------------------------


@pytest.mark.parametrize("shade", [0, 60])
def test_a_filled_opening_is_opened_by_a_tap(shade: int) -> None:
    piece = pieces.golden(pieces.ring(EDGE))
    filled = piece.rgba[..., 3].copy()
    cv2.circle(filled, (300, 300), EDGE * 17 // 50, 255, -1)
    bore = (filled > 0) & (piece.alpha < 0.02)
    photo = on_table(piece, shade=shade)
    found = redone(photo, floats(filled / 255), stroke(Tool.OPENING, 10, (300, 300)))
    assert overlap(1 - found.alpha, 1 - piece.alpha, grown(bore, 5)) > 0.97
    assert overlap(found.alpha, piece.alpha, np.asarray(piece.alpha > 0.5)) > 0.985


@pytest.mark.parametrize("color", [(96, 66, 52), (170, 140, 130)])
def test_an_opening_that_shows_wood_is_opened_by_a_tap(color: tuple[int, int, int]) -> None:
    piece = pieces.golden(pieces.ring(EDGE), stone=(30, 60, 150))
    random = np.random.default_rng(3)
    grain = cv2.GaussianBlur(random.normal(0, 60, (EDGE, EDGE)), (0, 0), sigmaX=14, sigmaY=2)
    wood = np.array(color) + 1.6 * grain[..., None]
    cover = piece.alpha[..., None]
    photo = np.clip(piece.rgba[..., :3] * cover + wood * (1 - cover), 0, 255).astype(np.uint8)
    filled = piece.rgba[..., 3].copy()
    cv2.circle(filled, (300, 300), EDGE * 17 // 50, 255, -1)
    found = redone(photo, floats(filled / 255), stroke(Tool.OPENING, 10, (290, 310)))
    bore = np.asarray((filled > 0) & (piece.alpha < 0.02))
    assert found.alpha[bore].mean() < 0.02
    assert overlap(found.alpha, piece.alpha, np.asarray(piece.alpha > 0.5)) > 0.99


def test_an_opening_that_shows_spotted_stone_is_opened_by_a_tap() -> None:
    """No color bounds it: its bright spots are as bright as the metal round it."""
    piece = pieces.ring(EDGE)
    random = np.random.default_rng(6)
    spots = cv2.GaussianBlur(random.normal(0, 1, (EDGE, EDGE)), (0, 0), 5)
    stone = 140 + 25 * spots[..., None] / spots.std() + np.zeros(3)
    steel = 225 + random.normal(0, 12, (EDGE, EDGE, 1)) * np.ones(3)
    cover = piece.alpha[..., None]
    photo = np.clip(steel * cover + stone * (1 - cover), 0, 255).astype(np.uint8)
    filled = piece.rgba[..., 3].copy()
    cv2.circle(filled, (300, 300), EDGE * 17 // 50, 255, -1)
    found = redone(photo, floats(filled / 255), stroke(Tool.OPENING, 10, (290, 310)))
    bore = np.asarray((filled > 0) & (piece.alpha < 0.02))
    assert found.alpha[bore].mean() < 0.1
    assert overlap(found.alpha, piece.alpha, np.asarray(piece.alpha > 0.5)) > 0.93


def test_a_tap_on_metal_opens_nothing() -> None:
    piece = pieces.golden(pieces.ring(EDGE))
    photo = on_table(piece)
    found = redone(photo, piece.alpha, stroke(Tool.OPENING, 10, (300, 100)))
    assert np.minimum(found.alpha, piece.alpha).sum() > 0.99 * piece.alpha.sum()


def test_a_tap_adds_the_part_that_the_network_saw_only_faintly() -> None:
    piece = pieces.golden(pieces.pair(EDGE))
    right = piece.alpha.copy()
    right[:, : EDGE // 2] = 0
    matte = floats(np.maximum(right, piece.alpha * 0.3))
    found = replay(on_table(piece), matte, right, (stroke(Tool.ADD, 10, (150, 300)),))
    assert overlap(found.alpha, piece.alpha, np.asarray(piece.alpha > 0)) > 0.95


def test_a_tap_adds_what_the_network_didnt_see_by_its_color() -> None:
    mask = pieces.pair(EDGE).rgba[..., 3]
    plain = np.full((EDGE, EDGE, 3), (150, 40, 60), np.uint8)
    piece = pieces.of(mask, plain, pieces.Kind.EARRING)
    right = piece.alpha.copy()
    right[:, : EDGE // 2] = 0
    found = redone(on_table(piece), right, stroke(Tool.ADD, 10, (150, 300)))
    assert overlap(found.alpha, piece.alpha, np.asarray(piece.alpha > 0)) > 0.97


def test_a_tap_adds_a_lost_part_of_many_colors_whole() -> None:
    """The network kept the bail and lost the stones below it."""
    piece = pieces.pendant(EDGE, chain=False)
    stones = np.zeros((EDGE, EDGE), bool)
    stones[370:] = True
    photo = on_table(piece, shade=40)
    found = redone(photo, without(piece.alpha, stones), stroke(Tool.ADD, 10, (310, 460)))
    assert overlap(found.alpha, piece.alpha, np.asarray(piece.alpha > 0)) > 0.95


def test_a_tap_on_the_table_adds_nothing() -> None:
    piece = pieces.golden(pieces.pair(EDGE))
    found = redone(on_table(piece), piece.alpha, stroke(Tool.ADD, 10, (300, 100)))
    assert (found.alpha == piece.alpha).all()
    assert found.notes[0].code is CutoutNote.CORRECTIONS_WITHOUT_EFFECT


def test_a_tapped_part_is_left_out_whole_and_the_other_stays() -> None:
    piece = pieces.pair(EDGE)
    found = redone(on_table(piece), piece.alpha, stroke(Tool.DROP, 10, (150, 300)))
    assert found.alpha[:, : EDGE // 2].max() == 0
    assert (found.alpha[:, EDGE // 2 :] == piece.alpha[:, EDGE // 2 :]).all()


def test_a_line_parts_what_touches_so_that_one_can_be_left_out() -> None:
    mask = np.zeros((EDGE, EDGE), np.uint8)
    for x in (200, 380):
        cv2.circle(mask, (x, 300), 100, 255, -1)
    piece = pieces.of(mask, pieces.metal(EDGE), pieces.Kind.EARRING)
    line = stroke(Tool.CUT, 1, (290, 180), (290, 420))
    found = redone(on_table(piece), piece.alpha, line, stroke(Tool.DROP, 8, (440, 300)))
    assert found.alpha[:, 300:].max() == 0
    assert (found.alpha[:, :280] == piece.alpha[:, :280]).all()


# Heal ----------------------------------------------------------------------


def test_healed_dust_is_gone_and_counted_and_nothing_else_is_touched() -> None:
    piece = pieces.golden(pieces.pendant(EDGE, chain=False))
    clean = on_table(piece, grain=0)
    dusty = clean.copy()
    cv2.circle(dusty, (300, 450), 4, (250, 250, 250), -1)
    found = redone(dusty, piece.alpha, stroke(Tool.HEAL, 7, (300, 450)))
    spot = np.zeros((EDGE, EDGE), bool)
    spot[440:461, 290:311] = True
    assert (found.rgb[~spot] == dusty[~spot]).all()
    before, after = (np.abs(floats(one) - clean)[spot].mean() for one in (dusty, found.rgb))
    assert after < 0.35 * before
    assert 100 < found.retouched_px < 250
    assert (found.alpha == piece.alpha).all()


def test_outside_the_piece_there_is_nothing_to_heal() -> None:
    piece = pieces.pendant(EDGE, chain=False)
    photo = on_table(piece)
    found = redone(photo, piece.alpha, stroke(Tool.HEAL, 20, (60, 60), (90, 60)))
    assert (found.rgb == photo).all()
    assert found.retouched_px == 0


# A list of them ----------------------------------------------------------------------


def some(tap: Point = (300.0, 300.0)) -> tuple[Correction, ...]:
    return (
        stroke(Tool.OPENING, 8, tap),
        stroke(Tool.KEEP, 25, (300, 80), (330, 90)),
        stroke(Tool.ERASE, 12, (120, 300), (100, 320)),
        stroke(Tool.HEAL, 6, (300, 90)),
    )


def test_the_same_corrections_give_the_same_bytes() -> None:
    piece = pieces.golden(pieces.ring(EDGE))
    photo, matte = on_table(piece), Matte(piece.rgba[..., 3].copy(), "isnet")
    first, second = (cut_by(photo, matte, corrections=some()) for _ in range(2))
    assert (first.rgba == second.rgba).all()
    assert first.retouched_px == second.retouched_px > 0


def test_a_shorter_list_is_the_undone_one() -> None:
    piece = pieces.golden(pieces.ring(EDGE))
    photo = on_table(piece)
    states = [redone(photo, piece.alpha, *some()[:count]) for count in range(5)]
    assert (states[0].alpha == piece.alpha).all()
    for count in range(4):
        again = redone(photo, piece.alpha, *some()[:count])
        assert (again.alpha == states[count].alpha).all()
        assert (again.rgb == states[count].rgb).all()


def test_a_photo_of_twice_the_size_gives_the_same_piece() -> None:
    piece, chain, path = lost_chain()
    photo, alpha = on_table(piece), without(piece.alpha, chain)
    small = redone(photo, alpha, stroke(Tool.KEEP, 20, *path)).alpha
    twice = stroke(Tool.KEEP, 40, *((2 * x, 2 * y) for x, y in path))
    large_photo = cv2.resize(photo, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    large_alpha = floats(cv2.resize(alpha, None, fx=2, fy=2, interpolation=cv2.INTER_LINEAR))
    large = redone(np.asarray(large_photo, np.uint8), large_alpha, twice).alpha
    shrunken = floats(cv2.resize(large, (900, 900), interpolation=cv2.INTER_AREA))
    assert overlap(shrunken, small, grown(chain, 41)) > 0.9


def test_a_better_networks_answer_gets_the_same_hints() -> None:
    """The former lost a strand and filled nothing; the other one fills the bore and has it all."""
    piece, chain, path = lost_chain()
    photo = on_table(piece)
    hints = (stroke(Tool.KEEP, 20, *path),)
    former = floats(without(piece.alpha, chain))
    better = np.clip(piece.alpha * 0.95, 0, 1)
    for answer in (former, floats(better)):
        matte = Matte(np.asarray(answer * 255, np.uint8), "isnet")
        found = cut_by(photo, matte, corrections=hints)
        assert overlap(found.alpha, piece.alpha, np.asarray(piece.alpha > 0)) > 0.9


def test_corrections_that_would_leave_nothing_arent_applied() -> None:
    piece = pieces.pair(EDGE)
    all_over = stroke(Tool.ERASE, 400, (0, 300), (600, 300))
    found = redone(on_table(piece), piece.alpha, all_over, all_over)
    assert (found.alpha == piece.alpha).all()
    assert found.notes[0].code is CutoutNote.CORRECTIONS_LEFT_NOTHING


def test_a_tap_never_leaves_out_the_piece_itself() -> None:
    piece = pieces.pair(EDGE)
    both = [stroke(Tool.DROP, 8, (x, 300)) for x in (150, 450)]
    found = redone(on_table(piece), piece.alpha, *both)
    assert found.alpha[:, : EDGE // 2].max() == 0
    assert (found.alpha[:, EDGE // 2 :] == piece.alpha[:, EDGE // 2 :]).all()
    assert found.notes[0].code is CutoutNote.CORRECTIONS_WITHOUT_EFFECT


def test_shreds_are_no_piece() -> None:
    """Erasing the one part leaves a crumb that lay beside it."""
    mask = np.zeros((EDGE, EDGE), np.uint8)
    mask[100:400, 100:400], mask[500:515, 500:518] = 255, 255
    piece = pieces.of(mask, pieces.metal(EDGE), pieces.Kind.RING)
    away = stroke(Tool.ERASE, 120, *((x, y) for y in (120, 250, 380) for x in (100, 400)))
    found = redone(on_table(piece), piece.alpha, away, away)
    assert (found.alpha == piece.alpha).all()
    assert found.notes[0].code is CutoutNote.CORRECTIONS_LEFT_NOTHING


def test_with_corrections_a_part_chosen_before_may_be_gone() -> None:
    piece = pieces.pair(EDGE)
    matte = Matte(piece.rgba[..., 3].copy(), "isnet")
    drop = (stroke(Tool.DROP, 8, (150, 300)),)
    found = cut_by(on_table(piece), matte, tapped=(150, 300), corrections=drop)
    assert found.box[0] > EDGE // 2


def test_a_network_that_sees_nothing_can_be_helped() -> None:
    piece = pieces.golden(pieces.pendant(900, chain=False))
    photo, nothing = on_table(piece), Matte(np.zeros((900, 900), np.uint8), "isnet")
    with pytest.raises(PieceNotFound):
        cut_by(photo, nothing, corrections=(stroke(Tool.HEAL, 8, (450, 675)),))
    painted = stroke(Tool.KEEP, 180, (450, 630))
    found = cut_by(photo, nothing, corrections=(painted,))
    deep = shrunk(np.asarray(piece.alpha > 0.5), 9)
    assert found.alpha[deep].mean() > 0.95
