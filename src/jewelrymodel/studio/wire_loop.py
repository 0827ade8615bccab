"""An ear wire whose free end meets its other leg in the photo: a loop on a stem. It is opened
there, so that it can be followed as the hook that it is.
"""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask, floats, grown
from jewelrymodel.studio.strands import thickness

# All in wire widths.
_LEAST_OPENING = 3.0  # squared: less is a gap between pixels
_BESIDE = 1.2  # from the opening: the wire that runs round it
_APART = 0.8  # from a leg's middle: no longer that leg
_AHEAD = 6.0  # along which a leg's direction is told
_CUT, _PARTED = 1.3, 2.2  # the cut; from the other leg, so that it stays whole
_WIDE_OPENING = 0.5  # of the largest: another ring beside it is no loop of this wire


def opened_loop(part: Mask, course: Floats) -> Mask:
    """The thin part (HxW) with its loop cut where the free leg meets the one that goes straight on
    from the stem; the part itself where it has no loop. `course` (Nx2) leads from the piece through
    the stem to the loop's farthest point.
    """
    columns, rows = course.astype(int).T
    width = max(2.0, float(np.median(thickness(part)[rows, columns])))
    opening = _opening(part, width)
    if opening is None:
        return part
    ring = grown(opening, _edge_px(_BESIDE * width)) & part
    joined = np.flatnonzero(ring[rows, columns])
    if not len(joined) or not ring[rows[-1], columns[-1]]:  # a small ring by the way is no loop
        return part
    join, first = course[joined[0]], course[joined[0] :]
    second = _other_leg(ring, first, width)
    if not len(second):
        return part
    back = int(_AHEAD * width)
    stem = join - course[max(0, joined[0] - back)]
    goes_on, free = sorted((first, second), key=lambda leg: -_turn(stem, join, leg, back))
    return part & ~_cut(part, goes_on, free, join, width)


def _edge_px(reach: float) -> int:
    return 2 * max(1, round(reach)) + 1


def _opening(part: Mask, width: float) -> Mask | None:
    """The one opening that the part encloses."""
    framed = cv2.copyMakeBorder((~part).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(framed, connectivity=4)
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[[0, labels[0, 0]]] = 0
    largest = int(np.argmax(areas))
    if areas[largest] < _LEAST_OPENING * width**2:
        return None
    if (areas > _WIDE_OPENING * areas[largest]).sum() > 1:
        return None
    return np.asarray(labels[1:-1, 1:-1] == largest)


def _along(shape: tuple[int, ...], leg: Floats, width: float) -> Mask:
    canvas = np.zeros(shape, np.uint8)
    cv2.polylines(canvas, [np.round(leg).astype(np.int32)], isClosed=False, color=1)
    return grown(np.asarray(canvas > 0), _edge_px(_APART * width))


def _other_leg(ring: Mask, first: Floats, width: float) -> Floats:
    """The pixels (Nx2) of the ring that one leg leaves, the nearest to its beginning first."""
    rest = ring & ~_along(ring.shape, first, width)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(rest.astype(np.uint8))
    if count < 2:
        return floats(np.zeros((0, 2)))
    places = np.argwhere(labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA])))[:, ::-1]
    return floats(places[np.argsort(np.hypot(*(places - first[0]).T))])


def _turn(stem: Floats, join: Floats, leg: Floats, ahead: int) -> float:
    """How straight a leg goes on from the stem: the cosine."""
    far = np.hypot(*(leg - join).T)
    along = leg[int(np.argmin(np.abs(far - ahead)))] - join
    return float(stem @ along) / max(float(np.hypot(*stem) * np.hypot(*along)), 1e-6)


def _cut(part: Mask, goes_on: Floats, free: Floats, join: Floats, width: float) -> Mask:
    """What is taken away where the free leg parts from the other one, which stays whole."""
    apart = np.array([float(np.hypot(*(goes_on - place).T).min()) for place in free])
    far = np.hypot(*(free - join).T)
    both = max(float(np.hypot(*(leg - join).T).min()) for leg in (goes_on, free))
    parted = np.flatnonzero((apart > _PARTED * width) & (far >= both))
    x, y = free[parted[int(np.argmin(far[parted]))]] if len(parted) else free[0]
    disc = np.zeros(part.shape, np.uint8)
    cv2.circle(disc, (round(float(x)), round(float(y))), max(1, round(_CUT * width)), 1, -1)
    return np.asarray((disc > 0) & ~_along(part.shape, goes_on, width))
