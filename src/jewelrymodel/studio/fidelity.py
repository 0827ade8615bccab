"""Is the piece in the picture still the piece that was approved? Measured on every output.

The approved cutout, less what the renderer declared to leave out, is warped by the planned
transform (where somebody else made the picture: to where the piece is found) and lit by the light
that the place declares. Colors are compared material by material before any freedom is given; then
one exposure for the whole piece is fitted, within narrow limits, and edges, detail and color are
compared inside a mask narrowed by a pixel. Parts that should show and don't are looked for up to
the outline.
"""

import dataclasses
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from jewelrymodel.studio.arrays import (
    Bytes,
    Floats,
    Mask,
    any_channel,
    floats,
    lab,
    shrunk,
    to_bytes,
    to_linear,
    to_srgb,
    window_round,
)
from jewelrymodel.studio.declaration import Declaration
from jewelrymodel.studio.placement import Layer, place
from jewelrymodel.studio.registration import as_soft, moved, straight
from jewelrymodel.studio.spots import Spots, spots_apart, spots_beside
from jewelrymodel.studio.structure import as_compressed, correlation, detail_ratio, gradient, ssim
from jewelrymodel.studio.surroundings import ROUND_IT

MIN_GRADIENT_CORRELATION = 0.97
LEAST_EXPLAINED = 0.9  # dark metal has little but a compressed file's noise
LEAST_FILE_TINT = 2.5  # a file that leaves every hue as it is explains no other one
MIN_LOCAL_SSIM_WORST5 = 0.75
MAX_DELTA_E = 3.0
MAX_MATERIAL_DELTA_E = 5.0
MAX_MATERIAL_TINT, MAX_TINT_COMPRESSED = 3.0, 3.4
MAX_MISSING = 0.005
MAX_SPOT, MAX_SPOT_KNOWN = 0.0004, 0.0003  # of the piece's area; a prong is a few thousandths
MAX_BESIDE = 0.002  # of the piece's area, where the background is not known
DETAIL_RATIO = (0.8, 1.2)
MAX_EXPOSURE = 1.12  # a lamp's brightness may differ by this, its color not
_ROOM_PX = 12  # round the piece, so that moving it brings nothing foreign in
_TONE_STEP, _TINT_STEP = 25, 14  # how far colors of one material lie apart in Lab
_MATERIAL_SHARE, _SHARE_COMPRESSED = 0.01, 0.05  # a file stores colors at half the size
_LEAST_BYTES = 8
_LEAST_MISSING = 0.001
_LINEAR = to_linear(np.arange(256, dtype=np.uint8))


@dataclass(frozen=True)
class Fidelity:
    """The figures of one output, and whether it passes the gate.

    Of all that compares colors and edges, what a compressed file does to the piece is taken off
    where one may have come.
    `material_delta_e` and `material_tint` are the color difference (CIE76) and its part without
    lightness of the material that changed most; `missing` is the share of the approved piece
    that should show and doesn't. `changed` is the largest spot on the piece that differs by more
    than 8, and `added` the largest beside it, as shares of the piece's area. `openings_filled` of
    the piece's `openings` show something else than what is behind it, `bright_parts_changed` of its
    small `bright_parts` differ. `added` and `openings_filled` are None where that can't be told.
    `sizes` is None where the piece's real size isn't known.
    """

    gradient_correlation: float
    local_ssim_worst5: float
    delta_e: float
    detail_ratio: float
    material_delta_e: float
    material_tint: float
    missing: float
    changed: float
    added: float | None
    openings: int
    openings_filled: int | None
    bright_parts: int
    bright_parts_changed: int
    passed: bool
    sizes: "Sizes | None" = None

    @property
    def unchecked(self) -> tuple[str, ...]:
        """What can't be told in this picture: whether openings are open, what lies beside."""
        parts = {"openings": self.openings_filled, "beside": self.added}
        return tuple(name for name, figure in parts.items() if figure is None)


@dataclass(frozen=True)
class Sizes:
    """The same in millimeters of the piece: the part of it that shows, with its width and height,
    its openings, the largest changed spot on it and the largest beside it, and all of both.
    """

    width_mm: float
    height_mm: float
    piece_mm2: float
    openings_mm2: float
    changed_mm2: float
    added_mm2: float | None
    lost_mm2: float
    gained_mm2: float | None


