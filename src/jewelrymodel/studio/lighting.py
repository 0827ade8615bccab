"""Shadows, tint and grain: what makes a placed piece belong to its picture."""

from dataclasses import dataclass

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, blur, floats, to_srgb

SKIN_TINT = np.array([0.82, 1.0, 1.06], np.float32)  # light that enters skin comes back red
NEUTRAL_TINT = np.array([1.0, 0.99, 0.96], np.float32)

MAX_TINT, DARKEST, BRIGHTEST = 1.25, 0.7, 1.05


@dataclass(frozen=True)
class Light:
    """What a place's light does to a piece that it lights: `gains` in linear light, one for each
    channel (3), or a field of them (HxWx3) where the piece turns away from the lamp.
    """

    gains: Floats

    @property
    def is_plausible(self) -> bool:
        """Whether a lamp and some skin can do that. Warm light on deep skin tints by a fifth; more
        would sell one metal as another.
        """
        tint = self.gains.max(-1) / np.maximum(self.gains.min(-1), 1e-3)
        within = (self.gains.max(-1) >= DARKEST) & (self.gains <= BRIGHTEST).all(-1)
        return bool(np.all((tint <= MAX_TINT) & within))


DAYLIGHT = Light(np.ones(3, np.float32))


def shifted(values: Floats, across: float, down: float) -> Floats:
    """`values` moved by pixels; what comes in from outside is 0."""
    matrix = np.array([[1, 0, across], [0, 1, down]], np.float64)
    return floats(cv2.warpAffine(values, matrix, (values.shape[1], values.shape[0])))


def shadow(
    cover: Floats, towards: tuple[float, float], sigma: float, strength: float, tint: Floats
) -> Floats:
    """The factor (HxWx3) that the piece's shadow puts on what lies under it.

    `towards`: how far it falls, pixels right and down; `sigma`: how soft, pixels.
    """
    depth = strength * blur(shifted(cover, *towards), sigma)
    return floats(np.clip(1 - depth[..., None] * tint, 0, 1))


def grain_of(image: Floats) -> float:
    """The grain of sRGB floats: the typical difference from the neighborhood in flat places."""
    gray = floats(image.mean(2))
    return float(np.median(np.abs(gray - blur(gray, 1.0))) * 1.8)


def developed(linear: Floats, grain_sigma: float, piece: Floats, seed: int = 7) -> Floats:
    """Linear light as sRGB floats, with a camera's grain on what was made. The piece (its cover)
    brings the grain of its own photo and gets none.
    """
    noise = np.random.default_rng(seed).normal(0, grain_sigma, piece.shape) * (1 - piece)
    return floats(np.clip(to_srgb(linear) + noise[..., None], 0, 1))
