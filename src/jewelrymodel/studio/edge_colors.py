"""What color a half-covered pixel of the piece has, without the background that shines through."""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, floats

WIDE_PX = 90  # reaches sure color from anywhere in a soft edge
NARROW_PX = 6  # then takes the color from next door, so that a stone's edge stays the stone's
_NEVER_ZERO = 1e-5


def foreground_colors(rgb: Floats, alpha: Floats) -> Floats:
    """Estimate the piece's own color at every pixel of `rgb` (HxWx3, 0 to 1) under `alpha` (HxW).

    Where alpha is 1 the photo's color comes back as it was. The rule: color and background near a
    pixel are averages weighted by cover and its rest, and what the mix of both doesn't explain
    belongs to the piece; once wide, once narrow. Source: M. Forte, "Approximate Fast Foreground
    Color Estimation", ICIP 2021, equations 4 to 7.
    """
    cover = np.asarray(alpha[..., None], np.float32)
    photo = np.asarray(rgb, np.float32)
    piece, background = _fused(photo, photo, photo, cover, WIDE_PX)
    piece, _ = _fused(photo, piece, background, cover, NARROW_PX)
    return floats(piece)


def _fused(
    photo: Floats, piece: Floats, background: Floats, cover: Floats, reach: int
) -> tuple[Floats, Floats]:
    near_piece = _average(piece, cover, reach)
    near_background = _average(background, 1 - cover, reach)
    unexplained = photo - cover * near_piece - (1 - cover) * near_background
    return floats(np.clip(near_piece + cover * unexplained, 0, 1)), near_background


def _average(colors: Floats, weight: Floats, reach: int) -> Floats:
    total = cv2.blur(colors * weight, (reach, reach))
    return floats(total / (cv2.blur(weight, (reach, reach))[..., None] + _NEVER_ZERO))