FAILED = Fidelity(
    0.0, 0.0, 100.0, 0.0, 100.0, 100.0, 1.0, 1.0, 1.0, 0, 0, 0, 0, passed=False
)  # fmt: skip


@dataclass(frozen=True)
class Expected:
    """What a picture is to show: the cutout less what was left out, how it was declared to be put
    there, its layer in the picture, and the share of it that lies outside.
    """

    piece: Bytes
    declared: Declaration
    layer: Layer
    cropped: float


def measure(approved: Bytes, image: Bytes, declared: Declaration) -> Fidelity:
    """Compare the piece in `image` with the approved cutout (HxWx4), as it was declared to be put
    there.

    Fails where the piece would be mirrored or stretched, and where no lamp gives such a light.
    """
    wanted = expected(approved, declared, (image.shape[1], image.shape[0]))
    return FAILED if wanted is None else compared(wanted, image)


def expected(approved: Bytes, declared: Declaration, size: tuple[int, int]) -> Expected | None:
    """Return what a picture of `size` (width, height) is to show of the approved cutout (HxWx4);
    None where no such picture can pass.
    """
    piece = approved if declared.left_out is None else without(approved, declared.left_out)
    if not declared.light.is_plausible or declared.is_distorted(piece):
        return None
    placed = declared.placed(piece, size)
    cropped = declared.cropped(piece, placed)
    layer = placed.lit(declared.light.gains)
    layer = layer if declared.visible is None else layer.clipped(declared.visible)
    if shrunk(np.asarray(layer.cover > 0.94), 3).sum() < 100:
        return None
    return Expected(piece, declared, layer, cropped)


def compared(wanted: Expected, image: Bytes) -> Fidelity:
    """Compare a picture (HxWx3) with what it is to show."""
    declared, layer = wanted.declared, wanted.layer
    if declared.behind is None:
        return _compared_apart(wanted, image)
    spots = spots_beside(layer, image, declared.behind, declared.laid)
    window = window_round(np.asarray(layer.cover > 0), _ROOM_PX)
    layer = _windowed(layer, window)
    figures = _compared(layer, image[window], wanted.cropped, spots, declared.px_per_mm)
    return _judged(figures, MAX_SPOT_KNOWN, MAX_SPOT_KNOWN, MAX_MATERIAL_TINT)


def _compared_apart(wanted: Expected, image: Bytes) -> Fidelity:
    """The piece alone, where it lies in the picture and as soft as it is there; then what shows in
    its openings and beside it.
    """
    declared, layer = wanted.declared, wanted.layer
    near = window_round(np.asarray(layer.cover > 0), _ROOM_PX)
    part = _windowed(layer, near)
    transform = moved(declared.transform, straight(part), image[near], _inside(part))
    layer = place(wanted.piece, transform, (image.shape[1], image.shape[0]))
    layer = layer.lit(declared.light.gains)
    layer = layer if declared.visible is None else layer.clipped(declared.visible)
    room = round(ROUND_IT * max(np.ptp(np.nonzero(wanted.layer.cover > 0), axis=1)))
    window = window_round(np.asarray(wanted.layer.cover > 0), max(_ROOM_PX, room))
    part, made = _windowed(layer, window), image[window]
    part = as_soft(part, made, _inside(part))
    figures = _compared(part, made, wanted.cropped, None, declared.px_per_mm)
    return _judged(figures, MAX_SPOT, MAX_BESIDE, MAX_TINT_COMPRESSED)


def _windowed(layer: Layer, window: tuple[slice, slice]) -> Layer:
    return Layer(layer.light[window], layer.cover[window])


def _inside(layer: Layer) -> Mask:
    return shrunk(np.asarray(layer.cover > 0.94), 3)


def without(rgba: Bytes, left_out: Floats) -> Bytes:
    """The cutout less what is left out."""
    kept = rgba.copy()
    kept[..., 3] = np.round(kept[..., 3] * (1 - left_out))
    return kept


