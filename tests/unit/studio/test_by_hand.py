"""What a seller sets by hand is what is rendered: told to the check, and said where it deviates."""

import math

import numpy as np
import pytest

from jewelrymodel.studio.adjustment_bounds import ANYWHERE, WORN, bounds_of
from jewelrymodel.studio.composition import Adjustment, adjustment_of, size_px
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.looks import LookKind
from jewelrymodel.studio.messages import Alteration, message
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.placement import by_hand, similarity
from jewelrymodel.studio.render import Rendered, RenderRequest, ViewRefused, render
from jewelrymodel.studio.render_request import ASPECTS
from tests.support import pieces

EDGE = 480
RING = pieces.golden(pieces.ring())
BARE = pieces.golden(pieces.pendant(chain=False))
PAIR = pieces.hooked_pair()
LOOK_OF = [(RING, "hand-light"), (BARE, "neck-light"), (PAIR, "ear-light"), (RING, "marble"),
           (BARE, "linen"), (PAIR, "velvet"), (BARE, "packshot")]  # fmt: skip


def made(piece: Cutout, look_id: str, adjustment: Adjustment, aspect: str = "1:1") -> Rendered:
    return render(piece, RenderRequest(piece.kind, look_id, 20, EDGE, aspect, adjustment))


def place_of(piece: Cutout, result: Rendered) -> tuple[float, float]:
    """Where the middle of the piece's frame comes to lie."""
    rows, columns = (np.flatnonzero((piece.alpha > 0.5).any(axis)) for axis in (1, 0))
    middle = (columns[0] + columns[-1]) / 2, (rows[0] + rows[-1]) / 2
    x, y = result.declaration.transform @ np.array([*middle, 1.0])
    return float(x), float(y)


def test_it_turns_and_resizes_round_a_point_and_then_moves() -> None:
    matrix = similarity(2, (10, 10), (100, 200))
    set_by_hand = by_hand(matrix, (10, 10), Adjustment(0.1, -0.05, 90, 0.5), (400, 600))
    assert set_by_hand @ [10, 10, 1] == pytest.approx([140, 180])
    assert set_by_hand @ [20, 10, 1] == pytest.approx([140, 190])  # to the right is now down
    assert by_hand(matrix, (10, 10), Adjustment(), (400, 600)) is matrix


@pytest.mark.parametrize(("piece", "look_id"), LOOK_OF)
def test_what_is_set_is_what_is_rendered(piece: Cutout, look_id: str) -> None:
    by = Adjustment(right=0.01, down=0.02, turn_deg=4, size=1.05)
    usual, moved = (made(piece, look_id, one) for one in (Adjustment(), by))
    before, after = usual.declaration.transform, moved.declaration.transform
    scales = [abs(np.linalg.det(one[:, :2])) for one in (before, after)]
    assert math.sqrt(scales[1] / scales[0]) == pytest.approx(1.05, abs=0.001)
    assert moved.fidelity.passed, moved.fidelity
    assert moved.declaration.px_per_mm == pytest.approx(1.05 * (usual.declaration.px_per_mm or 0))
    if look_id in ("marble", "linen", "velvet"):
        (x, y), (new_x, new_y) = place_of(piece, usual), place_of(piece, moved)
        assert (new_x - x, new_y - y) == pytest.approx((0.01 * EDGE, 0.02 * EDGE), abs=1.5)


@pytest.mark.parametrize("aspect", list(ASPECTS))
def test_a_move_is_a_share_of_the_shorter_edge_in_every_format(aspect: str) -> None:
    shorter = min(size_px(aspect, EDGE))
    usual, moved = (made(BARE, "linen", one, aspect) for one in (Adjustment(), Adjustment(0.05)))
    x = place_of(BARE, moved)[0] - place_of(BARE, usual)[0]
    assert x == pytest.approx(0.05 * shorter, abs=0.5)


def test_worn_at_another_size_it_says_so_and_on_a_surface_the_camera_is_nearer() -> None:
    larger = Adjustment(size=1.1)
    said = message(Alteration.SIZE_SHOWN, shown_mm=22.0, size_mm=20)
    assert said in made(BARE, "neck-light", larger).alterations
    scene = {one.code for one in made(BARE, "linen", larger).alterations}
    assert Alteration.SIZE_SHOWN not in scene


def test_a_piece_enlarged_beyond_its_photo_says_so() -> None:
    small = pieces.pendant(200, chain=False)
    codes = [one.code for one in made(small, "linen", Adjustment()).alterations]
    assert Alteration.ENLARGED in codes
    large = pieces.pendant(1400, chain=False)
    codes = [one.code for one in made(large, "linen", Adjustment()).alterations]
    assert Alteration.ENLARGED not in codes


@pytest.mark.parametrize(
    ("piece", "look_id", "by", "code"),
    [
        (RING, "hand-light", Adjustment(right=0.08), "moved_too_far"),
        (RING, "hand-light", Adjustment(size=1.24), "moved_too_far"),
        (BARE, "neck-light", Adjustment(right=0.1), "moved_too_far"),
        (BARE, "neck-light", Adjustment(down=-0.1), "moved_too_far"),
        (BARE, "linen", Adjustment(right=0.4, size=1.6), "moved_out"),
        (RING, "marble", Adjustment(down=0.4), "moved_out"),
        (BARE, "packshot", Adjustment(right=0.2), "moved_out"),
        (pieces.on_chain(500).cutout, "linen", Adjustment(down=0.2), "moved_out"),
    ],
)
def test_what_would_look_wrong_is_refused(
    piece: Cutout, look_id: str, by: Adjustment, code: str
) -> None:
    with pytest.raises(ViewRefused) as caught:
        made(piece, look_id, by)
    assert caught.value.code == code


def test_a_piece_that_the_photo_cut_goes_on_running_out() -> None:
    cut = pieces.on_chain(500).cutout
    result = made(cut, "linen", Adjustment(down=-0.05, size=1.2))
    assert result.fidelity.passed, result.fidelity
    assert Alteration.RUNS_OUT_BEYOND in {one.code for one in result.alterations}


def test_bounds_are_narrow_on_models() -> None:
    assert (bounds_of(LookKind.MODEL), bounds_of(LookKind.SCENE)) == (WORN, ANYWHERE)
    assert WORN.hold(Adjustment(0.12, -0.12, -15, 1.25))
    for by in (Adjustment(0.13), Adjustment(down=-0.13), Adjustment(turn_deg=16),
               Adjustment(size=1.3), Adjustment(size=0.7)):  # fmt: skip
        assert not WORN.hold(by)


def test_an_adjustment_is_kept_as_json_and_nonsense_is_none() -> None:
    by = Adjustment(0.1234, -0.05, 12.5, 1.1)
    assert adjustment_of(by.stored) == by
    assert Adjustment().stored == {}
    assert adjustment_of({}) == Adjustment()
    for wrong in ({"right": "far"}, {"size": "nan"}, {"down": None}, {"turn_deg": "inf"}):
        with pytest.raises(ValueError, match=r"number|float"):
            adjustment_of(wrong)


def test_formats_show_about_as_much_of_a_model_as_a_square() -> None:
    for aspect in ASPECTS:
        request = RenderRequest(Kind.RING, "hand-light", 18, EDGE, aspect)
        width, height = request.size_px
        assert request.breadth == pytest.approx(math.sqrt(width / height))
