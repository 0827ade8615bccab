"""The ear wire of an earring: the thin part at its end that goes through the ear.

It is found by its course: thin beside the piece, out of the piece's hull, free at its end or closed
to a loop, and bent over or straight. How thin a wire is beside its piece isn't known, so several
widths are tried, the thinnest first.
"""

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats, grown
from jewelrymodel.studio.strands import thickness
from jewelrymodel.studio.wire_loop import opened_loop

_WIDTHS = (0.022, 0.03, 0.04, 0.055)  # of the earring's longer edge
_SHORTEST = 0.2  # of the same: what is out of the piece's hull
_OUTSIDE = 0.55  # of the course
_UNEVEN = 2.4  # times its median thickness: beads and chains are no wire
_BENT_DEG = 100
_STRAIGHT_UP = 0.7  # cosine: a wire seen from its edge stands up from its piece
_DIRECTIONS = 10
_SLACK = 3
_CRUMB = 0.08  # of the largest stout part: where two wires cross they are stout
_RETURNS = 0.6  # of the way to the farthest pixel: a loop that comes back to its piece
_MOST_ROOTS = 4  # a small ring beside the wire is at the piece too


@dataclass(frozen=True)
class Wire:
    """A wire's course (Nx2, from the piece on; pixels of the mask), which pixels it covers (HxW),
    whether it comes back to the piece, the middle of the piece without it, and whether its free
    end `meets` its other leg.
    """

    course: Floats
    mask: Mask
    closed: bool
    middle: Floats
    meets: bool = False

    @property
    def is_bent(self) -> bool:
        """Whether it turns back, as the arc over an ear does."""
        return turning_deg(self.course) > _BENT_DEG


def find_wire(solid: Mask) -> Wire | None:
    """The wire of one earring, its mask framed; None where no part of it is surely a wire."""
    edge = max(solid.shape)
    for width in _WIDTHS:
        diameter = max(3, int(width * edge)) | 1
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (diameter, diameter))
        framed = cv2.copyMakeBorder(solid.astype(np.uint8), *(diameter,) * 4, cv2.BORDER_CONSTANT)
        opened = cv2.morphologyEx(framed, cv2.MORPH_OPEN, disc)
        stout = _without_crumbs(opened[diameter:-diameter, diameter:-diameter])
        found = _longest_wire(solid, stout, edge) if stout.any() else None
        if found is not None:
            return found
    return None


def turning_deg(course: Floats) -> float:
    """The largest angle between the directions of any two parts of a course, 0 to 180 degrees: an
    arc that unwinds again is bent all the same.
    """
    places = np.linspace(0, len(course) - 1, _DIRECTIONS + 1).astype(int)
    steps = np.diff(course[places], axis=0)
    units = steps / np.maximum(np.linalg.norm(steps, axis=1, keepdims=True), 1e-6)
    return float(np.degrees(np.arccos(np.clip((units @ units.T).min(), -1, 1))))


def _without_crumbs(opened: Any) -> Mask:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(opened)
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    return np.asarray((areas > _CRUMB * areas.max())[labels] & (labels > 0))


def _longest_wire(solid: Mask, stout: Mask, edge: int) -> Wire | None:
    body = grown(stout, _SLACK) & solid
    hull, middle = _hull_of(stout)
    thin = (solid & ~body).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(thin)
    best: tuple[float, Wire] | None = None
    for index in range(1, count):
        if max(stats[index, 2], stats[index, 3]) < _SHORTEST * edge:
            continue
        part = np.asarray(labels == index)
        wire = _wire_of(part, body, hull, middle, edge)
        if wire is not None and (best is None or len(wire.course) > best[0]):
            best = (len(wire.course), wire)
    return None if best is None else best[1]


