"""A photo of somebody becomes a template like our own: anchors, parts, depth and light.

The part is taken for a simple solid: a finger or an arm is a cylinder, a lobe a plane, a neck a
curve; that is enough for what is hidden and where shadows fall.
"""

from typing import Any

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, floats, lab, to_linear
from jewelrymodel.studio.model_templates import FAR, Template
from jewelrymodel.studio.own_model import LENGTHS, Part, SetUp
from jewelrymodel.studio.own_model_light import SkinLight, skin_light

_FOCAL = 3.0  # of the longer edge: a photo from some distance
_SKIN, _RING_FINGER, _EAR = 1, 8, 17  # identities of the template pack
_DEPTH_SCALE = 2
_SKIN_DIFFERS = 13.0  # in Lab, from the skin that was marked
_SKIN_PX = 640  # the edge at which skin is told from what isn't
_SMALL_PX = 384  # the edge at which the light is read
_LONG = 1.6  # of its width, that a cylinder reaches along its axis
_BEADS = 61
_NECKLACES_MM = range(360, 541, 20)
_BEHIND = 1.3  # of the width between the upper handles, that a chain runs behind the neck


def template_of(
    model_id: str, photo: Bytes, set_up: SetUp, front: Floats | None = None
) -> Template:
    """The photo (HxWx3) as a template of this id. `front` (HxW, 0…1) is what the seller painted as
    lying in front of the piece.
    """
    height, width = photo.shape[:2]
    points = {name: floats((x * width, y * height)) for name, (x, y) in set_up.points.items()}
    first, second = LENGTHS[set_up.part].between
    px_per_mm = float(np.hypot(*(points[first] - points[second]))) / set_up.length_mm
    focal = _FOCAL * max(height, width)
    center = floats((width / 2, height / 2))
    camera = _Camera(focal, center, focal / px_per_mm)
    anchors, parts, depth = _BY_PART[set_up.part](set_up, points, camera, photo)
    skin = floats(parts > 0)
    place, reach = _place(set_up.part, points)
    light = _light(photo, skin, place, reach, is_folded=set_up.part is Part.EAR)
    return Template(
        id=model_id,
        kind=set_up.part.value,
        tone=light.tone,
        focal_px=focal,
        key_direction=light.direction,
        key_color=light.key_color,
        fill_color=light.fill_color,
        anchors={"px_per_mm": px_per_mm, **anchors},
        picture=photo,
        parts=parts.astype(np.uint8),
        center_px=center,
        depth_mm=floats(depth[::_DEPTH_SCALE, ::_DEPTH_SCALE]),
        depth_scale=_DEPTH_SCALE,
        front=front,
    )


class _Camera:
    """A pinhole that sees the marked place `distance_mm` away."""

    def __init__(self, focal_px: float, center_px: Floats, distance_mm: float) -> None:
        self.focal_px, self.center_px, self.distance_mm = focal_px, center_px, distance_mm

    def camera_mm(self, px: Any, nearer_mm: float = 0.0) -> list[float]:
        """A place in the photo in camera space, at the marked place's distance or nearer."""
        z = self.distance_mm - nearer_mm
        x, y = (np.asarray(px, np.float64) - self.center_px) * z / self.focal_px
        return [float(x), float(y), z]


def _place(part: Part, points: dict[str, Floats]) -> tuple[tuple[float, float], float]:
    """Around where, and how far, the light is read."""
    if part is Part.EAR:
        middle, reach = floats(points["lobe"]), 0.35 * np.hypot(*(points["tip"] - points["top"]))
    elif part is Part.NECK:
        middle, reach = points["lowest"], 0.35 * np.hypot(*(points["left"] - points["right"]))
    else:
        middle = floats((points["left"] + points["right"]) / 2)
        reach = 0.8 * np.hypot(*(points["left"] - points["right"]))
    return (float(middle[0]), float(middle[1])), float(reach)


def _light(
    photo: Bytes, skin: Floats, place: tuple[float, float], reach: float, *, is_folded: bool
) -> SkinLight:
    scale = min(1.0, _SMALL_PX / max(photo.shape[:2]))
    size = (max(1, round(photo.shape[1] * scale)), max(1, round(photo.shape[0] * scale)))
    small = cv2.resize(photo, size, interpolation=cv2.INTER_AREA)
    cover = cv2.resize(skin, size, interpolation=cv2.INTER_AREA)
    at = (place[0] * scale, place[1] * scale)
    reach_px = max(reach * scale, 3.0)
    return skin_light(to_linear(small), floats(cover), at, reach_px, is_folded=is_folded)


