"""How far a piece may be moved by hand in a look.

A model's limits are narrow: beyond them a piece wouldn't hang or sit as it is worn, and a size that
isn't the piece's own misleads buyers. On a surface, a size is only how near the camera is.
"""

from dataclasses import dataclass

from jewelrymodel.studio.composition import Adjustment
from jewelrymodel.studio.looks import LookKind


@dataclass(frozen=True)
class Bounds:
    """The largest shift (a share of the picture's shorter edge) and turn (degrees) either way, and
    the smallest and largest factor of the size.
    """

    shift: float
    turn_deg: float
    size: tuple[float, float]

    def hold(self, adjustment: Adjustment) -> bool:
        """Whether an adjustment stays within."""
        return (
            max(abs(adjustment.right), abs(adjustment.down)) <= self.shift
            and abs(adjustment.turn_deg) <= self.turn_deg
            and self.size[0] <= adjustment.size <= self.size[1]
        )


WORN = Bounds(shift=0.12, turn_deg=15, size=(0.8, 1.25))
ANYWHERE = Bounds(shift=0.4, turn_deg=180, size=(0.4, 1.6))


def bounds_of(kind: LookKind) -> Bounds:
    """The bounds of a kind of look."""
    return WORN if kind is LookKind.MODEL else ANYWHERE
