"""An ear that is no wax: redder where blood is near, dark in its hollows, with pores on cheek and
neck, lines across the neck, and hair behind it.
"""

from __future__ import annotations

import cv2
import hair
import numpy as np
from skin_light import (
    BROAD,
    Lamps,
    encoded,
    fitted,
    lamps_at,
    linear,
    lobe,
    relit,
    soft,
    step,
    tilted,
    towards_camera,
)
from skin_surface import Surface

EAR = 17
# As ear.set_up places them, seen from its camera.
LAMPS: Lamps = lamps_at(
    (0.2158, -0.3891, -0.8956), (-0.8944, 0.0214, -0.4467), (-0.4811, -0.5672, 0.6685)
)
BLOOD = ((9.0, 0.5), (3.2, 0.45), (1.1, 0.3))  # mm of a cell, share
PIGMENT = ((6.0, 0.4), (1.6, 0.5), (0.6, 0.4))
REDDENS, DARKENS = np.array((0.15, 1.0, 0.8), np.float32), np.array((0.8, 1.0, 1.15), np.float32)
FOLDED, SHADED = np.array((0.6, 1, 1.05), np.float32), np.array((0.75, 1, 1.05), np.float32)
COLORED = {"light": 1.0, "tan": 0.85, "deep": 0.65}
BLOOD_SHARE, PIGMENT_SHARE, FLUSH, FRECKLE, MOLE = 0.026, 0.014, 0.13, 0.10, 0.40
FINE = {"light": 1.0, "tan": 0.85, "deep": 0.6}
NET_MM, PORE_MM, BUMP_MM, TINY_MM = 0.013, 0.045, 0.02, 0.003
PORES_MM2, PORE_WIDE_MM = 1.1, 0.095
LINE_MM = 0.10
HOLLOW_MM, DEEPEST, HOLLOW = 2.6, 3.0, 0.42
MUTED, MOST_MUTED = 0.35, 0.15
MUTES = np.array((0.75, 1, 1.25), np.float32)
GLOSS, GRAIN = 0.5, 0.004
NECK_LINES = ((24.0, 0.35), (38.0, 0.28))  # mm below the piercing, slope


def dressed(
    picture: np.ndarray, surface: Surface, description: dict, part: np.ndarray
) -> np.ndarray:
    """The picture (HxWx3, sRGB in 0…1, without the bake's relief) of an ear with skin and hair."""
    anchors, tone = description["anchors"], description["tone"]
    px_per_mm, focal_px = anchors["px_per_mm"], description["camera"]["focal_px"]
    before = linear(np.clip(picture, 0, 1))
    light = fitted(before, surface, part, LAMPS)
    shade = light.shade(surface.normal)
    ear = soft((part == EAR).astype(np.float32), 0.6 * px_per_mm)
    net, pores = surface.furrows(), surface.dots(41, PORES_MM2, PORE_WIDE_MM, px_per_mm)
    lines = _neck_lines(surface, anchors, ear)
    rough = FINE[tone] * (1 - 0.6 * ear)
    fine = -NET_MM * (net - net.mean()) - PORE_MM * pores + TINY_MM * surface.noise(30, 0.24)
    fine = rough * (fine + BUMP_MM * surface.noise(31, 1.4))
    height = fine - LINE_MM * lines
    normal = tilted(surface, height, focal_px)
    done = relit(before, shade, light.shade(normal), surface.skin, px_per_mm)
    done = _glossed(done, before, surface, normal, light.key_gloss)
    loss = _losses(surface, anchors, tone, ear, pores, lines)
    hollow = _hollow(surface, part, px_per_mm)
    loss = loss + HOLLOW * hollow[..., None] * SHADED
    done = done * (1 - np.minimum(loss, 0.8) * surface.skin[..., None])
    skin = surface.skin > 0.9
    same = before[skin].mean() / done[skin].mean()
    done = done * (1 + (same - 1) * surface.skin[..., None])
    done = np.where((surface.skin > 0.002)[..., None], done, before)
    done = hair.grown(encoded(done), part, anchors["lobe"]["px"], px_per_mm, tone)
    grain = soft(np.random.default_rng(5).normal(size=part.shape).astype(np.float32), 0.5)
    return np.clip(done + (GRAIN * grain * surface.skin)[..., None], 0, 1)


