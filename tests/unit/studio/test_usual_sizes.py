"""A stud is proposed as small as studs are, by the form of its cutout."""

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import Bytes, floats
from jewelrymodel.studio.components import components_of
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.usual_sizes import (
    DROP_MM,
    HOOP_MM,
    STUD_MM,
    USUAL_SIZES_MM,
    usual_size_mm,
)

EDGE_PX = 300
Ellipse = tuple[int, int, int, int, int]


def drawn(*ellipses: Ellipse) -> Bytes:
    """A mask of ellipses (x, y, half width, half height, thickness)."""
    mask = np.zeros((EDGE_PX, EDGE_PX), np.uint8)
    for x, y, half_width, half_height, thick in ellipses:
        cv2.ellipse(mask, (x, y), (half_width, half_height), 0, 0, 360, 255, thick, cv2.LINE_AA)
    return mask


def usual(kind: Kind, mask: Bytes) -> float:
    alpha = floats(mask / 255)
    return usual_size_mm(kind, alpha, components_of(alpha))


STUD = (80, 150, 50, 50, -1)


@pytest.mark.parametrize(
    ("mask", "size_mm"),
    [
        (drawn(STUD), STUD_MM),
        (drawn(STUD, (220, 150, 50, 50, -1)), STUD_MM),  # a pair
        (drawn(STUD, (179, 150, 50, 50, -1)), STUD_MM),  # a pair that touches
        (drawn((150, 150, 90, 100, 14)), HOOP_MM),
        (drawn((150, 150, 25, 100, -1)), DROP_MM),
        (drawn((75, 150, 70, 130, -1), (219, 150, 70, 130, -1)), DROP_MM),  # two that touch
        (drawn((150, 200, 60, 60, -1), (150, 125, 20, 30, 5)), HOOP_MM),  # on a wire
        (drawn((90, 220, 70, 20, -1), (160, 160, 20, 70, -1), (220, 90, 70, 20, -1)), HOOP_MM),
    ],
)
def test_the_form_of_an_earring_tells_a_stud_from_what_hangs(mask: Bytes, size_mm: float) -> None:
    assert usual(Kind.EARRING, mask) == size_mm


def test_a_filigree_disc_on_an_ear_wire_is_no_stud() -> None:
    mask = drawn((150, 190, 90, 90, -1))
    cv2.ellipse(mask, (120, 100), (45, 60), 0, 150, 350, 255, 6)
    assert usual(Kind.EARRING, mask) == HOOP_MM
    assert usual(Kind.EARRING, drawn((150, 190, 90, 90, -1))) == STUD_MM


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.EARRING])
def test_other_kinds_have_one_usual_size(kind: Kind) -> None:
    assert usual(kind, drawn(STUD)) == USUAL_SIZES_MM[kind]


def test_nothing_to_measure_has_its_kinds_usual_size() -> None:
    assert usual_size_mm(Kind.EARRING, floats(drawn() / 255), ()) == USUAL_SIZES_MM[Kind.EARRING]
