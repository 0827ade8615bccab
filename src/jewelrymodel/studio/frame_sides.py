"""The sides of the photo's frame, and which of them cut the piece."""

from enum import StrEnum

import numpy as np

from jewelrymodel.studio.arrays import Floats

NEAR_PX = 2  # a piece so near to the photo's edge was cut by it


class Side(StrEnum):
    """A side of the photo's frame."""

    LEFT = "left"
    TOP = "top"
    RIGHT = "right"
    BOTTOM = "bottom"


def sides_cut(alpha: Floats) -> frozenset[Side]:
    """The sides within NEAR_PX of which the piece is solid."""
    solid = np.asarray(alpha > 0.5)
    strips = {
        Side.LEFT: solid[:, :NEAR_PX],
        Side.TOP: solid[:NEAR_PX],
        Side.RIGHT: solid[:, -NEAR_PX:],
        Side.BOTTOM: solid[-NEAR_PX:],
    }
    return frozenset(side for side, strip in strips.items() if strip.any())
