"""What a seller marks on a photo of their own model: a few places and one length, nothing else.

Points are shares of the photo's width and height, so that they mean the same at any size of it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from jewelrymodel.kernel.errors import CodedError

Point = tuple[float, float]
_DIGITS = 4


class Part(StrEnum):
    """The part of the body that a photo shows."""

    HAND = "hand"
    EAR = "ear"
    NECK = "neck"
    WRIST = "wrist"


class SetUpUnusable(CodedError):
    """A point is missing or outside of the photo, two are too near, or a length is unlikely."""


@dataclass(frozen=True)
class Length:
    """The length between two of the points, which gives the photo its scale: what is usual, and the
    least and the most that is believed, in millimeters.
    """

    between: tuple[str, str]
    usual_mm: float
    least_mm: float
    most_mm: float


POINTS: Mapping[Part, tuple[str, ...]] = {
    Part.HAND: ("left", "right", "towards"),
    Part.EAR: ("lobe", "tip", "top"),
    Part.NECK: ("left", "right", "lowest"),
    Part.WRIST: ("left", "right", "towards"),
}
"""By part, in the order in which they are marked. *left* and *right* are the two edges where a ring
or a bracelet sits, or where a chain goes behind the neck; *towards* says where the finger's tip or
the hand is; *lobe* is the piercing, *tip* the lowest point of the lobe, *top* that of the ear.
"""
LENGTHS: Mapping[Part, Length] = {
    Part.HAND: Length(("left", "right"), 17.0, 11.0, 26.0),
    Part.EAR: Length(("tip", "top"), 62.0, 45.0, 85.0),
    Part.NECK: Length(("left", "right"), 115.0, 80.0, 180.0),
    Part.WRIST: Length(("left", "right"), 56.0, 40.0, 85.0),
}
"""What is usual for adults, as a start that the page asks the seller to correct: the finger of a
ring of 17 mm, an ear of 62 mm, a neck of some 36 cm and a wrist of some 17 cm round.
"""
START: Mapping[Part, Mapping[str, Point]] = {
    Part.HAND: {"left": (0.44, 0.45), "right": (0.56, 0.45), "towards": (0.5, 0.62)},
    Part.EAR: {"lobe": (0.5, 0.6), "tip": (0.5, 0.66), "top": (0.5, 0.25)},
    Part.NECK: {"left": (0.28, 0.3), "right": (0.72, 0.3), "lowest": (0.5, 0.62)},
    Part.WRIST: {"left": (0.35, 0.5), "right": (0.65, 0.5), "towards": (0.5, 0.8)},
}
"""Where the handles stand before anybody has moved them."""
TILT_DEG = (10.0, 35.0, 75.0)
"""How far a finger or an arm comes towards the camera: the least, what is usual, the most."""
_NEAREST = 0.01  # of the photo's longer edge, that two points are apart
FACES = ("left", "right")


@dataclass(frozen=True)
class SetUp:
    """The places as the seller confirmed them; `faces` is where the person looks, for an ear."""

    part: Part
    points: Mapping[str, Point]
    length_mm: float
    tilt_deg: float = TILT_DEG[1]
    faces: str = FACES[1]

    @property
    def stored(self) -> dict[str, Any]:
        """The set-up as JSON keeps it."""
        return {
            "points": {name: [round(x, _DIGITS), round(y, _DIGITS)]
                       for name, (x, y) in self.points.items()},
            "length_mm": round(self.length_mm, 1),
            "tilt_deg": round(self.tilt_deg, 1),
            "faces": self.faces,
        }  # fmt: skip


def usual(part: Part) -> SetUp:
    """What is shown before the seller has marked anything."""
    return SetUp(part, START[part], LENGTHS[part].usual_mm)


def set_up_of(part: Part, stored: Mapping[str, Any], size_px: tuple[int, int]) -> SetUp:
    """The set-up that JSON kept, or that somebody sent, of a photo of `size_px`. Raises
    SetUpUnusable.
    """
    points = {name: _point(stored.get("points"), name) for name in POINTS[part]}
    _refuse_near(points, size_px)
    length = LENGTHS[part]
    length_mm = _number(stored.get("length_mm"), length.least_mm, length.most_mm)
    tilt_deg = _number(stored.get("tilt_deg", TILT_DEG[1]), TILT_DEG[0], TILT_DEG[2])
    faces = stored.get("faces", FACES[1])
    if faces not in FACES:
        raise SetUpUnusable(field="faces")
    return SetUp(part, points, length_mm, tilt_deg, str(faces))


def _point(points: object, name: str) -> Point:
    place = points.get(name) if isinstance(points, Mapping) else None
    if not isinstance(place, Sequence) or isinstance(place, str) or len(place) != 2:
        raise SetUpUnusable(field=name)
    return _number(place[0], 0, 1), _number(place[1], 0, 1)


def _number(value: object, least: float, most: float) -> float:
    try:
        number = float(str(value))
    except ValueError:
        raise SetUpUnusable(value=value) from None
    if not math.isfinite(number) or not least <= number <= most:
        raise SetUpUnusable(value=value)
    return number


def _refuse_near(points: Mapping[str, Point], size_px: tuple[int, int]) -> None:
    """No two points may lie on each other: a direction and a scale are read from them."""
    width, height = size_px
    places = [(x * width, y * height) for x, y in points.values()]
    least = _NEAREST * max(size_px)
    for n, (x, y) in enumerate(places):
        for other_x, other_y in places[:n]:
            if math.hypot(x - other_x, y - other_y) < least:
                raise SetUpUnusable(field="points")
