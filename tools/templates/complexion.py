"""What keeps skin from reading as wax: color in layers, furrows, pores, veins and a broken gloss.

python complexion.py FOLDER [FOLDER ...] works a finished template over, once: the relief that
finish.py gave it is taken back first, which its passes allow to a tenth.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import ear_skin
import hand_skin
import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter
from skin_surface import TAKEN_BACK, Surface, surface_of

EDITION = 1
OF_KIND = {"hand": hand_skin.dressed, "ear": ear_skin.dressed}
BLOOD = ((9.0, 0.5), (3.2, 0.35), (1.1, 0.25))  # mm of a cell, share
PIGMENT = ((5.0, 0.4), (1.6, 0.5), (0.6, 0.35))
REDDENS, DARKENS = (0.25, 1.0, 0.75), (0.8, 1.0, 1.15)  # of red, green and blue light
BLUES = (1.0, 0.35, 0.1)
AMOUNTS = {"light": (0.018, 0.012), "tan": (0.016, 0.012), "deep": (0.014, 0.015)}
FURROW, PORE, FRECKLE, VEIN = 0.021, 0.05, 0.12, 0.04
PORES_MM2, FRECKLES_MM2 = 0.6, 0.002
PORE_MM, FRECKLE_MM = 0.09, 0.38
SLANT_MM, SLOPE, STEEPEST = 0.06, 0.09, 0.08
GLOSS = {"light": 0.06, "tan": 0.06, "deep": 0.07}
LAST_SEGMENTS = (4, 7, 10, 13, 16)  # with the nails
VEIN_MM = (75.0, 17.0)  # a cell along the limb and across it
FADES_PX, NAILS = 9, 0.45  # how much less of it there: nails are smooth


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


def work_over(folder: Path) -> None:
    """Give a template its complexion. One that has it stays as it is."""
    description = json.loads((folder / "template.json").read_text())
    if "complexion" in description:
        return
    picture = np.asarray(Image.open(folder / "picture.webp").convert("RGB")) / np.float32(255)
    part = np.asarray(Image.open(folder / "parts.png"))
    surface, relief = surface_of(folder, description, part)
    plain = picture / (1 + TAKEN_BACK * relief)[..., None]
    if dressed := OF_KIND.get(description["kind"]):
        done = dressed(plain, surface, description, part)
    else:
        anchors = description["anchors"]
        limb = anchors.get("wrist")
        px_per_mm = anchors.get("px_per_mm") or limb["px_per_mm"]
        axis = np.array(limb["axis_camera"], np.float32) if limb else None
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
