"""The skin of a template as complexion.py and hand_skin.py work it over: places, normals, noise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import finish
import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter, map_coordinates

STRENGTH = {"neck": 0.08, "hand": 0.07, "ear": 0.035, "wrist": 0.06}
RELIEF = {"light": 1.0, "tan": 1.2, "deep": 1.9}  # gloss on dark skin shows pores more
TAKEN_BACK = 0.9  # measured: what of it a stored picture holds
FURROWS = ((0.42, 0.6), (0.8, 0.4))


@dataclass(frozen=True)
class Surface:
    """The skin in a picture: camera millimeters and normals (3xHxW), the cosine to the lamp and
    how much each pixel (HxW) is skin; a cell's noise is drawn from `seed`.
    """

    places: np.ndarray
    normal: np.ndarray
    lamp: np.ndarray
    cosine: np.ndarray
    skin: np.ndarray
    seed: int

    def within(self, window: tuple[slice, slice]) -> Surface:
        """The same skin in a part of the picture."""
        rows, columns = window
        return replace(
            self, places=self.places[:, rows, columns], normal=self.normal[:, rows, columns],
            cosine=self.cosine[window], skin=self.skin[window],
        )  # fmt: skip

    def noise(self, number: int, cell: object, places: np.ndarray | None = None) -> np.ndarray:
        """Noise that is fixed to the skin, HxW, of standard deviation 1: `cell` mm wide."""
        dice = np.random.default_rng([self.seed, number])
        block = gaussian_filter(dice.normal(size=(40, 40, 40)).astype(np.float32), 0.8, mode="wrap")
        at = (self.places if places is None else places) / cell
        return map_coordinates(block / block.std(), at, order=1, mode="grid-wrap")

    def layers(self, number: int, scales: tuple[tuple[float, float], ...]) -> np.ndarray:
        """Noise of several scales (mm, share)."""
        noises = (share * self.noise(number + k, cell) for k, (cell, share) in enumerate(scales))
        return np.sum(list(noises), axis=0)

    def furrows(self, places: np.ndarray | None = None) -> np.ndarray:
        """The net of lines into which skin is folded, 0…1."""
        lines = (
            share * np.exp(-((self.noise(20 + k, cell, places) / 0.22) ** 2))
            for k, (cell, share) in enumerate(FURROWS)
        )
        return np.sum(list(lines), axis=0)

    def relief(self, places: np.ndarray | None = None) -> np.ndarray:
        return 0.25 * self.noise(30, 0.24, places) - 0.8 * self.furrows(places)

    def dots(self, number: int, per_mm2: float, radius_mm: float, px_per_mm: float) -> np.ndarray:
        """Soft dots strewn over the skin, HxW, 0…1."""
        dice = np.random.default_rng([self.seed, number])
        rows, columns = np.nonzero(self.skin > 0.9)
        chosen = dice.integers(0, len(rows), int(per_mm2 * len(rows) / px_per_mm**2))
        out = np.zeros(self.skin.shape, np.float32)
        reach = int(np.ceil(3.5 * radius_mm * px_per_mm))
        step = np.arange(-reach, reach + 1)
        apart = step[:, None] ** 2 + step**2
        for one, size, dark in zip(chosen, dice.uniform(0.5, 1.5, len(chosen)),
                                   dice.uniform(0.4, 1, len(chosen)), strict=True):  # fmt: skip
            y, x = rows[one], columns[one]
            if min(y, x, out.shape[0] - 1 - y, out.shape[1] - 1 - x) < reach:
                continue
            dot = dark * np.exp(-apart / (size * radius_mm * px_per_mm) ** 2)
            window = out[y - reach : y + reach + 1, x - reach : x + reach + 1]
            np.maximum(window, dot, out=window)
        return out


def _full(values: np.ndarray, edge_px: int) -> np.ndarray:
    """A pass of half the size at every pixel: row r, column c is the picture's pixel (2r, 2c)."""
    last = values.shape[0] - 1
    at = np.minimum(np.mgrid[0:edge_px, 0:edge_px].astype(np.float32) / 2, last)
    return cv2.remap(values.astype(np.float32), at[1], at[0], cv2.INTER_LINEAR)


def surface_of(folder: Path, description: dict, part: np.ndarray) -> tuple[Surface, np.ndarray]:
    """The skin of a template, and its relief as finish.py made it: gains less 1, HxW."""
    edge_px = len(part)
    stored = np.asarray(Image.open(folder / "depth.png")).astype(np.float64)
    about = description["passes"]["depth"]
    seen = gaussian_filter((stored > 0).astype(np.float32), 1)
    depth = np.where(stored > 0, about["near_mm"] + (stored - 1) * about["unit_mm"], 0)
    depth = np.where(stored > 0, gaussian_filter(depth, 1) / np.maximum(seen, 1e-3), 0)
    normal = (np.asarray(Image.open(folder / "normals.png")).astype(np.float32) - 128) / 127
    normal = _full(normal, edge_px)
    normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-6)
    lamp = np.array(description["light"]["key_direction"], np.float32)
    focal_px = description["camera"]["focal_px"]
    passes = {"part": part, "depth_mm": _full(depth, edge_px), "normal": normal}
    strength = STRENGTH[description["kind"]] * RELIEF[description["tone"]]
    places = finish.places_of(passes["depth_mm"], focal_px)
    upright = normal.transpose(2, 0, 1)
    surface = Surface(
        places, upright, lamp, np.einsum("i,ihw->hw", lamp, upright),
        gaussian_filter((part > 0).astype(np.float32), 1.5), sum(description["id"].encode()),
    )  # fmt: skip
    return surface, finish.relief_gain(passes, focal_px, lamp, strength) - 1