def _compared(
    layer: Layer, made: Bytes, cropped: float, spots: Spots | None, px_per_mm: float | None
) -> Fidelity:
    wanted, inside = straight(layer), _inside(layer)
    aim = _lab_of(wanted, inside)
    share = _MATERIAL_SHARE if spots else _SHARE_COMPRESSED
    materials = _materials(aim, share)
    exposed = _exposed(made, wanted, inside)
    one, two = (cv2.cvtColor(x, cv2.COLOR_RGB2GRAY) for x in (wanted, exposed))
    steady = _steady(layer, inside)
    softly = spots is None
    missing = _missing(layer, exposed if softly else made, softly=softly)
    spots = spots or spots_apart(layer, wanted, exposed, steady)
    edges, made_edges = gradient(floats(one))[steady], gradient(floats(two))[steady]
    alike, detail = correlation(edges, made_edges), detail_ratio(edges, made_edges)
    shown = (_lab_of(made, inside), _lab_of(exposed, inside))
    colors = _colors(aim, *shown, materials)
    if softly:
        file = as_compressed(wanted, exposed, inside)
        filed_edges = gradient(floats(cv2.cvtColor(file, cv2.COLOR_RGB2GRAY)))[steady]
        colors = _unexplained(colors, aim, _lab_of(file, inside), shown, materials)
        alike = min(1.0, alike / max(correlation(edges, filed_edges), LEAST_EXPLAINED))
        detail = min(detail, max(1.0, detail / max(detail_ratio(edges, filed_edges), 1.0)))
    local = cv2.blur(np.where(inside, ssim(floats(one), floats(two), inside), 1.0), (9, 9))
    return Fidelity(
        round(alike, 4),
        round(float(np.percentile(local[inside], 5)), 3),
        round(colors.delta_e, 2),
        round(detail, 3),
        round(colors.material_delta_e, 2),
        round(colors.material_tint, 2),
        round(cropped + missing, 4),
        round(spots.changed / spots.piece, 5),
        None if spots.added is None else round(spots.added / spots.piece, 5),
        len(spots.openings),
        spots.filled,
        spots.bright,
        spots.dimmed,
        passed=False,
        sizes=None if px_per_mm is None else _sizes(layer, spots, px_per_mm),
    )


def _sizes(layer: Layer, spots: Spots, px_per_mm: float) -> Sizes:
    def area(pixels: float) -> float:
        return round(pixels / px_per_mm**2, 2)

    height, width = (int(np.ptp(at)) + 1 for at in np.nonzero(layer.cover > 0.5))
    return Sizes(
        width_mm=round(width / px_per_mm, 1),
        height_mm=round(height / px_per_mm, 1),
        piece_mm2=area(spots.piece),
        openings_mm2=area(sum(spots.openings)),
        changed_mm2=area(spots.changed),
        added_mm2=None if spots.added is None else area(spots.added),
        lost_mm2=area(spots.lost),
        gained_mm2=None if spots.gained is None else area(spots.gained),
    )


def _steady(layer: Layer, inside: Mask) -> Mask:
    """Where a gradient looks at the piece alone: even a twentieth of what lies behind it shows in
    the soft outline of an enlarged piece.
    """
    steady = inside & shrunk(np.asarray(layer.cover > 0.985), 3)
    return steady if steady.sum() >= 100 else inside


def _judged(figures: Fidelity, max_changed: float, max_added: float, max_tint: float) -> Fidelity:
    passed = (
        figures.gradient_correlation >= MIN_GRADIENT_CORRELATION
        and figures.local_ssim_worst5 >= MIN_LOCAL_SSIM_WORST5
        and figures.delta_e <= MAX_DELTA_E
        and DETAIL_RATIO[0] <= figures.detail_ratio <= DETAIL_RATIO[1]
        and figures.material_delta_e <= MAX_MATERIAL_DELTA_E
        and figures.material_tint <= max_tint
        and figures.missing <= MAX_MISSING
        and figures.changed <= max_changed
        and (figures.added or 0) <= max_added
        and not figures.openings_filled
        and not figures.bright_parts_changed
    )
    return dataclasses.replace(figures, passed=passed)


