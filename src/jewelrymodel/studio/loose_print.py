"""Ticks and figures of a ruler, and captions, that a cutout holds apart from the piece.

Print is told by what metal and stones never have all at once: darker than its paper and of no color
of its own, no pixel brighter than the paper, thin, nothing but paper close by, and in company. What
is black and hangs on the piece in the photo is never taken for it, whatever gaps the matte has.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats, grown, lab, window_round

_SEEN, _SOLID, _FREE = 0.1, 0.5, 0.02  # of cover
_LEAST_PX, _CRUMB_PX = 6, 12
_LARGEST = 0.03  # of the largest part's area
_LONGEST, _WIDEST = 0.12, 0.012  # of the photo's longer edge
_PAPER_REACH, _ENOUGH = 0.03, 0.1  # of the photo's longer edge; of the place's pixels
_LIGHT = 55.0  # of lightness: on darker paper a dark side of metal looks the same
_DARKER, _BRIGHTER = 8.0, 3.0  # of lightness, than the paper
_TINT, _TINT_SHARE = 5.0, 0.25  # ΔE of color, or of how much darker
_INK, _GLINTS = 0.9, 0.02  # of a part's pixels
_BEGINS_PX, _ENDS_PX = (
    5,
    13,
)  # twice where paper begins round a part, and up to where it is looked at
_PAPER, _LOOKED_AT = 0.85, 0.4  # of the pixels there, of which so many aren't the cutout's own
_COMPANY, _NEAR = 2, 3.5  # so many marks, so many lengths away
_ALIKE = 0.3, 3.0  # of its length

Stats = NDArray[np.int32]


@dataclass(frozen=True)
class _Photo:
    """What a photo shows beside its paper: how much `darker` each pixel is (HxW, of lightness),
    where there is ink and where light paper; and its marks of ink, as OpenCV describes parts.
    """

    darker: Floats
    ink: Mask
    paper: Mask
    marks: Stats


def without_loose_print(rgb: Bytes, alpha: Floats) -> Floats:
    """`alpha` (HxW) of a photo (HxWx3) without its parts that are print on light paper; the same
    where there is none, or where the largest part looks like print itself.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats((alpha > _SEEN).astype(np.uint8))
    parts = _small_parts(np.asarray(stats, np.int32), max(alpha.shape))
    if not len(parts):
        return alpha
    photo = _photo_of(rgb, alpha)
    largest = labels == 1 + int(np.argmax(stats[1:, 4]))
    if _is_ink(np.asarray(largest & (alpha > _SOLID)), photo):
        return alpha
    small = np.asarray(np.isin(labels, parts))
    after, is_found = alpha.copy(), False
    for one in parts:
        window = window_round(np.asarray(labels == one), _ENDS_PX)
        part = np.asarray(labels[window] == one)
        if _is_print(part, window, alpha, small, photo) and _has_company(stats[one], photo.marks):
            after[window][grown(part, 3)], is_found = 0, True
    return _without_crumbs(after) if is_found else alpha


def _without_crumbs(alpha: Floats) -> Floats:
    """Without what a mark's faint rim leaves behind."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((alpha > _FREE).astype(np.uint8))
    return floats(np.where(stats[labels, 4] < _CRUMB_PX, 0, alpha))


def _small_parts(stats: Stats, edge: int) -> NDArray[np.intp]:
    areas, longest = stats[:, 4], stats[:, 2:4].max(1)
    fits = (areas >= _LEAST_PX) & (areas <= _LARGEST * areas[1:].max(initial=0))
    fits &= longest <= _LONGEST * edge
    fits[0] = False
    return np.flatnonzero(fits)


def _photo_of(rgb: Bytes, alpha: Floats) -> _Photo:
    colors, free = lab(rgb), floats(alpha < _FREE)
    reach = 2 * int(_PAPER_REACH * max(alpha.shape)) + 1
    room = cv2.blur(free, (reach, reach))[..., None]
    near = cv2.blur(colors * free[..., None], (reach, reach)) / np.maximum(room, _ENOUGH)
    paper = np.where(room >= _ENOUGH, near, np.median(colors[::4, ::4][free[::4, ::4] > 0], axis=0))
    apart = paper - colors
    darker = floats(apart[..., 0])
    tint = np.hypot(apart[..., 1], apart[..., 2])
    ink = (darker > _DARKER) & (tint < np.maximum(_TINT, _TINT_SHARE * darker))
    light = paper[..., 0] > _LIGHT
    is_paper = light & (np.abs(darker) < _DARKER) & (tint < _TINT)
    marks = cv2.connectedComponentsWithStats((ink & light).astype(np.uint8))[2][1:]
    return _Photo(
        darker, np.asarray(ink & light), np.asarray(is_paper), np.asarray(marks, np.int32)
    )


def _is_ink(where: Mask, photo: _Photo, window: tuple[slice, slice] = np.s_[:, :]) -> bool:
    darker = photo.darker[window][where]
    if not darker.size:
        return False
    glints = float((darker < -_BRIGHTER).mean())
    return float(photo.ink[window][where].mean()) >= _INK and glints <= _GLINTS


def _is_print(
    part: Mask, window: tuple[slice, slice], alpha: Floats, small: Mask, photo: _Photo
) -> bool:
    """Whether a part, in its window, is thin ink with paper all round, as far as no other part of
    the cutout lies there, and no ink in the photo leads from it to one that isn't `small` (HxW).
    """
    solid = np.asarray(part & (alpha[window] > _SOLID))
    padded = np.pad(solid.astype(np.uint8), 1)
    thick = 2 * float(cv2.distanceTransform(padded, cv2.DIST_L2, 3).max(initial=0))
    if thick > _WIDEST * max(alpha.shape) or not _is_ink(solid, photo, window):
        return False
    others = np.asarray((alpha[window] > _SEEN) & ~part)
    round_it = np.asarray(grown(part, _ENDS_PX) & ~grown(part, _BEGINS_PX))
    beside = np.asarray(round_it & ~grown(others, _BEGINS_PX))
    if beside.sum() <= _LOOKED_AT * round_it.sum():
        return False
    hangs = _is_joined(part, np.asarray(others & ~small[window]), photo.ink[window])
    return not hangs and float(photo.paper[window][beside].mean()) >= _PAPER


def _is_joined(part: Mask, piece: Mask, ink: Mask) -> bool:
    """Whether ink leads from the part to the piece: then it hangs on it."""
    labels = cv2.connectedComponents((ink | part).astype(np.uint8))[1]
    return bool(np.isin(labels[grown(piece, 3)], np.unique(labels[part])).any())


def _has_company(part: Stats, marks: Stats) -> bool:
    """Whether other marks of about a part's length lie near it in the photo."""
    length = int(part[2:4].max())
    lengths = marks[:, 2:4].max(1)
    centers = marks[:, :2] + marks[:, 2:4] / 2
    near = np.hypot(*(centers - part[:2] - part[2:4] / 2).T) <= _NEAR * length
    own = ((centers >= part[:2]) & (centers <= part[:2] + part[2:4])).all(1)
    alike = (lengths >= _ALIKE[0] * length) & (lengths <= _ALIKE[1] * length)
    return int((near & alike & ~own).sum()) >= _COMPANY
