"""Hang a chain round a neck: beads on a thread that fall, keep apart and stay outside."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

BEADS = 180
GAP = 0.012  # dm between the skin and the middle of a fine chain


class Surface:
    def __init__(self, points: np.ndarray, normals: np.ndarray) -> None:
        self.points, self.normals, self.tree = points, normals, cKDTree(points)

    def push_out(self, beads: np.ndarray) -> np.ndarray:
        """The beads, those under the skin lifted to it along its normal."""
        _, near = self.tree.query(beads)
        depth = ((beads - self.points[near]) * self.normals[near]).sum(1) - GAP
        return beads - np.minimum(depth, 0)[:, None] * self.normals[near]


def _spaced(beads: np.ndarray, spacing: float, mass: np.ndarray) -> np.ndarray:
    """One sweep towards equal spacing; heavy beads move less."""
    for first in (0, 1):
        one = np.arange(first, BEADS, 2)
        two = (one + 1) % BEADS
        step = beads[two] - beads[one]
        length = np.linalg.norm(step, axis=1, keepdims=True)
        pull = step * (1 - spacing / length)
        share = (mass[two] / (mass[one] + mass[two]))[:, None]
        beads[one] += pull * share
        beads[two] -= pull * (1 - share)
    return beads


def drape(surface: Surface, center: np.ndarray, length: float, pendant: bool) -> np.ndarray:
    """A BEADSx3 curve of `length` dm at rest, starting at its lowest front bead; `center` is
    the middle of the neck a little above the shoulders. A pendant makes one bead heavy."""
    angle = np.linspace(0, 2 * np.pi, BEADS, endpoint=False)
    radius = length / (2 * np.pi)
    ring = np.c_[np.sin(angle), 0 * angle, np.cos(angle)] * radius
    beads = surface.push_out(center + ring)
    before = beads.copy()
    mass = np.ones(BEADS)
    if pendant:
        mass[0] = 25.0
    for _ in range(1400):
        speed = (beads - before) * 0.93
        before = beads.copy()
        beads = beads + speed + [0, -0.0012, 0]
        for _ in range(12):
            beads = _spaced(beads, length / BEADS, mass)
        beads = surface.push_out(beads)
    return beads
