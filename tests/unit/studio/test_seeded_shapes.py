"""Invented pieces have the parts that damage is done to, and come in every metal."""

import pytest

from jewelrymodel.studio.fidelity import MAX_SPOT_KNOWN
from tests.support.seeded_jewelry import METALS
from tests.support.seeded_shapes import SHAPES, shaped

EDGE = 400
WITHOUT_STRAND = {"ring", "hoop", "stud", "signet", "pavé"}


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_has_every_part_that_can_be_damaged(name: str) -> None:
    piece = shaped(3, name, EDGE)
    area = piece.cutout.alpha.sum()
    assert piece.cutout.kind is SHAPES[name].kind
    assert piece.size_mm == SHAPES[name].size_mm
    for part in (piece.prong, piece.stone, piece.engraving, piece.opening):
        assert part.sum() > MAX_SPOT_KNOWN * area
    assert bool(piece.strand.any()) is (name not in WITHOUT_STRAND)
    assert (piece.opening * piece.cutout.alpha).sum() < 0.3 * piece.opening.sum()


def test_seeds_go_through_all_metals_and_repeat_themselves() -> None:
    pieces = [shaped(seed, "stud", 200) for seed in range(1, len(METALS) + 1)]
    assert {piece.metal for piece in pieces} == set(METALS)
    again = shaped(1, "stud", 200).cutout.rgba
    assert (pieces[0].cutout.rgba == again).all()
    assert (pieces[1].cutout.rgba[..., 3] != again[..., 3]).any()
