"""How an earring is worn: how far it has to be turned to hang plumb, which of its points sits in
the piercing, and what of it runs behind the lobe.

Where the kind of fitting can't be told, the arrangement is taken that hides nothing.
"""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask, floats, grown
from jewelrymodel.studio.earring_wire import Wire, find_wire
from jewelrymodel.studio.piece_kinds import largest_hole
from jewelrymodel.studio.placement import Matrix
from jewelrymodel.studio.strands import thickness

_EDGE_PX = 384
_LEVEL_DEG = 2.0  # less than that nobody sees
_LONG = 1.8  # length by breadth: what is longer shows which way it hangs
_LYING_DEG = 75
_HOOP_OPENING = 0.3  # of the frame
_RING_OPENING = 0.15  # of its frame: a ring at the top, and no stud
_STUD_HIGH = (0.08, 0.55)  # of the height
_STUD_SHAPES = (0.5, 2.0)  # height by width
_NECK = 0.62  # of the stud's width
_COMPACT = 1.5  # height by width
_SHORTER = 0.85
_TOP_SHARE = 0.03
_REACH = 5  # wire widths: what else is so near to the rear leg hangs from it
_CRUMB = 0.05  # of the piece
_LEGS, _DOUBLE, _APART = 2, 0.5, 4.0  # of a loop's height where both are seen; leg widths
_SLACK = 3
_CLASP = 0.04  # of the longer edge: a hoop stands open by that


class Through(StrEnum):
    """What goes through the ear."""

    POST = "post"  # behind a stud, and nothing of it shows
    WIRE = "wire"
    HOOP = "hoop"


@dataclass(frozen=True)
class Fitting:
    """`through` is what goes through the ear at `hole` (photo pixels); `turn_deg` clockwise makes
    it plumb, and then it is `height_px` high from where it hangs. `rear` (HxW, None: nothing) is
    what runs behind the lobe, up to the round end of a wire `wire_px` thick; it comes out below the
    lobe again where it `returns` to the piece or its front leg, and a free end is out of sight.
    `middle_px` is how far the middle of a compact stud lies below its top, else None.
    """

    through: Through
    hole: tuple[float, float]
    turn_deg: float
    height_px: float
    rear: Mask | None = None
    wire_px: float = 0.0
    returns: bool = True
    middle_px: float | None = None


@dataclass(frozen=True)
class _Plumb:
    """The earring's mask, turned and made small, and the matrix that led there from the photo."""

    solid: Mask
    matrix: Matrix

    def photo_point(self, x: float, y: float) -> tuple[float, float]:
        linear, shift = self.matrix[:, :2], self.matrix[:, 2]
        back = np.linalg.solve(linear, np.array([x + 0.5, y + 0.5]) - shift) - 0.5
        return float(back[0]), float(back[1])

    @property
    def scale(self) -> float:
        return float(np.sqrt(np.linalg.det(self.matrix[:, :2])))


