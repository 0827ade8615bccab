"""What one picture is to be: the look, its format, and where the seller put the piece by hand."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ASPECTS = {"1:1": (1, 1), "4:5": (4, 5), "3:4": (3, 4), "9:16": (9, 16), "16:9": (16, 9)}
SQUARE = "1:1"
_DIGITS = 4


@dataclass(frozen=True)
class Adjustment:
    """How the piece is moved from where the look puts it, as the seller set it.

    `right` and `down` are shares of the picture's shorter edge, `turn_deg` is clockwise round the
    piece's own middle, `size` a factor. The default moves nothing.
    """

    right: float = 0.0
    down: float = 0.0
    turn_deg: float = 0.0
    size: float = 1.0

    @property
    def moves(self) -> bool:
        """Whether anything is set."""
        return self != Adjustment()

    @property
    def stored(self) -> dict[str, float]:
        """The adjustment as JSON keeps it: empty where nothing is set."""
        if not self.moves:
            return {}
        return {
            "right": round(self.right, _DIGITS),
            "down": round(self.down, _DIGITS),
            "turn_deg": round(self.turn_deg, 1),
            "size": round(self.size, _DIGITS),
        }


@dataclass(frozen=True)
class Composition:
    """One picture to make: a look in a format, one of ASPECTS."""

    look_id: str
    aspect: str = SQUARE
    adjustment: Adjustment = field(default_factory=Adjustment)


def adjustment_of(stored: Mapping[str, Any]) -> Adjustment:
    """The adjustment that JSON kept, or that somebody sent; raises ValueError where it is none."""
    values = {name: _number(stored.get(name, default)) for name, default in _DEFAULTS.items()}
    return Adjustment(**values)


def size_px(aspect: str, edge_px: int) -> tuple[int, int]:
    """Width and height of a picture whose longer edge is `edge_px`."""
    wide, high = ASPECTS[aspect]
    longer = max(wide, high)
    return round(edge_px * wide / longer), round(edge_px * high / longer)


_DEFAULTS = {"right": 0.0, "down": 0.0, "turn_deg": 0.0, "size": 1.0}


def _number(value: object) -> float:
    number = float(str(value))
    if not math.isfinite(number):
        raise ValueError(f"{value} is no number")
    return number
