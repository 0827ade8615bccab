"""Solids of jewelry as clouds of surface points: wires, links, beads, stones, bands.

A cloud is dense enough to leave no hole when each point is put into a buffer of depth, so pieces of
any shape are drawn exactly with few lines: where a pixel holds a point, the piece covers it.
Lengths are in shares of the piece's size, which is about 1.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float32]
STEP = 0.0006  # between neighboring points: below 0.7 of a pixel of the buffer of depth


@dataclass(frozen=True)
class Material:
    """`color` is linear RGB; `finish` names how it is shaded."""

    color: tuple[float, float, float]
    finish: str = "metal"


GOLD = Material((0.90, 0.62, 0.26))
ROSE = Material((0.86, 0.52, 0.40))
SILVER = Material((0.86, 0.85, 0.82))
STEEL = Material((0.45, 0.46, 0.48))
OXIDE = Material((0.045, 0.045, 0.05))
PEARL = Material((0.83, 0.79, 0.73), "pearl")
GLASS = Material((0.80, 0.92, 0.95), "glass")
CLEAR = Material((0.85, 0.88, 0.92), "gem")
RUBY = Material((0.42, 0.02, 0.05), "gem")
SAPPHIRE = Material((0.03, 0.07, 0.40), "gem")
EMERALD = Material((0.02, 0.30, 0.12), "gem")
METALS = (GOLD, SILVER, ROSE, GOLD, STEEL, SILVER)
STONES = (CLEAR, RUBY, SAPPHIRE, EMERALD)


@dataclass
class Solid:
    """Points (N x 3), their outward normals and materials; `courses` are the middle lines of thin
    wires, which tell whether a strand was kept.
    """

    points: list[Points] = field(default_factory=list)
    normals: list[Points] = field(default_factory=list)
    materials: list[Material] = field(default_factory=list)
    courses: list[Points] = field(default_factory=list)

    def add(self, points: Points, normals: Points, material: Material) -> None:
        """Add a patch of one material."""
        self.points.append(points.reshape(-1, 3).astype(np.float32))
        self.normals.append(normals.reshape(-1, 3).astype(np.float32))
        self.materials.append(material)

    def join(self, other: "Solid", turn: Points, shift: tuple[float, float, float]) -> None:
        """Add another solid, turned by a matrix and shifted."""
        offset = np.array(shift, np.float32)
        self.points += [one @ turn.T + offset for one in other.points]
        self.normals += [one @ turn.T for one in other.normals]
        self.materials += other.materials
        self.courses += [one @ turn.T + offset for one in other.courses]

    def turned(self, turn: Points) -> "Solid":
        """The same, turned by a matrix."""
        made = Solid()
        made.join(self, turn, (0, 0, 0))
        return made

    def grounded(self) -> "Solid":
        """The same with its lowest point on the ground and its middle over the origin."""
        low = np.min([one.min(0) for one in self.points], 0)
        high = np.max([one.max(0) for one in self.points], 0)
        middle = (low + high) / 2
        made = Solid()
        made.join(
            self,
            np.eye(3, dtype=np.float32),
            (float(-middle[0]), float(-middle[1]), float(-low[2])),
        )
        return made

    def scaled(self, factor: float) -> "Solid":
        """The same at another size; its points keep their number."""
        made = Solid(materials=list(self.materials), normals=list(self.normals))
        made.points = [one * np.float32(factor) for one in self.points]
        made.courses = [one * np.float32(factor) for one in self.courses]
        return made


def rotation(axis: str, degrees: float) -> Points:
    """The matrix of a turn round x, y or z."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    rows = {
        "x": [[1, 0, 0], [0, c, -s], [0, s, c]],
        "y": [[c, 0, s], [0, 1, 0], [-s, 0, c]],
        "z": [[c, -s, 0], [s, c, 0], [0, 0, 1]],
    }[axis]
    return np.array(rows, np.float32)


def resampled(course: Points, step: float) -> Points:
    """Points along a polyline at equal distances."""
    lengths = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(course, axis=0), axis=1))])
    count = max(3, int(lengths[-1] / step) + 1)
    at = np.linspace(0, lengths[-1], count)
    return np.stack([np.interp(at, lengths, course[:, i]) for i in range(3)], 1).astype(np.float32)


def frames(course: Points) -> tuple[Points, Points, Points]:
    """Tangent, side and up at each point; up is as near to z as it can be."""
    tangent = np.gradient(course, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True) + 1e-9
    near_z = np.abs(tangent[:, 2:3]) > 0.98
    guide = np.where(near_z, np.array([[1.0, 0, 0]]), np.array([[0, 0, 1.0]]))
    side = np.cross(guide, tangent)
    side /= np.linalg.norm(side, axis=1, keepdims=True) + 1e-9
    return tangent.astype(np.float32), side.astype(np.float32), np.cross(tangent, side)


def wire(solid: Solid, course: Points, radius: float, material: Material) -> None:
    """A round wire along a polyline (N x 3), closed by half balls; thin ones become strands."""
    line = resampled(np.asarray(course, np.float32), STEP)
    _, side, up = frames(line)
    around = np.linspace(0, 2 * np.pi, max(8, int(2 * np.pi * radius / STEP)), endpoint=False)
    normals = (
        np.cos(around)[None, :, None] * side[:, None] + np.sin(around)[None, :, None] * up[:, None]
    )
    solid.add(line[:, None] + radius * normals, normals, material)
    if np.linalg.norm(line[0] - line[-1]) > radius:
        for end in (line[0], line[-1]):
            ball(solid, end, radius, material)
    if radius < 0.012:
        solid.courses.append(line[::4])


