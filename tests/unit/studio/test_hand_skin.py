"""The skin and nails of our hands: folds lie across the joints, nails where the mesh has them, and
light is what the set's lamps give.
"""

from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.template_tools import template_tool

EDGE, PX_PER_MM, FOCAL_PX = 460, 8.0, 2400.0
FAR_MM = FOCAL_PX / PX_PER_MM
JOINTS_MM = (-24.0, -5.0, 0.0, 28.0)  # of the ring finger, down the picture; the first is above it
HALF_MM = 6.5


@pytest.fixture
def hand_skin(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    return template_tool(monkeypatch, "hand_skin")


def parts() -> NDArray[np.uint8]:
    """A flat ring finger in the picture's middle: its three segments, one above the other."""
    part = np.zeros((EDGE, EDGE), np.uint8)
    down = ((np.arange(EDGE) + 0.5 - EDGE / 2) / PX_PER_MM)[:, None]
    across = np.abs(down.T) < HALF_MM
    for identity, top, end in (
        (8, -29, JOINTS_MM[1]),
        (9, JOINTS_MM[1], JOINTS_MM[2]),
        (10, 0, 27),
    ):
        part[(down >= top) & (down < end) & across] = identity
    return part


def anchors() -> dict[str, Any]:
    """The other fingers lie outside the picture."""
    fingers = {}
    for number, name in enumerate(("index", "middle", "ring", "little")):
        aside = 0.0 if name == "ring" else 200.0 + 20 * number
        fingers[name] = {
            "parts": [2 + 3 * number, 3 + 3 * number, 4 + 3 * number],
            "joints_camera_mm": [[aside, down, FAR_MM] for down in JOINTS_MM],
            "back_camera": [0, 0, -1],
        }
    return {"fingers": fingers, "px_per_mm": PX_PER_MM}


def surface(part: NDArray[np.uint8]) -> Any:
    """A plane that faces the camera."""
    import skin_surface

    middle = (np.arange(EDGE, dtype=np.float32) + 0.5 - EDGE / 2) / PX_PER_MM
    across, down = np.meshgrid(middle, middle)
    normal = np.zeros((3, EDGE, EDGE), np.float32)
    normal[2] = -1
    places = np.stack([across, down, np.full_like(across, FAR_MM)])
    lamp = np.array([-0.56, -0.61, -0.56], np.float32)
    skin = (part > 0).astype(np.float32)
    return skin_surface.Surface(places, normal, lamp, np.full_like(across, 0.56), skin, 5)


def described(tone: str = "light") -> dict[str, Any]:
    return {"anchors": anchors(), "tone": tone, "camera": {"focal_px": FOCAL_PX}}


def plain(part: NDArray[np.uint8]) -> NDArray[np.float32]:
    color = np.where(part[..., None] > 0, (214, 165, 140), (150, 150, 150))
    return (color / 255).astype(np.float32)


def test_a_hand_keeps_its_brightness_and_its_background(hand_skin: ModuleType) -> None:
    part = parts()
    before = plain(part)
    after = hand_skin.dressed(before, surface(part), described(), part)
    skin = part > 0
    assert np.array_equal(after[~skin], before[~skin])
    assert after[skin].mean() == pytest.approx(before[skin].mean(), rel=0.03)
    assert after[skin].std(0).min() > 0.01  # one flat color before
    assert np.array_equal(after, hand_skin.dressed(before, surface(part), described(), part))


def test_folds_run_across_the_joint(hand_skin: ModuleType) -> None:
    part, limbs = parts(), hand_skin.fingers_of(anchors())
    folds = hand_skin.folds_of(surface(part), part, limbs)
    along, across = np.gradient(folds.height_mm)
    assert np.abs(along).sum() > 3 * np.abs(across).sum()
    down = (np.nonzero(folds.depth > 0.2)[0] + 0.5 - EDGE / 2) / PX_PER_MM
    assert len(down) > 100
    from_joints = np.min(np.abs(down[:, None] - np.array(JOINTS_MM[1:3])), axis=1)
    assert from_joints.max() < 8
    assert folds.height_mm[~np.isin(part, (8, 9, 10))].max() == 0


def test_a_nail_lies_at_the_end_of_its_finger(hand_skin: ModuleType) -> None:
    part = parts()
    found = hand_skin.finger_nails.nails_of(surface(part), part, hand_skin.fingers_of(anchors()))
    assert len(found) == 1  # the other three fingers aren't in the picture
    rows = np.nonzero(found[0].plate > 0.5)[0]
    down = (rows + 0.5 - EDGE / 2) / PX_PER_MM
    shape = hand_skin.finger_nails.SHAPES["ring"]
    assert down.min() == pytest.approx(shape.begin, abs=0.3)
    assert down.max() < 27
    columns = np.nonzero(found[0].plate > 0.5)[1]
    assert np.ptp(columns) / PX_PER_MM == pytest.approx(2 * shape.half, abs=0.4)


def test_a_slope_tilts_the_surface_by_its_angle(hand_skin: ModuleType) -> None:
    part = parts()
    plane = surface(part)
    tilted = hand_skin.tilted(plane, 0.2 * plane.places[0], FOCAL_PX)
    angle = np.degrees(np.arctan2(tilted[0], -tilted[2]))[EDGE // 2, EDGE // 2]
    assert angle == pytest.approx(-np.degrees(np.arctan(0.2)), abs=0.1)


def test_the_lamps_are_found_again(hand_skin: ModuleType) -> None:
    import skin_light

    part = np.ones((EDGE, EDGE), np.uint8)
    plane = surface(part)
    down, across = np.meshgrid(*2 * [np.linspace(-0.9, 0.9, EDGE, dtype=np.float32)], indexing="ij")
    ball = skin_light.normalized(np.stack([across, down, -np.full_like(down, 0.6)]))
    plane.normal[:] = ball
    known = skin_light.Light(hand_skin.LAMPS, np.array([0.2, 0.5, 0.05, 0.1]), 0.0, 0.0)
    shade = known.shade(ball)
    found = skin_light.fitted(np.dstack([shade] * 3), plane, part, hand_skin.LAMPS)
    assert np.abs(found.shade(ball) / shade - 1).max() < 0.02
