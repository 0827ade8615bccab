"""The kind is guessed from the outline; where that doesn't tell, the seller is asked."""

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import Bytes, floats
from jewelrymodel.studio.components import components_of
from jewelrymodel.studio.piece_kinds import Kind, KindReason, guess_kind
from tests.support import pieces

EDGE = 600


def drawn(*strokes: tuple[str, tuple[int, ...], int]) -> Bytes:
    """A mask of ellipses (x, y, half width, half height) and lines (x, y, x, y)."""
    mask = np.zeros((EDGE, EDGE), np.uint8)
    for how, (a, b, c, d), thick in strokes:
        if how == "ellipse":
            cv2.ellipse(mask, (a, b), (c, d), 0, 0, 360, 255, thick, cv2.LINE_AA)
        else:
            cv2.line(mask, (a, b), (c, d), 255, thick, cv2.LINE_AA)
    return mask


def beads(half_width: int, half_height: int, radius: int, count: int = 60) -> Bytes:
    """Beads on a closed strand."""
    mask = drawn(("ellipse", (300, 300, half_width, half_height), 3))
    for turn in np.linspace(0, 2 * np.pi, count, endpoint=False):
        x, y = 300 + half_width * np.cos(turn), 300 + half_height * np.sin(turn)
        cv2.circle(mask, (int(x), int(y)), radius, 255, -1, cv2.LINE_AA)
    return mask


def guessed(mask: Bytes, rgb: Bytes | None = None) -> tuple[Kind, KindReason]:
    alpha = floats(mask / 255)
    colors = pieces.metal(EDGE) if rgb is None else rgb
    return guess_kind(alpha, components_of(alpha), colors)


@pytest.mark.parametrize(
    ("mask", "kind"),
    [
        (drawn(("ellipse", (300, 300, 170, 190), 40)), Kind.RING),  # through its opening
        (drawn(("ellipse", (300, 300, 140, 190), -1)), Kind.RING),  # from three quarters
        (drawn(("ellipse", (300, 300, 250, 90), -1)), Kind.RING),  # from the side
        (beads(230, 250, 12), Kind.NECKLACE),
        (drawn(("line", (150, 30, 300, 400), 3), ("line", (450, 30, 300, 400), 3)), Kind.NECKLACE),
        (
            drawn(("ellipse", (300, 380, 120, 120), -1), ("ellipse", (300, 230, 25, 50), 12)),
            Kind.PENDANT,
        ),
        (
            drawn(("ellipse", (170, 300, 120, 130), 24), ("ellipse", (415, 300, 120, 130), 24)),
            Kind.EARRING,  # two hoops that touch
        ),
        (
            drawn(("ellipse", (170, 300, 125, 200), -1), ("ellipse", (420, 300, 125, 200), -1)),
            Kind.EARRING,  # two drops that touch
        ),
    ],
)
def test_an_outline_that_tells_its_kind(mask: Bytes, kind: Kind) -> None:
    found, reason = guessed(mask)
    assert (found, reason is KindReason.NOT_SURE) == (kind, False)


def test_a_loop_of_large_beads_is_a_bracelet() -> None:
    assert guessed(beads(200, 200, 40, 16))[0] is Kind.BRACELET


def test_a_thin_smooth_band_may_be_a_bangle() -> None:
    assert guessed(drawn(("ellipse", (300, 300, 250, 250), 32))) == (Kind.RING, KindReason.NOT_SURE)


def test_a_chain_that_runs_through_the_photo_may_be_a_necklace_or_a_bracelet() -> None:
    mask = drawn(("line", (0, 200, 600, 260), 30), ("line", (0, 400, 600, 460), 30))
    assert guessed(mask)[1] is KindReason.NOT_SURE


@pytest.mark.parametrize(
    ("mask", "kind"),
    [
        (drawn(("line", (60, 300, 540, 300), 20), ("line", (240, 240, 360, 360), 90)), "bracelet"),
        (drawn(("line", (200, 400, 440, 400), 90), ("line", (320, 240, 320, 400), 90)), "ring"),
        (drawn(("line", (320, 160, 320, 500), 90), ("line", (200, 160, 440, 160), 70)), "pendant"),
    ],
)
def test_an_outline_that_tells_nothing_is_asked_about(mask: Bytes, kind: str) -> None:
    assert guessed(mask) == (Kind(kind), KindReason.NOT_SURE)


def test_a_bead_beside_a_piece_makes_no_pair() -> None:
    mask = drawn(("ellipse", (170, 300, 90, 110), -1), ("ellipse", (430, 300, 90, 110), -1))
    gold = pieces.metal(EDGE)
    blue = gold.copy()
    blue[:, 300:] = pieces.metal(EDGE, (40, 70, 200))[:, 300:]
    assert guessed(mask, gold) == (Kind.EARRING, KindReason.TWO_ALIKE)
    assert guessed(mask, blue)[1] is not KindReason.TWO_ALIKE
