"""Haze of a soft shadow in a matte: a network isn't sure whether shaded paper belongs to the piece.

Where it is unsure over more than an outline, and the photo shows there what the ground shows, only
smoothly darker, it is a shadow. On grounds that are bright and even alone: on dark or patterned
ones a dark side of metal looks the same (docs/cutouts.md has the figures).
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, blur, floats
from jewelrymodel.studio.ground_difference import GroundDifference, ground_difference

EDGE_PX = 512  # of the longer side of the window: the limits below are for this size
_MARGIN = 0.2
_SEEN, _SMALL_PART = 0.3, 0.04
_BARE = 0.03  # alpha below it: nobody took this for piece
_OUTLINE_PX, _NEAR_PX = 5, 7  # unsure bands up to the first are outlines, haze's rim is the second
_MEAN_PX = 3.0
_LUMINANCE_FLOOR = 0.03

# Each pair is where a pixel counts in full and where no longer; differences are those of
# `ground_difference`, in which 0.1 is 16 % of brightness.
_UNSURE = 0.7, 0.95  # alpha
_COLOR = 0.03, 0.07  # that isn't the ground's
_SLOPE = 0.02, 0.05  # of brightness by pixel: an edge
_TEXTURE = 0.014, 0.024  # brightness about its own mean near by: facets, links, a weave
_DARKER, _BRIGHTER = (0.3, 0.45), (0.03, 0.06)
_VARIED = 0.05, 0.08  # the ground itself
_GROUND_DARKNESS = 0.6, 0.7  # from white (0) to black (1)


@dataclass(frozen=True)
class Window:
    """Part of the frame (x0, y0, x1, y1), and its (width, height) at which it is looked at."""

    box: tuple[int, int, int, int]
    size: tuple[int, int]

    def of(self, plane: Any) -> Floats:
        """The window of a picture or a plane, at its size."""
        x0, y0, x1, y1 = self.box
        part = np.ascontiguousarray(plane[y0:y1, x0:x1])
        return floats(cv2.resize(part, self.size, interpolation=cv2.INTER_AREA))


def without_shadow_haze(rgb: Bytes, matte: Floats) -> Floats:
    """`matte` (HxW) of a photo (HxWx3) without what is only the ground's own soft shadow; where the
    network was sure it comes back as it is.
    """
    window = window_round(matte)
    if window is None:
        return matte
    seen, cover = floats(window.of(rgb) / 255), window.of(matte)
    shadow = _haze(_likeness(seen, cover, ground_difference(seen, cover)), cover)
    if not shadow.any():
        return matte
    x0, y0, x1, y1 = window.box
    kept = 1 - cv2.resize(shadow, (x1 - x0, y1 - y0), interpolation=cv2.INTER_LINEAR)
    cleaned = matte.copy()
    cleaned[y0:y1, x0:x1] *= kept
    return cleaned


def window_round(matte: Floats) -> Window | None:
    """The window round the piece's larger parts with ground round them; None without any part."""
    height, width = matte.shape
    _, _, stats, _ = cv2.connectedComponentsWithStats((matte > _SEEN).astype(np.uint8))
    parts = stats[1:][stats[1:, 4] > _SMALL_PART * stats[1:, 4].max(initial=0)]
    if not len(parts):
        return None
    left, top = parts[:, :2].min(0)
    right, low = (parts[:, :2] + parts[:, 2:4]).max(0)
    room = int(_MARGIN * max(right - left, low - top))
    x0, y0 = max(0, int(left) - room), max(0, int(top) - room)
    x1, y1 = min(width, int(right) + room), min(height, int(low) + room)
    scale = EDGE_PX / max(x1 - x0, y1 - y0)
    wide, tall = (max(8, round(edge * scale) // 4 * 4) for edge in (x1 - x0, y1 - y0))
    return Window((x0, y0, x1, y1), (wide, tall))


def _likeness(seen: Floats, cover: Floats, ground: GroundDifference) -> Floats:
    """How much each pixel, as far as the network left it open, looks like shaded ground: 0 to 1."""
    tone = ground.ratio.mean(2)
    color = np.abs(ground.ratio - tone[..., None]).max(2)
    return floats(
        fading(cover, _UNSURE)
        * fading(color, _COLOR)
        * fading(slope_of(seen), _SLOPE)
        * fading(_texture(tone, cover), _TEXTURE)
        * fading(-tone, _DARKER)
        * fading(tone, _BRIGHTER)
        * fading(ground.spread, _VARIED)
        * fading(1 - ground.brightness, _GROUND_DARKNESS)
    )


def fading(values: Floats, limits: tuple[float, float]) -> Floats:
    """1 up to the first limit, 0 from the second on, between them in between."""
    full, none = limits
    return floats(np.clip((none - values) / (none - full), 0, 1))


def slope_of(seen: Floats) -> Floats:
    """How steeply brightness changes, as a logarithm by pixel."""
    light = floats(np.log(blur(seen, 0.8).mean(2) + _LUMINANCE_FLOOR) / 1.5)
    across, down = (cv2.Sobel(light, -1, x, 1 - x, ksize=3) for x in (1, 0))
    return floats(np.hypot(across, down) / 8)


def _texture(tone: Floats, cover: Floats) -> Floats:
    """How much brightness varies about its mean near by, among what isn't sure to be piece."""
    open_ = floats(cover < _UNSURE[1])
    room = np.maximum(blur(open_, _MEAN_PX), 0.05)
    about = floats((tone - blur(floats(tone * open_), _MEAN_PX) / room) ** 2 * open_)
    return floats(np.sqrt(blur(about, _MEAN_PX) / room))


def _haze(likeness: Floats, cover: Floats) -> Floats:
    """Likely shadow that is wider than an outline, with its own rim; 0 to 1."""
    square = [np.ones((edge, edge), np.uint8) for edge in (_OUTLINE_PX, _NEAR_PX)]
    unsure = floats(likeness * (cover > _BARE))
    wide = cv2.dilate(cv2.morphologyEx(unsure, cv2.MORPH_OPEN, square[0]), square[1])
    return blur(floats(np.minimum(wide, likeness)), 0.8)
