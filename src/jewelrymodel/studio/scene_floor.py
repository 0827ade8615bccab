"""The surface under a piece, as a camera at some height sees it, and the shadow on it."""

import math

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, blur, floats
from jewelrymodel.studio.lighting import NEUTRAL_TINT, shadow
from jewelrymodel.studio.looks import Look
from jewelrymodel.studio.placement import Layer
from jewelrymodel.studio.ring_pose import LOWEST_DEG

_WALL = np.array([0.55, 0.53, 0.52], np.float32)
_DEPTH = 1.84  # how far behind the piece the floor ends, in picture heights
_SOLID = 0.9  # less is a shadow of the photo's own, and nothing stands on that


def seen_from_above(look: Look, size: tuple[int, int], px_per_mm: float) -> Floats:
    """The surface (HxWx3, linear light) straight from above, under a pool of light."""
    width, height = size
    longer = max(height, width)
    down, across = np.mgrid[0:height, 0:width] / longer
    pool = np.hypot(across - 0.36 * width / longer, down - 0.3)
    light = 1.12 - 0.62 * np.clip(pool, 0, 1) ** 1.4
    return floats(_surface(look, size, px_per_mm) * light[..., None])


def seen_aslant(
    look: Look, size: tuple[int, int], px_per_mm: float, camera_deg: float, foot: float
) -> Floats:
    """The surface (HxWx3, linear light) in perspective, from a camera at this height; `foot` is the
    row that the piece stands on. Where the floor ends in the picture, it ends in a soft wall, and
    what is far is out of focus.
    """
    width, height = size
    flat = _surface(look, size, px_per_mm * 0.6)
    slant = math.sin(math.radians(max(camera_deg, LOWEST_DEG)))
    end = foot - _DEPTH * slant * height
    floor = _in_perspective(flat, end, slant)
    down, across = np.mgrid[0:height, 0:width] / np.array([height, width])[:, None, None]
    soft = 0.1 if look.gloss and look.id != "sweep" else 0.3  # cloth and paper bend up
    depth = np.clip((down * height - end) / (soft * height), 0, 1)
    blend = (depth * depth * (3 - 2 * depth))[..., None]
    surface = floats(_wall(look, flat, across, down) * (1 - blend) + floor * blend)
    far = np.clip((foot / height - 0.07 - down) / 0.25, 0, 1)[..., None] * (1 - slant)
    surface = floats(surface * (1 - far) + blur(surface, 0.008 * height) * far)
    pool = np.hypot(across - 0.45, (down - foot / height + 0.17) * 1.2)
    return floats(surface * (1.08 - 0.5 * np.clip(pool, 0, 1.2) ** 1.5)[..., None])


def _surface(look: Look, size: tuple[int, int], px_per_mm: float) -> Floats:
    if look.surface is None:
        raise ValueError(f"{look.id} is no scene")
    return look.surface(size[1], size[0], px_per_mm, sum(look.id.encode()))


def _in_perspective(flat: Floats, end: float, slant: float) -> Floats:
    """The surface from its far end at the row `end`, which may lie outside the picture."""
    height, width = flat.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    spread = 0.9 * (1 - slant)
    seen = [[-0.15, end], [1.15, end], [1 + spread, height], [-spread, height]]
    target = np.array([[x * width, y] for x, y in seen], np.float32)
    warp = cv2.getPerspectiveTransform(corners, target)
    return floats(cv2.warpPerspective(flat, warp, (width, height), borderMode=cv2.BORDER_REFLECT))


def _wall(look: Look, flat: Floats, across: Floats, down: Floats) -> Floats:
    away = np.hypot(across - 0.35, down - 0.3)[..., None]
    if look.gloss and look.id != "sweep":
        return floats(_WALL * (1 - 0.45 * away))
    same = flat if look.id == "sweep" else flat.mean((0, 1))
    return floats(same * (0.95 - 0.3 * away))


def foot_of(cover: Floats) -> float:
    """The lowest row where the placed piece (its cover, HxW) is solid."""
    solid = np.asarray(cover > _SOLID)
    rows = np.flatnonzero(solid.sum(1) >= max(2, 0.004 * solid.any(0).sum()))
    return float(rows[-1] + 1) if rows.size else float(cover.shape[0])


def mirrored(surface: Floats, layer: Layer, foot: float, gloss: float) -> Floats:
    """The surface with the piece upside down below its foot, softer and fainter with distance."""
    height, width = layer.cover.shape
    matrix = np.array([[1, 0, 0], [0, -1, 2 * foot - 1]], np.float64)
    light = blur(floats(cv2.warpAffine(layer.light, matrix, (width, height))), 0.002 * height)
    cover = blur(floats(cv2.warpAffine(layer.cover, matrix, (width, height))), 0.002 * height)
    rows = np.arange(height)[:, None]
    fade = np.clip(1 - (rows - foot) / (0.17 * height), 0, 1) ** 1.6 * (rows > foot - 4) * gloss
    return floats(surface * (1 - (cover * fade)[..., None]) + light * fade[..., None])


def standing_shadow(layer: Layer, foot: float, camera_deg: float, shade: float) -> Floats:
    """The factor (HxWx3) of the shadow of what stands on the row `foot`: a cast one along the
    floor, and the dark of contact below the lower arc, fainter where the arc rises.
    """
    height, width = layer.cover.shape
    slant = math.sin(math.radians(max(camera_deg, LOWEST_DEG)))
    lean = np.array([[1, 0.62, -0.62 * foot], [0, -1.15 * slant, foot * (1 + 1.15 * slant)]])
    cast = blur(floats(cv2.warpAffine(layer.cover, lean, (width, height))), 0.011 * height)
    rows = np.arange(height)[:, None]
    gap = _gap_below(layer.cover, foot)
    near, wide = np.exp(-gap / (0.012 * height)), np.exp(-gap / (0.045 * height))
    depth = max(0.008, 0.03 * slant) * height
    tight = _spread(near, width) * np.exp(-(((rows - foot + 1) / depth) ** 2))
    around = _spread(wide, width) * np.exp(-(((rows - foot) / (3.2 * depth)) ** 2))
    dark = (1 - shade * 0.6 * cast) * (1 - 0.72 * tight) * (1 - 0.3 * around)
    return floats(1 - (1 - dark)[..., None] * NEUTRAL_TINT)


def _gap_below(cover: Floats, foot: float) -> Floats:
    """How far each column of the piece ends above the floor; without piece, very far."""
    solid = np.asarray(cover > _SOLID)
    lowest = cover.shape[0] - np.argmax(solid[::-1], axis=0)
    return floats(np.where(solid.any(0), np.maximum(0, foot - lowest), 10.0 * cover.shape[0]))


def _spread(columns: Floats, width: int) -> Floats:
    return blur(floats(columns[None]), max(1.0, 0.006 * width))


def lying_shadow(layer: Layer, px_per_mm: float, shade: float) -> Floats:
    """The factor (HxWx3) of the shadow of what lies flat, as deep as pieces usually are."""
    unit = px_per_mm
    contact = shadow(layer.cover, (0.2 * unit, 0.3 * unit), 0.25 * unit, shade, NEUTRAL_TINT)
    cast = shadow(layer.cover, (0.9 * unit, 1.3 * unit), 0.8 * unit, shade * 0.7, NEUTRAL_TINT)
    around = shadow(layer.cover, (0.8 * unit, 1.2 * unit), 3.5 * unit, shade * 0.4, NEUTRAL_TINT)
    return floats(contact * cast * around)
