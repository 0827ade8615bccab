"""Where on a hand each pixel is: along, across and above the segments of its fingers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FINGERS = ("index", "middle", "ring", "little")


@dataclass(frozen=True)
class Frame:
    """A place of the hand in camera space: its origin (mm), and unit vectors along the finger
    towards the tip, out of the back of the hand and across.
    """

    origin: np.ndarray
    along: np.ndarray
    back: np.ndarray
    across: np.ndarray

    def seen(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How far each place (3xHxW, mm) is along and across, HxW each."""
        apart = places - self.origin[:, None, None]
        return (
            np.einsum("i,ihw->hw", self.along, apart),
            np.einsum("i,ihw->hw", self.across, apart),
        )

    def upper(self, normal: np.ndarray) -> np.ndarray:
        """How much each normal (3xHxW) looks out of the back, -1…1."""
        return np.einsum("i,ihw->hw", self.back, normal)


def unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)


def _frame(origin: np.ndarray, along: np.ndarray, back: np.ndarray) -> Frame:
    along = unit(along)
    back = unit(back - along * (along @ back))
    return Frame(origin, along, back, np.cross(along, back))


@dataclass(frozen=True)
class Finger:
    """One finger: its part identities and the joints in camera millimeters (knuckle, middle
    joint, last joint, tip).
    """

    name: str
    parts: tuple[int, ...]
    joints: np.ndarray
    back: np.ndarray

    def segment(self, number: int) -> Frame:
        """The frame of a segment: 0 is next to the hand, 2 the last."""
        return _frame(self.joints[number], self.joints[number + 1] - self.joints[number], self.back)

    def joint(self, number: int) -> Frame:
        """The frame of a joint, halfway between its two segments: 1 is the middle joint."""
        one, other = self.segment(number - 1), self.segment(number)
        return _frame(self.joints[number], one.along + other.along, one.back + other.back)


def fingers_of(anchors: dict) -> list[Finger]:
    """The four fingers of a hand's anchors, from the index on."""
    return [
        Finger(
            name, tuple(about["parts"]), np.array(about["joints_camera_mm"], np.float32),
            np.array(about["back_camera"], np.float32),
        )
        for name, about in ((name, anchors["fingers"][name]) for name in FINGERS)
    ]  # fmt: skip
