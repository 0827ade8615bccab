"""A wrist with the hand hanging from it, for bracelets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from hand import MM_PER_UNIT, HandOrder, bring_hand, lamps_for, limb
from neck import light_of
from stage import Camera, hang_backdrop, hang_lamps


def set_up(scene, data: Path, order: HandOrder, edge_px: int) -> tuple[Camera, dict]:
    """Dress the set; `order.tilt_deg` is that of the forearm."""
    hand = bring_hand(data, order)
    bones = hand.bones
    forearm = bones["lowerarm02.R"]
    along = forearm[1] - forearm[0]
    along /= np.linalg.norm(along)
    back = hand.frame.back - along * (hand.frame.back @ along)
    back /= np.linalg.norm(back)
    tilt = np.radians(order.tilt_deg)
    towards = back * np.cos(tilt) + along * np.sin(tilt)
    up = back * np.sin(tilt) - along * np.cos(tilt)
    target = 0.42 * bones["wrist.R"][0] + 0.58 * bones["finger3-1.R"][0]
    camera = Camera.aim(target, towards, up, order.width, 100, edge_px, order.roll_deg)
    camera = replace(camera, mm_per_unit=MM_PER_UNIT)
    seat = bones["wrist.R"][0] - 0.14 * along
    camera.install(scene, seat + 0.2 * back, 14)
    lamps = lamps_for(camera, order.key, order.width)
    hang_lamps(target, lamps)
    hang_backdrop(target - towards * 14, towards, order.paper)
    return camera, {
        "kind": "wrist",
        "anchors": limb(camera, seat, along, back, hand.points, 0.5),
        "light": light_of(camera, lamps),
    }
