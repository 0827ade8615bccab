"""Neck and upper chest: collar bones carved in, chains hung to find where they lie."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from body import Body, Rig, turn
from drape import Surface, drape
from skin import TONES, skin
from stage import (
    Camera,
    Lamp,
    bring_body,
    hang_backdrop,
    hang_lamps,
    paint,
    points_of,
    set_points,
)

COLLAR = np.array([0.0, 4.72, 0.21])  # where the carved lines expect the inner collar joints
CHAINS = ((380, False), (400, True), (420, False), (420, True), (450, False), (450, True),
          (500, False), (500, True))  # fmt: skip


@dataclass(frozen=True)
class NeckOrder:
    tone: str
    mix: dict[str, float]
    turn_deg: float
    side: float
    paper: tuple[float, float, float]
    key: float = 1.0


def _ridge(points: np.ndarray, ends: list, radius: float) -> np.ndarray:
    """How near each point is to a line of segments, 1 on it, falling off as a bell."""
    best = np.full(len(points), np.inf)
    for start, stop in pairwise(ends):
        start, along = np.array(start), np.array(stop) - start
        share = np.clip((points - start) @ along / (along @ along), 0, 1)
        best = np.minimum(best, np.linalg.norm(points - start - share[:, None] * along, axis=1))
    return np.exp(-((best / radius) ** 2))


def _carve(points: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """Collar bones, the hollows over them, the notch and the two neck muscles."""
    front = np.clip((normals[:, 2] + 0.35) / 0.5, 0, 1)
    lift = np.zeros(len(points))
    for side in (-1, 1):
        bone = [(0.17, 4.93, 0.78), (0.55, 5.02, 0.74), (1.0, 5.16, 0.52), (1.42, 5.2, 0.2)]
        hollow = [(0.42, 5.22, 0.62), (0.8, 5.32, 0.42)]
        below = [(0.35, 4.78, 0.85), (0.9, 4.9, 0.75)]
        muscle = [(0.17, 5.09, 0.72), (0.34, 5.42, 0.55), (0.52, 6.0, 0.3)]
        mirrored = [
            [(side * x, y, z) for x, y, z in line] for line in (bone, hollow, below, muscle)
        ]
        lift += 0.068 * _ridge(points, mirrored[0], 0.11)
        lift -= 0.085 * _ridge(points, mirrored[1], 0.20)
        lift -= 0.030 * _ridge(points, mirrored[2], 0.16)
        lift += 0.045 * _ridge(points, mirrored[3], 0.12)
    lift -= 0.09 * _ridge(points, [(0, 5.03, 0.78), (0, 5.1, 0.74)], 0.13)
    return points + normals * (lift * front)[:, None]


def set_up(scene, data: Path, order: NeckOrder, edge_px: int) -> tuple[Camera, dict]:
    """Dress the set; returns the camera and the numbers for template.json."""
    body = Body.load(data)
    body.adult_woman(order.mix)
    body.morph("neck/neck-scale-depth-decr", 0.25)
    rig = Rig(body)
    turns = {"head": turn((0, 1, 0), order.turn_deg) @ turn((1, 0, 0), -4)}
    for sign, side in ((1, "L"), (-1, "R")):
        turns[f"upperarm01.{side}"] = turn((0, 0, 1), -sign * 40)
        turns[f"clavicle.{side}"] = turn((0, 0, 1), -sign * 4)
    posed, bones = rig.pose(turns)
    posed = posed + COLLAR - (bones["clavicle.L"][0] + bones["clavicle.R"][0]) / 2
    wanted = [
        i
        for i, group in enumerate(body.faces.groups)
        if group == "body" and posed[body.faces.vertices[i], 1].mean() > 2.2
    ]
    thing = bring_body(body, posed, wanted, [1] * len(wanted), 3)
    points, normals = points_of(thing.data)
    carved = _carve(points, normals)
    set_points(thing.data, carved)
    flush = 0.25 * _ridge(carved, [(0, 4.6, 0.95), (0, 5.0, 0.8)], 0.5)
    paint(thing.data, "flush", flush)
    thing.data.materials.clear()
    thing.data.materials.append(skin(data, TONES[order.tone]))
    target = np.array([0.0, 5.0, 0.75])
    camera = Camera.aim(target, (order.side, 0.10, 1.0), (0, 1, 0), 2.45, 100, edge_px)
    camera.install(scene, target, 11)
    key = order.key
    lamps = [
        Lamp((-7, 6.5, 7), 4.5, 1150 * key, (1.0, 0.955, 0.90)),
        Lamp((8, 1.5, 7), 6, 120 * key, (0.93, 0.96, 1.0)),
        Lamp((4.5, 5, -6), 3, 420 * key, (1.0, 0.98, 0.95)),
    ]
    hang_lamps(target, lamps)
    hang_backdrop((0, 5, -14), (0, 0, 1), order.paper)
    numbers = {
        "kind": "neck",
        "anchors": _anchors(camera, carved, points_of(thing.data)[1]),
        "light": light_of(camera, lamps),
    }
    return camera, numbers


def light_of(camera: Camera, lamps: list[Lamp]) -> dict:
    """The key lamp seen from the camera: unit vector towards it, and its linear color."""
    key = lamps[0]
    towards = camera.rotation @ np.asarray(key.offset, float)
    return {
        "key_direction": (towards / np.linalg.norm(towards)).round(4).tolist(),
        "key_color": list(key.color),
        "fill_color": list(lamps[1].color),
    }


def _anchors(camera: Camera, points: np.ndarray, normals: np.ndarray) -> dict:
    near = np.linalg.norm(points - [0, 5.0, 0.6], axis=1) < 3.2
    surface = Surface(points[near], normals[near])
    notch = points[np.argmin(np.linalg.norm(points - [0, 5.04, 0.68], axis=1))]
    chains = []
    for length_mm, pendant in CHAINS:
        curve = drape(surface, length_mm / 100, pendant)
        chains.append(_chain(camera, curve, surface, length_mm, pendant))
    seen = camera.see(notch)[0]
    return {
        "px_per_mm": round(camera.focal_px / seen[2], 4),
        "sternal_notch": spot(camera, notch),
        "chains": chains,
    }


def spot(camera: Camera, point: np.ndarray) -> dict:
    return {
        "px": camera.project(point)[0].round(1).tolist(),
        "camera_mm": camera.see(point)[0].round(2).tolist(),
    }


def _chain(camera: Camera, curve: np.ndarray, surface: Surface, length_mm: int,
           pendant: bool) -> dict:  # fmt: skip
    """The visible front run of a chain, from where it leaves the nape on the picture's left,
    through its lowest point, to the right."""
    _, row = surface.tree.query(curve)
    facing = ((camera.place - curve) * surface.normals[row]).sum(1) > 0
    half = len(curve) // 2
    ahead = np.argmin(facing[:half]) or half
    behind = np.argmin(facing[::-1][:half]) or half
    run = np.concatenate([curve[len(curve) - behind :], curve[:ahead]])
    if camera.project(run[:1])[0, 0] > camera.project(run[-1:])[0, 0]:
        run = run[::-1]
    _, row = surface.tree.query(run)
    out = surface.normals[row] @ camera.rotation.T
    lowest = run[np.argmax(camera.project(run)[:, 1])]
    return {
        "length_mm": length_mm,
        "pendant": pendant,
        "left": spot(camera, run[0]),
        "right": spot(camera, run[-1]),
        "bottom": spot(camera, lowest),
        "px": camera.project(run).round(1).tolist(),
        "camera_mm": camera.see(run).round(2).tolist(),
        "out_camera": out.round(3).tolist(),
    }
