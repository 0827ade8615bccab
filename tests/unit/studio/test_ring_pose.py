"""A ring stands or lies as it was photographed, and what stands touches the ground."""

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import Floats, floats, to_linear
from jewelrymodel.studio.looks import LOOKS, SCENES
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.placement import Layer
from jewelrymodel.studio.render import RenderRequest, render
from jewelrymodel.studio.ring_pose import LYING, pose_of
from jewelrymodel.studio.scene_floor import foot_of, standing_shadow
from jewelrymodel.studio.scene_placement import planned
from tests.support import pieces

EDGE = 480


def ellipse(across: int, down: int, *, head: bool = True, thick: int = 14) -> Floats:
    """A band seen as an ellipse of these axes, its head at the top."""
    mask = np.zeros((500, 500), np.uint8)
    cv2.ellipse(mask, (250, 260), (across, down), 0, 0, 360, 255, thick, cv2.LINE_AA)
    if head:
        cv2.circle(mask, (250, 260 - down - 14), 34, 255, -1, cv2.LINE_AA)
    return floats(mask) / np.float32(255)


@pytest.mark.parametrize(
    ("down", "camera_deg"), [(150, 10), (146, 13), (130, 30), (106, 45), (75, 60)]
)
def test_a_standing_ring_is_seen_from_as_high_as_its_ellipse_says(
    down: int, camera_deg: float
) -> None:
    pose = pose_of(ellipse(150, down), Kind.RING)
    assert pose.stands
    assert pose.camera_deg == pytest.approx(camera_deg, abs=3)


def test_without_a_head_on_top_a_flat_ellipse_lies() -> None:
    pose = pose_of(ellipse(150, 90, head=False), Kind.RING)
    assert not pose.stands
    assert pose.camera_deg == pytest.approx(36, abs=2)


def test_a_ring_whose_opening_does_not_show() -> None:
    def block(width: int, height: int, *, head: bool = False) -> Floats:
        mask = np.zeros((500, 500), np.float32)
        mask[250 - height // 2 : 250 + height // 2, 250 - width // 2 : 250 + width // 2] = 1
        if head:
            cv2.circle(mask, (250, 250), 90, 1.0, -1)
        return mask

    edge_on, band, from_above = block(70, 260), block(260, 80), block(330, 30, head=True)
    assert [pose_of(one, Kind.RING).stands for one in (edge_on, band, from_above)] == [
        True, True, False,
    ]  # fmt: skip
    assert pose_of(from_above, Kind.RING) == LYING
    assert pose_of(edge_on, Kind.PENDANT) == LYING


def test_rings_of_a_set_stand_on_one_ground_or_all_lie() -> None:
    one, two = ellipse(80, 80), ellipse(80, 80)
    level = np.hstack([one, two])
    stepped = np.hstack([one, np.roll(two, -120, 0)])
    assert pose_of(floats(level), Kind.RING).stands
    assert pose_of(floats(stepped), Kind.RING) == LYING


def test_the_foot_is_the_lowest_metal_and_no_shadow_below_it() -> None:
    cover = ellipse(150, 150)
    foot = foot_of(cover)
    hazy = cover.copy()
    hazy[int(foot) : int(foot) + 23, 150:350] = 0.4
    assert foot_of(hazy) == foot


@pytest.mark.parametrize("look_id", [look.id for look in SCENES])
def test_a_ring_with_a_shadow_of_its_own_stands_with_its_metal(look_id: str) -> None:
    ring = pieces.ring()
    rows = np.flatnonzero((ring.alpha > 0.9).any(1))
    rgba = ring.rgba.copy()
    rgba[rows[-1] + 1 : rows[-1] + 24, 180:320, 3] = 90  # the photo's own shadow, kept by the matte
    hazy = pieces.of(rgba[..., 3], rgba[..., :3], Kind.RING)
    request = RenderRequest(Kind.RING, look_id, 18, EDGE)
    plans = [planned(one, LOOKS[look_id], request) for one in (ring, hazy)]
    feet = [float(plan.matrix[1, 1] * (rows[-1] + 1) + plan.matrix[1, 2]) for plan in plans]
    assert all(plan.pose.stands for plan in plans)
    assert feet[1] == pytest.approx(feet[0], abs=0.02 * EDGE)


def test_contact_is_dark_below_the_lowest_metal_and_fades_as_the_arc_rises() -> None:
    ring = pieces.ring(EDGE)
    made = render(ring, RenderRequest(Kind.RING, "sweep", 18, EDGE))
    alpha = ring.alpha
    matrix = made.declaration.transform
    cover = cv2.warpAffine(alpha, matrix, (EDGE, EDGE))
    foot = round(foot_of(floats(cover)))
    behind = made.declaration.behind
    assert behind is not None
    row = behind[min(foot, EDGE - 1)].mean(1)
    middle = EDGE // 2
    assert row[middle] < 0.75 * row[middle - EDGE // 5]
    assert row[middle] < 0.75 * float(to_linear(np.array([0.9, 0.83, 0.79])).mean())


def test_nothing_lies_in_the_shadow_of_no_piece() -> None:
    nothing = Layer(np.zeros((90, 90, 3), np.float32), np.zeros((90, 90), np.float32))
    assert float(standing_shadow(nothing, 70, 15, 0.6).min()) > 0.99
