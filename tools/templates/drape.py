"""Hang a chain round a neck: beads on a thread that fall, keep apart and stay outside."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

BEADS = 180
GAP = 0.012  # dm between the skin and the middle of a fine chain
GRIP, GRIPS_BEHIND = 0.5, 0.3  # friction on the nape and the trapezius (their z, dm)
NAPE, NECK_RADIUS = (0.0, 5.62, -0.22), 0.5  # where a necklace is put on
FALL = (0.0, -0.35, 0.94)  # how its front hangs before it is let go


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


def _put_on(length: float) -> np.ndarray:
    """A closed chain as it is put on: close round the nape and the sides of the neck, the rest of
    it hanging before the chest; from its front middle over the wearer's left."""
    quarter = np.pi * NECK_RADIUS / 2
    straight = (length - 4 * quarter) / 2
    fall = np.array(FALL) / np.linalg.norm(FALL)
    around = np.arange(BEADS) * length / BEADS
    along = np.minimum(around, length - around)
    side = np.where(around <= length / 2, 1.0, -1.0)
    front = np.clip(along, 0, quarter) / NECK_RADIUS
    back = np.clip(along - quarter - straight, 0, quarter) / NECK_RADIUS
    hangs = straight - np.clip(along - quarter, 0, straight)
    across = side * NECK_RADIUS * np.where(along < quarter, np.sin(front), np.cos(back))
    deep = NECK_RADIUS * (1 + np.where(along < quarter, np.cos(front), -np.sin(back)))
    ring = np.column_stack([across, 0 * deep, deep])
    return np.array(NAPE) + ring + hangs[:, None] * fall


def drape(surface: Surface, length: float, pendant: bool) -> np.ndarray:
    """A BEADSx3 curve of `length` dm at rest, starting at its lowest front bead. A pendant makes
    one bead heavy. What lies on the nape and the trapezius is held by the skin, as it is on people:
    without that a chain would slide down the shoulders until only its length stops it."""
    beads = surface.push_out(_put_on(length))
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
        lifted = surface.push_out(beads)
        beads = _held(before, lifted, lifted - beads)
    return beads


def _held(before: np.ndarray, beads: np.ndarray, push: np.ndarray) -> np.ndarray:
    """The beads, those behind slid back by what friction allows for the `push` of the skin."""
    pressed = np.linalg.norm(push, axis=1)
    normal = push / np.maximum(pressed, 1e-12)[:, None]
    slid = beads - before
    slid = slid - (slid * normal).sum(1, keepdims=True) * normal
    share = np.minimum(1, GRIP * pressed / np.maximum(np.linalg.norm(slid, axis=1), 1e-12))
    return beads - slid * np.where(beads[:, 2] < GRIPS_BEHIND, share, 0)[:, None]
