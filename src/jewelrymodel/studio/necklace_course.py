"""The middle line of a necklace in its photo, from one end to the other.

A closed one is cut open at its top, where the clasp lies in most photos. The line is followed
through the band that its links or beads make together.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask, blur, floats
from jewelrymodel.studio.earring_wire import course_between
from jewelrymodel.studio.strand_layout import Beside, beside, unit_tangents
from jewelrymodel.studio.strands import thickness

_EDGE_PX = 512
_LINK = 0.03  # of the longer edge: gaps as long as that are bridged
_UNHOOKED, _WHOLE = 0.015, 1.03  # a wider gap; times the cover of the band that has it
_LOOP = 0.15  # of the hull: the opening that a closed necklace goes round
_CUT_PX = 5
_HEAVY, _HEAVY_REACH = 1.6, 12  # times the usual thickness; strand widths beside the line
_CENTER, _GATHERED = 0.15, 0.06  # of the course: how far from its middle, how near to each other
_LEAST_WEIGHT = 0.05  # of the piece
_ASIDE = 0.2  # of the opening's breadth: the clasp is so near to its middle
_LEVEL = 0.2
_SMOOTH = 1.5  # strand widths
_ROUNDS = 2
_LONGEST = 0.35  # of the course: a strand is thinner beside its length


@dataclass(frozen=True)
class StrandCourse:
    """The middle line (Nx2, a point per photo pixel) with its outer side on the right hand, the
    strand's typical width in photo pixels, and whether it closes to a loop.
    """

    line: Floats
    width_px: float
    closed: bool

    @property
    def length_px(self) -> float:
        """How long the line is, in photo pixels."""
        return float(np.linalg.norm(np.diff(self.line, axis=0), axis=1).sum())


def strand_course(alpha: Floats) -> StrandCourse | None:
    """The course of the longest strand; None where the piece is no strand."""
    solid = np.asarray(alpha > 0.5)
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    window = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = min(1.0, _EDGE_PX / max(solid[window].shape))
    size = tuple(max(2, round(edge * scale)) for edge in solid[window].shape[::-1])
    # Of the soft cover: a draft of a large cutout has the same band.
    small = cv2.resize(floats(alpha[window]), size, interpolation=cv2.INTER_AREA)
    band, opening = _band_of(np.asarray(small > 0.25))
    course = _middle_of(band, opening)
    if course is None:
        return None
    room = thickness(band)[tuple(course.astype(int).T[::-1])]
    width = float(np.median(room))
    line = _centered(band, _smooth(course, _SMOOTH * width), width)
    if width > _LONGEST * len(line):
        return None
    turned = line if _is_outer_right(line, opening) else line[::-1]
    factors = np.array(solid[window].shape[::-1]) / np.array(size)
    in_photo = (turned + 0.5) * factors - 0.5 + np.array([columns[0], rows[0]])
    # Without the corners that the enlarged line has: a corner would fan out what lies beside it.
    rounded = _smooth(_resampled(floats(in_photo)), _SMOOTH * width / scale)
    return StrandCourse(_resampled(rounded), width / scale, opening is not None)


def lowest_point(own: Beside, solid: Mask, course: StrandCourse) -> float:
    """Which point of the course hangs lowest: where a few thick parts near its middle have their
    weight, or its middle. `own` says what each pixel of the piece (`solid`, HxW) is beside.
    """
    count = len(course.line)
    middle = (count - 1) / 2
    near = solid & (own.index >= 0) & (own.index <= count - 1)
    near &= np.abs(own.aside) < _HEAVY_REACH * course.width_px
    profile = np.bincount(own.index[near].astype(int), minlength=count).astype(np.float64)
    at = np.arange(count)
    heavy = np.maximum(profile - _HEAVY * np.median(profile), 0)
    heavy[np.abs(at - middle) > _CENTER * count] = 0
    if heavy.sum() < _LEAST_WEIGHT * profile.sum():
        return middle
    center = float((heavy * at).sum() / heavy.sum())
    spread = float(np.sqrt((heavy * (at - center) ** 2).sum() / heavy.sum()))
    return center if spread < _GATHERED * count else middle


def _band_of(small: Mask) -> tuple[Mask, Mask | None]:
    """The band of the strand and the opening that it goes round. A loop with one wider gap is open
    there: an unhooked clasp.
    """
    band = _longest_band(small, _LINK)
    opening = _opening(band)
    if opening is None:
        return band, None
    unhooked = _longest_band(small, _UNHOOKED)
    whole = (small & band).sum() < _WHOLE * (small & unhooked).sum()
    return (unhooked, None) if whole and _opening(unhooked) is None else (band, opening)


def _longest_band(small: Mask, link: float) -> Mask:
    """The largest part, its links and beads joined to a band without gaps up to `link`."""
    edge = int(link * max(small.shape)) | 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (edge, edge))
    framed = cv2.copyMakeBorder(small.astype(np.uint8), *(edge,) * 4, cv2.BORDER_CONSTANT)
    closed = cv2.morphologyEx(framed, cv2.MORPH_CLOSE, disc)[edge:-edge, edge:-edge]
    _, labels, stats, _ = cv2.connectedComponentsWithStats(closed)
    extents = np.hypot(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    extents[0] = 0
    return np.asarray(labels == int(np.argmax(extents)))


def _opening(band: Mask) -> Mask | None:
    """The opening that a closed necklace goes round."""
    beyond = np.pad(~band, 1, constant_values=True).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(beyond, connectivity=4)
    inner = [i for i in range(1, count) if i != labels[0, 0]]
    if not inner:
        return None
    largest = max(inner, key=lambda i: int(stats[i, cv2.CC_STAT_AREA]))
    hull = cv2.convexHull(np.argwhere(band)[:, ::-1].astype(np.int32))
    if stats[largest, cv2.CC_STAT_AREA] < _LOOP * cv2.contourArea(hull):
        return None
    return np.asarray(labels[1:-1, 1:-1] == largest)


def _middle_of(band: Mask, opening: Mask | None) -> Floats | None:
    """The way through the middle of the band, between its ends or from one side of the cut to the
    other.
    """
    if opening is None:
        some = np.argwhere(band)[0, ::-1]
        first = course_between(band, floats(some), None)[-1]
        last = course_between(band, first, None)[-1]
        return course_between(band, first, last, centered=True)
    x, y = _top_of(opening)
    cut = band.copy()
    cut[: y + 1, x - _CUT_PX // 2 : x + _CUT_PX // 2 + 1] = False
    sides = []
    for column in (x - _CUT_PX // 2 - 1, x + _CUT_PX // 2 + 1):
        rows = np.flatnonzero(cut[: y + 1, column])
        if not rows.size:
            return None
        sides.append(floats([column, rows[-1]]))
    _, labels = cv2.connectedComponents(cut.astype(np.uint8))
    ends = {int(labels[int(y), int(x)]) for x, y in sides}
    return course_between(cut, *sides, centered=True) if len(ends) == 1 else None


def _top_of(opening: Mask) -> tuple[int, int]:
    """The highest place of an opening near its middle (column, row), beside what hangs into it."""
    across = np.flatnonzero(opening.any(0))
    middle, room = float(np.median(across)), _ASIDE * np.ptp(across)
    near = across[np.abs(across - middle) <= room + 1]
    tops = opening[:, near].argmax(0)
    best = int(np.argmin(tops + _LEVEL * np.abs(near - middle)))
    return int(near[best]), int(tops[best])


def _smooth(course: Floats, sigma: float) -> Floats:
    """The course without the steps of pixels and single beads; its ends stay where they are."""
    room = int(4 * sigma) + 1
    padded = np.pad(course, ((room, room), (0, 0)), mode="reflect", reflect_type="odd")
    # Not the quick blur: what it enlarges again has corners.
    exact = cv2.GaussianBlur(floats(padded[:, None, :]), (1, 2 * room + 1), sigma)
    return floats(exact[room:-room, 0])


def _centered(band: Mask, line: Floats, width: float) -> Floats:
    """The line moved to the middle of what lies within a strand's width beside it."""
    down, across = np.nonzero(band)
    for _ in range(_ROUNDS):
        line = _resampled(line)
        near = beside(line, band)
        index, aside = near.index[down, across], near.aside[down, across]
        on_it = (np.abs(aside) < width) & (index >= 0) & (index <= len(line) - 1)
        at = np.round(index[on_it]).astype(int)
        total = np.bincount(at, weights=aside[on_it], minlength=len(line))
        count = np.bincount(at, minlength=len(line)).astype(np.float64)
        sums = blur(floats(np.column_stack([total, count]))[:, None, :], width)[:, 0]
        off = sums[:, 0] / np.maximum(sums[:, 1], 1e-3)
        normal = unit_tangents(line)[:, ::-1] * np.array([-1, 1], np.float32)
        line = _smooth(floats(line + normal * off[:, None]), _SMOOTH * width / 2)
    return line


def _is_outer_right(line: Floats, opening: Mask | None) -> bool:
    """Whether the convex side is on the right hand of somebody who walks along the line."""
    middle = line.mean(0) if opening is None else np.argwhere(opening)[:, ::-1].mean(0)
    step, out = np.gradient(line, axis=0), line - middle
    return bool((step[:, 0] * out[:, 1] - step[:, 1] * out[:, 0]).sum() > 0)


def _resampled(line: Floats) -> Floats:
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    at = np.arange(0, along[-1], 1.0)
    return floats(np.column_stack([np.interp(at, along, line[:, i]) for i in (0, 1)]))
