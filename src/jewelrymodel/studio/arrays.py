"""The few array types and helpers that every file of the image room uses."""

import math
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]
_PIXELS_PER_SIGMA = 5


def floats(values: Any) -> Floats:
    """`values` as 32-bit floats."""
    return np.asarray(values, np.float32)


def blur(values: Floats, sigma: float) -> Floats:
    """Gaussian blur, sigma in pixels; below 0.2 the values come back as they are.

    A wide one works on a smaller picture, whose pixels are at most a fifth of sigma: the result
    is within 0.3 % of the values' range of the exact one, in a time that doesn't grow with sigma.
    """
    factor = int(sigma / _PIXELS_PER_SIGMA)
    if factor < 2:
        return floats(cv2.GaussianBlur(values, (0, 0), sigma)) if sigma >= 0.2 else values
    height, width = values.shape[:2]
    beside = math.ceil(4 * sigma / factor) + 1  # so many small pixels does the kernel reach
    room, ends = beside * factor, (-height % factor, -width % factor)
    padded = cv2.copyMakeBorder(
        values, room, room + ends[0], room, room + ends[1], cv2.BORDER_REFLECT_101
    )
    size = (padded.shape[1] // factor, padded.shape[0] // factor)
    small = cv2.resize(padded, size, interpolation=cv2.INTER_AREA)
    # Averaging squares of pixels and enlarging linearly blur as well: variances of 1/12 and 1/6.
    rest = math.sqrt((sigma / factor) ** 2 - (1 - 1 / factor**2) / 4)
    small = cv2.GaussianBlur(small, (0, 0), rest)[beside - 1 : 1 - beside, beside - 1 : 1 - beside]
    size = (small.shape[1] * factor, small.shape[0] * factor)
    large = cv2.resize(small, size, interpolation=cv2.INTER_LINEAR)
    return floats(large[factor : factor + height, factor : factor + width])


def grown(mask: Mask, edge_px: int) -> Mask:
    """The mask widened by a square of this edge."""
    kernel = np.ones((edge_px, edge_px), np.uint8)
    return np.asarray(cv2.dilate(mask.astype(np.uint8), kernel) > 0)


def shrunk(mask: Mask, edge_px: int) -> Mask:
    """The mask narrowed by a square of this edge; what lies outside the picture counts as
    background.
    """
    kernel = np.ones((edge_px, edge_px), np.uint8)
    narrowed = cv2.erode(
        mask.astype(np.uint8), kernel, borderType=cv2.BORDER_CONSTANT, borderValue=0
    )
    return np.asarray(narrowed > 0)


def window_round(shown: Mask, room_px: int) -> tuple[slice, slice]:
    """The rows and columns of what is shown, with so many pixels round it."""
    rows, columns = (np.flatnonzero(shown.any(axis)) for axis in (1, 0))
    top, left = max(0, int(rows[0]) - room_px), max(0, int(columns[0]) - room_px)
    return slice(top, int(rows[-1]) + room_px), slice(left, int(columns[-1]) + room_px)


def lab(rgb: Any) -> Floats:
    """CIE Lab (L 0 to 100) of sRGB bytes or of sRGB floats, clipped to 0…1.

    By way of linear light: OpenCV reads sRGB floats off a table with 512 steps of L, and is off by
    up to 0.7 (findings/opencv_lab_steps.sh). This is right to 0.04, in no more time.
    """
    is_bytes = np.asarray(rgb).dtype == np.uint8
    light = to_linear(rgb if is_bytes else np.clip(floats(rgb), 0, 1))
    return floats(cv2.cvtColor(light, cv2.COLOR_LRGB2LAB))


def any_channel(mask: Mask) -> Mask:
    """Where any of three channels (HxWx3) is set; NumPy is slow along so short an axis."""
    return np.asarray(mask[..., 0] | mask[..., 1] | mask[..., 2])


def thrice(plane: Floats) -> Floats:
    """One value for all three channels (HxW to HxWx3); NumPy is slow to spread along so short an
    axis.
    """
    return floats(cv2.cvtColor(floats(plane), cv2.COLOR_GRAY2RGB))


def to_linear(rgb: Any) -> Floats:
    """Linear light of sRGB bytes or floats (IEC 61966-2-1)."""
    if np.asarray(rgb).dtype == np.uint8:
        return floats(np.take(_linear_bytes(), rgb))
    scaled = floats(rgb)
    low, high = scaled / 12.92, ((np.maximum(scaled, 0) + 0.055) / 1.055) ** 2.4
    return floats(np.where(scaled <= 0.04045, low, high))


@cache
def _linear_bytes() -> Floats:
    return to_linear(floats(np.arange(256)) / 255)


def to_srgb(linear: Any) -> Floats:
    """sRGB floats, clipped to 0…1, of linear light (IEC 61966-2-1)."""
    light = np.clip(floats(linear), 0, 1)
    return floats(np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055))


def to_bytes(rgb: Any) -> Bytes:
    """sRGB floats between 0 and 1 as bytes."""
    return np.asarray(np.clip(floats(rgb) * 255 + 0.5, 0, 255), np.uint8)
