"""How a photo shows a ring is read from what is visible of it: rings of known geometry, seen from
every usual side.
"""

import numpy as np
import pytest

from jewelrymodel.studio.arrays import floats
from jewelrymodel.studio.messages import ViewProblem
from jewelrymodel.studio.render_request import ViewRefused
from jewelrymodel.studio.ring_view import ring_view, solid_inside
from tests.support import pieces
from tests.support.drawn_rings import SolidRing, photographed, turned

EDGE, FRAME_MM = 400, 30
PLAIN, NARROW = SolidRing(breadth=6), SolidRing(breadth=2.2)
HEADED, SOLITAIRE = SolidRing(head=(4, 4, 2.6)), SolidRing(breadth=2, head=(2.6, 2.6, 2))
VIEWS = [
    (PLAIN, 5, 20), (PLAIN, 20, -50), (PLAIN, 35, 120), (PLAIN, 55, 10),
    (NARROW, 20, -50), (NARROW, 35, 120), (NARROW, 55, 10),
    (HEADED, 5, 20), (HEADED, 20, -50), (HEADED, 35, 120), (HEADED, 55, 10),
    (SOLITAIRE, 20, -50), (SOLITAIRE, 35, 120), (SOLITAIRE, 55, 10),
]  # fmt: skip


@pytest.mark.parametrize(("ring", "tilt_deg", "roll_deg"), VIEWS)
def test_the_rim_is_found_in_every_usual_view(
    ring: SolidRing, tilt_deg: float, roll_deg: float
) -> None:
    view = ring_view(photographed(ring, turned(tilt_deg, roll_deg), EDGE).rgba)
    facing_deg = float(np.degrees(np.arctan2(view.facing[1], view.facing[0])))
    assert (facing_deg - 90 - roll_deg + 180) % 360 - 180 == pytest.approx(0, abs=4)
    assert np.degrees(np.arcsin(view.ratio)) == pytest.approx(tilt_deg, abs=4)
    assert view.across * FRAME_MM / EDGE == pytest.approx(ring.inner, rel=0.08)


def test_seen_through_from_the_front_the_head_says_which_way_is_up() -> None:
    view = ring_view(photographed(HEADED, turned(85, 0), EDGE).rgba)
    assert view.facing == pytest.approx([0, 1], abs=0.05)
    assert view.ratio > 0.9


def test_a_head_in_front_of_the_opening_stays_in_front_of_the_finger() -> None:
    cutout = photographed(HEADED, turned(20, 0), EDGE)
    head = ring_view(cutout.rgba).head
    assert head is not None
    red = cutout.rgba[head][:, 0].astype(int) - cutout.rgba[head][:, 1]
    assert np.mean(red > 60) > 0.8  # the stone is, the band isn't


def test_what_says_nothing_of_the_finger_is_refused() -> None:
    stone = pieces.pendant(chain=False)
    with pytest.raises(ViewRefused) as nothing:
        ring_view(stone.rgba)
    assert nothing.value.message.code is ViewProblem.NO_OPENING
    with pytest.raises(ViewRefused) as several:
        ring_view(np.hstack([stone.rgba, stone.rgba]))
    assert several.value.message.code is ViewProblem.SEVERAL_RINGS
    with pytest.raises(ViewRefused) as empty:
        ring_view(np.zeros((40, 40, 4), np.uint8))
    assert empty.value.message.code is ViewProblem.NO_OPENING


def test_a_head_at_the_side_of_the_band_is_refused() -> None:
    with pytest.raises(ViewRefused) as aside:
        ring_view(photographed(HEADED, turned(35, 0, head_deg=60), EDGE).rgba)
    assert aside.value.message.code is ViewProblem.HEAD_ASIDE


def test_only_the_inside_becomes_opaque() -> None:
    rgba = pieces.ring().rgba.copy()
    rgba[..., 3] = np.where(rgba[..., 3] > 250, 240, rgba[..., 3])
    solid = solid_inside(rgba)
    assert (solid[..., 3] == 255).sum() > 0.5 * (rgba[..., 3] == 240).sum()
    assert floats(solid[..., 3])[rgba[..., 3] < 220] == pytest.approx(
        floats(rgba[..., 3])[rgba[..., 3] < 220]
    )
