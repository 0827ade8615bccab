"""Is the piece in the picture still the piece that was cut out? Measured on every output.

The cut-out is warped by the planned transform (or the registered one, whichever fits better), gain
and offset are fitted per channel inside a mask narrowed by a pixel, and the rest is compared. That
forgives relighting and catches a changed stone, a mirrored piece, a blur, a swapped colour.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats, lab, shrunk, to_bytes, to_srgb
from jewelrymodel.studio.placing import Layer, Matrix, place

MIN_GRADIENT_CORRELATION = 0.97
MIN_LOCAL_SSIM_WORST5 = 0.75
MAX_DELTA_E = 3.0
DETAIL_RATIO = (0.8, 1.2)
MAX_GAIN = 2.5
_SSIM_WINDOW = (7, 7)
_ROOM_PX = 12  # round the piece, so that moving it brings nothing foreign in


@dataclass(frozen=True)
class Fidelity:
    """The figures of one output, and whether it passes the gate."""

    gradient_correlation: float
    local_ssim_worst5: float
    delta_e: float
    detail_ratio: float
    passed: bool


FAILED = Fidelity(0.0, 0.0, 100.0, 0.0, passed=False)


def measure(
    cutout_rgba: Bytes, image: Bytes, transform: Matrix, visible: Floats | None = None
) -> Fidelity:
    """Compare the piece in `image` with the cut-out under `transform` (2x3, cut-out to image).

    `visible` (HxW of the image, 0…1) leaves out what a finger or the neck hides on purpose.
    """
    height, width = image.shape[:2]
    layer = place(cutout_rgba, transform, (width, height))
    cover = layer.cover if visible is None else floats(layer.cover * visible)
    mask = shrunk(np.asarray(cover > 0.94), 3)
    if mask.sum() < 100:
        return FAILED
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    top, left = max(0, int(rows[0]) - _ROOM_PX), max(0, int(columns[0]) - _ROOM_PX)
    window = np.s_[top : rows[-1] + _ROOM_PX, left : columns[-1] + _ROOM_PX]
    wanted, made, inside = _straight(layer)[window], image[window], mask[window]
    planned = _compared(wanted, made, inside)
    if planned.passed:
        return planned
    registered = _compared(wanted, _registered(wanted, made, inside), inside)
    return max(planned, registered, key=lambda f: f.gradient_correlation)


def _straight(layer: Layer) -> Bytes:
    return to_bytes(to_srgb(layer.light / np.maximum(layer.cover, 1e-3)[..., None]))


def _compared(wanted: Bytes, made: Bytes, inside: Mask) -> Fidelity:
    relit = _relit(made, wanted, inside)
    if relit is None:
        return FAILED
    one, two = (cv2.cvtColor(x, cv2.COLOR_RGB2GRAY) for x in (wanted, relit))
    edges, made_edges = _gradient(floats(one))[inside], _gradient(floats(two))[inside]
    has_edges = edges.std() > 0 and made_edges.std() > 0
    correlation = float(np.corrcoef(edges, made_edges)[0, 1]) if has_edges else 0.0
    local = cv2.blur(np.where(inside, _ssim(floats(one), floats(two), inside), 1.0), (9, 9))
    worst = float(np.percentile(local[inside], 5))
    delta = float(np.linalg.norm(lab(wanted) - lab(relit), axis=2)[inside].mean())
    ratio = float(made_edges.var() / max(float(edges.var()), 1e-6))
    passed = (
        correlation >= MIN_GRADIENT_CORRELATION
        and worst >= MIN_LOCAL_SSIM_WORST5
        and delta <= MAX_DELTA_E
        and DETAIL_RATIO[0] <= ratio <= DETAIL_RATIO[1]
    )
    return Fidelity(
        round(correlation, 4), round(worst, 3), round(delta, 2), round(ratio, 3), passed
    )


def _relit(made: Bytes, wanted: Bytes, inside: Mask) -> Bytes | None:
    """`made` under the light of `wanted`: gain and offset per channel. None where the fit needs a
    light that no lamp gives (a negative or enormous gain): that is another colour.
    """
    fitted = np.empty(made.shape, np.float64)
    for channel in range(3):
        seen, aim = made[..., channel][inside], wanted[..., channel][inside]
        terms = np.column_stack([seen, np.ones(seen.size)])
        gain, offset = np.linalg.lstsq(terms, aim, rcond=None)[0]
        if not 1 / MAX_GAIN < gain < MAX_GAIN:
            return None
        fitted[..., channel] = made[..., channel] * gain + offset
    return np.asarray(np.clip(fitted + 0.5, 0, 255), np.uint8)


def _registered(wanted: Bytes, made: Bytes, inside: Mask) -> Bytes:
    """`made` moved by the small rotation and shift that fit best; unchanged where none is found."""
    one, two = (floats(cv2.cvtColor(x, cv2.COLOR_RGB2GRAY)) for x in (wanted, made))
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 60, 1e-5)
    start = np.eye(2, 3, dtype=np.float32)
    weights = inside.astype(np.uint8) * 255
    try:
        _, warp = cv2.findTransformECC(one, two, start, cv2.MOTION_EUCLIDEAN, criteria, weights, 5)
    except cv2.error:  # it doesn't converge when the pictures have nothing in common
        return made
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(made, warp, (made.shape[1], made.shape[0]), flags=flags)
    return np.asarray(moved, np.uint8)


def _gradient(grey: Floats) -> Floats:
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    return floats(np.hypot(across, down))


def _ssim(one: Floats, two: Floats, inside: Mask) -> Floats:
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
