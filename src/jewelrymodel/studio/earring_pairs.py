"""One earring of a pair: which parts of a cutout are its own."""

from dataclasses import dataclass

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask
from jewelrymodel.studio.piece_kinds import Component


@dataclass(frozen=True)
class One:
    """`kept` (HxW) is where the larger earring and all its loose parts are; `others` says how many
    more earrings the cutout holds.
    """

    kept: Mask
    others: int


def one_earring(alpha: Floats) -> One:
    """The larger earring of a pair. Every part goes with the earring that it is nearest to, so that
    no wire of the other comes along and no loose part of this one is lost. Of a single earring all
    is kept.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats((alpha > 0.4).astype(np.uint8))
    by_area = [int(i) + 1 for i in np.argsort(-stats[1:, 4])]
    largest = _component(stats[by_area[0]])
    others = [i for i in by_area[1:] if _is_another(largest, _component(stats[i]))]
    if not others:
        return One(np.ones(alpha.shape, bool), 0)
    mine = _distance(labels == by_area[0])
    theirs = _distance(np.isin(labels, others))
    kept = mine <= theirs
    for index in set(by_area[1:]) - set(others):  # a loose part is never sawn through
        part = labels == index
        kept[part] = mine[part].min() <= theirs[part].min()
    return One(np.asarray(kept), len(others))


def _is_another(one: Component, other: Component) -> bool:
    """Whether `other` is an earring of its own: nearly as large, and not above or below `one`."""
    shared = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
    narrower = min(part.box[2] - part.box[0] for part in (one, other))
    return other.area_px > 0.45 * one.area_px and shared < 0.6 * narrower


def _component(stats: object) -> Component:
    x, y, width, height, area = (int(value) for value in np.asarray(stats))
    return Component((x, y, x + width, y + height), area)


def _distance(mask: Mask) -> Floats:
    return np.asarray(cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 5), np.float32)
