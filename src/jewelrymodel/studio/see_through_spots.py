"""Spots that a network saw as half transparent although the piece is solid all round them: a
highlight on a bead, a polished cap, a pale stone among dark ones.

An opening looks alike in the matte. It is told by the photo, which shows the ground there, and by
what is round it: links and wires are about as thin as their openings. What is empty in the
network's answer stays empty (docs/cutouts.md has the figures).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats, lab
from jewelrymodel.studio.ground_evidence import ground_distance

_FAINT = 0.85  # alpha: what is enclosed and below it is a spot
_DEPTH = 0.03, 0.5  # its least alpha: less is an opening, more is hardly seen
_SOLID, _NEARLY_ALL = 0.93, 0.985  # alpha round it, and the share of pixels that have it
_ROUND = 1.5  # of the spot's thickness: so wide it is solid all round
_LEAST_ROUND_PX = 3
_LEAST_PX = 12  # fewer may be the opening of a link, which light fills
_LARGEST = 0.03  # of the piece
_UNLIKE = 6.5  # ΔE from any ground near by, shaded or not
_ROOM_PX = 120  # beside the spot: there the ground is looked up
_RIM_PX = 5

Window = tuple[slice, slice]


@dataclass(frozen=True)
class _Spot:
    """`inside` and its `rim` in a window of the cutout; `frame` is the spot's own."""

    window: Window
    inside: Mask
    rim: Mask
    frame: tuple[int, int, int, int]


def without_see_through_spots(rgb: Bytes, alpha: Floats) -> Floats:
    """`alpha` (HxW) of a photo (HxWx3) with such spots made solid; never less than it was."""
    filled = alpha
    for spot in _spots(alpha):
        if _is_unlike_ground(rgb, alpha, spot):
            filled = alpha.copy() if filled is alpha else filled
            filled[spot.window][spot.rim] = 1
    return filled


def _spots(alpha: Floats) -> Iterator[_Spot]:
    """What is faint, enclosed and small, in a piece that is solid all round it."""
    height, width = alpha.shape
    _, labels, stats, _ = cv2.connectedComponentsWithStats(
        (alpha < _FAINT).astype(np.uint8), connectivity=4
    )
    most = _LARGEST * float((alpha > 0.5).sum())
    for number, (x, y, wide, tall, area) in enumerate(stats.tolist()):
        enclosed = x > 0 and y > 0 and x + wide < width and y + tall < height
        if number == 0 or not enclosed or not _LEAST_PX <= area <= most:
            continue
        window = _window((x, y, wide, tall), 2 * max(wide, tall) + 12)
        inside = np.asarray(labels[window] == number)
        cover = alpha[window]
        if _DEPTH[0] <= float(cover[inside].min()) <= _DEPTH[1]:
            rim = _wider(inside, _RIM_PX)
            round_it = _wider(inside, 2 * _reach_px(inside) + 1) & ~rim
            if round_it.any() and (cover[round_it] > _SOLID).mean() >= _NEARLY_ALL:
                yield _Spot(window, inside, rim, (x, y, wide, tall))


def _reach_px(inside: Mask) -> int:
    padded = np.pad(inside.astype(np.uint8), 1)
    thickness = 2 * float(cv2.distanceTransform(padded, cv2.DIST_L2, 5).max())
    return int(max(_LEAST_ROUND_PX, _ROUND * thickness))


def _is_unlike_ground(rgb: Bytes, alpha: Floats, spot: _Spot) -> bool:
    """Whether the photo shows something else there than any ground beside."""
    window = _window(spot.frame, _ROOM_PX)
    x, y, wide, tall = spot.frame
    top, left = window[0].start, window[1].start
    cover = alpha[window]
    where = np.zeros(cover.shape, bool)
    where[y - top : y - top + tall, x - left : x - left + wide] = True
    where &= cover < _FAINT
    distance = ground_distance(cover, lab(rgb[window]), where)
    return distance is not None and float(np.median(distance[where])) >= _UNLIKE


def _window(frame: tuple[int, int, int, int], room_px: int) -> Window:
    x, y, wide, tall = frame
    rows = slice(max(0, y - room_px), y + tall + room_px)
    return rows, slice(max(0, x - room_px), x + wide + room_px)


def _wider(mask: Mask, edge_px: int) -> Mask:
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (edge_px, edge_px))
    return np.asarray(cv2.dilate(floats(mask), disc) > 0)
