"""Dust and scratches inside the piece, covered with what is beside them.

Like a retoucher's healing brush: the texture comes from the most similar place next to the stroke,
its brightness and color from the stroke's own rim.
"""

import math
from collections.abc import Iterator

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats, grown, shrunk
from jewelrymodel.studio.brush_path import stretches
from jewelrymodel.studio.corrections import Correction

_DIRECTIONS = 16
_DISTANCES = (2.5, 3.5, 5.0)  # radii from the stroke to the place that it is covered with
_RIM_PX = 5
_INPAINT_RADIUS_PX = 3


def healed(rgb: Bytes, alpha: Floats, stroke: Correction) -> tuple[Bytes, Mask]:
    """The photo without what lies under the stroke inside the piece, and which pixels changed."""
    rgb, changed = rgb.copy(), np.zeros(alpha.shape, bool)
    room = int(max(_DISTANCES) * stroke.radius) + _RIM_PX + 4
    for one in stretches(stroke, alpha.shape, room):
        piece = np.asarray(alpha[one.window] > 0.5)
        spot = one.inside & shrunk(piece, 3)
        if spot.any():
            rgb[one.window] = _covered(rgb[one.window], piece, spot, one.radius)
            changed[one.window] |= spot
    return rgb, changed


def _covered(rgb: Bytes, piece: Mask, spot: Mask, radius: float) -> Bytes:
    rim = grown(spot, 2 * _RIM_PX + 1) & ~spot & piece
    photo = floats(rgb)
    source = _best_source(photo, piece & ~spot, spot, rim, radius)
    if source is None:
        hole = spot.astype(np.uint8)
        return np.asarray(cv2.inpaint(rgb, hole, _INPAINT_RADIUS_PX, cv2.INPAINT_TELEA), np.uint8)
    # The rim's difference, carried smoothly across the spot, fits the source to its new place.
    difference = _membrane(floats(photo - source), rim, spot)
    result = np.where(spot[..., None], source + difference, photo)
    return np.asarray(np.clip(result + 0.5, 0, 255), np.uint8)


def _best_source(photo: Floats, free: Mask, spot: Mask, rim: Mask, radius: float) -> Floats | None:
    """The photo moved so that the most similar free place lies on the spot; None without any."""
    if not rim.any():
        return None
    best, least = None, np.inf
    for shift in _shifts(radius):
        there = _moved(floats(free), shift) > 0.5
        if not there[spot].all() or not there[rim].any():
            continue
        moved = _moved(photo, shift)
        rest = (moved - photo)[rim & there]
        apart = float(((rest - rest.mean(0)) ** 2).mean() + 0.1 * (rest.mean(0) ** 2).mean())
        if apart < least:
            best, least = moved, apart
    return best


def _shifts(radius: float) -> Iterator[tuple[int, int]]:
    for distance in _DISTANCES:
        for turn in range(_DIRECTIONS):
            angle, length = 2 * math.pi * turn / _DIRECTIONS, distance * radius
            yield round(length * math.cos(angle)), round(length * math.sin(angle))


def _moved(values: Floats, shift: tuple[int, int]) -> Floats:
    matrix = np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float64)
    size = values.shape[1], values.shape[0]
    return floats(cv2.warpAffine(values, matrix, size, flags=cv2.INTER_NEAREST))


def _membrane(values: Floats, known: Mask, wanted: Mask) -> Floats:
    """Values of the known pixels, carried smoothly over the wanted ones: averages of ever wider
    surroundings, the narrowest that has any counting most.
    """
    weight = floats(known)
    total, share = np.zeros_like(values), np.zeros_like(weight)
    reach = math.ceil(math.sqrt(wanted.sum())) + 2 * _RIM_PX
    for sigma in np.geomspace(1.5, max(2.0, reach), 7):
        mean = cv2.GaussianBlur(weight, (0, 0), float(sigma))
        part = cv2.GaussianBlur(values * weight[..., None], (0, 0), float(sigma))
        trust = mean / (1 + sigma**2)
        total += part / np.maximum(mean, 1e-6)[..., None] * trust[..., None]
        share += trust
    return floats(total / np.maximum(share, 1e-9)[..., None])
