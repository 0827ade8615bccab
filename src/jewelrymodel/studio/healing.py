"""Dust and scratches inside the piece, covered with what is beside them.

Like a retoucher's healing brush: the texture comes from the most similar place next to the stroke,
its brightness and color from the stroke's own rim.
"""

import math
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import (
    Bytes,
    Floats,
    Mask,
    blur,
    floats,
    grown,
    shrunk,
    window_round,
)
from jewelrymodel.studio.brush_path import stretches
from jewelrymodel.studio.corrections import Correction

_DIRECTIONS = 16
_DISTANCES = (2.5, 3.5, 5.0)  # radii from the stroke to the place that it is covered with
_RIM_PX = 5
_MOST_COMPARED = 2000
_INPAINT_RADIUS_PX = 3

Shift = tuple[int, int]


def healed(rgb: Bytes, alpha: Floats, stroke: Correction) -> tuple[Bytes, Mask]:
    """The photo without what lies under the stroke inside the piece, and which pixels changed."""
    rgb, changed = rgb.copy(), np.zeros(alpha.shape, bool)
    room = int(max(_DISTANCES) * stroke.radius) + 2 * _RIM_PX
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
    shift = _best_shift(photo, piece & ~spot, spot, rim, radius)
    if shift is None:
        hole = spot.astype(np.uint8)
        return np.asarray(cv2.inpaint(rgb, hole, _INPAINT_RADIUS_PX, cv2.INPAINT_TELEA), np.uint8)
    box = window_round(spot, 2 * _RIM_PX)
    source = _source(photo, box, shift)
    # The rim's difference, carried smoothly across the spot, fits the source to its new place.
    difference = _membrane(floats(photo[box] - source), rim[box], spot[box])
    photo[box] = np.where(spot[box][..., None], source + difference, photo[box])
    return np.asarray(np.clip(photo + 0.5, 0, 255), np.uint8)


def _best_shift(photo: Floats, free: Mask, spot: Mask, rim: Mask, radius: float) -> Shift | None:
    """How far (down, across) the most similar free place is from the spot; None without any."""
    if not rim.any():
        return None
    free = free.copy()
    free[[0, -1]], free[:, [0, -1]] = False, False
    best, least = None, np.inf
    inner, edge = _thinned(spot), _thinned(rim)
    for shift in _shifts(radius):
        if not _at(free, inner, shift).all():
            continue
        usable = _at(free, edge, shift)
        if usable.mean() < 0.5:
            continue
        rest = (_at(photo, edge, shift) - photo[edge[:, 0], edge[:, 1]])[usable]
        mean = rest.mean(0)
        apart = float(((rest - mean) ** 2).mean() + 0.1 * (mean**2).mean())
        if apart < least:
            best, least = shift, apart
    return best


def _shifts(radius: float) -> Iterator[Shift]:
    for distance in _DISTANCES:
        for turn in range(_DIRECTIONS):
            angle, length = 2 * math.pi * turn / _DIRECTIONS, distance * radius
            yield round(length * math.sin(angle)), round(length * math.cos(angle))


def _thinned(mask: Mask) -> NDArray[np.int64]:
    """Rows and columns (Nx2) of at most so many of the mask's pixels, spread evenly."""
    places = np.argwhere(mask)
    return places[:: max(1, len(places) // _MOST_COMPARED)]


def _at(values: NDArray[Any], places: NDArray[np.int64], shift: Shift) -> NDArray[Any]:
    """The values at the places, moved; outside the window those of its edge."""
    rows = np.clip(places[:, 0] + shift[0], 0, values.shape[0] - 1)
    columns = np.clip(places[:, 1] + shift[1], 0, values.shape[1] - 1)
    return values[rows, columns]


def _source(photo: Floats, box: tuple[slice, slice], shift: Shift) -> Floats:
    rows = np.arange(photo.shape[0])[box[0]] + shift[0]
    columns = np.arange(photo.shape[1])[box[1]] + shift[1]
    rows = np.clip(rows, 0, photo.shape[0] - 1)
    return photo[rows[:, None], np.clip(columns, 0, photo.shape[1] - 1)]


def _membrane(values: Floats, known: Mask, wanted: Mask) -> Floats:
    """Values of the known pixels, carried smoothly over the wanted ones: averages of ever wider
    surroundings, the narrowest that has any counting most.
    """
    weight = floats(known)
    total, share = np.zeros_like(values), np.zeros_like(weight)
    reach = math.ceil(math.sqrt(wanted.sum())) + 2 * _RIM_PX
    for sigma in np.geomspace(1.5, max(2.0, reach), 7):
        mean = blur(weight, float(sigma))
        part = blur(floats(values * weight[..., None]), float(sigma))
        trust = mean / (1 + sigma**2)
        total += part / np.maximum(mean, 1e-6)[..., None] * trust[..., None]
        share += trust
    return floats(total / np.maximum(share, 1e-9)[..., None])
