"""What keeps skin from reading as wax: color in layers, furrows, pores, veins and a broken gloss.

python complexion.py FOLDER [FOLDER ...] works a finished template over, once: the relief that
finish.py gave it is taken back first, which its passes allow to a tenth.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import finish
import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter, map_coordinates

EDITION = 1
STRENGTH = {"neck": 0.08, "hand": 0.07, "ear": 0.035, "wrist": 0.06}
RELIEF = {"light": 1.0, "tan": 1.2, "deep": 1.9}  # gloss on dark skin shows pores more
TAKEN_BACK = 0.9  # measured: what of it a stored picture holds
BLOOD = ((9.0, 0.5), (3.2, 0.35), (1.1, 0.25))  # mm of a cell, share
PIGMENT = ((5.0, 0.4), (1.6, 0.5), (0.6, 0.35))
REDDENS, DARKENS = (0.25, 1.0, 0.75), (0.8, 1.0, 1.15)  # of red, green and blue light
BLUES = (1.0, 0.35, 0.1)
AMOUNTS = {"light": (0.018, 0.012), "tan": (0.016, 0.012), "deep": (0.014, 0.015)}
FURROWS = ((0.42, 0.6), (0.8, 0.4))
FURROW, PORE, FRECKLE, VEIN = 0.021, 0.05, 0.12, 0.04
PORES_MM2, FRECKLES_MM2 = 0.6, 0.002
PORE_MM, FRECKLE_MM = 0.09, 0.38
SLANT_MM, SLOPE, STEEPEST = 0.06, 0.09, 0.08
GLOSS = {"light": 0.06, "tan": 0.06, "deep": 0.07}
LAST_SEGMENTS = (4, 7, 10, 13, 16)  # with the nails
VEIN_MM = (75.0, 17.0)  # a cell along the limb and across it
FADES_PX, NAILS = 9, 0.45  # how much less of it there: nails are smooth
KINDS = ("neck", "wrist")  # tried on hands and ears, too: no better


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


def complected(
    picture: np.ndarray, surface: Surface, tone: str, px_per_mm: float,
    limb: np.ndarray | None, part: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """The picture (HxWx3 in 0…1) with skin in layers; `limb` is the direction along an arm, in
    camera space, whose back has veins.
    """
    blood, pigment = AMOUNTS[tone]
    red = blood * surface.layers(1, BLOOD)
    dark = pigment * surface.layers(10, PIGMENT)
    dark = dark + FRECKLE * surface.dots(40, FRECKLES_MM2, FRECKLE_MM, px_per_mm)
    loss = red[..., None] * np.array(REDDENS) + dark[..., None] * np.array(DARKENS)
    if limb is not None:
        loss += VEIN * _veins(surface, limb, part)[..., None] * np.array(BLUES)
    net = surface.furrows()
    facing = np.clip(-surface.normal[2], 0, 1)
    rough = 1 - NAILS * gaussian_filter(np.isin(part, LAST_SEGMENTS).astype(np.float32), FADES_PX)
    pores = surface.dots(41, PORES_MM2, PORE_MM, px_per_mm)
    fine = _slope(surface) - facing * (FURROW * (net - net.mean()) + PORE * pores)
    gain = 1 + (fine * rough)[..., None] - loss
    out = picture * (1 + (gain - 1) * surface.skin[..., None])
    out = np.clip(out + (_gloss(picture, surface, net, tone) * rough)[..., None], 0, 1)
    skin = surface.skin > 0.9  # as a whole it keeps its color, on which the light of pieces rests
    same = picture[skin].mean(0) / out[skin].mean(0)
    return np.clip(out * (1 + (same - 1) * surface.skin[..., None]), 0, 1)


def _slope(surface: Surface) -> np.ndarray:
    """How much brighter the fine relief is where it rises towards the lamp."""
    along = surface.lamp[:, None, None] - surface.cosine * surface.normal
    rise = surface.relief() - surface.relief(surface.places + SLANT_MM * along)
    facing = np.clip(-surface.normal[2], 0, 1) ** 0.7
    lit = np.clip(surface.cosine * 1.5 + 0.45, 0.25, 1)
    return np.clip(SLOPE * rise, -STEEPEST, STEEPEST) * facing * lit


def _veins(surface: Surface, limb: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Soft lines along the back of hand and forearm, HxW, 0…1."""
    axis = limb / np.linalg.norm(limb)
    along = np.einsum("i,ihw->hw", axis, surface.places)
    long, wide = VEIN_MM
    places = surface.places / wide + axis[:, None, None] * along * (1 / long - 1 / wide)
    line = np.exp(-((surface.noise(50, 1.0, places) / 0.12) ** 2))
    shown = np.clip(surface.noise(51, 24.0) * 0.6 + 0.5, 0, 1)
    back = gaussian_filter((part == 1).astype(np.float32), 2 * FADES_PX)
    return line * shown * back


def _gloss(picture: np.ndarray, surface: Surface, net: np.ndarray, tone: str) -> np.ndarray:
    """What is taken of the even gloss and given to single points of it, HxW."""
    red, blue = picture[..., 0], picture[..., 2]
    usual = np.percentile((blue / np.maximum(red, 0.05))[surface.skin > 0.9], 15)
    sheen = np.clip((blue - usual * red) / (1 - usual), 0, 1) * surface.skin
    points = 0.7 * surface.noise(60, 0.16) + 0.3 * surface.noise(61, 0.4) - 0.5 - 0.8 * net
    return GLOSS[tone] * gaussian_filter(sheen, 2) * np.clip(points, -1.6, 1)


def _full(values: np.ndarray, edge_px: int) -> np.ndarray:
    """A pass of half the size at every pixel: row r, column c is the picture's pixel (2r, 2c)."""
    last = values.shape[0] - 1
    at = np.minimum(np.mgrid[0:edge_px, 0:edge_px].astype(np.float32) / 2, last)
    return cv2.remap(values.astype(np.float32), at[1], at[0], cv2.INTER_LINEAR)


def _surface(folder: Path, description: dict, part: np.ndarray) -> tuple[Surface, np.ndarray]:
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


def work_over(folder: Path) -> None:
    """Give a template its complexion. One that has it, or whose kind gets none, stays as it is."""
    description = json.loads((folder / "template.json").read_text())
    if "complexion" in description or description["kind"] not in KINDS:
        return
    picture = np.asarray(Image.open(folder / "picture.webp").convert("RGB")) / np.float32(255)
    part = np.asarray(Image.open(folder / "parts.png"))
    surface, relief = _surface(folder, description, part)
    anchors = description["anchors"]
    limb = anchors.get("wrist") or anchors.get("fingers", {}).get(anchors.get("best_finger"))
    px_per_mm = anchors.get("px_per_mm") or limb["px_per_mm"]
    axis = np.array(limb["axis_camera"], np.float32) if limb else None
    plain = picture / (1 + TAKEN_BACK * relief)[..., None]
    done = complected(plain, surface, description["tone"], px_per_mm, axis, part)
    whole = Image.fromarray((done * 255 + 0.5).astype(np.uint8))
    whole.save(folder / "picture.webp", quality=94, method=6)
    text = (folder / "template.json").read_text().rstrip().removesuffix("}").rstrip()
    (folder / "template.json").write_text(f'{text},\n "complexion": {EDITION}\n}}\n')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    for folder in parser.parse_args().folders:
        work_over(folder)
        print(folder.name, flush=True)


if __name__ == "__main__":
    main()