_Solid = tuple[dict[str, Any], Any, Any]


def _finger(set_up: SetUp, points: dict[str, Floats], camera: _Camera, photo: Bytes) -> _Solid:
    """A finger, or an arm: a cylinder across the two edges."""
    left, right = points["left"], points["right"]
    seat = floats((left + right) / 2)
    across = right - left
    width_px = float(np.hypot(*across))
    axis = _square_to(floats(across / width_px), floats(points["towards"] - seat))
    tilt = np.radians(set_up.tilt_deg)
    along, aside = _along(photo.shape[:2], seat, axis)
    px_per_mm = width_px / set_up.length_mm
    inside = (np.abs(aside) < width_px / 2) & (np.abs(along) < _LONG * width_px)
    bulge = np.sqrt(np.clip(1 - (2 * aside / width_px) ** 2, 0, 1)) * set_up.length_mm / 2
    surface = camera.distance_mm - along / px_per_mm * np.tan(tilt) - bulge / np.cos(tilt)
    skin = _like_skin(photo, seat, width_px)
    cos, sin = float(np.cos(tilt)), float(np.sin(tilt))
    axis_camera = [float(axis[0]) * cos, float(axis[1]) * cos, -sin]
    back = [float(axis[0]) * -sin, float(axis[1]) * -sin, -cos]
    finger = {
        "parts": [_RING_FINGER],
        "joints_px": [_at(seat - axis * width_px), _at(seat + axis * width_px)],
        "joints_camera_mm": [camera.camera_mm(seat - axis * width_px),
                             camera.camera_mm(seat + axis * width_px)],
        "seat_px": _at(seat),
        "seat_camera_mm": camera.camera_mm(seat),
        "top_px": _at(seat - axis * width_px / 2 * sin),
        "axis_px": _at(axis),
        "axis_camera": axis_camera,
        "back_camera": back,
        "across_camera": [float(one) for one in np.cross(axis_camera, back)],
        "tilt_deg": set_up.tilt_deg,
        "width_mm": set_up.length_mm,
        "height_mm": set_up.length_mm,
        "width_px": width_px,
        "edges_px": [-width_px / 2, width_px / 2],
        "px_per_mm": px_per_mm,
    }  # fmt: skip
    anchors = {"fingers": {"ring": finger}, "best_finger": "ring"}
    parts = np.where(inside, _RING_FINGER, np.where(skin, _SKIN, 0))
    return anchors, parts, np.where(inside, surface, FAR)


def _ear(set_up: SetUp, points: dict[str, Floats], camera: _Camera, photo: Bytes) -> _Solid:
    """An ear: a plane; its lobe is round about the piercing, down to its lowest point."""
    lobe, tip, top = points["lobe"], points["tip"], points["top"]
    height_px = float(np.hypot(*(tip - top)))
    down, across = np.mgrid[0 : photo.shape[0], 0 : photo.shape[1]].astype(np.float32)
    radius = float(np.hypot(*(tip - lobe)))
    is_ear = np.hypot(across - lobe[0], down - lobe[1]) <= radius
    axis = (top - tip) / height_px
    middle = (top + tip) / 2
    along = (across - middle[0]) * axis[0] + (down - middle[1]) * axis[1]
    aside = (across - middle[0]) * -axis[1] + (down - middle[1]) * axis[0]
    is_ear |= (along / (0.5 * height_px)) ** 2 + (aside / (0.28 * height_px)) ** 2 <= 1
    skin = _like_skin(photo, lobe, 0.3 * height_px)
    anchors = {
        "lobe": {"px": _at(lobe), "camera_mm": camera.camera_mm(lobe)},
        "lobe_tip": {"px": _at(tip), "camera_mm": camera.camera_mm(tip)},
        "down_px": [0.0, 1.0],
        "rear_side": 1 if set_up.faces == "left" else -1,
    }
    parts = np.where(is_ear, _EAR, np.where(skin, _SKIN, 0))
    depth = np.where(is_ear, camera.distance_mm, camera.distance_mm + 8)
    return anchors, parts, np.where(parts > 0, depth, FAR)


