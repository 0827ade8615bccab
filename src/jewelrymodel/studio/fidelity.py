"""Is the piece in the picture still the piece that was approved? Measured on every output.

The approved cutout, less what the renderer declared to leave out, is warped by the planned
transform (or the registered one, whichever fits better) and lit by the light that the place
declares. Colors are compared material by material before any freedom is given; then one exposure
for the whole piece is fitted, within narrow limits, and edges, detail and color are compared inside
a mask narrowed by a pixel. Parts that should show and don't are looked for up to the outline.
"""

import dataclasses
from dataclasses import dataclass

import cv2
import numpy as np

from jewelrymodel.studio.arrays import (
    Bytes,
    Floats,
    Mask,
    floats,
    lab,
    shrunk,
    to_bytes,
    to_linear,
    to_srgb,
    window_round,
)
from jewelrymodel.studio.declaration import Declaration
from jewelrymodel.studio.placement import Layer, Matrix, place
from jewelrymodel.studio.spots import Spots, spots_beside, spots_on

MIN_GRADIENT_CORRELATION = 0.97
MIN_LOCAL_SSIM_WORST5 = 0.75
MAX_DELTA_E = 3.0
MAX_MATERIAL_DELTA_E = 5.0
MAX_MATERIAL_TINT = 3.0
MAX_MISSING = 0.005
MAX_SPOT, MAX_SPOT_KNOWN = 0.0015, 0.0003  # of the piece's area; a prong is a few thousandths
DETAIL_RATIO = (0.8, 1.2)
MAX_EXPOSURE = 1.12  # a lamp's brightness may differ by this, its color not
MAX_STRETCH = 1.45
_SSIM_WINDOW = (7, 7)
_ROOM_PX = 12  # round the piece, so that moving it brings nothing foreign in
_TONE_STEP, _TINT_STEP = 25, 14  # how far colors of one material lie apart in Lab
_MATERIAL_SHARE = 0.01
_LEAST_BYTES = 8
_LINEAR = to_linear(np.arange(256, dtype=np.uint8))


@dataclass(frozen=True)
class Fidelity:
    """The figures of one output, and whether it passes the gate.

    `material_delta_e` and `material_tint` are the color difference (CIE76) and its part without
    lightness of the material that changed most; `missing` is the share of the approved piece
    that should show and doesn't. `changed` is the largest spot on the piece that differs by more
    than 8, and `added` the largest beside it, as shares of the piece's area; what is beside it can
    be compared only where the picture without the piece was declared, else `added` is 0.
    """

    gradient_correlation: float
    local_ssim_worst5: float
    delta_e: float
    detail_ratio: float
    material_delta_e: float
    material_tint: float
    missing: float
    changed: float
    added: float
    passed: bool


FAILED = Fidelity(0.0, 0.0, 100.0, 0.0, 100.0, 100.0, 1.0, 1.0, 1.0, passed=False)


def measure(approved: Bytes, image: Bytes, declared: Declaration) -> Fidelity:
    """Compare the piece in `image` with the approved cutout (HxWx4), as it was declared to be put
    there.

    Fails where the piece would be mirrored or stretched, and where no lamp gives such a light.
    """
    if not declared.light.is_plausible or _is_distorted(declared.transform):
        return FAILED
    height, width = image.shape[:2]
    piece = approved if declared.left_out is None else without(approved, declared.left_out)
    placed = place(piece, declared.transform, (width, height))
    cropped = _cropped(piece, placed, declared.transform)
    layer = placed.lit(declared.light.gains)
    layer = layer if declared.visible is None else layer.clipped(declared.visible)
    if shrunk(np.asarray(layer.cover > 0.94), 3).sum() < 100:
        return FAILED
    spots = None
    if declared.behind is not None:
        spots = spots_beside(layer, image, declared.behind, declared.laid)
    window = window_round(np.asarray(layer.cover > 0), _ROOM_PX)
    layer = Layer(layer.light[window], layer.cover[window])
    made, inside = image[window], shrunk(np.asarray(layer.cover > 0.94), 3)
    wanted = _straight(layer)
    planned = _compared(layer, wanted, made, inside, cropped, spots)
    if planned.passed or spots is not None:
        return planned
    moved = _registered(wanted, made, inside)
    registered = _compared(layer, wanted, moved, inside, cropped, spots)
    return max(planned, registered, key=lambda f: (f.passed, f.gradient_correlation))


def without(rgba: Bytes, left_out: Floats) -> Bytes:
    """The cutout less what is left out."""
    kept = rgba.copy()
    kept[..., 3] = np.round(kept[..., 3] * (1 - left_out))
    return kept


def _is_distorted(transform: Matrix) -> bool:
    scales = np.linalg.svd(transform[:, :2], compute_uv=False)
    mirrored = np.linalg.det(transform[:, :2]) <= 0
    return bool(mirrored or scales[0] > MAX_STRETCH * scales[1])


def _cropped(piece: Bytes, placed: Layer, transform: Matrix) -> float:
    """The share of the piece that lies outside the picture; a thousandth is rounding."""
    whole = float(piece[..., 3].sum(dtype=np.float64)) / 255
    expected = whole * float(abs(np.linalg.det(transform[:, :2])))
    share = 1 - float(placed.cover.sum(dtype=np.float64)) / max(expected, 1e-6)
    return share if share > 0.001 else 0.0


