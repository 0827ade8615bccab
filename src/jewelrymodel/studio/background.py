"""The color of the table or paper behind the piece, as a smooth field, and how far each pixel
is from it.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, grown, lab, shrunk
from jewelrymodel.studio.arrays import floats as as_floats

CALM_NOISE = 6.0
_FIT_EDGE_PX = 160
_DEGREE = 3
_WEIGHTS = np.array([0.8, 1.3, 1.3], np.float32)  # lightness counts less: shadows are background


@dataclass(frozen=True)
class Background:
    """`field`: the fitted background's color (HxWx3, Lab); `distance`: how far each pixel is from
    it (about ΔE); `noise`: its usual distance far from the piece. Below CALM_NOISE, color is
    evidence.
    """

    field: Floats
    distance: Floats
    noise: float

    @property
    def is_calm(self) -> bool:
        return self.noise < CALM_NOISE


def fit_background(rgb: Bytes, alpha: Floats) -> Background:
    """A robust cubic color field through what `alpha` calls background."""
    height, width = alpha.shape
    colors = lab(rgb)
    scale = _FIT_EDGE_PX / max(height, width)
    size = (max(8, int(width * scale)), max(8, int(height * scale)))
    small = as_floats(cv2.resize(colors, size, interpolation=cv2.INTER_AREA))
    cover = as_floats(cv2.resize(alpha, size, interpolation=cv2.INTER_AREA))
    field = _robust_field(small, _background(cover))
    full = cv2.resize(field, (width, height), interpolation=cv2.INTER_CUBIC)
    distance = as_floats(np.linalg.norm((colors - full) * _WEIGHTS, axis=2))
    far = ~grown(alpha > 0.05, 41)
    noise = float(np.percentile(distance[far], 70)) if far.sum() > 500 else 99.0
    return Background(as_floats(full), distance, noise)


def _background(alpha: Floats) -> Floats:
    weights = shrunk(np.asarray(alpha < 0.15), 5)
    if weights.sum() < 0.05 * weights.size:  # everything is piece: only the frame is left to trust
        edge = max(3, int(0.06 * min(weights.shape)))
        weights[:] = True
        weights[edge:-edge, edge:-edge] = False
    return as_floats(weights)


def _robust_field(colors: Floats, weights: Floats) -> Floats:
    height, width = weights.shape
    basis = _polynomials(height, width)
    flat = basis.reshape(-1, basis.shape[-1]).astype(np.float64)
    targets = colors.reshape(-1, 3).astype(np.float64)
    current, field = weights, np.zeros_like(colors)
    for _ in range(8):
        weighted = (flat * current.reshape(-1, 1)).T  # the normal equations: ten unknowns
        terms = np.linalg.lstsq(weighted @ flat, weighted @ targets, rcond=1e-8)[0]
        field = as_floats(basis @ terms)
        rest = np.linalg.norm(colors - field, axis=2)
        spread = max(0.8, 1.48 * float(np.median(rest[weights > 0])))
        current = as_floats(weights / (1 + (rest / (2 * spread)) ** 2) ** 2)
    return field


def _polynomials(height: int, width: int) -> Floats:
    down, across = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    powers = [(i, j) for i in range(_DEGREE + 1) for j in range(_DEGREE + 1 - i)]
    return as_floats(np.stack([across**i * down**j for i, j in powers], -1))
