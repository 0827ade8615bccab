"""The skin of our ears and the hair behind them."""

from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.template_tools import template_tool

EDGE, PX_PER_MM, FOCAL_PX = 420, 6.0, 2400.0
FAR_MM = FOCAL_PX / PX_PER_MM
EAR_PX, PIERCING_PX = np.s_[20:190, 170:260], (215.0, 180.0)


Picture = NDArray[np.float32]


@pytest.fixture(scope="module")
def pictures() -> tuple[Picture, Picture, Picture]:
    """One before, and what came of it, made twice."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        tool = template_tool(monkeypatch, "ear_skin")
        before, after = dressed(tool)
        return before, after, dressed(tool)[1]


def parts() -> NDArray[np.uint8]:
    """A flat head right of the background, an ear on it."""
    part = np.zeros((EDGE, EDGE), np.uint8)
    part[:, 60:] = 1
    part[EAR_PX] = 17
    return part


def dressed(ear_skin: ModuleType) -> tuple[Picture, Picture]:
    """The picture before and after."""
    import skin_surface

    part = parts()
    middle = (np.arange(EDGE, dtype=np.float32) + 0.5 - EDGE / 2) / PX_PER_MM
    across, down = np.meshgrid(middle, middle)
    normal = np.zeros((3, EDGE, EDGE), np.float32)
    normal[2] = -1
    places = np.stack([across, down, np.full_like(across, FAR_MM)])
    key = np.array([0.2158, -0.3891, -0.8956], np.float32)
    skin = (part > 0).astype(np.float32)
    surface = skin_surface.Surface(places, normal, key, np.full_like(across, 0.9), skin, 5)
    piercing_mm = [(at - EDGE / 2) / PX_PER_MM for at in PIERCING_PX]
    anchors: dict[str, Any] = {
        "px_per_mm": PX_PER_MM,
        "lobe": {"px": list(PIERCING_PX), "camera_mm": [*piercing_mm, FAR_MM]},
    }
    color = np.where(part[..., None] > 0, (214, 165, 140), (150, 150, 150))
    before = (color / 255).astype(np.float32)
    described = {"anchors": anchors, "tone": "light", "camera": {"focal_px": FOCAL_PX}}
    return before, ear_skin.dressed(before, surface, described, part)


def test_hair_grows_behind_the_ear_only(pictures: tuple[Picture, Picture, Picture]) -> None:
    before, after, _ = pictures
    assert after[20:60, 70:120].mean() < 0.5 * before[20:60, 70:120].mean()
    for place in (np.s_[20:180, 180:250], np.s_[:, 270:], np.s_[300:, 65:]):  # ear, cheek, neck
        assert after[place].mean() == pytest.approx(before[place].mean(), rel=0.06)
    assert np.abs(after[:, :45] - before[:, :45]).max() < 0.01


def test_an_ear_is_redder_than_the_neck(pictures: tuple[Picture, Picture, Picture]) -> None:
    _, after, _ = pictures
    ear, neck = after[60:150, 190:240].mean((0, 1)), after[320:400, 100:200].mean((0, 1))
    assert ear[0] / ear[1] > 1.02 * neck[0] / neck[1]


def test_the_same_ear_comes_out_the_same(pictures: tuple[Picture, Picture, Picture]) -> None:
    assert np.array_equal(pictures[1], pictures[2])
