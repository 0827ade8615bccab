"""Finger nails: the plate's outline, its bed, moon and free edge, the folds of skin round it and
the lamps that it mirrors. The mesh has them as flat, dull spots.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from limb_frames import Finger, Frame
from scipy.ndimage import distance_transform_edt, map_coordinates
from skin_light import Lamps, normalized, soft, step
from skin_surface import Surface

ROOT_MM, END_MM = 3.6, 2.9  # how long the rounded ends are
FAR_MM = -9.0
GRID_MM, FROM_MM = 0.05, (8.0, -9.0)  # of the outline's map, along and across the last segment
FOLD_MM, SUNK_MM, EDGE_MM = 0.15, 0.12, 0.10  # the fold of skin, the plate below it, its free edge
BED = {"light": (1.05, 0.99, 0.98), "tan": (1.05, 1.0, 1.0), "deep": (1.05, 1.0, 1.0)}
FREE = {"light": (0.80, 0.70, 0.62), "tan": (0.74, 0.62, 0.52), "deep": (0.62, 0.48, 0.38)}
FREE_SHARE, FREE_MM, BAND_MM = 0.42, (0.4, 0.85), 1.35
MIRRORS = {"light": 1.0, "tan": 0.75, "deep": 0.5}  # by the picture's exposure
CURVES = 0.42, 0.2  # how much the plate bends across and along, beyond the mesh
REDDER, PALER = np.array((0.7, 1.0, 1.05), np.float32), np.array((0.10, 0.20, 0.22), np.float32)


@dataclass(frozen=True)
class Shape:
    """A nail on its last segment, in millimeters from the last joint: where it begins and ends,
    its middle line, half its width, and how far the moon reaches.
    """

    begin: float
    end: float
    middle: float
    half: float
    moon: float


# Measured in the bakes, where the mesh's nails have another color.
SHAPES = {
    "index": Shape(17.2, 29.6, -0.3, 4.1, 1.2),
    "middle": Shape(17.5, 29.3, -1.05, 4.05, 1.5),
    "ring": Shape(16.9, 29.0, -0.2, 4.1, 1.2),
    "little": Shape(14.0, 21.1, -0.35, 3.15, 0.0),
}


@dataclass(frozen=True)
class Nail:
    """One nail in the picture, HxW each: millimeters along and across its segment, and inside its
    outline (negative outside).
    """

    frame: Frame
    shape: Shape
    along: np.ndarray
    across: np.ndarray
    inside: np.ndarray

    @property
    def plate(self) -> np.ndarray:
        return step(self.inside, -0.05, 0.12)

    @property
    def rooted(self) -> np.ndarray:
        """1 where skin folds over the plate's rim, 0 at its free edge."""
        return 1 - step(self.along, self.shape.end - 3.2, self.shape.end - 1.4)

    @property
    def aside(self) -> np.ndarray:
        return (self.across - self.shape.middle) / self.shape.half


def _round(aside: np.ndarray, power: float) -> np.ndarray:
    return 1 - np.sqrt(np.clip(1 - np.abs(aside) ** power, 0, 1))


def _outline(shape: Shape) -> np.ndarray:
    """How far inside its outline each place of a segment is, on a grid."""
    along, across = np.mgrid[FROM_MM[0] : 36 : GRID_MM, FROM_MM[1] : 9 : GRID_MM]
    aside = (across - shape.middle) / shape.half
    inside = (np.abs(aside) < 1) & (along > shape.begin + ROOT_MM * _round(aside, 2.4))
    inside &= along < shape.end - END_MM * _round(aside, 2.2)
    return (distance_transform_edt(inside) - distance_transform_edt(~inside)) * GRID_MM


def nails_of(surface: Surface, part: np.ndarray, fingers: list[Finger]) -> list[Nail]:
    """The nails of the four fingers, as far as the picture shows them."""
    nails = []
    for finger in fingers:
        frame, shape = finger.segment(2), SHAPES[finger.name]
        along, across = frame.seen(surface.places)
        places = [(along - FROM_MM[0]) / GRID_MM, (across - FROM_MM[1]) / GRID_MM]
        inside = map_coordinates(_outline(shape), places, order=1, mode="nearest")
        own = (part == finger.parts[2]) & (frame.upper(surface.normal) > 0.05)
        if (own & (inside > 0)).any():
            inside = np.where(own, inside, FAR_MM).astype(np.float32)
            nails.append(Nail(frame, shape, along, across, inside))
    return nails


def relief_of(nail: Nail) -> np.ndarray:
    """The height (mm, HxW) of the folds round a nail, its rim and its faint ridges."""
    inside, rooted = nail.inside, nail.rooted
    fold = FOLD_MM * np.exp(-(((inside + 0.55) / 0.55) ** 2)) - SUNK_MM * step(inside, -0.16, 0.16)
    below = EDGE_MM * (1 - step(inside, -0.15, 0.1)) * (inside > -1)
    off = nail.across - nail.shape.middle
    ridges = np.sin(2 * np.pi * off / 0.75 + 0.8 * np.sin(1.7 * nail.across))
    return rooted * fold - (1 - rooted) * below + 0.0025 * nail.plate * ridges * (inside > 0)