def _straight(layer: Layer) -> Bytes:
    return to_bytes(to_srgb(layer.light / np.maximum(layer.cover, 1e-3)[..., None]))


def _compared(
    layer: Layer, wanted: Bytes, made: Bytes, inside: Mask, cropped: float, spots: Spots | None
) -> Fidelity:
    aim = _lab_of(wanted, inside)
    materials = _materials(aim)
    tint = _worst((_lab_of(made, inside) - aim)[:, 1:], materials)
    exposed = _exposed(made, wanted, inside)
    difference = floats(_lab_of(exposed, inside) - aim)
    one, two = (cv2.cvtColor(x, cv2.COLOR_RGB2GRAY) for x in (wanted, exposed))
    steady = _steady(layer, inside)
    most = MAX_SPOT if spots is None else MAX_SPOT_KNOWN
    spots = spots or spots_on(wanted, exposed, steady)
    edges, made_edges = _gradient(floats(one))[steady], _gradient(floats(two))[steady]
    has_edges = edges.std() > 0 and made_edges.std() > 0
    local = cv2.blur(np.where(inside, _ssim(floats(one), floats(two), inside), 1.0), (9, 9))
    figures = Fidelity(
        round(float(np.corrcoef(edges, made_edges)[0, 1]) if has_edges else 0.0, 4),
        round(float(np.percentile(local[inside], 5)), 3),
        round(float(np.linalg.norm(difference, axis=1).mean()), 2),
        round(float(made_edges.var() / max(float(edges.var()), 1e-6)), 3),
        round(_worst(difference, materials), 2),
        round(tint, 2),
        round(cropped + _missing(layer, made), 4),
        round(spots.changed, 5),
        round(spots.added, 5),
        passed=False,
    )
    return dataclasses.replace(figures, passed=_is_faithful(figures, most))


def _steady(layer: Layer, inside: Mask) -> Mask:
    """Where a gradient looks at the piece alone: even a twentieth of what lies behind it shows in
    the soft outline of an enlarged piece.
    """
    steady = inside & shrunk(np.asarray(layer.cover > 0.985), 3)
    return steady if steady.sum() >= 100 else inside


def _is_faithful(figures: Fidelity, max_spot: float) -> bool:
    return (
        figures.gradient_correlation >= MIN_GRADIENT_CORRELATION
        and figures.local_ssim_worst5 >= MIN_LOCAL_SSIM_WORST5
        and figures.delta_e <= MAX_DELTA_E
        and DETAIL_RATIO[0] <= figures.detail_ratio <= DETAIL_RATIO[1]
        and figures.material_delta_e <= MAX_MATERIAL_DELTA_E
        and figures.material_tint <= MAX_MATERIAL_TINT
        and figures.missing <= MAX_MISSING
        and figures.changed <= max_spot
        and figures.added <= max_spot
    )


def _lab_of(image: Bytes, inside: Mask) -> Floats:
    return floats(lab(image[inside][None])[0])


def _materials(colors: Floats) -> list[Mask]:
    """The pixels of each material, as metal and stones: those whose colors lie together."""
    cells = np.floor(colors / np.array([_TONE_STEP, _TINT_STEP, _TINT_STEP])).astype(np.int64)
    keys = (cells + 32) @ np.array([4096, 64, 1])
    counts = np.bincount(keys)
    smallest = max(60, _MATERIAL_SHARE * len(colors))
    return [np.asarray(keys == key) for key in np.flatnonzero(counts > smallest)]


def _worst(difference: Floats, materials: list[Mask]) -> float:
    """The largest mean difference of any material; of all pixels where no material is large."""
    groups = materials or [np.ones(len(difference), bool)]
    return max(float(np.linalg.norm(difference[one].mean(0))) for one in groups)


def _exposed(made: Bytes, wanted: Bytes, inside: Mask) -> Bytes:
    """`made` as bright as `wanted`: one gain in linear light for all of the piece, within limits.
    A channel gets none of its own, or yellow gold would pass for rose.
    """
    seen, aim = _LINEAR[made[inside]], _LINEAR[wanted[inside]]
    gain = float((seen * aim).sum() / max(float((seen * seen).sum()), 1e-6))
    table = to_bytes(to_srgb(_LINEAR * np.clip(gain, 1 / MAX_EXPOSURE, MAX_EXPOSURE)))
    return np.asarray(table[made], np.uint8)


def _missing(layer: Layer, made: Bytes) -> float:
    """The share of the piece where the picture can't be the piece, whatever lies behind it: where
    more than half is covered, it is at least as bright as the piece's own share of the light, and
    at most brighter by what black or white behind it gives.
    """
    cover = layer.cover[..., None]
    low = layer.light / MAX_EXPOSURE * cover**1.4  # some mix encoded values instead of light
    high = layer.light * MAX_EXPOSURE + (1 - cover)
    brighter = _LINEAR[np.minimum(made, 255 - _LEAST_BYTES) + _LEAST_BYTES]
    darker = _LINEAR[np.maximum(made, _LEAST_BYTES) - _LEAST_BYTES]
    other = ((brighter < low) | (darker > high)).any(2) & (layer.cover > 0.5)
    return float(layer.cover[other].sum() / max(float(layer.cover.sum()), 1e-6))


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


def _gradient(gray: Floats) -> Floats:
    across, down = cv2.Sobel(gray, cv2.CV_32F, 1, 0), cv2.Sobel(gray, cv2.CV_32F, 0, 1)
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
