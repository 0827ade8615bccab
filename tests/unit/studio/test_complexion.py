"""The skin of our people: layers of color, fine relief and a broken gloss, made beside the bake."""

import importlib
import json
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from jewelrymodel.studio.model_templates import PACK
from tests.support.template_tools import template_tool

EDGE, PX_PER_MM, FOCAL_PX = 128, 8.0, 2400.0
LAMP = np.array([-0.4, -0.4, -0.82], np.float32)


@pytest.fixture
def complexion(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The tool, which stands outside the package."""
    return template_tool(monkeypatch, "complexion")


def half_skin() -> NDArray[np.uint8]:
    part = np.zeros((EDGE, EDGE), np.uint8)
    part[:, EDGE // 4 :] = 1
    return part


def template(folder: Path, kind: str = "wrist") -> Path:
    """A small one: a flat back of a hand before gray paper."""
    folder.mkdir()
    part = half_skin()
    picture = np.where(part[..., None] > 0, (214, 165, 140), (150, 150, 150)).astype(np.uint8)
    Image.fromarray(picture).save(folder / "picture.webp", quality=98)
    Image.fromarray(part).save(folder / "parts.png")
    half = part[::2, ::2]
    Image.fromarray(np.where(half > 0, 401, 0).astype(np.uint16)).save(folder / "depth.png")
    facing = np.where(half[..., None] > 0, (128, 128, 1), (0, 0, 0)).astype(np.uint8)
    Image.fromarray(facing).save(folder / "normals.png")
    limb = {"axis_camera": [0, 1, 0], "px_per_mm": PX_PER_MM}
    description = {
        "id": folder.name, "kind": kind, "tone": "light",
        "camera": {"focal_px": FOCAL_PX}, "light": {"key_direction": LAMP.tolist()},
        "passes": {"depth": {"near_mm": 280.0, "unit_mm": 0.05}}, "anchors": {"wrist": limb},
    }  # fmt: skip
    (folder / "template.json").write_text(json.dumps(description, indent=1) + "\n")
    return folder


def picture_of(folder: Path) -> NDArray[np.float64]:
    return np.asarray(Image.open(folder / "picture.webp").convert("RGB")).astype(np.float64)


def test_skin_gets_detail_and_keeps_its_color(complexion: ModuleType, tmp_path: Path) -> None:
    folder = template(tmp_path / "wrist-small")
    before = picture_of(folder)
    complexion.work_over(folder)
    after, skin = picture_of(folder), np.s_[8:-8, EDGE // 4 + 8 : -8]
    assert after[skin].std((0, 1)).min() > 2 * before[skin].std((0, 1)).max()
    assert np.abs(after[skin].mean((0, 1)) / before[skin].mean((0, 1)) - 1).max() < 0.02
    paper = np.s_[:, : EDGE // 4 - 8]
    assert np.abs(after[paper] - before[paper]).max() <= 3


def test_a_template_is_worked_over_once(complexion: ModuleType, tmp_path: Path) -> None:
    folder = template(tmp_path / "wrist-small")
    complexion.work_over(folder)
    first = (folder / "picture.webp").read_bytes(), (folder / "template.json").read_text()
    assert json.loads(first[1])["complexion"] == complexion.EDITION
    complexion.work_over(folder)
    assert first == (
        (folder / "picture.webp").read_bytes(), (folder / "template.json").read_text()
    )  # fmt: skip


def test_the_same_template_comes_out_the_same(complexion: ModuleType, tmp_path: Path) -> None:
    made = []
    for where in ("one", "two"):
        (tmp_path / where).mkdir()
        folder = template(tmp_path / where / "wrist-small")
        complexion.work_over(folder)
        made.append((folder / "picture.webp").read_bytes())
    assert made[0] == made[1]


def test_the_relief_of_the_bake_is_taken_back(complexion: ModuleType) -> None:
    finish = importlib.import_module("finish")
    part = np.ones((EDGE, EDGE), np.uint8)
    normal = np.zeros((EDGE, EDGE, 3), np.float32)
    normal[..., 2] = -1
    passes = {"part": part, "depth_mm": np.full((EDGE, EDGE), 300, np.float32), "normal": normal}
    flat = np.full((EDGE, EDGE, 3), 0.6, np.float32)
    embossed = finish.finish(flat, passes, FOCAL_PX, LAMP, strength=0.08, grain=0)
    gain = finish.relief_gain(passes, FOCAL_PX, LAMP, 0.08)
    back = embossed / (1 + complexion.TAKEN_BACK * (gain - 1))[..., None]
    assert back.std() < 0.15 * embossed.std()


@pytest.mark.parametrize("folder", sorted(PACK.iterdir()), ids=lambda folder: folder.name)
def test_the_people_that_are_shipped_have_it(folder: Path) -> None:
    description = json.loads((folder / "template.json").read_text("utf-8"))
    assert description["complexion"] >= 1
    with Image.open(folder / "picture.webp") as picture, Image.open(folder / "parts.png") as parts:
        assert picture.size == parts.size
