"""What a seller corrects by hand in a cutout: strokes and taps, as they are stored and replayed.

A correction is a hint, not a picture: it says where the seller touched and with which tool, in the
photo's pixels. So it can be undone by leaving it out, and replayed on a better network's answer.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from jewelrymodel.studio.messages import CorrectionProblem, StudioRefusal

MAX_CORRECTIONS = 200
MAX_POINTS_EACH = 2_000
MAX_POINTS = 20_000
MAX_TAPS = 300  # places that are tapped, all together: each is searched from
MAX_LENGTH = 60.0  # of the photo's longer edge, all strokes together
MAX_PAINTED = 8.0  # of the photo's area: a replay takes so much longer
MIN_RADIUS_PX, MAX_RADIUS_PX = 1.0, 400.0
_ONE_STROKE_PX = 8 * MAX_RADIUS_PX**2  # even in the smallest photo
_DECIMALS = 2
_HUGE = 10**9

Point = tuple[float, float]


class CorrectionsRefused(StudioRefusal):
    """These corrections can't be taken: a CorrectionProblem."""

    codes = CorrectionProblem


class Tool(StrEnum):
    """What a correction does. The values are stored with photos."""

    KEEP = "keep"  # a stroke over what belongs to the piece
    ERASE = "erase"  # a stroke over what doesn't
    OPENING = "opening"  # a tap on a hole that was filled
    ADD = "add"  # a tap on a part that the cutout lacks
    DROP = "drop"  # a tap on a part to leave out
    CLEAN = "clean"  # a stroke along an edge where the ground still shows
    OUTLINE = "outline"  # a tap: so along the whole outline
    CUT = "cut"  # a line that parts pieces which touch
    HEAL = "heal"  # a stroke over dust or a scratch inside the piece


_CLEAN_WORTH = 4  # a clean edge takes so many times as long as another stroke
_TAPS_WORTH = {Tool.OPENING: 1, Tool.ADD: 1, Tool.DROP: 1, Tool.OUTLINE: 50}
"""So many taps does a place of each tool count as: a whole outline takes as long as fifty."""


@dataclass(frozen=True)
class Correction:
    """One stroke or tap: its tool, the brush's radius and the places (x, y) it went through, all in
    the photo's pixels.
    """

    tool: Tool
    radius: float
    points: tuple[Point, ...]

    @property
    def stored(self) -> dict[str, Any]:
        """The correction as JSON keeps it."""
        return {
            "tool": self.tool.value,
            "radius": self.radius,
            "points": [list(point) for point in self.points],
        }


def restored(entries: Sequence[dict[str, Any]]) -> tuple[Correction, ...]:
    """The corrections whose `stored` values these are: taken once, whatever is accepted today."""
    return tuple(
        Correction(Tool(one["tool"]), one["radius"], tuple((x, y) for x, y in one["points"]))
        for one in entries
    )


def parse(entries: object, width_px: int, height_px: int) -> tuple[Correction, ...]:
    """The corrections in a decoded JSON list, of a photo of this size: `{"tool": …, "radius": px,
    "points": [[x, y], …]}` each, in the order in which they were made.

    Raises CorrectionsRefused.
    """
    if not isinstance(entries, Sequence) or isinstance(entries, str):
        raise CorrectionsRefused(CorrectionProblem.UNREADABLE)
    if len(entries) > MAX_CORRECTIONS:
        raise CorrectionsRefused(CorrectionProblem.TOO_MANY, most=MAX_CORRECTIONS)
    corrections = tuple(_correction(entry, (width_px, height_px)) for entry in entries)
    if sum(_TAPS_WORTH.get(one.tool, 0) * len(one.points) for one in corrections) > MAX_TAPS:
        raise CorrectionsRefused(CorrectionProblem.TOO_MANY, most=MAX_TAPS)
    lengths = [length_of(one.points) for one in corrections]
    painted = sum(
        (_CLEAN_WORTH if one.tool is Tool.CLEAN else 1) * 2 * one.radius * (length + one.radius)
        for one, length in zip(corrections, lengths, strict=True)
    )
    if (
        sum(len(one.points) for one in corrections) > MAX_POINTS
        or sum(lengths) > MAX_LENGTH * max(width_px, height_px)
        or painted > MAX_PAINTED * width_px * height_px + _ONE_STROKE_PX
    ):
        raise CorrectionsRefused(CorrectionProblem.TOO_LONG)
    return corrections


def length_of(points: tuple[Point, ...]) -> float:
    """How long the way through these places is, in pixels."""
    return sum(math.dist(a, b) for a, b in itertools.pairwise(points))


def _correction(entry: Any, size: tuple[int, int]) -> Correction:
    try:
        tool, radius, points = Tool(entry["tool"]), _number(entry["radius"]), list(entry["points"])
    except (KeyError, TypeError, ValueError):
        raise CorrectionsRefused(CorrectionProblem.UNREADABLE) from None
    if not points:
        raise CorrectionsRefused(CorrectionProblem.UNREADABLE)
    if len(points) > MAX_POINTS_EACH:
        raise CorrectionsRefused(CorrectionProblem.TOO_LONG)
    if not MIN_RADIUS_PX <= radius <= MAX_RADIUS_PX:
        raise CorrectionsRefused(CorrectionProblem.OUTSIDE)
    return Correction(tool, radius, tuple(_point(point, size) for point in points))


def _point(entry: Any, size: tuple[int, int]) -> Point:
    try:
        x, y = (_number(value) for value in entry)
    except (TypeError, ValueError):
        raise CorrectionsRefused(CorrectionProblem.UNREADABLE) from None
    if not (0 <= x <= size[0] and 0 <= y <= size[1]):
        raise CorrectionsRefused(CorrectionProblem.OUTSIDE)
    return x, y


def _number(value: Any) -> float:
    """A finite number of JSON, rounded; true and false are none. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError
    if not -_HUGE < value < _HUGE:  # nor is what isn't a number, nor an integer beyond any float
        raise ValueError
    return round(float(value), _DECIMALS)
