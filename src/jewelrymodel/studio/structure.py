"""Edges and structure of two pictures of one piece, and what a compressed file does to a picture.

A file keeps little more of dark metal than its own noise, and colors at half the size: what it does
to the piece that is wanted says how much of a difference it explains.
"""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats

FILE_QUALITY = 90  # of a JPEG; 92 is usual
_SSIM_WINDOW = (7, 7)


def gradient(gray: Floats) -> Floats:
    """How steep each pixel is (HxW): Sobel, both ways."""
    across, down = cv2.Sobel(gray, cv2.CV_32F, 1, 0), cv2.Sobel(gray, cv2.CV_32F, 0, 1)
    return floats(np.hypot(across, down))


def correlation(one: Floats, other: Floats) -> float:
    """Pearson's, -1 to 1; 0 where one of them is flat."""
    has_edges = one.std() > 0 and other.std() > 0
    return float(np.corrcoef(one, other)[0, 1]) if has_edges else 0.0


def detail_ratio(one: Floats, other: Floats) -> float:
    """How much more detail the other has: the ratio of their variances."""
    return float(other.var() / max(float(one.var()), 1e-6))


def ssim(one: Floats, two: Floats, inside: Mask) -> Floats:
    """Structural similarity per pixel (Wang et al. 2004, 7x7 uniform window, 8-bit range), from the
    piece's own pixels only: what lies beside it may be anything.
    """
    weight = floats(inside)
    share = np.maximum(cv2.blur(weight, _SSIM_WINDOW), 1e-6)

    def mean(values: Floats) -> Floats:
        return floats(cv2.blur(floats(values * weight), _SSIM_WINDOW) / share)

    mean1, mean2 = mean(one), mean(two)
    var1, var2 = mean(one * one) - mean1 * mean1, mean(two * two) - mean2 * mean2
    both = mean(one * two) - mean1 * mean2
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    top = (2 * mean1 * mean2 + c1) * (2 * both + c2)
    return floats(top / ((mean1**2 + mean2**2 + c1) * (var1 + var2 + c2)))


def as_compressed(wanted: Bytes, made: Bytes, inside: Mask) -> Bytes:
    """What a compressed file makes of the piece that is wanted, in the picture that was made."""
    picture = np.where(inside[..., None], wanted, made)
    _, file = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, FILE_QUALITY])
    return np.asarray(cv2.imdecode(file, cv2.IMREAD_COLOR), np.uint8)