def _wire_of(part: Mask, body: Mask, hull: Bytes, middle: Floats, edge: int) -> Wire | None:
    roots = _roots(part, body)
    if not 1 <= len(roots) <= _MOST_ROOTS or not _same_part(body, roots):
        return None
    course, closed, meets = course_between(part, roots[0], None), False, False
    if len(roots) == 1 and (loop := opened_loop(part, course)) is not part:
        hook = course_between(loop, roots[0], None)
        meets = len(hook) > len(course)
        course = hook if meets else course
    elif len(roots) > 1:
        back = course_between(part, roots[0], roots[1])
        closed = len(back) > _RETURNS * len(course)
        course = back if closed else course
    columns, rows = course.astype(int).T
    outside = hull[rows, columns] == 0
    widths = thickness(part)[rows, columns]
    if outside.sum() < _SHORTEST * edge or outside.mean() < _OUTSIDE:
        return None
    if np.percentile(widths, 90) > _UNEVEN * np.median(widths) + 1:
        return None
    wire = Wire(course, part, closed, middle, meets)
    up = course[0] - middle
    along = course[-1] - course[0]
    straight = float(up @ along) / max(float(np.hypot(*up) * np.hypot(*along)), 1e-6)
    stands = along[1] < 0 and straight > _STRAIGHT_UP
    return wire if wire.is_bent or (stands and not wire.closed) else None


def _hull_of(stout: Mask) -> tuple[Bytes, Floats]:
    points = np.argwhere(stout)[:, ::-1].astype(np.int32)
    hull = np.zeros(stout.shape, np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull(points), 1)
    return hull, floats(np.argwhere(hull)[:, ::-1].mean(0))


def _roots(part: Mask, body: Mask) -> list[Floats]:
    """The places where a thin part leaves the rest, the two that are farthest apart first."""
    touching = (grown(body, 3) & part).astype(np.uint8)
    joined = cv2.dilate(touching, np.ones((5, 5), np.uint8))
    count, labels = cv2.connectedComponents(joined)
    inside = [np.argwhere((labels == i) & (touching > 0))[:, ::-1] for i in range(1, count)]
    roots = [floats(one[np.argmin(np.linalg.norm(one - one.mean(0), axis=1))]) for one in inside]
    if len(roots) < 2:
        return roots
    apart = max(combinations(roots, 2), key=lambda two: float(np.hypot(*(two[0] - two[1]))))
    between = [one for one in roots if not any(one is end for end in apart)]
    return [*apart, *between]


def _same_part(body: Mask, roots: list[Floats]) -> bool:
    """Whether both ends of a loop are at one part of the piece: a thread between two isn't one."""
    _, labels = cv2.connectedComponents(grown(body, 5).astype(np.uint8))
    return len({int(labels[int(y), int(x)]) for x, y in roots}) == 1


def course_between(
    part: Mask, start: Floats, end: Floats | None, *, centered: bool = False
) -> Floats:
    """The course through the middle of a thin part (Nx2), from the pixel `start` to `end`, or to
    the farthest pixel. `centered` keeps to the middle of a thick one, too.
    """
    from scipy.sparse import coo_matrix  # slow to load: only where it works
    from scipy.sparse.csgraph import dijkstra

    places = np.argwhere(part)
    number = np.full((part.shape[0] + 2, part.shape[1] + 2), -1, np.int32)
    number[places[:, 0] + 1, places[:, 1] + 1] = np.arange(len(places))
    room = thickness(part)[places[:, 0], places[:, 1]]
    usual = float(np.median(room[room > np.median(room)])) if centered else 0.0
    off = np.clip(1 - room / usual, 0, 1) if centered else np.zeros_like(room)
    ones, others, costs = [], [], []
    for down, across in ((0, 1), (1, 0), (1, 1), (1, -1)):
        other = number[places[:, 0] + 1 + down, places[:, 1] + 1 + across]
        one = np.flatnonzero(other >= 0)
        other = other[one]
        # Near the outline a step is dearer, so the course keeps to the middle.
        aside = 8 / (room[one] + room[other]) ** 2 + 12 * (off[one] + off[other]) ** 2
        costs.append(np.hypot(down, across) * (1 + aside))
        ones.append(one)
        others.append(other)
    graph = coo_matrix(
        (np.concatenate(costs), (np.concatenate(ones), np.concatenate(others))),
        shape=(len(places),) * 2,
    )
    first = number[int(start[1]) + 1, int(start[0]) + 1]
    far, before = dijkstra(graph.tocsr(), False, first, return_predecessors=True)
    if end is None:
        last = int(np.argmax(np.where(np.isfinite(far), far, -1)))
    else:
        last = int(number[int(end[1]) + 1, int(end[0]) + 1])
    line = [last]
    while before[line[-1]] >= 0:
        line.append(int(before[line[-1]]))
    return floats(places[line[::-1], ::-1])
