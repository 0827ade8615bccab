"""What a denoised render lacks: pores, fine lines and grain, added from the passes."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates

CELL_MM = (0.55, 0.28, 1.3)
WEIGHT = (0.6, 0.6, 0.2)
SLANT_MM = 0.10


def places_of(depth_mm: np.ndarray, focal_px: float) -> np.ndarray:
    """Camera millimeters of every pixel, 3xHxW (far pixels are nonsense, masked later)."""
    high, wide = depth_mm.shape
    rows, columns = np.mgrid[0:high, 0:wide].astype(np.float32)
    z = np.where(np.isfinite(depth_mm), depth_mm, 0).astype(np.float32)
    return np.stack([(columns + 0.5 - wide / 2) * z / focal_px,
                     (rows + 0.5 - high / 2) * z / focal_px, z])  # fmt: skip


def _relief(places: np.ndarray, blocks: list[np.ndarray]) -> np.ndarray:
    """Band-limited noise fixed to the skin, HxW."""
    total = np.zeros(places.shape[1:], np.float32)
    for block, cell, weight in zip(blocks, CELL_MM, WEIGHT, strict=True):
        total += weight * map_coordinates(block, places / cell, order=1, mode="grid-wrap")
    return total


def relief_gain(
    passes: dict[str, np.ndarray], focal_px: float, light: np.ndarray, strength: float
) -> np.ndarray:
    """By how much micro relief brightens each pixel (HxW), lit from `light`.

    The relief is sampled twice, a hair apart along the light's direction on the surface; where
    it rises towards the lamp the skin is brighter.
    """
    dice = np.random.default_rng(7)
    blocks = [gaussian_filter(dice.normal(size=(48, 48, 48)).astype(np.float32), 0.6, mode="wrap")
              for _ in CELL_MM]  # fmt: skip
    blocks = [block / block.std() for block in blocks]
    normal = passes["normal"].transpose(2, 0, 1).astype(np.float32)
    places = places_of(passes["depth_mm"], focal_px)
    cosine = np.einsum("i,ihw->hw", light, normal)
    along = light[:, None, None] - cosine * normal
    slope = _relief(places, blocks) - _relief(places + SLANT_MM * along, blocks)
    skin = gaussian_filter((passes["part"] > 0).astype(np.float32), 1.5)
    facing = np.clip(-normal[2], 0, 1) ** 0.7
    lit = np.clip(cosine * 1.5 + 0.45, 0.25, 1)
    return 1 + strength * np.clip(slope, -2.5, 2.5) * facing * lit * skin


def finish(
    picture: np.ndarray, passes: dict[str, np.ndarray], focal_px: float, light: np.ndarray,
    strength: float, grain: float,
) -> np.ndarray:  # fmt: skip
    """The picture (HxWx3 in 0..1) with micro relief lit from `light` and a little grain."""
    gain = relief_gain(passes, focal_px, light, strength)
    dice = np.random.default_rng(8)
    luma = picture.mean(-1, keepdims=True)
    noise = gaussian_filter(dice.normal(size=picture.shape[:2]).astype(np.float32), 0.5)
    out = picture * gain[..., None]
    return np.clip(out + grain * noise[..., None] * (0.4 + luma * (1 - luma) * 2), 0, 1)
