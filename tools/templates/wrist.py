"""A wrist seen from its back, the relaxed hand below it, where a bracelet or a watch is worn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from hand import MM_PER_UNIT, HandOrder, Posed, bring_hand, lamps_for, limb
from neck import light_of
from stage import Camera, hang_backdrop, hang_lamps

# Where a bracelet sits: so far up the forearm from the wrist's joint, in dm.
SEAT_DM = 0.08
REACH_DM = 0.5


@dataclass(frozen=True)
class WristOrder:
    tone: str
    tilt_deg: float
    paper: tuple[float, float, float]
    key: float = 1.0
    roll_deg: float = 12.0
    width: float = 1.9


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)


def set_up(scene, data: Path, order: WristOrder, edge_px: int) -> tuple[Camera, dict]:
    """Dress the set; returns the camera and the numbers for template.json."""
    pose = HandOrder(order.tone, order.tilt_deg, order.paper, bend=0.35, spread=0.9)
    hand = bring_hand(data, pose)
    elbow, joint = hand.bones["lowerarm02.R"] if "lowerarm02.R" in hand.bones else (
        hand.bones["lowerarm01.R"]
    )  # fmt: skip
    along = _unit(joint - elbow)
    back = _unit(hand.frame.back - along * (hand.frame.back @ along))
    seat = joint - SEAT_DM * along
    tilt = np.radians(order.tilt_deg)
    towards = back * np.cos(tilt) + along * np.sin(tilt)
    up = back * np.sin(tilt) - along * np.cos(tilt)
    target = seat + 0.34 * along
    camera = Camera.aim(target, towards, up, order.width, 100, edge_px, order.roll_deg)
    camera = replace(camera, mm_per_unit=MM_PER_UNIT)
    camera.install(scene, seat + 0.25 * back, 16)
    lamps = lamps_for(camera, order.key, order.width)
    hang_lamps(target, lamps)
    hang_backdrop(target - towards * 14, towards, order.paper)
    anchors = limb(camera, seat, along, back, _forearm(hand), REACH_DM)
    return camera, {
        "kind": "wrist",
        "anchors": {"wrist": anchors, "px_per_mm": anchors["px_per_mm"]},
        "light": light_of(camera, lamps),
    }


def _forearm(hand: Posed) -> np.ndarray:
    return hand.points[hand.parts == 1]
