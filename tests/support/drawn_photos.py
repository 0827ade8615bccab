"""Photographs of drawn pieces whose cover is known exactly: the truth that cutouts are measured by.

A piece's points go through a buffer of depth at twice the photo's size; metal mirrors a studio of
soft boxes, stones sparkle by facets, glass bends the ground behind it. Many lamps throw the shadow,
a black mirror shows the piece upside down. Then a lens blurs, a sensor adds noise, a JPEG rounds.
The cover goes through the same lens. Everything follows from the kind, the number and the ground.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import Bytes, Floats, floats
from tests.support.drawn_grounds import GROUNDS, Picture, captioned
from tests.support.drawn_pieces import KINDS
from tests.support.drawn_solids import Material, Points, Solid, rotation

FINER = 2
CAPTIONED = "captioned"
CUT_OFF = "chain, straight"  # goes up and out of the picture
_FAR = -1e9


@dataclass(frozen=True)
class Photo:
    """A photo (HxWx3) with its exact alpha (HxW), and the visible middle lines of its thin wires as
    (x, y) in pixels.
    """

    name: str
    kind: str
    ground: str
    rgb: Bytes
    alpha: Floats
    strands: NDArray[np.int32]


@dataclass(frozen=True)
class Camera:
    """Looks down by `pitch` degrees; `scale` is pixels of the buffer per unit of length."""

    pitch: float
    scale: float
    size: tuple[int, int]
    middle: tuple[float, float]

    @property
    def toward(self) -> Points:
        """The direction from the piece to the camera."""
        angle = np.radians(self.pitch)
        return np.array([0, -np.cos(angle), np.sin(angle)], np.float32)

    def project(self, points: Points) -> tuple[Points, Points, Points]:
        """Column, row and nearness of each point."""
        angle = np.radians(self.pitch)
        height = points[:, 1] * np.sin(angle) + points[:, 2] * np.cos(angle)
        return (
            np.asarray((points[:, 0] - self.middle[0]) * self.scale + self.size[1] / 2, np.float32),
            np.asarray(self.size[0] / 2 - (height - self.middle[1]) * self.scale, np.float32),
            np.asarray(points @ self.toward, np.float32),
        )


@dataclass
class Buffer:
    """What each pixel of the buffer sees: nearness, normal, number of the material."""

    near: Floats
    normal: Points
    material: NDArray[np.uint8]

    @property
    def covered(self) -> NDArray[np.bool_]:
        return np.asarray(self.near > _FAR / 2)


def seen(solid: Solid, palette: list[Material], camera: Camera, *, below: bool = False) -> Buffer:
    """The nearest point at every pixel; *below* is the piece as the mirror under it shows it."""
    height, width = camera.size
    near = np.full(height * width, _FAR, np.float32)
    normal = np.zeros((height * width, 3), np.float32)
    material = np.zeros(height * width, np.uint8)
    flip = np.array([1, 1, -1 if below else 1], np.float32)
    for points, normals, one in zip(solid.points, solid.normals, solid.materials, strict=True):
        column, row, depth = camera.project(points * flip)
        x, y = column.astype(int), row.astype(int)
        inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        place, depth = (y * width + x)[inside], depth[inside]
        np.maximum.at(near, place, depth)
        front = depth >= near[place]
        normal[place[front]] = (normals * flip)[inside][front]
        material[place[front]] = palette.index(one)
    shape = (height, width)
    return Buffer(near.reshape(shape), normal.reshape(*shape, 3), material.reshape(shape))


class Studio:
    """The light round the piece: boxes, flags, the room and the ground, by direction."""

    def __init__(self, random: np.random.Generator, ground: Points) -> None:
        self.ground = ground
        self.room = random.uniform(0.08, 0.35)
        self.boxes = [
            (_direction(random.uniform(-170, 170), random.uniform(25, 75)),
             random.uniform(0.35, 0.75), random.uniform(1.2, 2.6))
            for _ in range(int(random.integers(2, 5)))
        ]  # fmt: skip
        self.flags = [
            (_direction(random.uniform(-180, 180), random.uniform(-5, 40)), 0.4) for _ in range(3)
        ]

    def radiance(self, direction: Points) -> Points:
        """Linear RGB that comes from each direction (N x 3)."""
        up = direction[:, 2:3]
        share = 1 / (1 + np.exp(-up * 9))
        light = self.ground * (0.75 + 0.25 * up) * (1 - share) + self.room * share * (1 + up)
        for middle, size, power in self.boxes:
            angle = np.arccos(np.clip(direction @ middle, -1, 1))[:, None]
            light = light + power / (1 + np.exp((angle - size) * 14))
        for middle, size in self.flags:
            angle = np.arccos(np.clip(direction @ middle, -1, 1))[:, None]
            light = light * (1 - 0.85 / (1 + np.exp((angle - size) * 12)))
        return np.asarray(light, np.float32)

    def soft(self, normals: Points) -> Points:
        """Light on a dull surface."""
        light = self.room + self.ground * (0.5 - 0.5 * normals[:, 2:3])
        for middle, size, power in self.boxes:
            light = light + 0.55 * power * size**2 * np.clip(normals @ middle, 0, 1)[:, None]
        return np.asarray(light, np.float32)


def _direction(around: float, above: float) -> Points:
    return np.asarray(
        rotation("z", around) @ rotation("x", above) @ np.array([0, -1, 0]) * [1, 1, -1], np.float32
    )


def shaded(
    buffer: Buffer, palette: list[Material], camera: Camera, studio: Studio, behind: Picture,
    random: np.random.Generator,
) -> Picture:  # fmt: skip
    """The piece's color where it covers; elsewhere what is *behind*."""
    picture = behind.copy()
    rows, columns = np.nonzero(buffer.covered)
    normals = buffer.normal[rows, columns]
    rough = cv2.GaussianBlur(random.normal(0, 1, (*camera.size, 3)).astype(np.float32), (0, 0), 1.5)
    normals = normals + 0.05 * rough[rows, columns]
    normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-6
    facing = np.clip(normals @ camera.toward, 0, 1)[:, None]
    mirrored = 2 * (normals @ camera.toward)[:, None] * normals - camera.toward
    light, soft = studio.radiance(mirrored), studio.soft(normals)
    rim = (1 - facing) ** 4
    colors = np.zeros_like(normals)
    for number, one in enumerate(palette):
        here = buffer.material[rows, columns] == number
        base = np.array(one.color, np.float32)
        if one.finish == "metal":
            made = light * (base + (1 - base) * rim * 0.6)
        elif one.finish == "pearl":
            made = soft * base * 0.75 + light * (0.07 + 0.5 * rim)
        elif one.finish == "gem":
            made = _sparkle(buffer.normal[rows, columns], base, soft) + light * (0.1 + 0.5 * rim)
        else:
            bent = (normals[:, :2] * [1, -1] * 0.1 * camera.scale).astype(int)
            y = np.clip(rows + bent[:, 1], 0, camera.size[0] - 1)
            x = np.clip(columns + bent[:, 0], 0, camera.size[1] - 1)
            made = behind[y, x] * base * (0.5 + 0.5 * facing) + light * (0.05 + 0.8 * rim)
        colors[here] = made[here]
    picture[rows, columns] = colors * _open_sky(buffer, camera)[rows, columns, None]
    return picture