def find_fitting(alpha: Floats) -> Fitting:
    """How the one earring of a cutout's alpha (HxW) is worn."""
    level = _turned(np.asarray(alpha > 0.5), 0.0)
    wire = find_wire(level.solid)
    if wire is not None:
        turn = _turn_below(wire)
        return _on_wire(alpha, level, wire, turn)
    plumb = _turned(np.asarray(alpha > 0.5), turn := _lean(level.solid))
    solid = plumb.solid
    height, width = solid.shape
    hole = largest_hole(solid)
    if hole is not None and hole.sum() > _HOOP_OPENING * width * height:
        return _as_hoop(alpha, plumb, hole, turn)
    stud = _stud_rows(solid)
    block = solid[: stud or height]
    ring = _closed_ring(block) if stud else None
    if ring is not None:
        return _as_hoop(alpha, plumb, ring, turn)
    whole = height / plumb.scale
    if stud or height < _COMPACT * width:
        rows, columns = np.nonzero(block)
        middle = (float(columns.mean()), float(rows.mean()))
        low = None if stud else middle[1] / plumb.scale
        return Fitting(Through.POST, plumb.photo_point(*middle), turn, whole, middle_px=low)
    top = np.flatnonzero(solid[: max(2, height // 50)].any(0))
    point = plumb.photo_point(float(top.mean()), _TOP_SHARE * height)
    return Fitting(Through.POST, point, turn, whole)


def _turned(solid: Mask, degrees: float) -> _Plumb:
    """The mask turned clockwise and framed, at most _EDGE_PX large."""
    places = np.argwhere(solid)[:, ::-1] + 0.5
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = cv2.convexHull(floats(places))[:, 0] @ turn.T
    low, high = corners.min(0) - 0.5, corners.max(0) + 0.5
    scale = min(1.0, _EDGE_PX / float((high - low).max()))
    matrix = np.column_stack([turn * scale, -low * scale])
    size = tuple(int(edge) for edge in np.ceil((high - low) * scale))
    # The warp counts from the middle of the first pixel.
    shifted = matrix.copy()
    shifted[:, 2] += matrix[:, :2] @ np.array([0.5, 0.5]) - 0.5
    source = floats(solid)
    if scale < 1:
        source = floats(cv2.GaussianBlur(source, (0, 0), 0.4 / scale))
    turned = cv2.warpAffine(source, shifted, size, flags=cv2.INTER_LINEAR)
    return _Plumb(np.asarray(turned > 0.45), matrix)


def _turn_below(wire: Wire) -> float:
    """The turn (degrees clockwise) that brings the piece's middle below where its wire holds it."""
    if wire.closed:
        held = (wire.course[0] + wire.course[-1]) / 2
    else:
        held = wire.course[0] if wire.is_bent else wire.course[-1]
    x, y = wire.middle - held
    return _level(float(np.degrees(np.arctan2(x, y))))


def _lean(solid: Mask) -> float:
    """The turn that makes a long piece upright, its upper end up; 0 for a compact one, and for one
    that lies so flat that its upper end isn't known.
    """
    places = np.argwhere(solid).astype(np.float64)
    variances, axes = np.linalg.eigh(np.cov(places.T))
    if variances[1] < _LONG**2 * variances[0]:
        return 0.0
    down, across = axes[:, 1] * (1 if axes[0, 1] > 0 else -1)
    turn = float(np.degrees(np.arctan2(across, down)))
    return _level(turn) if abs(turn) <= _LYING_DEG else 0.0


def _level(degrees: float) -> float:
    return degrees if abs(degrees) >= _LEVEL_DEG else 0.0


def _on_wire(alpha: Floats, level: _Plumb, wire: Wire, turn: float) -> Fitting:
    """An earring whose wire was found: its bend, or the end of a straight one, is in the hole."""
    angle = np.radians(turn)
    heights = wire.course @ np.array([np.sin(angle), np.cos(angle)])
    places = np.argwhere(level.solid)[:, ::-1]
    depth = places @ np.array([np.sin(angle), np.cos(angle)])
    bent = wire.is_bent
    wide = float(np.median(thickness(wire.mask)[tuple(wire.course.astype(int).T[::-1])]))
    highest = np.flatnonzero(heights < heights.min() + wide / 2)
    apex = round(float(np.median(highest))) if bent else len(heights) - 1
    point = level.photo_point(*(float(value) for value in wire.course[apex]))
    height_px = (float(depth.max() - heights[apex]) + wide / 2) / level.scale
    if not bent:
        double = None if turn else _two_legs(level.solid, wire)
        if double is None:
            return Fitting(Through.WIRE, point, turn, height_px)
        both, legs = double
        rear = _beyond(alpha, level, both, legs, _REACH * wide)
        tops = legs[0][0, 0] + legs[1][0, 0], float(legs[0][0, 1])
        point = level.photo_point(float(tops[0]) / 2, tops[1])
        return Fitting(Through.WIRE, point, turn, height_px, rear, wide / level.scale)
    course = wire.course
    if wire.closed and _first_is_rear(course, apex, angle):
        course, apex = course[::-1], len(course) - 1 - apex
    rear = _beyond(alpha, level, wire.mask, (course[: apex + 1], course[apex:]), _REACH * wide)
    wire_px = wide / level.scale
    return Fitting(Through.WIRE, point, turn, height_px, rear, wire_px, wire.closed or wire.meets)


def _two_legs(solid: Mask, wire: Wire) -> tuple[Mask, tuple[Floats, Floats]] | None:
    """The legs of a plumb loop that is seen nearly from its edge (HxW), and their courses from the
    top down, the front one's and then the rear one's: the slighter, and of two alike the one
    towards the back of the head. None where the wire isn't double for most of its height.
    """
    rows = np.flatnonzero(wire.mask.any(1))
    near = solid & (np.arange(len(solid)) <= rows[-1] - _SLACK)[:, None]
    steps = np.diff(np.pad(near, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    double = [row for row in rows if (steps[row] == 1).sum() == _LEGS]
    if len(double) < _DOUBLE * len(rows):
        return None
    begins = np.array([np.flatnonzero(steps[row] == 1) for row in double], np.float64)
    ends = np.array([np.flatnonzero(steps[row] == -1) for row in double], np.float64) - 1
    left, right = (
        floats(np.column_stack([(begins[:, leg] + ends[:, leg]) / 2, double])) for leg in (0, 1)
    )
    wide = (ends - begins + 1).sum(0)
    apart = float(np.median(begins[:, 1] - ends[:, 0]))
    if apart > _APART * float(np.median(ends - begins + 1)):
        return None
    courses = (left, right) if wide[1] < _SHORTER * wide[0] else (right, left)
    return near, courses


def _first_is_rear(course: Floats, apex: int, angle: float) -> bool:
    """Whether of a closed wire's two legs the first runs behind the lobe: the shorter one, so that
    little is hidden; of two alike the one towards the back of the head.
    """
    first, last = apex, len(course) - 1 - apex
    shorter, longer = sorted((first, last))
    if shorter < _SHORTER * longer:
        return first < last
    aside = course @ np.array([np.cos(angle), -np.sin(angle)])
    return bool(aside[:apex].mean() < aside[apex:].mean())


def _beyond(
    alpha: Floats, level: _Plumb, wire: Mask, legs: tuple[Floats, Floats], reach: float
) -> Mask:
    """The photo's pixels that are nearer to the second leg of a wire than to the first, and no
    part of the piece that it holds.
    """
    canvas = np.zeros((2, *level.solid.shape), np.uint8)
    for image, leg in zip(canvas, legs, strict=True):
        cv2.polylines(image, [np.round(leg).astype(np.int32)], isClosed=False, color=1)
    front, rear = (
        cv2.distanceTransform(1 - image, cv2.DIST_L2, cv2.DIST_MASK_PRECISE) for image in canvas
    )
    held = level.solid & ~grown(wire, 5)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(held.astype(np.uint8))
    large = stats[:, cv2.CC_STAT_AREA] > _CRUMB * held.sum()
    large[0] = False
    free = ~grown(np.asarray(large[labels]), 3)
    hidden = floats((rear < front) & (rear < reach) & free)
    size = (alpha.shape[1], alpha.shape[0])
    back = cv2.invertAffineTransform(level.matrix)
    back[:, 2] += back[:, :2] @ np.array([0.5, 0.5]) - 0.5
    rear_leg = np.asarray(cv2.warpAffine(hidden, back, size, flags=cv2.INTER_LINEAR) > 0.5)
    return _with_rim(alpha, rear_leg)


def _with_rim(alpha: Floats, rear: Mask) -> Mask:
    """The rear leg with what of its soft rim would be left alone, a hair before the lobe."""
    rest = np.asarray((alpha > 0) & ~rear)
    _, labels = cv2.connectedComponents(rest.astype(np.uint8))
    beside = np.unique(labels[rest & grown(rear, 5)])
    solid = np.unique(labels[rest & (alpha > 0.5)])
    return np.asarray(rear | (rest & np.isin(labels, np.setdiff1d(beside, solid))))


def _as_hoop(alpha: Floats, plumb: _Plumb, hole: Mask, turn: float) -> Fitting:
    """A ring that hangs by its top: behind the lobe is the slighter half, which has no stones, and
    of two alike the one towards the back of the head.
    """
    solid = plumb.solid
    rows = np.flatnonzero(hole.any(1))
    highest = np.flatnonzero(solid[: max(2, len(solid) // 50)].any(0))
    across, inner_top = float(highest.mean()), float(rows[0])
    point = plumb.photo_point(across, inner_top / 2)
    down, right = np.mgrid[0 : alpha.shape[0], 0 : alpha.shape[1]]
    angle = np.radians(turn)
    aside = (right - point[0]) * np.cos(angle) - (down - point[1]) * np.sin(angle)
    depth = (right - point[0]) * np.sin(angle) + (down - point[1]) * np.cos(angle)
    low = (rows[-1] - inner_top / 2) / plumb.scale
    beside = solid[: rows[-1] + 1]
    left, right_px = (float(half.sum()) for half in np.split(beside, [round(across)], axis=1))
    side = 1 if right_px < _SHORTER * left else -1
    rear = np.asarray((side * aside > 0) & (depth < low))
    height_px, wire_px = len(solid) / plumb.scale, inner_top / plumb.scale
    return Fitting(Through.HOOP, point, turn, height_px, rear, wire_px)


def _closed_ring(block: Mask) -> Mask | None:
    """The opening of a hoop at the top, where there is one; its clasp may stand open."""
    edge = int(_CLASP * max(block.shape)) | 1
    framed = cv2.copyMakeBorder(block.astype(np.uint8), *(edge,) * 4, cv2.BORDER_CONSTANT)
    closed = cv2.morphologyEx(framed, cv2.MORPH_CLOSE, np.ones((edge, edge), np.uint8))
    hole = largest_hole(np.asarray(closed > 0))
    if hole is None or hole.sum() <= _RING_OPENING * block.any(0).sum() * len(block):
        return None
    return np.asarray(hole[edge:-edge, edge:-edge])


def _stud_rows(solid: Mask) -> int:
    """How many rows from the top down a stud takes, above the neck by which the rest hangs from it;
    0 where there is no such part.
    """
    height = len(solid)
    first, last = solid.argmax(1), solid[:, ::-1].argmax(1)
    widths = np.where(solid.any(1), solid.shape[1] - last - first, 0)
    widest, neck = 0, 0
    for row in range(int(_STUD_HIGH[1] * height)):
        widest = max(widest, int(widths[row]))
        if row > _STUD_HIGH[0] * height and widths[row] < _NECK * widest:
            neck = row
            break
    if not neck:
        return 0
    span = np.flatnonzero(solid[:neck].any(0))
    shape = neck / (np.ptp(span) + 1)
    return neck if _STUD_SHAPES[0] < shape < _STUD_SHAPES[1] else 0
