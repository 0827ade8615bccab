"""A rim that is cut slanting is the piece's own: the finger doesn't hide it."""

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import Mask, floats
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.placement import place
from jewelrymodel.studio.render import RenderRequest, render
from jewelrymodel.studio.ring_band import band_outline, rim_reach
from tests.support import pieces

EDGE, ACROSS, RIM, LENGTH, WALL = 460, 170, 70, 90, 0.88


def band(reach_px: int) -> tuple[Cutout, Mask]:
    """A gray band whose axis comes downwards, with a bright front rim that reaches so far into its
    dark opening; the rim's nearer half besides.
    """
    back = (EDGE - LENGTH) / 2
    mask, colors = np.zeros((EDGE, EDGE), np.uint8), np.full((EDGE, EDGE, 3), 120, np.uint8)
    for far in range(LENGTH + 1):
        cv2.ellipse(mask, box(back + far, 1.0), 255, -1)
    front = np.zeros_like(mask)
    cv2.ellipse(front, box(back + LENGTH, 1.0), 255, -1)
    opening = np.zeros_like(mask)
    cv2.ellipse(opening, box(back + LENGTH + reach_px, WALL), 255, -1)
    rim = (front > 0) & (opening == 0)
    colors[rim], colors[(front > 0) & ~rim] = 225, 25
    nearer = rim & (np.arange(EDGE)[:, None] < back + LENGTH - 0.4 * RIM)
    return pieces.of(mask, colors, Kind.RING), nearer


def box(y: float, size: float) -> tuple[tuple[float, float], tuple[float, float], float]:
    return (EDGE / 2, y), (2 * ACROSS * size, 2 * RIM * size), 0.0


@pytest.mark.parametrize("reach_px", [0, 8, 16])
def test_how_far_it_reaches_is_found(reach_px: int) -> None:
    piece, _ = band(reach_px)
    outline = band_outline(np.asarray(piece.rgba[..., 3] > 127))
    sign = 1 if outline.along[1] > 0 else -1
    assert rim_reach(piece.rgba, outline, sign, WALL) == pytest.approx(reach_px, abs=4)


@pytest.mark.parametrize("reach_px", [0, 16])
def test_worn_the_nearer_half_of_the_rim_is_seen_whole(reach_px: int) -> None:
    piece, nearer = band(reach_px)
    made = render(piece, RenderRequest(Kind.RING, "hand-light", 17, 480))
    declared = made.declaration
    assert declared.visible is not None
    whole = place(piece.rgba, declared.transform, (480, 480))
    rim = cv2.warpAffine(floats(nearer), declared.transform, (480, 480), flags=cv2.INTER_LINEAR)
    inside = (rim > 0.9) & (whole.cover > 0.9)
    assert inside.sum() > 100
    assert float((declared.visible[inside] > 0.5).mean()) > 0.97
    assert made.fidelity.passed
