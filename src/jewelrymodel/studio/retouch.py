"""What is done to a whole cutout on purpose before it is placed: declared, bounded, and no more."""

from dataclasses import dataclass

import numpy as np

from jewelrymodel.studio.arrays import Bytes
from jewelrymodel.studio.white_balance import AS_PHOTOGRAPHED, Gains, balanced, is_bounded

LEAST_SOLID = 0.9


@dataclass(frozen=True)
class Retouch:
    """`gains` is the white balance; what is covered by `solid_from` or more counts as covered, so
    that no white shines through metal of which the network wasn't quite sure.
    """

    gains: Gains = AS_PHOTOGRAPHED
    solid_from: float = 1.0

    @property
    def is_plausible(self) -> bool:
        """Whether it is within bounds."""
        return is_bounded(self.gains) and LEAST_SOLID <= self.solid_from <= 1

    def of(self, rgba: Bytes) -> Bytes:
        """The cutout (HxWx4) with that done."""
        if self == Retouch():
            return rgba
        rows, columns = (np.flatnonzero((rgba[..., 3] > 0).any(axis)) for axis in (1, 0))
        if not rows.size:
            return rgba
        window = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        made = rgba.copy()
        part = made[window]
        part[..., :3] = balanced(part[..., :3], self.gains)
        solid = np.minimum(part[..., 3] / self.solid_from, 255)
        part[..., 3] = np.asarray(solid + 0.5, np.uint8)
        return made


NONE = Retouch()
