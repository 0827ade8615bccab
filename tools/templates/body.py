"""The body mesh: read it, morph it, pose it. Numpy only; decimetres, y is up, z is front."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass
class Faces:
    """Polygons of the base mesh: vertex rows, texture rows and the group of each."""

    vertices: list[list[int]]
    textures: list[list[int]]
    groups: list[str]


@dataclass
class Body:
    data: Path
    points: np.ndarray
    texture: np.ndarray
    faces: Faces

    @classmethod
    def load(cls, data: Path) -> Body:
        """The unmorphed mesh found under `data` (a folder with 3dobjs, targets, rigs)."""
        points: list[list[float]] = []
        texture: list[list[float]] = []
        faces = Faces([], [], [])
        group = ""
        for line in (data / "3dobjs/base.obj").read_text().splitlines():
            word, _, rest = line.partition(" ")
            if word == "v":
                points.append([float(x) for x in rest.split()[:3]])
            elif word == "vt":
                texture.append([float(x) for x in rest.split()[:2]])
            elif word == "g":
                group = rest.strip()
            elif word == "f":
                corners = [corner.split("/") for corner in rest.split()]
                faces.vertices.append([int(c[0]) - 1 for c in corners])
                faces.textures.append([int(c[1]) - 1 for c in corners])
                faces.groups.append(group)
        return cls(data, np.array(points), np.array(texture), faces)

    def morph(self, name: str, weight: float) -> None:
        """Add `weight` of the named target to the mesh, in place."""
        with gzip.open(self.data / "targets" / f"{name}.target.gz", "rt") as lines:
            rows = [line.split() for line in lines if line.strip() and line[0] != "#"]
        table = np.array([row[:4] for row in rows], float).reshape(-1, 4)  # may be empty
        self.points[table[:, 0].astype(int)] += weight * table[:, 1:]

    def adult_woman(self, mix: dict[str, float]) -> None:
        """A slim adult; `mix` weighs the base shapes african, asian and caucasian."""
        for shape, weight in mix.items():
            self.morph(f"macrodetails/{shape}-female-young", weight)
        stem = "macrodetails/universal-female-young-averagemuscle"
        self.morph(f"{stem}-averageweight", 0.55)
        self.morph(f"{stem}-minweight", 0.45)
        proportions = "macrodetails/proportions/female-young-averagemuscle-averageweight"
        self.morph(f"{proportions}-idealproportions", 0.9)


def turn(axis: np.ndarray | tuple[float, float, float], degrees: float) -> np.ndarray:
    """The 3x3 rotation about an axis (Rodrigues)."""
    x, y, z = np.asarray(axis, float) / np.linalg.norm(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = np.radians(degrees)
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


class Rig:
    """Bones fitted to a morphed mesh, and linear blend skinning over them."""

    def __init__(self, body: Body) -> None:
        rigs = body.data / "rigs/standard"
        self.points = body.points
        self.bones = json.loads((rigs / "rig.default.json").read_text())
        self.weights = json.loads((rigs / "weights.default.json").read_text())["weights"]
        groups = json.loads((body.data / "mesh_metadata/basemesh_vertex_groups.json").read_text())
        self.head = {b: self._end(d["head"], groups) for b, d in self.bones.items()}
        self.tail = {b: self._end(d["tail"], groups) for b, d in self.bones.items()}

    def _end(self, end: dict, groups: dict) -> np.ndarray:
        if end["strategy"] == "VERTEX":
            return self.points[end["vertex_index"]]
        if end["strategy"] == "MEAN":
            return self.points[end["vertex_indices"]].mean(0)
        rows = [i for first, last in groups[end["cube_name"]] for i in range(first, last + 1)]
        return self.points[rows].mean(0)

    def pose(self, turns: dict[str, np.ndarray]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Posed points, and each bone as a 2x3 array (head, tail)."""
        placed: dict[str, np.ndarray] = {}

        def place(bone: str) -> np.ndarray:
            if bone not in placed:
                parent = self.bones[bone]["parent"]
                local = np.eye(4)
                if bone in turns:
                    local[:3, :3] = turns[bone]
                    local[:3, 3] = self.head[bone] - turns[bone] @ self.head[bone]
                placed[bone] = (place(parent) if parent else np.eye(4)) @ local
            return placed[bone]

        blend = np.zeros((len(self.points), 4, 4))
        total = np.zeros(len(self.points))
        for bone, pairs in self.weights.items():
            if bone in self.bones and pairs:
                index = np.array([p[0] for p in pairs])
                weight = np.array([p[1] for p in pairs])
                blend[index] += weight[:, None, None] * place(bone)
                total[index] += weight
        blend[total < 1e-6] = np.eye(4)
        blend /= np.where(total < 1e-6, 1, total)[:, None, None]
        moved = np.einsum("nij,nj->ni", blend, np.c_[self.points, np.ones(len(self.points))])
        ends = {
            b: np.array([(place(b) @ np.r_[end[b], 1])[:3] for end in (self.head, self.tail)])
            for b in self.bones
        }
        return moved[:, :3], ends

    def owner(self, prefixes: tuple[str, ...]) -> dict[str, set[int]]:
        """For every bone with one of the prefixes, the vertices that it chiefly moves."""
        best: dict[int, tuple[float, str]] = {}
        for bone, pairs in self.weights.items():
            for index, weight in pairs:
                if weight > best.get(index, (0.0, ""))[0]:
                    best[index] = (weight, bone)
        owned: dict[str, set[int]] = {}
        for index, (_, bone) in best.items():
            if bone.startswith(prefixes):
                owned.setdefault(bone, set()).add(index)
        return owned
