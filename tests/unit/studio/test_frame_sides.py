"""A piece that touches the photo's frame was cut by it, and the cutout says on which sides."""

import pytest

from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.frame_sides import Side
from jewelrymodel.studio.messages import ViewProblem
from jewelrymodel.studio.render import render
from jewelrymodel.studio.render_request import RenderRequest, ViewRefused, refuse_cut
from tests.support import pieces


@pytest.mark.parametrize(
    ("window", "sides"),
    [
        ((slice(0, 500), slice(0, 500)), set()),
        ((slice(0, 500), slice(120, 500)), {Side.LEFT}),
        ((slice(0, 300), slice(0, 380)), {Side.RIGHT, Side.BOTTOM}),
        ((slice(150, 500), slice(0, 500)), {Side.TOP}),
    ],
)
def test_a_cutout_knows_the_sides_that_cut_it(
    window: tuple[slice, slice], sides: set[Side]
) -> None:
    ring = pieces.ring(500)
    photo = pieces.of(ring.rgba[window][..., 3], ring.rgba[window][..., :3], ring.kind)
    assert photo.cut_at_frame == sides


def cropped(piece: Cutout, *, top: int = 0, bottom: int = 0) -> Cutout:
    """The piece in a photo that ends so many pixels further in."""
    rows = slice(top, piece.rgba.shape[0] - bottom)
    return pieces.of(piece.rgba[rows][..., 3], piece.rgba[rows][..., :3], piece.kind)


@pytest.mark.parametrize(
    ("piece", "look_id"),
    [
        (cropped(pieces.golden(pieces.ring()), bottom=90), "hand-light"),
        (cropped(pieces.golden(pieces.pair()), bottom=200), "ear-light"),
        (cropped(pieces.on_chain(500).cutout, bottom=90), "neck-light"),
    ],
)
def test_a_piece_that_the_photo_cut_is_worn_in_no_look(piece: Cutout, look_id: str) -> None:
    with pytest.raises(ViewRefused) as refused:
        render(piece, RenderRequest(piece.kind, look_id, 20, 440, "1:1"))
    assert refused.value.code == ViewProblem.PIECE_CUT


def test_what_hangs_may_be_cut_at_its_top() -> None:
    hung = cropped(pieces.on_chain(500).cutout, top=40)
    assert hung.cut_at_frame == {Side.TOP}
    refuse_cut(hung.alpha, hangs=True)
    with pytest.raises(ViewRefused):
        refuse_cut(hung.alpha)