def _neck(set_up: SetUp, points: dict[str, Floats], camera: _Camera, photo: Bytes) -> _Solid:
    """A neck: a chain hangs as a curve from side to side, nearest to the camera at its lowest."""
    left, right = sorted((points["left"], points["right"]), key=lambda one: float(one[0]))
    lowest = points["lowest"]
    width_mm = float(right[0] - left[0]) * camera.distance_mm / camera.focal_px
    chains = [_chain(left, right, lowest, camera, pendant=True)]
    for length_mm in _NECKLACES_MM:
        deep_px = _depth_mm(width_mm, length_mm - _BEHIND * width_mm)
        deep_px *= camera.focal_px / camera.distance_mm
        bottom = floats((lowest[0], (left[1] + right[1]) / 2 + deep_px))
        chain = _chain(left, right, bottom, camera, pendant=False)
        chains.append({**chain, "length_mm": length_mm})
    middle = floats((left + right) / 4 + lowest / 2)
    skin = _like_skin(photo, middle, 0.3 * float(right[0] - left[0]))
    anchors = {
        "sternal_notch": {"px": _at(lowest), "camera_mm": camera.camera_mm(lowest)},
        "chains": chains,
    }
    depth = np.where(skin, camera.distance_mm, FAR)
    return anchors, np.where(skin, _SKIN, 0), depth


def _chain(
    left: Floats, right: Floats, lowest: Floats, camera: _Camera, *, pendant: bool
) -> dict[str, Any]:
    """A chain through three points: with a weight nearly straight runs, without one rounder."""
    power = 1.5 if pendant else 2.0
    share = np.linspace(-1, 1, _BEADS)
    sides = np.where(share < 0, -1.0, 1.0)
    far = np.abs(share) ** (1.0 if pendant else 0.9)
    ends = np.where(sides[:, None] < 0, left[None], right[None])
    x = lowest[0] + (ends[:, 0] - lowest[0]) * far
    y = lowest[1] + (ends[:, 1] - lowest[1]) * far**power
    nearer = 12 * (1 - far**2)
    px = np.stack([x, y], -1)
    camera_mm = [camera.camera_mm(one, float(by)) for one, by in zip(px, nearer, strict=True)]
    steps = np.linalg.norm(np.diff(np.array(camera_mm), axis=0), axis=1)
    middle = _BEADS // 2
    ends_px = {"left": 0, "right": _BEADS - 1, "bottom": middle}
    return {
        "length_mm": round(float(steps.sum()) * 1.55),
        "pendant": pendant,
        **{name: {"px": _at(px[at]), "camera_mm": camera_mm[at]} for name, at in ends_px.items()},
        "px": [_at(one) for one in px],
        "camera_mm": camera_mm,
    }


def _depth_mm(width_mm: float, visible_mm: float) -> float:
    """How deep a chain hangs of which so much shows between two points: the depth of the parabola
    of that length, by halving; at least a tenth of the width.
    """
    low, high = 0.1 * width_mm, max(visible_mm, width_mm)
    for _step in range(40):
        deep = (low + high) / 2
        slope = 4 * deep / width_mm
        length = width_mm / 2 * (np.sqrt(1 + slope**2) + np.arcsinh(slope) / slope)
        low, high = (deep, high) if length < visible_mm else (low, deep)
    return (low + high) / 2


def _square_to(across: Floats, towards: Floats) -> Floats:
    """The direction square to `across` that is nearest to `towards`, unit length."""
    axis = floats((-across[1], across[0]))
    return floats(-axis if float(axis @ towards) < 0 else axis)


def _along(shape: tuple[int, ...], seat: Floats, axis: Floats) -> tuple[Any, Any]:
    down, across = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    x, y = across - seat[0], down - seat[1]
    return x * axis[0] + y * axis[1], -x * axis[1] + y * axis[0]


def _like_skin(photo: Bytes, at: Floats, around_px: float) -> Any:
    """Where the photo has the color of the skin that was marked: shadows fall there."""
    height, width = photo.shape[:2]
    scale = min(1.0, _SKIN_PX / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    colors = lab(cv2.resize(photo, size, interpolation=cv2.INTER_AREA))
    down, across = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    near = np.hypot(across - at[0] * scale, down - at[1] * scale) < max(around_px * scale * 0.35, 3)
    skin = np.median(colors[near], axis=0) if near.any() else colors.mean((0, 1))
    differs = (colors - skin) * np.array([0.35, 1, 1], np.float32)  # shade matters less than color
    like = np.linalg.norm(cv2.GaussianBlur(differs, (0, 0), 1), axis=2) < _SKIN_DIFFERS
    whole = cv2.resize(like.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    return whole > 0.5


def _at(point: Any) -> list[float]:
    return [float(point[0]), float(point[1])]


_BY_PART = {Part.HAND: _finger, Part.WRIST: _finger, Part.EAR: _ear, Part.NECK: _neck}