def varnished(
    light: np.ndarray, nail: Nail, surface: Surface, tilted: np.ndarray, shade: np.ndarray,
    tone: str, px_per_mm: float, lamps: Lamps,
) -> np.ndarray:  # fmt: skip
    """Linear light (HxWx3) with the nail drawn; `shade` is how bright dull skin is there, as a
    share of the usual.
    """
    inside, rooted, plate = nail.inside, nail.rooted, nail.plate
    color = _bed(light, nail, shade, tone, px_per_mm)
    groove = rooted * np.exp(-((np.maximum(inside, 0) / 0.32) ** 1.2))
    color = color * (1 - 0.30 * groove[..., None] * np.array((0.7, 1, 1), np.float32))
    bright = MIRRORS[tone] * _mirrored(nail, surface, tilted, px_per_mm, lamps)
    color = color + bright[..., None] * np.array((1, 0.985, 0.97), np.float32)
    cuticle = rooted * np.exp(-(((inside + 0.22) / 0.16) ** 2)) * (inside > -2)
    light = light * (1 + 0.10 * cuticle[..., None] * np.array((0.6, 1, 1.1), np.float32))
    light = light * (1 - plate[..., None]) + color * plate[..., None]
    line = rooted * np.exp(-(((inside + 0.02) / 0.09) ** 2)) * (inside > -1)
    under = (1 - rooted) * np.exp(-(((inside + 0.12) / 0.14) ** 2)) * (inside > -1)
    return light * (1 - 0.12 * line[..., None] * REDDER) * (1 - 0.25 * under[..., None])


def _bed(
    light: np.ndarray, nail: Nail, shade: np.ndarray, tone: str, px_per_mm: float
) -> np.ndarray:
    """The color under the plate: bed, moon, the darker band and the free edge."""
    shape, aside, across = nail.shape, nail.aside, nail.across
    end = shape.end - END_MM * _round(np.clip(aside, -1, 1), 2.2)
    before_end = end - nail.along
    wave = 0.07 * np.sin(1.1 * across + shape.half) + 0.03 * np.sin(2.7 * across)
    free = FREE_SHARE * (1 - step(before_end + wave, *FREE_MM))[..., None]
    band = np.exp(-(((before_end - BAND_MM) / 0.35) ** 2))
    color = (
        light
        * np.array(BED[tone], np.float32)
        * (1 - 0.10 * band[..., None] * np.array((0.4, 1, 1), np.float32))
    )
    pale = np.array(FREE[tone], np.float32) * np.clip(shade, 0.2, 1.25)[..., None]
    color = color * (1 - free) + pale * free
    if shape.moon:
        round_ = 1.25 * shape.moon * np.sqrt(np.clip(1 - (aside / 0.62) ** 2, 0, 1))
        moon = 1 - step(nail.along - shape.begin + 0.2 - round_, -0.35, 0.25)
        moon = soft((moon * (np.abs(aside) < 0.62)).astype(np.float32), 0.15 * px_per_mm)
        color = color * (1 + 0.5 * moon[..., None] * PALER)
    return color


def _mirrored(
    nail: Nail, surface: Surface, tilted: np.ndarray, px_per_mm: float, lamps: Lamps
) -> np.ndarray:  # fmt: skip
    """What the plate mirrors of lamps and room, HxW: it is bent more than the mesh under it."""
    shape, near = nail.shape, (nail.inside > -0.3).astype(np.float32)
    weight = np.maximum(soft(near, px_per_mm), 1e-3)
    smooth = np.stack([soft(axis * near, px_per_mm) / weight for axis in surface.normal])
    lengthwise = (2 * nail.along - shape.begin - shape.end) / (shape.end - shape.begin)
    across, along = CURVES
    bent = normalized(smooth)
    bent = bent + nail.frame.across[:, None, None] * (across * np.clip(nail.aside, -1, 1))
    bent = bent + nail.frame.along[:, None, None] * (along * np.clip(lengthwise, -1, 1))
    bent = normalized(normalized(bent) + 0.6 * (tilted - surface.normal) * nail.plate)
    view = -normalized(surface.places)
    facing = np.clip((bent * view).sum(0), 0, 1)
    ray = 2 * (bent * view).sum(0) * bent - view

    def lamp(direction: np.ndarray, half: float, edge: float) -> np.ndarray:
        cosine = np.clip(np.einsum("i,ihw->hw", direction, ray), -1, 1)
        return 1 - step(np.arccos(cosine), half - edge, half + edge)

    seen = 4.0 * lamp(lamps.key, 0.34, 0.12) + 1.2 * lamp(lamps.key, 0.8, 0.4)
    seen = seen + 0.8 * lamp(lamps.fill, 0.5, 0.25) + 2.0 * lamp(lamps.rim, 0.3, 0.15)
    seen = seen + 0.22 * np.clip(0.5 - 0.6 * ray[1], 0, 1)
    return (0.04 + 0.5 * (1 - facing) ** 5) * seen
