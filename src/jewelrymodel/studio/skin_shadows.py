"""The shadow of a worn piece on skin: dark where it touches, softer the higher the piece is above
it, thrown away from the lamp, and seen only where the lamp's light arrives at all.
"""

import dataclasses
from collections.abc import Iterator

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, blur, floats, to_linear, window_round
from jewelrymodel.studio.lighting import SKIN_TINT, shifted
from jewelrymodel.studio.model_templates import View

_KEY, _ROOM, _TOUCH = 0.5, 0.32, 0.55  # of the light: the lamp's, the room's, lost where it touches
_LAMP = 0.13  # how far the edge of a shadow spreads, by the height of what throws it
_SCATTERS_MM = (0.5, 0.26, 0.18)  # how far skin spreads red, green and blue light
_AROUND_MM, _AROUND = 0.25, 0.5  # how far the room's light is kept off, and more by the height
_TOUCH_MM, _TOUCHES_MM = 0.18, 1.6  # how soft; the height at which half of it is left
_LEANS = 0.15  # of the way to the shadow: what touches is darker on the side away from the lamp
_LEVELS_MM = (0.3, 0.8, 1.6, 3.0, 5.5, 10.0, 18.0)
_NEAR_MM, _FREE_MM = 2.0, 8.0  # the lamp spreads a shadow more than skin does; nothing touches
_LEAST_TILT = 0.35
_MARGIN_MM = 4.0
_SHADE, _LIT = 0.25, 0.75  # of the usual skin's light: where the lamp's begins, where all arrives
_SMOOTH_MM, _COARSE = 2.0, 4  # looked at on a picture so many times smaller
_DARKEST = 0.1


def skin_shadow(view: View, cover: Floats, height_mm: Floats | float, unit: float) -> Floats:
    """The factor (HxWx3) by which a piece darkens the skin under it.

    `height_mm` is how far the piece is above the skin: all of it, or by pixel of the skin (HxW);
    `unit` the pixels per millimeter. Edges are as soft as a lamp a third as wide as it is far makes
    them, and as skin does, which spreads red light farther than blue.
    """
    factor = np.ones((*cover.shape, 3), np.float32)
    if not (cover > 0.02).any():
        return factor
    x, y, z = -view.template.key_direction
    away = floats(np.array([x, y]) / max(float(z), _LEAST_TILT) * unit)
    heights = np.broadcast_to(floats(height_mm), cover.shape)
    highest = min(float(heights.max()), _LEVELS_MM[-1])
    reach = float(np.abs(away).max()) * highest + (_AROUND * 2 * highest + _MARGIN_MM) * unit
    window = window_round(np.asarray(cover > 0.02), int(reach))
    lit, cover = _lit(view, unit)[window], floats(cover[window])
    dark = np.zeros((*cover.shape, 3), np.float32)
    for height, share in _levels(floats(heights[window])):
        dark += share[..., None] * _darkened(cover, lit, height, away, unit)
    factor[window] = np.clip(1 - dark * SKIN_TINT, _DARKEST, 1)
    return factor


def _levels(heights: Floats) -> Iterator[tuple[float, Floats]]:
    """The heights (mm) to look at, and how much each pixel has of each: between two it has both."""
    low, high = float(heights.min()), float(heights.max())
    if high - low < 0.01 * high:
        yield high, floats(1)
        return
    places = floats(np.interp(heights, _LEVELS_MM, np.arange(len(_LEVELS_MM))))
    for number, height in enumerate(_LEVELS_MM):
        share = floats(np.clip(1 - np.abs(places - number), 0, 1))
        if share.any():
            yield height, share


def _darkened(cover: Floats, lit: Floats, height: float, away: Floats, unit: float) -> Floats:
    """How much light skin loses (HxWx3) under what is so many millimeters above it."""
    thrown = _towards(cover, away * height)
    if height < _NEAR_MM:
        spread = (float(np.hypot(_LAMP * height, scatter)) for scatter in _SCATTERS_MM)
        lamps = [blur(thrown, one * unit) for one in spread]
    else:
        lamps = [blur(thrown, _LAMP * height * unit)] * 3
    around = blur(cover, (_AROUND_MM + _AROUND * height) * unit)
    kept = 1 - _ROOM * around
    if height < _FREE_MM:
        touch = blur(_towards(cover, _LEANS * height * away), max(0.6, _TOUCH_MM * unit))
        kept = kept * (1 - _TOUCH * 0.5 ** (height / _TOUCHES_MM) * touch)
    key = _KEY * lit
    return floats(np.dstack([1 - (1 - key * lamp) * kept for lamp in lamps]))


def _towards(cover: Floats, by: Floats) -> Floats:
    return shifted(cover, float(by[0]), float(by[1]))


def _lit(view: View, unit: float) -> Floats:
    """How much of the lamp's light arrives (HxW): less where the skin is in shade already."""
    size = view.size_px
    small = dataclasses.replace(
        view, zoom=view.zoom / _COARSE, size_px=(-(-size[0] // _COARSE), -(-size[1] // _COARSE))
    )
    bright = blur(floats(to_linear(small.picture()).mean(2)), _SMOOTH_MM * unit / _COARSE)
    skin = small.part_mask((0,)) < 0.5
    usual = float(np.quantile(bright[skin], 0.7)) if skin.any() else 1.0
    lit = floats(np.clip((bright / max(usual, 1e-3) - _SHADE) / (_LIT - _SHADE), 0, 1))
    return floats(cv2.resize(lit, size, interpolation=cv2.INTER_LINEAR))
