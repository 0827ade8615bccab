"""One earring of a pair: which parts of a cutout are its own."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats
from jewelrymodel.studio.components import Component, distance_from, labeled_components

_AS_LARGE = 0.45  # of the larger one's area
_EDGE_PX = 256
_HALVES_ALIKE = 0.6
_NECK = 0.05  # of the longer edge: what two earrings touch by at most
_TOPS_HIGH, _TOPS_APART = 0.3, 0.12  # of the height, of the width
_HOOP, _HOOPS_APART = 0.13, 0.25  # of the hull's area, of the width
_GAP = 0.2  # of the height: a loose part hangs no farther below its earring


@dataclass(frozen=True)
class SingleEarring:
    """`mask` (HxW) is where the larger earring and all its loose parts are; `others` says how many
    more earrings the cutout holds. `overlaps` where two lie over each other and can't be parted.
    """

    mask: Mask
    others: int
    overlaps: bool = False


def larger_earring(alpha: Floats) -> SingleEarring:
    """The larger earring of a pair. Every part goes with the earring that it is nearest to, so that
    no wire of the other comes along and no loose part of this one is lost. Two that touch are
    parted where they do. Of a single earring all is kept.
    """
    labels, parts = labeled_components(alpha)
    largest, *smaller = parts
    others = [label for label in smaller if _is_another(parts[largest], parts[label])]
    if not others:
        return _of_one_outline(labels == largest)
    mine, theirs = distance_from(labels == largest), distance_from(np.isin(labels, others))
    mask = np.asarray(mine <= theirs)
    for label in set(smaller) - set(others):  # a loose part is never sawn through
        part = labels == label
        mask[part] = mine[part].min() <= theirs[part].min()
    return SingleEarring(mask, len(others))


def other_earring(alpha: Floats, larger: SingleEarring) -> SingleEarring:
    """The largest of the other earrings of a cutout's alpha (HxW)."""
    rest = floats(np.where(larger.mask, 0, alpha))
    other = larger_earring(rest)
    return SingleEarring(np.asarray(other.mask & ~larger.mask), larger.others, other.overlaps)


def _is_another(one: Component, other: Component) -> bool:
    """Whether `other` is an earring of its own: nearly as large, and not what hangs from `one`."""
    if other.area_px <= _AS_LARGE * one.area_px:
        return False
    (left, top, right, bottom), (other_left, other_top, other_right, other_bottom) = (
        part.box for part in (one, other)
    )
    shared = min(right, other_right) - max(left, other_left)
    narrower = min(right - left, other_right - other_left)
    gap = max(top, other_top) - min(bottom, other_bottom)
    return shared < 0.6 * narrower or not 0 <= gap <= _GAP * max(bottom - top, 1)


def _of_one_outline(solid: Mask) -> SingleEarring:
    """The better half of an outline that is two earrings which touch."""
    everything = np.ones(solid.shape, bool)
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    window = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = min(1.0, _EDGE_PX / max(solid[window].shape))
    size = tuple(max(1, round(edge * scale)) for edge in solid[window].shape[::-1])
    small = cv2.resize(floats(solid[window]), size, interpolation=cv2.INTER_AREA) > 0.4
    large, apart = _hoops(np.asarray(small))
    # Thinned, a hoop falls into halves too.
    halves = None if large == 1 else _halves(np.asarray(small))
    if halves is None:
        two = apart if large > 1 else _has_two_tops(np.asarray(small))
        return SingleEarring(everything, 0, overlaps=two)
    if _contact_px(halves) > _NECK * max(small.shape):
        return SingleEarring(everything, 0, overlaps=True)
    counts = np.bincount(halves.ravel(), minlength=3)
    mine = halves == 1 + int(np.argmax(counts[1:]))
    theirs = np.asarray((halves > 0) & ~mine)
    nearer = floats(distance_from(np.asarray(mine)) <= distance_from(theirs))
    back = solid[window].shape[::-1]
    mask = everything.copy()
    mask[window] = cv2.resize(nearer, back, interpolation=cv2.INTER_LINEAR) > 0.5
    return SingleEarring(mask, 1)


def _halves(solid: Mask) -> Bytes | None:
    """1 and 2 where the outline's two alike halves are, each pixel with the half that it is nearest
    to within the outline; None where thinning doesn't leave two.
    """
    framed = cv2.copyMakeBorder(solid.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    for edge in range(3, 64, 4):
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (edge, edge))
        thinned = cv2.erode(framed, disc, borderValue=0)[1:-1, 1:-1]
        _, labels, stats, middles = cv2.connectedComponentsWithStats(thinned)
        areas = stats[1:, cv2.CC_STAT_AREA]
        if not areas.size:
            return None
        large = np.flatnonzero(areas > 0.2 * areas.sum()) + 1
        if len(large) == 2:
            sizes = np.sort(stats[large][:, [2, 3, 4]], axis=0)
            apart = np.abs(middles[large[0]] - middles[large[1]])
            beside = apart[0] > 0.6 * sizes[0, 0] or apart[1] < 0.3 * sizes[0, 1]
            if beside and (sizes[0] > _HALVES_ALIKE * sizes[1]).all():
                return _flooded(solid, np.asarray(labels, np.int32), large)
    return None


def _flooded(solid: Mask, labels: NDArray[np.int32], large: NDArray[np.int64]) -> Bytes:
    halves = np.zeros(solid.shape, np.uint8)
    for number, label in enumerate(large, 1):
        halves[labels == label] = number
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    square = np.ones((3, 3), np.uint8)
    for step in range(8 * max(solid.shape)):
        free = solid & (halves == 0)
        wider = cv2.dilate(halves, cross if step % 2 else square)
        if not wider[free].any():
            break
        halves[free] = wider[free]
    return halves


def _contact_px(halves: Bytes) -> float:
    """How many pixels of one half touch the other."""
    other = cv2.dilate((halves == 2).astype(np.uint8), np.ones((3, 3), np.uint8))
    return float(((halves == 1) & (other > 0)).sum())


def _has_two_tops(solid: Mask) -> bool:
    """Whether two parts stand up beside each other, as the wires of two earrings do."""
    height, width = solid.shape
    upper = solid[: int(0.35 * height)].astype(np.uint8)
    count, _, stats, middles = cv2.connectedComponentsWithStats(upper)
    tall = [i for i in range(1, count) if stats[i, cv2.CC_STAT_HEIGHT] > _TOPS_HIGH * len(upper)]
    xs = [float(middles[i][0]) for i in tall]
    return len(xs) > 1 and max(xs) - min(xs) > _TOPS_APART * width


def _hoops(solid: Mask) -> tuple[int, bool]:
    """How many large openings the outline closes round, and whether two lie beside each other."""
    hull = cv2.convexHull(np.argwhere(solid)[:, ::-1].astype(np.int32))
    beyond = np.pad(~solid, 1, constant_values=True).astype(np.uint8)
    count, labels, stats, middles = cv2.connectedComponentsWithStats(beyond, connectivity=4)
    least = _HOOP * max(1.0, float(cv2.contourArea(hull)))
    inner = [i for i in range(1, count) if i != labels[0, 0]]
    xs = [float(middles[i][0]) for i in inner if stats[i, cv2.CC_STAT_AREA] > least]
    return len(xs), len(xs) > 1 and max(xs) - min(xs) > _HOOPS_APART * solid.shape[1]
