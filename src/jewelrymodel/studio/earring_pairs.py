"""One earring of a pair: which parts of a cutout are its own."""

from dataclasses import dataclass

import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask
from jewelrymodel.studio.components import Component, distance_from, labeled_components


@dataclass(frozen=True)
class SingleEarring:
    """`mask` (HxW) is where the larger earring and all its loose parts are; `others` says how many
    more earrings the cutout holds.
    """

    mask: Mask
    others: int


def larger_earring(alpha: Floats) -> SingleEarring:
    """The larger earring of a pair. Every part goes with the earring that it is nearest to, so that
    no wire of the other comes along and no loose part of this one is lost. Of a single earring all
    is kept.
    """
    labels, parts = labeled_components(alpha)
    largest, *smaller = parts
    others = [label for label in smaller if _is_another(parts[largest], parts[label])]
    if not others:
        return SingleEarring(np.ones(alpha.shape, bool), 0)
    mine, theirs = distance_from(labels == largest), distance_from(np.isin(labels, others))
    mask = np.asarray(mine <= theirs)
    for label in set(smaller) - set(others):  # a loose part is never sawn through
        part = labels == label
        mask[part] = mine[part].min() <= theirs[part].min()
    return SingleEarring(mask, len(others))


def _is_another(one: Component, other: Component) -> bool:
    """Whether `other` is an earring of its own: nearly as large, and not above or below `one`."""
    shared = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
    narrower = min(part.box[2] - part.box[0] for part in (one, other))
    return other.area_px > 0.45 * one.area_px and shared < 0.6 * narrower
