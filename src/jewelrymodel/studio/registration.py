"""Where exactly a piece lies in a picture that somebody else made, and how soft it became.

Whoever lays a piece on a background of his own may move it by a pixel, and a file that was scaled
or compressed is a little softer. The piece is placed anew there, instead of moving the picture: so
nothing is resampled twice, and what differs then is a change.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import (
    Bytes,
    Floats,
    Mask,
    blur,
    floats,
    shrunk,
    to_bytes,
    to_linear,
    to_srgb,
)
from jewelrymodel.studio.placement import Layer, Matrix

Place = NDArray[np.float64]
MAX_SHIFT_PX = 2.0
SOFTNESS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.8)
"""Blurs in pixels that a change of half a pixel and a file explain; more is out of focus."""


def moved(transform: Matrix, wanted: Bytes, made: Bytes, inside: Mask, corner: Place) -> Matrix:
    """The transform (2x3) by which the piece lies best over the one in `made`: turned and shifted,
    by at most MAX_SHIFT_PX anywhere. `wanted` shows it where the transform has it; both are windows
    (HxWx3) of the picture at `corner` (x, y). Unchanged where nothing fits.
    """
    one, two = (floats(cv2.cvtColor(x, cv2.COLOR_RGB2GRAY)) for x in (wanted, made))
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 60, 1e-6)
    start, weights = np.eye(2, 3, dtype=np.float32), inside.astype(np.uint8) * 255
    try:
        _, warp = cv2.findTransformECC(one, two, start, cv2.MOTION_EUCLIDEAN, criteria, weights, 3)
    except cv2.error:  # it doesn't converge when the pictures have nothing in common
        return transform
    height, width = inside.shape
    frame = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]], np.float64)
    if np.abs(frame @ warp.T - frame[:, :2]).max() > MAX_SHIFT_PX:
        return transform
    there, back = np.eye(3), np.eye(3)
    there[:2, 2], back[:2, 2] = corner, -corner
    move = there @ np.vstack([warp, [0, 0, 1]]) @ back
    return np.asarray((move @ np.vstack([transform, [0, 0, 1]]))[:2])


def as_soft(layer: Layer, made: Bytes, inside: Mask) -> Layer:
    """The layer with that of SOFTNESS by which its edges are as steep as the picture's (HxWx3)."""
    within = shrunk(inside, 3)
    if not within.any():
        return layer
    aim = _steepness(to_linear(cv2.cvtColor(made, cv2.COLOR_RGB2GRAY)), within)

    def difference(softer: Layer) -> float:
        gray = cv2.cvtColor(softer.light, cv2.COLOR_RGB2GRAY)
        return abs(_steepness(floats(gray / np.maximum(softer.cover, 1e-3)), within) - aim)

    return min((_softened(layer, sigma) for sigma in SOFTNESS), key=difference)


def _steepness(gray: Floats, within: Mask) -> float:
    """The spread of the fine structure, by that of all structure: no exposure changes it."""
    fine = gray - cv2.blur(gray, (3, 3))
    return float(fine[within].std() / max(float(gray[within].std()), 1e-6))


def straight(layer: Layer) -> Bytes:
    """The layer's own colors as sRGB bytes, without what lies behind it."""
    return to_bytes(to_srgb(layer.light / np.maximum(layer.cover, 1e-3)[..., None]))


def _softened(layer: Layer, sigma: float) -> Layer:
    return Layer(blur(layer.light, sigma), blur(layer.cover, sigma)) if sigma else layer