def _lab_of(image: Bytes, inside: Mask) -> Floats:
    return floats(lab(image[inside][None])[0])


def _materials(colors: Floats, share: float) -> list[Mask]:
    """The pixels of each material that has such a share of the piece, as metal and stones: those
    whose colors lie together.
    """
    cells = np.floor(colors / np.array([_TONE_STEP, _TINT_STEP, _TINT_STEP])).astype(np.int64)
    keys = (cells + 32) @ np.array([4096, 64, 1])
    counts = np.bincount(keys)
    smallest = max(60, share * len(colors))
    return [np.asarray(keys == key) for key in np.flatnonzero(counts > smallest)]


def _worst(difference: Floats, materials: list[Mask]) -> float:
    """The largest mean difference of any material; of all pixels where no material is large."""
    groups = materials or [np.ones(len(difference), bool)]
    return max(float(np.linalg.norm(difference[one].mean(0))) for one in groups)


class Colors(NamedTuple):
    """How far colors are from those that are wanted (CIE76): on the mean, of the worst material,
    and that without lightness, before any exposure was fitted.
    """

    delta_e: float
    material_delta_e: float
    material_tint: float


def _colors(aim: Floats, made: Floats, exposed: Floats, materials: list[Mask]) -> Colors:
    difference = floats(exposed - aim)
    mean = float(np.linalg.norm(difference, axis=1).mean())
    return Colors(mean, _worst(difference, materials), _worst((made - aim)[:, 1:], materials))


def _unexplained(
    colors: Colors, aim: Floats, file: Floats, shown: tuple[Floats, Floats], materials: list[Mask]
) -> Colors:
    """The difference less what a file does: its noise, and what it takes of the background's color
    into a thin wire.
    """
    noise = float(np.linalg.norm(file - aim, axis=1).mean())
    unlike = float(np.sqrt(max(0.0, colors.delta_e**2 - noise**2)))
    if _worst((file - aim)[:, 1:], materials) < LEAST_FILE_TINT:
        return colors._replace(delta_e=unlike)
    by_file = _colors(file, *shown, materials)
    return Colors(
        unlike,
        min(colors.material_delta_e, by_file.material_delta_e),
        min(colors.material_tint, by_file.material_tint),
    )


def _exposed(made: Bytes, wanted: Bytes, inside: Mask) -> Bytes:
    """`made` as bright as `wanted`: one gain in linear light for all of the piece, within limits.
    A channel gets none of its own, or yellow gold would pass for rose.
    """
    seen, aim = _LINEAR[made[inside]], _LINEAR[wanted[inside]]
    gain = float((seen * aim).sum() / max(float((seen * seen).sum()), 1e-6))
    table = to_bytes(to_srgb(_LINEAR * np.clip(gain, 1 / MAX_EXPOSURE, MAX_EXPOSURE)))
    return np.asarray(table[made], np.uint8)


def _missing(layer: Layer, made: Bytes, *, softly: bool) -> float:
    """The share of the piece where the picture can't be the piece, whatever lies behind it: where
    more than half is covered, it is at least as bright as the piece's own share of the light, and
    at most brighter by what black or white behind it gives. `softly` passes over the small places
    that a compressed file has at edges.
    """
    cover = layer.cover[..., None]
    low = layer.light / MAX_EXPOSURE * cover**1.4  # some mix encoded values instead of light
    high = layer.light * MAX_EXPOSURE + (1 - cover)
    least = _LEAST_BYTES * (2 if softly else 1)
    brighter = _LINEAR[np.minimum(made, 255 - least) + least]
    darker = _LINEAR[np.maximum(made, least) - least]
    other = any_channel(np.asarray((brighter < low) | (darker > high))) & (layer.cover > 0.5)
    if softly:
        other = _large(other, _LEAST_MISSING * float(layer.cover.sum()))
    return float(layer.cover[other].sum() / max(float(layer.cover.sum()), 1e-6))


def _large(places: Mask, least_px: float) -> Mask:
    """The connected places of at least so many pixels."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(places.astype(np.uint8))
    kept = stats[:, cv2.CC_STAT_AREA] >= least_px
    kept[0] = False
    return np.asarray(kept[labels])
