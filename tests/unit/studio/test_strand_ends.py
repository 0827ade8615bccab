"""An end of a chain never hangs in the middle of a scene: it runs out where the picture ends."""

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import floats
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.looks import LOOKS
from jewelrymodel.studio.messages import ViewProblem
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.placement import reach_of
from jewelrymodel.studio.render_request import RenderRequest, ViewRefused
from jewelrymodel.studio.scene_placement import planned
from jewelrymodel.studio.strand_ends import lower_end
from tests.support import pieces

EDGE = 600


def hung(left_top: int, right_top: int, *, closed: bool = False) -> Cutout:
    """A disc on two thick strands that end at these rows."""
    mask = np.zeros((EDGE, EDGE), np.uint8)
    cv2.circle(mask, (300, 450), 90, 255, -1)
    for x, top in ((120, left_top), (480, right_top)):
        across = (top - 450) / (100 - 450)
        end = (round(300 + (x - 300) * across), top)
        cv2.line(mask, (300, 400), end, 255, 9)
    if closed:
        cv2.line(mask, (120, left_top), (480, right_top), 255, 9)
    return pieces.golden(pieces.of(mask, pieces.facets(EDGE), Kind.PENDANT))


@pytest.mark.parametrize(("left", "right"), [(100, 100), (100, 120), (140, 100)])
def test_the_lower_of_two_ends_counts(left: int, right: int) -> None:
    assert lower_end(hung(left, right).alpha) == pytest.approx(max(left, right), abs=6)


def test_a_chain_that_closes_has_no_ends() -> None:
    assert lower_end(hung(100, 100, closed=True).alpha) is None


@pytest.mark.parametrize("alpha", [pieces.ring(EDGE).alpha, floats(np.zeros((9, 9)))])
def test_without_two_strands_there_are_no_ends(alpha: np.ndarray) -> None:
    assert lower_end(alpha) is None


def test_the_ends_of_a_pendants_chain_lie_on_the_pictures_edge() -> None:
    piece = hung(100, 104)
    plan = planned(piece, LOOKS["linen"], RenderRequest(Kind.PENDANT, "linen", 25, EDGE, "1:1"))
    assert plan.left_out is not None
    kept = floats(piece.alpha * (plan.left_out == 0))
    assert reach_of(kept, plan.matrix)[1] == pytest.approx(0, abs=1.5)


def test_ends_of_different_heights_are_refused() -> None:
    request = RenderRequest(Kind.NECKLACE, "linen", 200, EDGE, "1:1")
    piece = hung(100, 240)
    cut = pieces.of(piece.rgba[100:, :, 3].copy(), piece.rgba[100:, :, :3], Kind.NECKLACE)
    with pytest.raises(ViewRefused) as refused:
        planned(cut, LOOKS["linen"], request)
    assert refused.value.code == ViewProblem.LOOSE_END


def test_a_piece_that_the_photo_cut_at_three_sides_is_refused_as_cut_off() -> None:
    mask = np.zeros((EDGE, EDGE), np.uint8)
    cv2.line(mask, (0, 300), (EDGE, 300), 255, 30)
    cv2.line(mask, (300, 0), (300, 580), 255, 30)
    piece = pieces.of(mask[:, 100:500].copy(), pieces.facets(EDGE)[:, 100:500], Kind.NECKLACE)
    with pytest.raises(ViewRefused) as refused:
        planned(piece, LOOKS["linen"], RenderRequest(Kind.NECKLACE, "linen", 90, EDGE, "1:1"))
    assert refused.value.code == ViewProblem.CUT_OFF
