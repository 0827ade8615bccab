"""Tied-up hair behind an ear: strands drawn over the finished skin."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter

SCALE = 2  # strands are drawn on a picture so many times larger
COLORS = {"light": (0.235, 0.155, 0.105), "tan": (0.15, 0.10, 0.075), "deep": (0.085, 0.065, 0.06)}
SHINE = {"light": (0.62, 0.47, 0.34), "tan": (0.46, 0.36, 0.28), "deep": (0.34, 0.31, 0.30)}
# Millimeters from the piercing, right and down: where hair begins, from behind the ear to the nape.
HAIRLINE = ((-12.5, -24.0), (-13.0, -16.0), (-15.5, -9.5), (-18.5, -4.0), (-20.5, 1.0))
STRANDS, WISPS, POINTS = 9000, 160, 14
OVER_MM, SHADOW = -0.7, 0.35  # how far hair stands over the head; of its shadow on the skin
EAR = 17


@dataclass(frozen=True)
class Canvas:
    """What strands are drawn on: color and cover (HxW), larger than the picture."""

    color: np.ndarray
    cover: np.ndarray
    px_per_mm: float
    origin: np.ndarray

    def draw(self, course_mm: np.ndarray, color: np.ndarray, cover: float, width: int) -> None:
        """One strand along points in millimeters from the piercing."""
        points = (course_mm * self.px_per_mm + self.origin) * 8
        line = [points.round().astype(np.int32).reshape(-1, 1, 2)]
        kind = {"thickness": width, "lineType": cv2.LINE_AA, "shift": 3}
        cv2.polylines(self.color, line, False, [float(c) for c in color], **kind)
        cv2.polylines(self.cover, line, False, cover, **kind)


@dataclass(frozen=True)
class Head:
    """The outline of the head behind the ear, and the picture's rows, in millimeters from the
    piercing.
    """

    edge_mm: np.ndarray
    rows_mm: np.ndarray

    @property
    def top_mm(self) -> float:
        return float(self.rows_mm[0])

    def edge_at(self, below_mm: np.ndarray) -> np.ndarray:
        """How far to the right of the piercing the outline is, so far below it."""
        return np.interp(below_mm, self.rows_mm, self.edge_mm)


def _head(part: np.ndarray, piercing_px: np.ndarray, px_per_mm: float) -> Head:
    first = gaussian_filter(np.argmax(part > 0, axis=1).astype(np.float64), 6)
    rows = np.arange(len(part))
    return Head((first - piercing_px[0]) / px_per_mm, (rows - piercing_px[1]) / px_per_mm)


def grown(
    picture: np.ndarray, part: np.ndarray, piercing_px: list[float], px_per_mm: float, tone: str
) -> np.ndarray:
    """The picture (HxWx3, sRGB in 0…1) with hair on the head behind the ear, combed up."""
    high, wide = part.shape
    piercing, size = np.array(piercing_px), (high * SCALE, wide * SCALE)
    head, dice = _head(part, piercing, px_per_mm), np.random.default_rng(11)
    canvas = Canvas(
        np.tile(np.array(COLORS[tone], np.float32), (*size, 1)), np.zeros(size, np.float32),
        px_per_mm * SCALE, piercing * SCALE,
    )  # fmt: skip
    for number in range(STRANDS + WISPS):
        _strand(canvas, head, dice, tone, wisp=number >= STRANDS)
    cover = cv2.resize(canvas.cover, (wide, high), interpolation=cv2.INTER_AREA)
    weighted = canvas.color * canvas.cover[..., None]
    color = cv2.resize(weighted, (wide, high), interpolation=cv2.INTER_AREA)
    color = color / np.maximum(cover, 1e-3)[..., None]
    free = 1 - gaussian_filter((part == EAR).astype(np.float32), 0.8)  # the ear is before it
    shadow = gaussian_filter(cover, 0.5 * px_per_mm) * free * (part > 0)
    share = (cover * free)[..., None]
    return picture * (1 - SHADOW * shadow[..., None]) * (1 - share) + color * share


def _strand(canvas: Canvas, head: Head, dice: np.random.Generator, tone: str, wisp: bool) -> None:
    """One hair from its root up: it keeps the distance from the outline that its root has."""
    spread = dice.uniform(0, 1)
    shares = np.linspace(0, 1, len(HAIRLINE))
    root = np.array([np.interp(spread, shares, axis) for axis in np.transpose(HAIRLINE)])
    behind = dice.exponential(0.8) if wisp else dice.gamma(2.0, 2.6)  # the hairline, in mm
    root = root + np.array([-0.75, -0.65]) * behind + dice.normal(0, 0.9, 2)
    if wisp:
        root = root + np.array([0.6, 0.9]) * dice.uniform(0, 2.2)
    long = dice.uniform(2.0, 6.0) if wisp else dice.uniform(5, 14) + 6 * behind
    below = np.linspace(root[1], max(head.top_mm - 4, root[1] - long), POINTS)
    rise = (root[1] - below) / 14
    apart = root[0] - float(head.edge_at(root[1]))
    off = np.maximum(apart * (1 - 0.12 * rise), OVER_MM)
    wave = 0.25 * np.sin(rise * dice.uniform(1.5, 3) + dice.uniform(0, 6))
    right = head.edge_at(below) + off + dice.normal(0, 0.25) * rise + wave * np.minimum(rise, 1)
    if wisp:
        right = right + dice.normal(0, 3.2) * rise
    # Lit from before the face: darker towards the outline, and a band of shine.
    band = np.exp(-(((below.mean() + 22 + 3 * np.sin(9 * spread)) / 6) ** 2))
    bright = np.clip(dice.lognormal(-0.05, 0.45) * (0.55 + 0.03 * off.mean()), 0.25, 1.6)
    color = np.array(COLORS[tone]) * bright
    color = color + (np.array(SHINE[tone]) - color) * 0.85 * band * dice.uniform(0, 1) ** 1.5
    cover = dice.uniform(0.2, 0.45) if wisp else min(1.0, dice.uniform(0.25, 0.6) + behind / 9)
    thin = wisp or dice.uniform() < 0.55 + 1 / (1 + behind)
    canvas.draw(np.stack([right, below], 1), color, cover, 1 if thin else 2)
