"""The back of a hand whose fingers point down and towards the viewer by a chosen tilt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from body import Body, Rig, turn
from neck import light_of
from skin import TONES, skin
from stage import Camera, Lamp, bring_body, hang_backdrop, hang_lamps, paint, points_of

# Further bend of the three joints of each finger beyond the mesh's rest pose, in degrees.
BEND = {2: (6, 16, 10), 3: (9, 20, 13), 4: (11, 23, 15), 5: (11, 24, 17)}
PARTS = {"1": 14, "2": 2, "3": 5, "4": 8, "5": 11}
CIRCLE = np.linspace(0, 2 * np.pi, 73)
MM_PER_UNIT = 111.0  # the mesh's slim hand, declared as one that wears a ring of 16 mm
SEAT_SHARE = 0.56  # where a ring sits between knuckle and middle joint


@dataclass(frozen=True)
class HandOrder:
    tone: str
    tilt_deg: float
    paper: tuple[float, float, float]
    key: float = 1.0
    roll_deg: float = 8.0
    width: float = 1.3
    bend: float = 0.0
    spread: float = 0.75
    knuckle_deg: float = 0.0  # first joints further back
    wrist_deg: float = 0.0  # hand further back


@dataclass(frozen=True)
class Frame:
    """Directions of the posed hand: along the ring finger's first bone, out of the back of the
    hand, and from the index to the little finger."""

    along: np.ndarray
    back: np.ndarray
    side: np.ndarray


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)


def _turns(rig: Rig, order: HandOrder) -> dict[str, np.ndarray]:
    """Relaxed fingers: bent a little, drawn towards the middle finger."""
    head = rig.head
    side = _unit(head["finger5-1.R"] - head["finger2-1.R"])
    middle = head["finger3-3.R"] - head["finger3-1.R"]
    out = _unit(np.cross(middle, side))

    def swing(bone: str) -> float:
        """Degrees about `out` that would lay the finger parallel to the middle finger."""
        finger = head[f"{bone}-3.R"] - head[f"{bone}-1.R"]
        flat, goal = (_unit(v - out * (v @ out)) for v in (finger, middle))
        return float(np.degrees(np.arctan2(np.cross(flat, goal) @ out, flat @ goal)))

    turns = {}
    for finger, bends in BEND.items():
        for joint, bend in enumerate(bends, 1):
            lift = order.knuckle_deg if joint == 1 else 0.0
            turns[f"finger{finger}-{joint}.R"] = turn(side, lift - order.bend * bend)
        if finger != 3:
            closer = turn(out, order.spread * swing(f"finger{finger}"))
            turns[f"finger{finger}-1.R"] = closer @ turns[f"finger{finger}-1.R"]
    turns["finger1-1.R"] = turn(out, 0.45 * swing("finger1")) @ turn(side, 6)
    turns["wrist.R"] = turn(side, order.wrist_deg)
    return turns


def _frame(bones: dict[str, np.ndarray]) -> Frame:
    along = _unit(bones["finger4-1.R"][1] - bones["finger4-1.R"][0])
    side = bones["finger5-1.R"][0] - bones["finger2-1.R"][0]
    side = _unit(side - along * (side @ along))
    return Frame(along, np.cross(side, along), side)


def _faces(body: Body, rig: Rig) -> tuple[list[int], list[int]]:
    """The faces of the right hand and forearm, and the part of each."""
    owned = rig.owner(("finger", "metacarpal", "wrist", "lowerarm", "upperarm"))
    part_of = {}
    for bone, vertices in owned.items():
        if not bone.endswith(".R"):
            continue
        part = 1
        if bone.startswith("finger"):
            part = PARTS[bone[6]] + int(bone[8]) - 1
        part_of |= dict.fromkeys(vertices, part)
    wanted, parts = [], []
    for index, (face, group) in enumerate(zip(body.faces.vertices, body.faces.groups, strict=True)):
        if group == "body" and all(v in part_of for v in face):
            wanted.append(index)
            votes = [part_of[v] for v in face]
            parts.append(max(set(votes), key=votes.count))
    return wanted, parts


def _paint(
    mesh, points: np.ndarray, normals: np.ndarray, parts: np.ndarray, bones: dict, frame: Frame
) -> None:
    """Flushed knuckles and finger tips, pale nail tips, folds over the two finger joints."""
    flush, tip, fold, phase = (np.zeros(len(points)) for _ in range(4))
    upper = np.clip((normals @ frame.back - 0.1) / 0.5, 0, 1)
    for finger in range(1, 6):
        ends = [bones[f"finger{finger}-{joint}.R"] for joint in (1, 2, 3)]
        for end, weight, radius in zip(ends, (0.30, 0.38, 0.25), (0.10, 0.085, 0.07), strict=True):
            near = np.linalg.norm(points - end[0], axis=1)
            flush = np.maximum(flush, weight * np.exp(-((near / radius) ** 2)))
        own = (parts >= PARTS[str(finger)]) & (parts < PARTS[str(finger)] + 3)
        last = ends[2][1]
        axis = _unit(last - ends[2][0])
        near = np.linalg.norm(points - last, axis=1)
        flush = np.maximum(flush, 0.5 * np.exp(-((near / 0.12) ** 2)))
        beyond = (points - last) @ axis
        tip = np.where(near < 0.2, np.clip((beyond + 0.035) / 0.012, 0, 1), tip)
        for end, strength, reach in ((ends[1], 0.36, 0.05), (ends[2], 0.24, 0.032)):
            if finger == 1 and end is ends[1]:
                continue
            offset = points - end[0]
            run = offset @ _unit(end[1] - end[0])
            aside = np.linalg.norm(offset - run[:, None] * _unit(end[1] - end[0]), axis=1)
            weight = strength * np.exp(-((run / reach) ** 2)) * (aside < 0.16) * own
            stronger = weight > fold
            phase = np.where(stronger, run * 165, phase)
            fold = np.maximum(fold, weight)
    paint(mesh, "flush", flush)
    paint(mesh, "nail_tip", tip)
    paint(mesh, "fold", fold * upper)
    paint(mesh, "fold_phase", phase)


@dataclass
class Posed:
    """The posed hand on the set."""

    thing: object
    bones: dict[str, np.ndarray]
    frame: Frame
    points: np.ndarray
    parts: np.ndarray


def bring_hand(data: Path, order: HandOrder) -> Posed:
    body = Body.load(data)
    body.adult_woman({"caucasian": 1.0})
    body.morph("hands/r-hand-fingers-diameter-decr", 0.5)
    body.morph("hands/r-hand-fingers-length-incr", 0.45)
    body.morph("hands/measure-wrist-circ-incr", 0.3)
    rig = Rig(body)
    posed, bones = rig.pose(_turns(rig, order))
    frame = _frame(bones)
    wanted, face_parts = _faces(body, rig)
    thing = bring_body(body, posed, wanted, face_parts, 3)
    points, normals = points_of(thing.data)
    parts = _vertex_parts(thing.data)
    _paint(thing.data, points, normals, parts, bones, frame)
    thing.data.materials.clear()
    thing.data.materials.append(skin(data, TONES[order.tone], crease=True))
    return Posed(thing, bones, frame, points, parts)


def set_up(scene, data: Path, order: HandOrder, edge_px: int) -> tuple[Camera, dict]:
    """Dress the set; returns the camera and the numbers for template.json."""
    hand = bring_hand(data, order)
    bones, frame = hand.bones, hand.frame
    tilt = np.radians(order.tilt_deg)
    towards = frame.back * np.cos(tilt) + frame.along * np.sin(tilt)
    up = frame.back * np.sin(tilt) - frame.along * np.cos(tilt)
    fingers = 0.6 * bones["finger3-1.R"][0] + 0.4 * bones["finger3-3.R"][1]
    target = (fingers + bones["finger4-1.R"][1]) / 2
    camera = Camera.aim(target, towards, up, order.width, 100, edge_px, order.roll_deg)
    camera = replace(camera, mm_per_unit=MM_PER_UNIT)
    camera.install(scene, bones["finger4-1.R"].mean(0) + 0.08 * frame.back, 14)
    lamps = lamps_for(camera, order.key, order.width)
    hang_lamps(target, lamps)
    hang_backdrop(target - towards * 14, towards, order.paper)
    return camera, {
        "kind": "hand",
        "anchors": _anchors(camera, bones, frame, hand.points, hand.parts),
        "light": light_of(camera, lamps),
    }


def lamps_for(camera: Camera, key: float, width: float) -> list[Lamp]:
    """Key from the upper left, a weak cool fill, a rim; placed as the camera sees them, as far
    away as the picture is wide."""
    right, down, forward = camera.rotation * width / 1.3
    key = key * (width / 1.3) ** 2

    def at(x: float, y: float, z: float) -> np.ndarray:
        return right * x - down * y - forward * z

    return [
        Lamp(at(-2.6, 2.8, 2.6), 1.7 * width / 1.3, 150 * key, (1.0, 0.955, 0.90)),
        Lamp(at(3.6, 0.2, 2.6), 3.0 * width / 1.3, 20 * key, (0.92, 0.96, 1.0)),
        Lamp(at(2.6, 2.4, -2.0), 1.6 * width / 1.3, 75 * key, (1.0, 0.97, 0.93)),
    ]


def _vertex_parts(mesh) -> np.ndarray:
    face_parts = np.zeros(len(mesh.polygons), np.int32)
    mesh.attributes["part"].data.foreach_get("value", face_parts)
    corners = np.zeros(len(mesh.loops), np.int32)
    mesh.loops.foreach_get("vertex_index", corners)
    sides = np.zeros(len(mesh.polygons), np.int32)
    mesh.polygons.foreach_get("loop_total", sides)
    parts = np.zeros(len(mesh.vertices), np.int32)
    parts[corners] = np.repeat(face_parts, sides)
    return parts


def _anchors(camera: Camera, bones: dict, frame: Frame, points: np.ndarray,
             parts: np.ndarray) -> dict:  # fmt: skip
    fingers = {}
    for number, name in ((2, "index"), (3, "middle"), (4, "ring"), (5, "little")):
        first = PARTS[str(number)]
        own = points[np.isin(parts, [first, first + 1, 1])]
        joints = [bones[f"finger{number}-{j}.R"][0] for j in (1, 2, 3)]
        joints = np.array([*joints, bones[f"finger{number}-3.R"][1]])
        seat = joints[0] + SEAT_SHARE * (joints[1] - joints[0])
        fingers[name] = {
            "parts": [first, first + 1, first + 2],
            "joints_px": camera.project(joints).round(1).tolist(),
            "joints_camera_mm": camera.see(joints).round(2).tolist(),
            **limb(camera, seat, joints[1] - joints[0], frame.back, own, 0.14),
        }
    return {"fingers": fingers, "best_finger": "ring", "px_per_mm": fingers["ring"]["px_per_mm"]}


def limb(camera: Camera, seat: np.ndarray, along: np.ndarray, outward: np.ndarray,
         own: np.ndarray, reach: float) -> dict:  # fmt: skip
    """Where a ring or bracelet sits: a slice across the mesh points within `reach` dm of the
    seat, as an ellipse in space and as an outline in the picture."""
    axis = _unit(along)
    offset = own - seat
    run = offset @ axis
    aside = offset - run[:, None] * axis
    cut = aside[(np.abs(run) < 0.25 * reach) & (np.linalg.norm(aside, axis=1) < reach)]
    back = _unit(outward - axis * (outward @ axis))
    across = np.cross(axis, back)
    wide, high = cut @ across, cut @ back
    center = seat + across * (wide.max() + wide.min()) / 2 + back * (high.max() + high.min()) / 2
    half_wide, half_high = np.ptp(wide) / 2, np.ptp(high) / 2
    seen_axis = camera.rotation @ axis
    in_plane = _unit(seen_axis[:2])
    outline = center + np.outer(np.cos(CIRCLE), across) * half_wide
    outline = outline + np.outer(np.sin(CIRCLE), back) * half_high
    edge = (camera.project(outline) - camera.project(center)) @ [-in_plane[1], in_plane[0]]
    seen = camera.see(center)[0]
    return {
        "seat_px": camera.project(center)[0].round(1).tolist(),
        "seat_camera_mm": seen.round(2).tolist(),
        "top_px": camera.project(center + back * half_high)[0].round(1).tolist(),
        "axis_camera": seen_axis.round(4).tolist(),
        "back_camera": (camera.rotation @ back).round(4).tolist(),
        "across_camera": (camera.rotation @ across).round(4).tolist(),
        "axis_px": in_plane.round(4).tolist(),
        "tilt_deg": round(float(np.degrees(np.arcsin(-seen_axis[2]))), 2),
        "width_mm": round(2 * half_wide * camera.mm_per_unit, 2),
        "height_mm": round(2 * half_high * camera.mm_per_unit, 2),
        "width_px": round(float(np.ptp(edge)), 1),
        "edges_px": [round(float(edge.min()), 1), round(float(edge.max()), 1)],
        "px_per_mm": round(camera.focal_px / seen[2], 4),
    }