def _from_piercing(surface: Surface, anchors: dict) -> tuple[np.ndarray, np.ndarray]:
    """Millimeters to the right of the piercing and below it, HxW each."""
    lobe = np.array(anchors["lobe"]["camera_mm"], np.float32)
    return surface.places[0] - lobe[0], surface.places[1] - lobe[1]


def _neck_lines(surface: Surface, anchors: dict, ear: np.ndarray) -> np.ndarray:
    """Shallow creases across the neck, HxW, 0…1."""
    right, below = _from_piercing(surface, anchors)
    lines = np.zeros(right.shape, np.float32)
    for number, (down, slope) in enumerate(NECK_LINES):
        course = down + slope * right + 1.6 * surface.noise(70 + number, 16)
        shown = np.clip(0.55 + 0.5 * surface.noise(80 + number, 11), 0, 1)
        lines = np.maximum(lines, np.exp(-(((below - course) / 0.45) ** 2)) * shown)
    return lines * (1 - ear) * (1 - step(right, -12, 2))  # not on the jaw


def _hollow(surface: Surface, part: np.ndarray, px_per_mm: float) -> np.ndarray:
    """How deep in a hollow of the ear each pixel lies, HxW, 0…1."""
    on = cv2.erode((part == EAR).astype(np.float32), np.ones((5, 5)))
    depth = np.where(part > 0, surface.places[2], 0)
    weight = np.maximum(soft(on, HOLLOW_MM * px_per_mm), 1e-3)
    around = soft(depth * on, HOLLOW_MM * px_per_mm) / weight
    inside = step(soft(on, 1.2 * px_per_mm), 0.55, 0.95) * on
    return np.clip((depth - around) / DEEPEST, 0, 1) * inside


def _glossed(
    light: np.ndarray, before: np.ndarray, surface: Surface, normal: np.ndarray, strength: float
) -> np.ndarray:
    """The light with less of an even gloss, and a narrower one that pores break."""
    mean, skin, view = before.mean(2), surface.skin > 0.9, towards_camera(surface.places)
    room = np.clip(mean / np.median(mean[skin]), 0, 1) ** 1.3
    usual = np.percentile((before[..., 2] / np.maximum(before[..., 0], 0.02))[skin], 25)
    sheen = np.clip((before[..., 2] - usual * before[..., 0]) / (1 - usual), 0, 1)
    sheen = soft(sheen * surface.skin * room, 2)
    muted = np.clip(MUTED * (sheen - 0.02) / np.maximum(mean, 0.02), 0, MOST_MUTED)
    narrow = 1.1 * lobe(normal, view, LAMPS.key, 24)
    narrow = narrow - 0.8 * lobe(surface.normal, view, LAMPS.key, BROAD[0])
    gloss = GLOSS * strength * narrow * room * surface.skin
    light = light * (1 - muted[..., None] * MUTES)
    return np.maximum(light + gloss[..., None] * np.array((1, 0.97, 0.95), np.float32), 0.3 * light)


def _losses(
    surface: Surface, anchors: dict, tone: str, ear: np.ndarray, pores: np.ndarray,
    lines: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """How much of red, green and blue light the skin's layers take, HxWx3."""
    right, below = _from_piercing(surface, anchors)
    px_per_mm = anchors["px_per_mm"]
    cheek = np.exp(-(((right - 30) / 20) ** 2) - ((below + 2) / 20) ** 2)
    rim = soft(ear, 2.2 * px_per_mm) ** 2 * (0.9 + 0.3 * surface.noise(90, 5))
    red = BLOOD_SHARE * surface.layers(1, BLOOD) + FLUSH * (rim + 0.9 * cheek)
    dark = PIGMENT_SHARE * surface.layers(10, PIGMENT)
    dark = dark + FRECKLE * surface.dots(40, 0.008, 0.32, px_per_mm) * (1 - ear)
    dark = dark + MOLE * surface.dots(43, 0.0006, 0.6, px_per_mm) * (1 - ear)
    layers = red[..., None] * REDDENS + dark[..., None] * DARKENS
    fine = 0.05 * pores * (1 - 0.6 * ear) + 0.10 * lines
    return COLORED[tone] * layers + fine[..., None] * FOLDED