def _sparkle(normals: Points, base: Points, soft: Points) -> Points:
    """What a stone sends back from inside, one brightness for each facet."""
    cell = np.abs(np.sin(normals @ np.array([12.9898, 78.233, 37.719])) * 43758.5453) % 1
    flash = np.where(cell > 0.9, 1.6, 0.15 + 1.3 * cell)[:, None]
    return np.asarray(
        soft * base * flash * 1.3 + np.where(cell > 0.94, 0.9, 0)[:, None], np.float32
    )


def _open_sky(buffer: Buffer, camera: Camera) -> Picture:
    """How much light reaches each pixel past what stands nearer round it."""
    near = np.where(buffer.covered, buffer.near, buffer.near[buffer.covered].min())
    around = cv2.GaussianBlur(near, (0, 0), 0.03 * camera.scale)
    return np.asarray(np.clip(1 - 5 * np.clip(around - near, 0, 0.14), 0.25, 1), np.float32)


def shadow(
    solid: Solid, camera: Camera, studio: Studio, hard: float, random: np.random.Generator
) -> Picture:
    """The share of light that the ground loses, from the boxes and from the room."""
    height, width = camera.size[0] // 4, camera.size[1] // 4
    # Glass lets most of the light through.
    dense = [one[:: 12 if material.finish != "glass" else 500]
             for one, material in zip(solid.points, solid.materials, strict=True)]  # fmt: skip
    points = np.vstack(dense)
    points[:, 2] = np.maximum(points[:, 2], 0)
    lamps = [studio.boxes[0][0]] * 8 + [box[0] for box in studio.boxes[1:] for _ in range(5)]
    lamps += [_direction(random.uniform(-180, 180), random.uniform(35, 90)) for _ in range(22)]
    total = np.zeros((height, width), np.float32)
    for number, lamp in enumerate(lamps):
        spread = (0.05 if hard > 0.5 else 0.2) if number < 8 else 0.25
        light = lamp + spread * random.normal(0, 1, 3)
        light /= max(float(light[2]), 0.2)
        fallen = points - points[:, 2:3] * light.astype(np.float32)
        column, row, _ = camera.project(fallen)
        x, y = (column / 4).astype(int), (row / 4).astype(int)
        inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        mask = np.zeros((height, width), np.uint8)
        mask[y[inside], x[inside]] = 1
        closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
        total += closed * (2.2 * hard if number < 8 else 1.0)
    lost = cv2.GaussianBlur(total / len(lamps), (0, 0), 1.2)
    lost = cv2.resize(lost, (camera.size[1], camera.size[0]), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(lost, 0, 0.85), np.float32)


