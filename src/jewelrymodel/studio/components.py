"""The connected parts of a cutout, and which pixels go with which of them."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import Floats, Mask, floats

Box = tuple[int, int, int, int]
_SOLID = 0.4


@dataclass(frozen=True)
class Component:
    """One connected part: its box (x0, y0, x1, y1) in the photo's pixels and its area."""

    box: Box
    area_px: int

    @property
    def window(self) -> tuple[slice, slice]:
        """The rows and columns of its box."""
        x0, y0, x1, y1 = self.box
        return slice(y0, y1), slice(x0, x1)


def labeled_components(alpha: Floats) -> tuple[NDArray[np.int32], dict[int, Component]]:
    """The label of each pixel (HxW, 0 outside), and the parts by label, largest first."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((alpha > _SOLID).astype(np.uint8))
    by_area = [int(i) + 1 for i in np.argsort(-stats[1:, 4], kind="stable")]
    return np.asarray(labels, np.int32), {label: _component(stats[label]) for label in by_area}


def components_of(alpha: Floats) -> tuple[Component, ...]:
    """The parts of at least 4 % of the largest one's area, largest first."""
    parts = tuple(labeled_components(alpha)[1].values())
    return tuple(part for part in parts if part.area_px >= 0.04 * parts[0].area_px)


def cutout_of(alpha: Floats, part: Component) -> Floats:
    """One of several parts, whole: each pixel goes with the part that it is nearest to. Cutting by
    the part's frame would take along what its neighbor hangs into it.
    """
    labels, parts = labeled_components(alpha)
    chosen = next(label for label, other in parts.items() if other == part)
    large = components_of(alpha)
    others = [label for label in parts if label != chosen and parts[label] in large]
    return floats(alpha * nearer_to(labels == chosen, np.isin(labels, others)))


def nearer_to(these: Mask, those: Mask) -> Mask:
    """The pixels that are at least as near to `these` as to `those`."""
    if not those.any():
        return np.ones(these.shape, bool)
    return np.asarray(distance_from(these) <= distance_from(those))


def distance_from(mask: Mask) -> Floats:
    """How many pixels each pixel is away from the mask."""
    return floats(cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 5))


def _component(stats: NDArray[np.int32]) -> Component:
    x, y, width, height, area = (int(value) for value in stats)
    return Component((x, y, x + width, y + height), area)
