"""The relief of a hand that its mesh doesn't have: folds over the joints, the net of fine lines,
tendons and veins. Heights are millimeters above the mesh.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from limb_frames import Finger, unit
from skin_light import soft, step
from skin_surface import Surface

LITTLE = 0.85  # of the other fingers
THUMB = (14, 15, 16)


@dataclass(frozen=True)
class Joint:
    """How skin is folded over one joint, in millimeters: how far across and along, from fold to
    fold, and how deep.
    """

    half_mm: float
    reach_mm: float
    apart_mm: float
    deep_mm: float


JOINTS = {1: Joint(7.6, 6.3, 1.05, 0.13), 2: Joint(6.4, 3.2, 0.85, 0.10)}  # middle, last
DEEPEST_MM = 0.13
# The lines of the net: cells (mm) along and across, how much they lean, share.
NET = (
    (0.42, 0.85, 0.0, 0.42),
    (0.6, 0.8, 0.8, 0.3),
    (0.55, 0.8, -0.9, 0.3),
    (0.24, 0.47, 0.0, 0.28),
)
BACK_NET = 0.5  # of the net on the back of the hand, where it is shallower
TENDONS_MM = (0.5, 0.75, 0.65, 0.45)
# Veins of the back of a hand, millimeters towards the little finger and towards the wrist.
VEINS = (
    ((-13, 4), (-9, 18), (-7.5, 36), (-4, 60), (0, 95)),
    ((0, 4), (-2.5, 20), (-5.5, 34), (-7.2, 48)),
    ((12, 4), (10, 18), (6, 32), (5, 50), (0, 70), (-4, 95)),
    ((-20, 8), (-17, 26), (-15, 52), (-11, 95)),
)
VEIN_MM, VEIN_WIDE_MM = 0.2, 1.35
WRIST_MM, MEET = 85.0, 0.62  # where the tendons run together, and by how much


@dataclass(frozen=True)
class Folds:
    """HxW each: height, how much a pixel lies in a fold (0…1), and where the bake's own folds are
    to be taken away (0…1).
    """

    height_mm: np.ndarray
    depth: np.ndarray
    field: np.ndarray


def window_of(mask: np.ndarray, room: int = 0) -> tuple[slice, slice]:
    rows, columns = np.nonzero(mask)
    return (
        slice(max(0, rows.min() - room), rows.max() + 1 + room),
        slice(max(0, columns.min() - room), columns.max() + 1 + room),
    )


def folds_of(surface: Surface, part: np.ndarray, fingers: list[Finger]) -> Folds:
    """The folds over the eight joints of the four fingers."""
    height, depth, field = (np.zeros(part.shape, np.float32) for _ in range(3))
    for number, finger in enumerate(fingers):
        for joint in JOINTS:
            own = _folds(surface, part, finger, joint, 11 * number + 3)
            if own is None:
                continue
            window, here = own
            height[window] += here.height_mm
            depth[window] = np.maximum(depth[window], here.depth)
            field[window] = np.maximum(field[window], here.field)
    return Folds(height, depth, field)


def _folds(
    surface: Surface, part: np.ndarray, finger: Finger, joint: int, seed: int
) -> tuple[tuple[slice, slice], Folds] | None:
    """Creases across one joint and the window where they are. They bend round the joint, those
    before it one way, those behind it the other, and end before the finger's sides.
    """
    frame, size = finger.joint(joint), JOINTS[joint]
    scale = LITTLE if finger.name == "little" else 1.0
    half, reach = size.half_mm * scale, size.reach_mm * scale
    along, _ = frame.seen(surface.places)
    own = np.isin(part, finger.parts)
    if not (near := own & (np.abs(along) < 2.2 * reach)).any():
        return None
    window = window_of(near)
    places, normal = (values[:, *window] for values in (surface.places, surface.normal))
    along, across = frame.seen(places)
    flat = np.full_like(along, seed)
    wave = 0.28 * surface.noise(70 + joint, 1, np.stack([along / 3, across / 1.7, flat]))
    wave += 0.07 * surface.noise(80 + joint, 1, np.stack([along / 0.9, across / 0.55, flat]))
    aside = np.clip(np.abs(across) / half, 0, 1)
    bent = along / (1 - 0.45 * aside**2) + wave
    dice = np.random.default_rng([seed, joint])
    height, depth = np.zeros_like(along), np.zeros_like(along)
    at = -reach
    while at < reach:
        edge = abs(at) / reach
        deep = size.deep_mm * scale * (1 - 0.75 * edge**1.5) * dice.uniform(0.35, 1.15)
        wide, middle = dice.uniform(0.13, 0.2), dice.uniform(-0.25, 0.25) * half
        span = half * dice.uniform(0.55, 0.95) * (1 - 0.35 * edge)
        lengthwise = np.stack([np.full_like(along, at * 3.1), across / 1.6, flat])
        held = np.clip(0.75 + 0.4 * surface.noise(90 + joint, 1, lengthwise), 0, 1.3)
        held = held * (1 - step(np.abs(across - middle), 0.55 * span, span))
        groove = np.exp(-((np.abs(bent - at) / wide) ** 1.5)) * held
        swell = np.exp(-(((bent - at) / 0.55) ** 2)) * held
        height += deep * (0.22 * swell - 1.22 * groove)
        depth = np.maximum(depth, groove * deep / DEEPEST_MM)
        at += size.apart_mm * dice.uniform(0.6, 1.45)
    upper = frame.upper(normal)
    shown = np.exp(-((along / reach) ** 4)) * step(upper, 0.1, 0.55) * own[window]
    field = np.exp(-((along / (1.15 * reach)) ** 4)) * step(upper, -0.2, 0.2) * own[window]
    return window, Folds(height * shown, depth * shown, field)


def net_of(surface: Surface, part: np.ndarray, fingers: list[Finger]) -> np.ndarray:
    """The net of fine lines, HxW, 0…1: on fingers they run across more than along."""
    net = BACK_NET * surface.furrows().astype(np.float32)
    for number, finger in enumerate(fingers):
        for segment, identity in enumerate(finger.parts):
            if not (own := part == identity).any():
                continue
            window = window_of(own)
            along, across = finger.segment(segment).seen(surface.places[:, *window])
            lines = np.zeros_like(along)
            for layer, (long, wide, lean, share) in enumerate(NET):
                cells = [(along + lean * across) / long, (across - 0.6 * lean * along) / wide]
                noise = surface.noise(
                    20 + layer, 1, np.stack([*cells, np.full_like(along, number)])
                )
                lines += share * np.exp(-((noise / 0.24) ** 2))
            net[window] = np.where(own[window], lines, net[window])
    return net


def back_of_hand(
    surface: Surface, part: np.ndarray, fingers: list[Finger], px_per_mm: float
) -> tuple[np.ndarray, np.ndarray]:
    """The height of knuckles, tendons and veins, and where a vein shines through (0…1), HxW."""
    height, veins = (np.zeros(part.shape, np.float32) for _ in range(2))
    back = part == 1
    seen = back & (surface.normal[2] < -0.3)
    if not seen.any():
        return height, veins
    near = soft(np.isin(part, [1, *(one.parts[0] for one in fingers)]).astype(np.float32), 6)
    out = unit(np.median(surface.normal[:, seen], axis=1))
    knuckles = np.array([finger.joints[0] for finger in fingers])
    side = knuckles[3] - knuckles[0]
    side = unit(side - out * (side @ out))
    wrist = np.cross(side, out)
    wrist = wrist if wrist @ fingers[1].segment(0).along < 0 else -wrist
    middle = 0.6 * knuckles[1] + 0.4 * knuckles[2]
    apart = surface.places - middle[:, None, None]
    x, y = (np.einsum("i,ihw->hw", axis, apart) for axis in (side, wrist))
    wander = 0.32 * surface.noise(55, 14)
    for knuckle, tendon in zip(knuckles, TENDONS_MM, strict=True):
        x0, y0 = (knuckle - middle) @ side, (knuckle - middle) @ wrist
        line = x0 - x0 * MEET * np.clip((y - y0) / WRIST_MM, -0.2, 1.2)
        aside = x - line - wander
        along = step(y - y0, -3, 8) * (1 - step(y - y0, 26, 52))
        height += near * tendon * np.exp(-((aside / 1.9) ** 2)) * along
        height += near * 0.5 * np.exp(-((aside / 5) ** 2) - ((y - y0 + 1) / 5) ** 2)
    for number, course in enumerate(VEINS):
        bends = 2.4 * surface.noise(56 + number, 17) + 0.5 * surface.noise(57 + number, 7)
        apart = _from_line(x + bends, y, course)
        shown = np.clip(0.7 + 0.4 * surface.noise(66 + number, 12), 0.1, 1.1) * near * back
        shown = shown * step(y, course[0][1] - 2, course[0][1] + 9)
        height += VEIN_MM * np.exp(-((apart / VEIN_WIDE_MM) ** 2)) * shown
        veins = np.maximum(veins, np.exp(-((apart / (1.25 * VEIN_WIDE_MM)) ** 2)) * shown)
    return height, soft(veins, 0.5 * px_per_mm)


def _from_line(x: np.ndarray, y: np.ndarray, course: tuple[tuple[float, float], ...]) -> np.ndarray:
    """How far each place is from a line of several points."""
    nearest = np.full(x.shape, np.inf, np.float32)
    for (x0, y0), (x1, y1) in pairwise(course):
        long = float(np.hypot(x1 - x0, y1 - y0))
        to_x, to_y = (x1 - x0) / long, (y1 - y0) / long
        on = np.clip((x - x0) * to_x + (y - y0) * to_y, 0, long)
        nearest = np.minimum(nearest, np.hypot(x - x0 - on * to_x, y - y0 - on * to_y))
    return nearest
