"""An ear, the jaw under it and the neck: cropped so that neither hair nor eyes are missed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from body import Body, Rig, turn
from neck import light_of, spot
from PIL import Image
from skin import TONES, skin
from stage import Camera, Lamp, bring_body, hang_backdrop, hang_lamps, paint, points_of

EAR = 17


@dataclass(frozen=True)
class EarOrder:
    tone: str
    mix: dict[str, float]
    paper: tuple[float, float, float]
    key: float = 1.0
    width: float = 1.2
    ahead: float = 0.75  # how far in front of the plain side view the camera stands


def _on_ear(body: Body) -> np.ndarray:
    """For every face whether the ear mask covers it."""
    mask = np.asarray(Image.open(body.data / "textures/mpfb_ears.jpg").convert("L"))
    edge = len(mask)
    column, row = (body.texture * [1, -1] + [0, 1]).T * (edge - 1)
    on = mask[np.clip(row.astype(int), 0, edge - 1), np.clip(column.astype(int), 0, edge - 1)]
    return np.array([np.mean(on[face]) > 110 for face in body.faces.textures])


def set_up(scene, data: Path, order: EarOrder, edge_px: int) -> tuple[Camera, dict]:
    """Dress the set; returns the camera and the numbers for template.json."""
    body = Body.load(data)
    body.adult_woman(order.mix)
    body.morph("ears/r-ear-lobe-incr", 0.35)
    body.morph("ears/r-ear-scale-decr", 0.3)
    covered = _on_ear(body)
    rig = Rig(body)
    posed, _ = rig.pose({"head": turn((0, 0, 1), -4), "clavicle.R": turn((0, 0, 1), 6)})
    centers = np.array([posed[face].mean(0) for face in body.faces.vertices])
    of_body = np.array([group == "body" for group in body.faces.groups])
    ear = centers[of_body & covered & (centers[:, 0] < -0.4)]
    lobe = ear[np.argmin(ear[:, 1])]
    wanted = np.flatnonzero(of_body & (np.linalg.norm(centers - lobe, axis=1) < 2.6)).tolist()
    parts = [EAR if covered[i] and centers[i, 0] < 0 else 1 for i in wanted]
    thing = bring_body(body, posed, wanted, parts, 3)
    points, normals = points_of(thing.data)
    near = np.linalg.norm(points - lobe, axis=1)
    paint(thing.data, "flush", 0.28 * np.exp(-((near / 0.3) ** 2)))
    thing.data.materials.clear()
    thing.data.materials.append(skin(data, TONES[order.tone]))
    towards = np.array([-1.0, 0.06, order.ahead])
    target = lobe + np.array([0.0, -0.26, 0.12])
    camera = Camera.aim(target, towards, (0, 1, 0), order.width, 110, edge_px)
    camera.install(scene, lobe, 14)
    lamps = [
        Lamp((-4.5, 3.4, 5.5), 2.6, 420 * order.key, (1.0, 0.955, 0.90)),
        Lamp((-5, 0, -2.5), 4.0, 45 * order.key, (0.92, 0.96, 1.0)),
        Lamp((1.5, 3.0, -4.5), 2.0, 130 * order.key, (1.0, 0.97, 0.93)),
    ]
    hang_lamps(target, lamps)
    hang_backdrop(target - towards * 14, towards, order.paper)
    return camera, {
        "kind": "ear",
        "anchors": _anchors(camera, points, normals, lobe),
        "light": light_of(camera, lamps),
    }


def _anchors(camera: Camera, points: np.ndarray, normals: np.ndarray, lobe: np.ndarray) -> dict:
    seen = ((camera.place - points) * normals).sum(1) > 0
    outer = points[seen & (np.linalg.norm(points - lobe, axis=1) < 0.3)]
    tip = outer[np.argmin(np.linalg.norm(outer - lobe, axis=1))]
    hole = outer[np.argmin(np.linalg.norm(outer - tip - [-0.02, 0.055, 0], axis=1))]
    below = camera.project(np.array([hole, hole - np.array([0, 0.1, 0])]))
    down = (below[1] - below[0]) / np.linalg.norm(below[1] - below[0])
    return {
        "px_per_mm": round(camera.focal_px / camera.see(hole)[0, 2], 4),
        "lobe": spot(camera, hole),
        "lobe_tip": spot(camera, tip),
        "down_px": down.round(4).tolist(),
    }
