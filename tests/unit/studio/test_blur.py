"""A wide blur works on a smaller picture, and the pictures stay what they were."""

import sys
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest

from jewelrymodel.studio import arrays
from jewelrymodel.studio.arrays import Bytes, Floats, blur, floats
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.looks import LOOKS, SCENES
from jewelrymodel.studio.render import RenderRequest, render
from tests.support import pieces

WIDE_PX = 10
RING, PENDANT, PAIR = pieces.ring(), pieces.pendant(), pieces.pair()
SCENE_PICTURES = [
    (piece, look.id, size_mm, 640)
    for look in SCENES
    for piece, size_mm in ((RING, 18.0), (PENDANT, 22.0), (PAIR, 12.0))
]
WORN_PICTURES = [
    (RING, "hand-light", 18.0, 700),
    (RING, "hand-tan", 18.0, 700),
    (PENDANT, "neck-light", 22.0, 960),
    (PENDANT, "neck-deep", 22.0, 960),
    (PAIR, "ear-light", 12.0, 640),
    (PAIR, "ear-deep", 12.0, 640),
]
PICTURES = [case for case in SCENE_PICTURES + WORN_PICTURES if case[1] in LOOKS]


def exact(values: Floats, sigma: float) -> Floats:
    return floats(cv2.GaussianBlur(values, (0, 0), sigma)) if sigma >= 0.2 else values


def made(piece: Cutout, look_id: str, size_mm: float, edge_px: int) -> Bytes:
    return render(piece, RenderRequest(piece.kind, look_id, size_mm, edge_px)).image


@pytest.fixture
def exactly(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Makes every module of the studio blur at full size."""

    def patch() -> None:
        for name, module in list(sys.modules.items()):
            if name.startswith("jewelrymodel.studio.") and vars(module).get("blur") is arrays.blur:
                monkeypatch.setattr(module, "blur", exact)

    return patch


def shapes() -> dict[str, Floats]:
    """What blurs badly on a coarse grid: thin lines, hard steps, the picture's edge, noise."""
    line = np.zeros((437, 521), np.float32)
    cv2.line(line, (40, 0), (300, 436), 1, 3, cv2.LINE_AA)
    step = np.zeros((437, 521), np.float32)
    step[:, :157], step[201:] = 1, 1
    edge = np.zeros((437, 521), np.float32)
    edge[:7], edge[:, -9:] = 1, 1
    noise = np.random.default_rng(3).uniform(0, 1, (437, 521, 3))
    return {"line": line, "step": step, "edge": edge, "noise": floats(noise), "low": edge[:30]}


@pytest.mark.parametrize("sigma", [0.1, 0.7, 5, 9.9, 10, 14.9, 15, 37.3, 90, 240])
@pytest.mark.parametrize("shape", list(shapes()))
def test_a_wide_blur_is_within_three_tenths_of_a_per_cent_of_the_exact_one(
    shape: str, sigma: float
) -> None:
    values = shapes()[shape]
    blurred = blur(values, sigma)
    assert blurred.shape == values.shape
    assert float(np.abs(blurred - exact(values, sigma)).max()) < 0.003


def test_enough_pictures_are_compared() -> None:
    assert len(PICTURES) >= 12


@pytest.mark.parametrize(("piece", "look_id", "size_mm", "edge_px"), PICTURES)
def test_no_pixel_of_a_picture_differs_by_more_than_one(
    piece: Cutout, look_id: str, size_mm: float, edge_px: int, exactly: Callable[[], None]
) -> None:
    small = made(piece, look_id, size_mm, edge_px)
    exactly()
    full = made(piece, look_id, size_mm, edge_px)
    assert int(np.abs(small.astype(int) - full).max()) <= 1


@pytest.mark.parametrize(
    ("piece", "look_id"),
    [
        (RING, "velvet"),
        (RING, "linen"),
        (RING, "hand-light"),
        (PAIR, "ear-light"),
        (PENDANT, "neck-light"),
    ],
)
def test_nothing_is_blurred_widely_at_full_size(
    piece: Cutout, look_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sigmas: list[float] = []
    original = cv2.GaussianBlur

    def recorded(values: Any, size: Any, sigma: float, **options: Any) -> Any:
        is_line = min(values.shape[:2]) == 1  # as an outline's points are, whatever sigma costs
        sigmas.append(0 if is_line else sigma)
        return original(values, size, sigma, **options)

    monkeypatch.setattr(cv2, "GaussianBlur", recorded)
    made(piece, look_id, 18, 1400)
    assert len(sigmas) > 3
    assert max(sigmas) <= WIDE_PX