def ball(
    solid: Solid,
    at: Points | tuple[float, float, float],
    radius: float | tuple[float, float, float],
    material: Material,
) -> None:
    """A ball or an ellipsoid, evenly covered."""
    radii = np.array(np.broadcast_to(np.asarray(radius, np.float32), 3))
    count = max(40, int(4 * np.pi * float(radii.max()) ** 2 / STEP**2))
    number = np.arange(count) + 0.5
    height = 1 - 2 * number / count
    turn = np.pi * (1 + 5**0.5) * number
    flat = np.sqrt(1 - height**2)
    unit = np.stack([flat * np.cos(turn), flat * np.sin(turn), height], 1)
    normals = unit / radii
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    solid.add(np.asarray(at, np.float32) + unit * radii, normals, material)


def band(
    solid: Solid,
    radius: float,
    width: float,
    thick: float,
    material: Material,
    flatness: float = 2.0,
) -> None:
    """A closed band round the z axis: its section is a superellipse of *flatness* (2 is round)."""
    along = np.linspace(0, 2 * np.pi, int(2 * np.pi * (radius + thick) / STEP), endpoint=False)
    girth = np.linspace(0, 2 * np.pi, int(2.6 * (width + thick) / STEP), endpoint=False)
    c, s = np.cos(girth), np.sin(girth)
    power = 2 / flatness
    out = thick / 2 * np.sign(c) * np.abs(c) ** power
    rise = width / 2 * np.sign(s) * np.abs(s) ** power
    slope = np.stack(
        [
            np.sign(c) * np.abs(c) ** (2 - power) / thick,
            np.sign(s) * np.abs(s) ** (2 - power) / width,
        ],
        1,
    )
    slope /= np.linalg.norm(slope, axis=1, keepdims=True)
    ray = np.stack([np.cos(along), np.sin(along), np.zeros_like(along)], 1)[:, None]
    lift = np.array([0, 0, 1.0])
    points = ray * (radius + out)[None, :, None] + lift * rise[None, :, None]
    normals = ray * slope[None, :, :1] + lift * slope[None, :, 1:]
    solid.add(points, normals, material)


def stone(
    solid: Solid,
    at: tuple[float, float, float],
    radius: float,
    turn: Points,
    material: Material,
    random: np.random.Generator,
    squeeze: float = 1.0,
) -> None:
    """A cut stone that faces along *turn*'s z axis: crown and table in flat facets."""
    rings = max(6, int(1.3 * radius / STEP))
    around = max(24, int(2 * np.pi * radius / STEP))
    share, angle = np.meshgrid(np.linspace(0, 1, rings), np.linspace(0, 2 * np.pi, around))
    flat = np.clip((share - 0.45) / 0.55, 0, 1)
    points = np.stack(
        [
            radius * share * np.cos(angle),
            radius * squeeze * share * np.sin(angle),
            radius * 0.45 * (1 - flat),
        ],
        -1,
    )
    facet = np.floor(angle / (2 * np.pi) * np.where(share < 0.7, 8, 16)).astype(int) % 16
    level = np.digitize(share, [0.28, 0.45, 0.7])
    tilt = random.uniform(-0.55, 0.55, (4, 16, 2))[level, facet]
    lean = np.array([0.0, 0.12, 0.45, 0.75])[level]
    middle = (facet + 0.5) / np.where(share < 0.7, 8, 16) * 2 * np.pi
    normals = np.stack(
        [lean * np.cos(middle) + tilt[..., 0], lean * np.sin(middle) + tilt[..., 1],
         np.ones_like(lean)], -1,
    )  # fmt: skip
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    offset = np.array(at, np.float32)
    solid.add(points.reshape(-1, 3) @ turn.T + offset, normals.reshape(-1, 3) @ turn.T, material)
    girdle = np.linspace(0, 2 * np.pi, around)
    for drop in np.arange(0, 0.5 * radius, STEP * 1.2):
        small = radius * (1 - 0.9 * drop / radius)
        rim = np.stack(
            [small * np.cos(girdle), small * squeeze * np.sin(girdle), np.full(around, -drop)], 1
        )
        outward = np.stack([np.cos(girdle), np.sin(girdle), np.full(around, -0.7)], 1) / 1.22
        solid.add(rim @ turn.T + offset, outward @ turn.T, material)


def facing(direction: Points) -> Points:
    """A matrix that turns the z axis into *direction*."""
    z = np.asarray(direction, np.float64) / np.linalg.norm(direction)
    guide = np.array([0, 1.0, 0]) if abs(z[1]) < 0.9 else np.array([1.0, 0, 0])
    x = np.cross(guide, z)
    x /= np.linalg.norm(x)
    return np.stack([x, np.cross(z, x), z], 1).astype(np.float32)


def chain(
    solid: Solid,
    course: Points,
    pitch: float,
    material: Material,
    random: np.random.Generator,
    style: str = "cable",
) -> None:
    """Links along a polyline: oval ones by turns flat and upright, or balls on a thin wire."""
    line = resampled(np.asarray(course, np.float32), pitch)
    tangent, side, up = frames(line)
    if style == "ball":
        wire(solid, course, pitch * 0.1, material)
        for at in line:
            ball(solid, at, pitch * 0.42, material)
        return
    angle = np.linspace(0, 2 * np.pi, 28)
    for number, at in enumerate(line):
        lean = {"cable": 90 * (number % 2), "curb": 35}[style] + random.uniform(-14, 14)
        across = side[number] * np.cos(np.radians(lean)) + up[number] * np.sin(np.radians(lean))
        link = (
            at
            + pitch * 0.78 * np.cos(angle)[:, None] * tangent[number]
            + pitch * 0.46 * np.sin(angle)[:, None] * across
        )
        wire(solid, link, pitch * 0.125, material)