def drawn(kind: str, number: int, ground: str, captions: bool = False) -> Photo:
    """The photo of the *number*-th piece of a kind on a ground."""
    random = np.random.default_rng([number, sum(kind.encode()), sum(ground.encode())])
    build, pitches = KINDS[kind]
    solid = build(np.random.default_rng([number, sum(kind.encode())]))
    if ground == "black mirror":
        pitches = (min(pitches[0], 25.0), min(pitches[1], 45.0))
    camera = _framed(solid, float(random.uniform(*pitches)), random, cut=kind == CUT_OFF)
    palette = list(dict.fromkeys(solid.materials))
    behind = GROUNDS[ground](random, camera.size)
    if captions:
        behind = captioned(random, behind)
    behind *= np.float32(random.uniform(0.85, 1.15))
    studio = Studio(random, np.asarray(behind.mean((0, 1))))
    buffer = seen(solid, palette, camera)
    if ground == "black mirror":
        below = seen(solid, palette, camera, below=True)
        image = shaded(below, palette, camera, studio, behind, random)
        behind = behind * 0.6 + 0.4 * cv2.GaussianBlur(image, (0, 0), 2.5)
    else:
        lost = shadow(solid, camera, studio, float(random.uniform(0.25, 1.0)), random)
        behind = behind * (1 - lost[..., None])
    sharp = shaded(buffer, palette, camera, studio, np.asarray(behind, np.float32), random)
    rgb, alpha = _photographed(sharp, floats(buffer.covered), random)
    name = f"{kind} {number} on {ground}" + (f", {CAPTIONED}" if captions else "")
    return Photo(name, kind, ground, rgb, alpha, _visible(solid, camera, buffer))


def _framed(solid: Solid, pitch: float, random: np.random.Generator, *, cut: bool) -> Camera:
    """A camera that shows the whole piece, or all but its upper end where it is *cut*."""
    scale = FINER * random.uniform(420, 560)
    points = np.vstack([one[::50] for one in solid.points])
    column, row, _ = Camera(pitch, 1.0, (0, 0), (0, 0)).project(points)
    wide, tall = float(np.ptp(column)) * scale, float(np.ptp(row)) * scale
    share = random.uniform(0.5, 0.85)
    width = int(np.clip(max(wide, tall * 0.9) / share, 1200, 2400) // 8 * 8)
    height = int(width * random.choice([0.75, 1.0, 1.0, 1.25]) // 8 * 8)
    if tall > 0.9 * height:
        height = int(tall / 0.86 // 8 * 8)
    middle = (float(column.min() + column.max()) / 2, -float(row.min() + row.max()) / 2)
    if cut:
        height = int(0.82 * tall // 8 * 8)
        middle = (middle[0], middle[1] - (tall - height) / scale * 0.95)
    shift = random.uniform(-0.04, 0.04) * width / scale
    return Camera(pitch, scale, (height, width), (middle[0] + shift, middle[1]))


def _visible(solid: Solid, camera: Camera, buffer: Buffer) -> NDArray[np.int32]:
    """Where a thin wire's middle line can be seen."""
    if not solid.courses:
        return np.zeros((0, 2), np.int32)
    column, row, near = camera.project(np.vstack(solid.courses))
    x, y = column.astype(int), row.astype(int)
    inside = (x >= 0) & (x < camera.size[1]) & (y >= 0) & (y < camera.size[0])
    x, y, near = x[inside], y[inside], near[inside]
    shown = near > buffer.near[y, x] - 0.025
    places = np.stack([x[shown], y[shown]], 1) // FINER
    return np.unique(places, axis=0).astype(np.int32)


def _photographed(
    sharp: Picture, cover: Floats, random: np.random.Generator
) -> tuple[Bytes, Floats]:
    """Through lens, sensor and file."""
    softness = FINER * random.uniform(0.45, 1.1)
    height, width = cover.shape[0] // FINER, cover.shape[1] // FINER
    lens = [cv2.resize(cv2.GaussianBlur(one, (0, 0), softness), (width, height),
                       interpolation=cv2.INTER_AREA)
            for one in (np.minimum(sharp, 1.6), cover)]  # fmt: skip
    across = (np.arange(width) - width / 2)[None] / width
    down = (np.arange(height) - height / 2)[:, None] / width
    edge = 1 - random.uniform(0, 0.5) * (across**2 + down**2)
    light = lens[0] * edge[..., None] * random.normal(1, 0.025, 3)
    light = light + random.normal(0, 1, light.shape) * np.sqrt(
        np.clip(light, 0, 1) * random.uniform(1e-5, 2e-4) + 1e-6
    )
    coded = np.where(
        light <= 0.0031308, 12.92 * light, 1.055 * np.clip(light, 1e-6, None) ** (1 / 2.4) - 0.055
    )
    rgb = np.asarray(np.clip(coded * 255 + 0.5, 0, 255), np.uint8)
    quality = int(random.integers(78, 96))
    file = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    decoded = cv2.imdecode(file, cv2.IMREAD_COLOR)[..., ::-1]
    return np.ascontiguousarray(decoded), floats(np.clip(lens[1], 0, 1))
