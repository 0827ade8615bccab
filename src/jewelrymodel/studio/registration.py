"""Where exactly a piece lies in a picture that somebody else made, and how soft it became.

Whoever lays a piece on a background of his own may move it by a pixel, and a file that was scaled
or compressed is a little softer. The piece is placed anew there, instead of moving the picture: so
nothing is resampled twice, and what differs then is a change.
"""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import (
    Bytes,
    Mask,
    blur,
    floats,
    shrunk,
    to_bytes,
    to_srgb,
    window_round,
)
from jewelrymodel.studio.placement import Layer, Matrix

MAX_SHIFT_PX = 2.0
SOFTNESS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.8)
"""Blurs in pixels that a change of half a pixel and a file explain; more is out of focus."""


def moved(transform: Matrix, wanted: Bytes, made: Bytes, inside: Mask) -> Matrix:
    """The transform (2x3) by which the piece lies best over the one in `made`: shifted, by at most
    MAX_SHIFT_PX. `wanted` shows it where the transform has it; both are windows (HxWx3) of the
    picture. Unchanged where nothing fits.

    It isn't turned: of a chain only the clasp and a tag are wide enough to be compared, and the
    turn that fits those best puts the chain's far end pixels away.
    """
    one, two = (floats(cv2.cvtColor(x, cv2.COLOR_RGB2GRAY)) for x in (wanted, made))
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 60, 1e-6)
    start, weights = np.eye(2, 3, dtype=np.float32), inside.astype(np.uint8) * 255
    try:
        _, warp = cv2.findTransformECC(
            one, two, start, cv2.MOTION_TRANSLATION, criteria, weights, 3
        )
    except cv2.error:  # it doesn't converge when the pictures have nothing in common
        return transform
    shift = np.asarray(warp[:, 2], np.float64)
    if np.abs(shift).max() > MAX_SHIFT_PX:
        return transform
    return np.hstack([transform[:, :2], transform[:, 2:] + shift[:, None]])


def as_soft(layer: Layer, made: Bytes, inside: Mask) -> Layer:
    """The layer with that of SOFTNESS by which its edges are as steep as the picture's (HxWx3).

    Only luma is compared: a file keeps colors at half the size, however sharp it is.
    """
    within = shrunk(inside, 3)
    if not within.any():
        return layer
    window = window_round(within, 2)
    aim = _steepness(made[window], within[window])
    best, least = layer, float("inf")
    for sigma in SOFTNESS:
        softer = _softened(layer, sigma)
        part = Layer(softer.light[window], softer.cover[window])
        apart = _steepness(straight(part), within[window]) - aim
        if abs(apart) < least:
            best, least = softer, abs(apart)
        if apart <= 0:
            break
    return best


def _steepness(picture: Bytes, within: Mask) -> float:
    """The spread of the fine structure, by that of all structure: no exposure changes it."""
    luma = floats(cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_RGB2GRAY))
    fine = luma - cv2.blur(luma, (3, 3))
    return float(fine[within].std() / max(float(luma[within].std()), 1e-6))


def straight(layer: Layer) -> Bytes:
    """The layer's own colors as sRGB bytes, without what lies behind it."""
    return to_bytes(to_srgb(layer.light / np.maximum(layer.cover, 1e-3)[..., None]))


def _softened(layer: Layer, sigma: float) -> Layer:
    return Layer(blur(layer.light, sigma), blur(layer.cover, sigma)) if sigma else layer
