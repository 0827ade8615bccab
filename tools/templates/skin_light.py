"""How the set's lamps shade skin: fitted to the picture, then asked what a finer relief changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, maximum_filter
from scipy.optimize import nnls
from skin_surface import Surface

WRAP = 0.3  # how far light goes round a limb: skin scatters it
BROAD = (10.0, 8.0)  # exponents of the gloss that the bake gives: key, rim
LEAST_AMBIENT = 0.18  # of all light: shadows between fingers hold no more relief than that
STEEPEST = 1.3
SCATTERS_MM = (0.22, 0.10, 0.06)  # over how far red, green and blue light wash out relief
SPARSE = 8
ENDS = 14.0  # pixels that depth falls from one pixel to the next, where a limb ends


def linear(picture: np.ndarray) -> np.ndarray:
    """sRGB in 0…1 as linear light."""
    bent = ((np.maximum(picture, 0) + 0.055) / 1.055) ** 2.4
    return np.where(picture <= 0.04045, picture / 12.92, bent).astype(np.float32)


def encoded(light: np.ndarray) -> np.ndarray:
    """Linear light as sRGB in 0…1."""
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def soft(values: np.ndarray, sigma_px: float) -> np.ndarray:
    return gaussian_filter(values, sigma_px, truncate=3) if sigma_px > 0.3 else values


def step(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """0 below `low`, 1 above `high`, smooth between."""
    share = np.clip((values - low) / (high - low), 0, 1)
    return share * share * (3 - 2 * share)


def normalized(vectors: np.ndarray) -> np.ndarray:
    """3xHxW of unit length; what has none stays 0."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=0), 1e-3)


def towards_camera(places: np.ndarray) -> np.ndarray:
    return -normalized(places)


def lobe(normal: np.ndarray, view: np.ndarray, lamp: np.ndarray, exponent: float) -> np.ndarray:
    """A gloss of one width (Blinn), HxW in 0…1."""
    half = normalized(lamp[:, None, None] + view)
    return np.clip((normal * half).sum(0), 0, 1) ** exponent


@dataclass(frozen=True)
class Lamps:
    """Towards the lamps in camera space, of unit length."""

    key: np.ndarray
    fill: np.ndarray
    rim: np.ndarray


def lamps_at(*places: tuple[float, float, float]) -> Lamps:
    """Key, fill and rim by their places in camera space."""
    return Lamps(*(np.array(place, np.float32) / np.linalg.norm(place) for place in places))


def _terms(normal: np.ndarray, lamps: Lamps) -> list[np.ndarray]:
    """What a dull surface gets of the room and of each lamp."""
    dull = (
        np.clip((np.einsum("i,ihw->hw", lamp, normal) + WRAP) / (1 + WRAP), 0, 1) ** 1.2
        for lamp in (lamps.key, lamps.fill, lamps.rim)
    )
    return [np.ones(normal.shape[1:], np.float32), *dull]


@dataclass(frozen=True)
class Light:
    """What each lamp gives to skin (room, key, fill, rim), and the strength of the two glosses
    that the bake gave, all in the picture's linear light.
    """

    lamps: Lamps
    shares: np.ndarray
    key_gloss: float
    rim_gloss: float

    def shade(self, normal: np.ndarray) -> np.ndarray:
        """How bright dull skin is, HxW."""
        pairs = zip(self.shares, _terms(normal, self.lamps), strict=True)
        return np.sum([share * term for share, term in pairs], axis=0)


def fitted(light: np.ndarray, surface: Surface, part: np.ndarray, lamps: Lamps) -> Light:
    """The light of a picture (linear, HxWx3), by least squares over its skin."""
    sparse = np.s_[::SPARSE, ::SPARSE]
    normal, view = (
        values[:, ::SPARSE, ::SPARSE] for values in (surface.normal, towards_camera(surface.places))
    )
    chosen = (part[sparse] > 0) & (surface.skin[sparse] > 0.99) & (normal[2] < -0.25)
    pairs = zip((lamps.key, lamps.rim), BROAD, strict=True)
    glosses = [lobe(normal, view, lamp, exponent) for lamp, exponent in pairs]
    terms = np.stack([term[chosen] for term in (*_terms(normal, lamps), *glosses)], 1)
    colors = light[sparse][chosen]
    found = np.mean([nnls(terms, colors[:, color])[0] for color in range(3)], axis=0)
    shares = found[:4].copy()
    shares[0] = max(shares[0], LEAST_AMBIENT * shares.sum())
    return Light(lamps, shares, float(found[4]), float(found[5]))


def tilted(surface: Surface, height_mm: np.ndarray, focal_px: float) -> np.ndarray:
    """The normals (3xHxW) of a surface that a relief (HxW) lifts."""
    normal, px_mm = surface.normal, np.maximum(surface.places[2], 100) / focal_px
    down, across = np.gradient(height_mm)
    facing = np.minimum(normal[2], -0.2)
    # Depth falls by these from pixel to pixel: the surface is steeper than the picture shows.
    by_x, by_y = -normal[0] / facing, -normal[1] / facing
    xx, xy, yy = 1 + by_x**2, by_x * by_y, 1 + by_y**2
    whole = (xx * yy - xy * xy) * px_mm
    along_x = (yy * across - xy * down) / whole
    along_y = (xx * down - xy * across) / whole
    slope = np.stack([along_x, along_y, along_x * by_x + along_y * by_y])
    steep = np.linalg.norm(slope, axis=0)
    slope *= np.minimum(steep, STEEPEST) / np.maximum(steep, 1e-6)
    # Where one finger ends before another there is no slope between them.
    fall = np.abs(np.gradient(surface.places[2])).sum(0) > ENDS * px_mm
    slope *= 1 - maximum_filter(fall, 3)
    return normalized(normal - slope)


def relit(
    base: np.ndarray, shade: np.ndarray, finer: np.ndarray, skin: np.ndarray, px_per_mm: float
) -> np.ndarray:
    """Linear light (HxWx3) where the shading of a finer relief takes the place of the smooth one;
    red light, which travels farthest in skin, shows least of it.
    """
    change = np.clip(finer / np.maximum(shade, 0.01), 0.45, 1.7) - 1
    gains = [1 + soft(change, scatter * px_per_mm) * skin for scatter in SCATTERS_MM]
    return base * np.dstack(gains)
