"""More kinds of piece than `seeded_jewelry` has: hoops, studs, signets, pavé, bangles, chains and
crosses, in dark metal as well, each with the parts marked that damage is done to.

Their seeds are others than the tests' own, so that no limit was set while looking at them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from jewelrymodel.studio.piece_kinds import Kind
from tests.support.seeded_jewelry import (
    DRAWN,
    METALS,
    SIZES_MM,
    STONES,
    Canvas,
    Seeded,
    engraved,
    painted,
    stroke,
)

_MORE_STONES = (*STONES, (205, 150, 60), (24, 24, 28), (235, 170, 185))
_FIRST_SEED = 100


@dataclass(frozen=True)
class Shape:
    """A kind of piece as people call it: what the studio takes it for, how large it is, and what
    draws it.
    """

    kind: Kind
    size_mm: float
    draw: Callable[[Canvas, np.random.Generator], None]


def shaped(seed: int, name: str, edge: int = 1000) -> Seeded:
    """Return the piece of this seed and shape in a photo of edge x edge pixels."""
    shape, turn = SHAPES[name], list(SHAPES).index(name)
    random = np.random.default_rng([_FIRST_SEED + seed, turn])
    metal = list(METALS)[(seed + turn) % len(METALS)]
    stone = _MORE_STONES[(3 * seed + turn) % len(_MORE_STONES)]
    canvas = Canvas(edge)
    shape.draw(canvas, random)
    return painted(canvas, shape.kind, shape.size_mm, metal, stone, random)


def _hoop(canvas: Canvas, random: np.random.Generator) -> None:
    across, down = random.uniform(0.18, 0.3), random.uniform(0.28, 0.32)
    wide, middle = random.uniform(0.03, 0.07), 0.5
    canvas.ellipse(canvas.solid["metal"], (0.5, middle), (across, down), wide)
    canvas.ellipse(canvas.parts["opening"], (0.5, middle), (across - wide / 2, down - wide / 2))
    canvas.ellipse(canvas.solid["metal"], (0.5, middle - down - 0.04), (0.026, 0.04), 0.014)
    canvas.setting((0.5, middle + down), random.uniform(0.04, 0.07), random)
    engraved(canvas, (0.5, middle), (across, down), wide, [2.3 + 0.16 * n for n in range(9)])


def _stud(canvas: Canvas, random: np.random.Generator) -> None:
    """A flower of wire petals round a stone."""
    count, far = int(random.integers(5, 8)), random.uniform(0.2, 0.24)
    for number in range(count):
        angle = number * 2 * np.pi / count - np.pi / 2
        at = (0.5 + far * np.cos(angle), 0.5 + far * np.sin(angle))
        canvas.ellipse(canvas.solid["metal"], at, (0.1, 0.1), 0.03)
        if number == 1:
            canvas.ellipse(canvas.parts["opening"], at, (0.085, 0.085))
    canvas.ellipse(canvas.solid["metal"], (0.5, 0.5), (far - 0.04, far - 0.04))
    canvas.setting((0.5, 0.5), random.uniform(0.09, 0.12), random)
    inner = far - 0.055
    engraved(canvas, (0.5, 0.5), (inner, inner), 0.03, [0.2 * number for number in range(31)])


def _signet(canvas: Canvas, random: np.random.Generator) -> None:
    """A ring seen from three quarters, with an engraved plate."""
    squeeze, wide = random.uniform(0.6, 0.78), random.uniform(0.09, 0.12)
    across, down = 0.3, 0.3 * squeeze
    canvas.ellipse(canvas.solid["metal"], (0.5, 0.6), (across, down), wide)
    canvas.ellipse(canvas.parts["opening"], (0.5, 0.6), (across - wide / 2, down - wide / 2))
    plate = 0.6 - down - 0.05
    canvas.ellipse(canvas.solid["metal"], (0.5, plate), (0.17, 0.11))
    canvas.setting((0.5, plate), random.uniform(0.035, 0.05), random)
    for number in range(4):
        side = -1 if number % 2 else 1
        x = 0.5 + side * (0.08 + 0.015 * number)
        stroke(canvas, (x, plate - 0.03), (x + side * 0.02, plate + 0.03))


def _pave(canvas: Canvas, random: np.random.Generator) -> None:
    """A ring with a row of small stones, each in prongs of its own."""
    squeeze, wide = random.uniform(0.8, 1.0), random.uniform(0.05, 0.06)
    across, down = 0.31, 0.31 * squeeze
    canvas.ellipse(canvas.solid["metal"], (0.5, 0.52), (across, down), wide)
    canvas.ellipse(canvas.parts["opening"], (0.5, 0.52), (across - wide / 2, down - wide / 2))
    for number in range(7):
        angle = -np.pi / 2 + (number - 3) * 0.26
        at = (0.5 + across * np.cos(angle), 0.52 + down * np.sin(angle))
        canvas.setting(at, random.uniform(0.031, 0.035), random, lost=number == 3)
    engraved(canvas, (0.5, 0.52), (across, down), wide, [0.7 + 0.2 * n for n in range(9)])


def _bangle(canvas: Canvas, random: np.random.Generator) -> None:
    """A stiff band seen from above its rim, with a safety chain."""
    wide, down = random.uniform(0.07, 0.1), random.uniform(0.2, 0.3)
    canvas.ellipse(canvas.solid["metal"], (0.5, 0.5), (0.38, down), wide)
    canvas.ellipse(canvas.parts["opening"], (0.5, 0.5), (0.38 - wide / 2, down - wide / 2))
    for side in (-1, 0, 1):
        at = (0.5 + side * 0.13, 0.5 + down * (1 - 0.06 * side * side))
        canvas.setting(at, random.uniform(0.026, 0.034), random, lost=side == 0)
    engraved(canvas, (0.5, 0.5), (0.38, down), wide, [3.5 + 0.15 * n for n in range(12)])
    rim, low = 0.5 + down + wide / 2, 0.5 + down + wide / 2 + random.uniform(0.05, 0.08)
    canvas.chain("strand", [(0.4, rim - 0.02), (0.46, low), (0.54, low), (0.6, rim - 0.02)])


def _chain(canvas: Canvas, random: np.random.Generator) -> None:
    """A chain alone, laid as a loop, with a clasp, a tag and one station."""
    across, down = random.uniform(0.32, 0.4), random.uniform(0.26, 0.34)
    size = random.uniform(1.5, 2.0)
    half = np.linspace(0.12 - np.pi / 2, np.pi / 2, 60)  # up to the clasp
    loop = [(0.5 + across * np.cos(angle), 0.47 + down * np.sin(angle)) for angle in half]
    canvas.chain("strand", loop, size)
    canvas.chain("metal", [(1 - x, y) for x, y in loop], size)
    canvas.ellipse(canvas.solid["metal"], (0.5, 0.47 - down), (0.035, 0.03), 0.014)
    canvas.ellipse(canvas.parts["opening"], (0.5, 0.47 - down), (0.027, 0.022))
    canvas.setting((0.5, 0.47 + down), random.uniform(0.032, 0.045), random)
    canvas.ellipse(canvas.solid["metal"], (0.5, 0.47 + down + 0.085), (0.05, 0.05))
    for number in range(4):
        x = 0.5 + (number - 1.5) * 0.02
        stroke(canvas, (x, 0.535 + down), (x + 0.008, 0.575 + down))


def _cross(canvas: Canvas, random: np.random.Generator) -> None:
    """A cross with a stone, on a heavier chain than the pendant's."""
    wide, arm = random.uniform(0.05, 0.07), random.uniform(0.12, 0.16)
    middle, top, low = 0.62, 0.44, 0.92
    canvas.bar(canvas.solid["metal"], (0.5, top), (0.5, low), wide)
    canvas.bar(canvas.solid["metal"], (0.5 - arm, middle), (0.5 + arm, middle), wide)
    canvas.ellipse(canvas.solid["metal"], (0.5, top - 0.045), (0.03, 0.036), 0.014)
    canvas.ellipse(canvas.parts["opening"], (0.5, top - 0.045), (0.021, 0.027))
    canvas.setting((0.5, middle), random.uniform(0.038, 0.05), random)
    for number in range(7):
        y = middle + 0.09 + number * 0.025
        stroke(canvas, (0.5 - wide * 0.3, y), (0.5 + wide * 0.3, y + 0.008))
    for side, name in ((-1, "metal"), (1, "strand")):
        course = [(0.5 + side * 0.012, top - 0.075), (0.5 + side * 0.33, 0.0)]
        canvas.chain(name, course, 1.25)


SHAPES: dict[str, Shape] = {
    **{kind.value: Shape(kind, SIZES_MM[kind], DRAWN[kind]) for kind in SIZES_MM},
    "hoop": Shape(Kind.EARRING, 30.0, _hoop),
    "stud": Shape(Kind.EARRING, 13.0, _stud),
    "signet": Shape(Kind.RING, 19.0, _signet),
    "pavé": Shape(Kind.RING, 18.0, _pave),
    "bangle": Shape(Kind.BRACELET, 64.0, _bangle),
    "chain": Shape(Kind.NECKLACE, 80.0, _chain),
    "cross": Shape(Kind.PENDANT, 30.0, _cross),
}
"""By its name; the first five are those that the tests know, from other seeds."""
