"""Pieces of jewelry by kind, each drawn from a seed: what sellers photograph.

A piece is a `Solid` on the ground (z is up) of a size of about 1, with the camera's usual height.
"""

from collections.abc import Callable

import numpy as np

from tests.support.drawn_solids import (
    CLEAR,
    GLASS,
    METALS,
    OXIDE,
    PEARL,
    STONES,
    Material,
    Points,
    Solid,
    ball,
    band,
    chain,
    facing,
    rotation,
    stone,
    wire,
)

Random = np.random.Generator
LYING, STANDING = (62.0, 88.0), (8.0, 30.0)


def metal_of(random: Random) -> Material:
    """One of the usual metals."""
    return METALS[int(random.integers(len(METALS)))]


def stone_of(random: Random) -> Material:
    """One of the usual stones."""
    return STONES[int(random.integers(len(STONES)))]


def circle(radius: float, turn: Points, at: Points | tuple[float, float, float]) -> Points:
    """The course of a wire ring that lies round *turn*'s z axis."""
    angle = np.linspace(0, 2 * np.pi, 90)
    flat = np.stack([np.cos(angle), np.sin(angle), np.zeros_like(angle)], 1) * radius
    return np.asarray(flat @ turn.T + np.asarray(at), np.float32)


def _solitaire(random: Random, metal: Material) -> Solid:
    """A ring round the z axis with a stone in prongs at its +y side."""
    ring, radius, width = Solid(), 0.42, random.uniform(0.05, 0.13)
    band(ring, radius, width, random.uniform(0.045, 0.07), metal, random.choice([2.0, 3.5]))
    gem = random.uniform(0.09, 0.15)
    up = facing(np.array([0, 1.0, 0]))
    stone(ring, (0, radius + gem * 0.75, 0), gem, up, stone_of(random), random)
    wire(ring, circle(gem * 0.62, up, (0, radius + gem * 0.45, 0)), 0.011, metal)
    for turn in np.linspace(0, 2 * np.pi, int(random.integers(4, 7)), endpoint=False) + 0.4:
        out = np.array([np.cos(turn), 0, np.sin(turn)])
        low, high = np.array([0, radius, 0.0]), np.array([0, radius + gem * 0.95, 0.0])
        line = np.stack([low + out * gem * 0.3, low + out * gem * 0.8 + [0, gem * 0.4, 0],
                         high + out * gem * 0.9])  # fmt: skip
        wire(ring, line.astype(np.float32), 0.0125, metal)
    return ring


def ring_three_quarter(random: Random) -> Solid:
    """A solitaire that stands, turned half away."""
    ring = _solitaire(random, metal_of(random)).turned(rotation("x", 90))
    return ring.turned(rotation("z", random.choice([-1, 1]) * random.uniform(28, 62))).grounded()


def ring_side(random: Random) -> Solid:
    """A solitaire that stands, nearly edge on or fully from the front."""
    ring = _solitaire(random, metal_of(random)).turned(rotation("x", 90))
    return ring.turned(rotation("z", random.choice([4.0, 74.0, 83.0, 12.0]))).grounded()


def rings_stacked(random: Random) -> Solid:
    """Two to four bands that lie on each other."""
    made, height = Solid(), 0.0
    for _ in range(int(random.integers(2, 5))):
        one, width = Solid(), random.uniform(0.07, 0.14)
        metal = metal_of(random)
        band(one, 0.42, width, 0.05, metal, random.choice([2.0, 4.0]))
        if random.random() < 0.5:
            for angle in np.linspace(0, 2 * np.pi, 26, endpoint=False):
                out = np.array([np.cos(angle), np.sin(angle), 0])
                stone(one, tuple(out * 0.443), 0.03, facing(out), CLEAR, random)
        shift = random.uniform(-0.02, 0.02, 2)
        made.join(one, rotation("z", random.uniform(0, 360)), (shift[0], shift[1], height))
        height += width * 1.02
    return made.grounded()


def hoops(random: Random) -> Solid:
    """A pair of hoops that stand or lie."""
    metal, wide = metal_of(random), random.uniform(0.016, 0.04)
    made = Solid()
    for side in (-1, 1):
        one = Solid()
        angle = np.linspace(0.12, 2 * np.pi - 0.05, 120)
        course = np.stack([np.sin(angle), 0 * angle, np.cos(angle)], 1) * 0.25
        wire(one, course.astype(np.float32), wide, metal)
        wire(one, course[[0, -1]].astype(np.float32), 0.008, metal)
        turn = rotation("z", side * random.uniform(5, 50)) @ rotation("y", random.uniform(-20, 20))
        made.join(one.turned(turn).grounded(), rotation("z", 0), (side * 0.3, 0, 0))
    return made.grounded()


def hooks(random: Random) -> Solid:
    """A pair of drops on ear wires, lying."""
    metal, gem = metal_of(random), stone_of(random)
    made = Solid()
    for side in (-1, 1):
        one = Solid()
        angle = np.linspace(-0.35 * np.pi, 1.05 * np.pi, 60)
        hook = np.stack([0.085 * np.cos(angle), 0.1 * np.sin(angle) + 0.37, 0.01 + 0 * angle], 1)
        leg = np.array([[-0.085, 0.2, 0.012], [-0.07, 0.16, 0.01]])
        wire(one, np.vstack([hook, leg]).astype(np.float32), 0.0085, metal)
        wire(one, circle(0.026, rotation("z", 0), (0.05, 0.255, 0.012)), 0.008, metal)
        drop = random.uniform(0.07, 0.11)
        wire(one, circle(drop * 1.08, rotation("z", 0), (0.05, 0.22 - drop, 0.02)), 0.012, metal)
        stone(one, (0.05, 0.22 - drop, 0.03), drop, rotation("z", 0), gem, random)
        ball(one, (0.05, 0.19 - 2.3 * drop, 0.03), 0.03, PEARL)
        made.join(one, rotation("z", random.uniform(-18, 18)), (side * 0.24, 0, 0))
    return made.grounded()


def pearl_studs(random: Random) -> Solid:
    """A pair of pearls on posts, lying."""
    metal = metal_of(random)
    made = Solid()
    for side in (-1, 1):
        one, radius = Solid(), random.uniform(0.17, 0.21)
        ball(one, (0, 0, 0), radius, PEARL)
        wire(one, circle(radius * 0.45, rotation("x", 90), (0, -radius * 0.92, 0)), 0.02, metal)
        post = np.array([[0, -radius * 0.9, 0], [0, -radius * 0.9 - 0.26, 0]], np.float32)
        wire(one, post, 0.0105, metal)
        turn = rotation("z", side * random.uniform(10, 70)) @ rotation("x", -12)
        made.join(one.turned(turn).grounded(), rotation("z", 0), (side * 0.28, 0, 0))
    return made.grounded()


def openwork(random: Random) -> Solid:
    """A medallion of wire: petals and scrolls in a frame, with a bail."""
    metal, made, turn = metal_of(random), Solid(), rotation("z", 0)
    wide, petals = random.uniform(0.009, 0.014), int(random.integers(5, 9))
    wire(made, circle(0.4, turn, (0, 0, 0.02)), wide * 1.7, metal)
    wire(made, circle(0.12, turn, (0, 0, 0.02)), wide * 1.2, metal)
    for angle in np.linspace(0, 360, petals, endpoint=False):
        share = np.linspace(0, 2 * np.pi, 60)
        petal = np.stack([0.26 + 0.13 * np.cos(share),
                          0.075 * np.sin(share) * (1.1 + 0.5 * np.cos(share)),
                          0.02 + 0 * share], 1)  # fmt: skip
        wire(made, (petal @ rotation("z", angle).T).astype(np.float32), wide, metal)
        spin = np.linspace(0, 3.2 * np.pi, 60)
        scroll = np.stack([0.32 + 0.045 * spin / 10 * np.cos(spin),
                           0.045 * spin / 10 * np.sin(spin), 0.02 + 0 * spin], 1)  # fmt: skip
        wire(made, (scroll @ rotation("z", angle + 180 / petals).T).astype(np.float32), wide, metal)
    stone(made, (0, 0, 0.03), 0.1, turn, stone_of(random), random)
    wire(made, circle(0.05, turn, (0, 0.46, 0.02)), wide * 1.2, metal)
    return made.turned(rotation("z", random.uniform(-25, 25))).grounded()


def pave(random: Random) -> Solid:
    """A domed band set with small stones all over its front, standing or lying."""
    metal, made, gem = metal_of(random), Solid(), random.choice([CLEAR, CLEAR, *STONES])
    band(made, 0.4, 0.26, 0.07, metal, 2.6)
    for row, lift in enumerate((-0.085, -0.0285, 0.0285, 0.085)):
        for angle in np.arange(-1.35, 1.35, 0.145) + 0.07 * (row % 2):
            out = np.array([np.sin(angle), np.cos(angle), lift * 2.6])
            at = (0.435 - abs(lift) * 0.12) * np.array([np.sin(angle), np.cos(angle), 0])
            stone(made, (at[0], at[1], lift), 0.027, facing(out), gem, random)
            ball(made, (at[0] * 1.012, at[1] * 1.012, lift + 0.028), 0.0085, metal)
    turn = rotation("z", random.uniform(15, 60)) @ rotation("x", 90)
    return made.turned(turn).grounded()


def _pendant(random: Random, metal: Material) -> Solid:
    made, radius = Solid(), random.uniform(0.1, 0.16)
    ball(made, (0, 0, 0.03), (radius, radius * random.uniform(1.0, 1.25), 0.035), metal)
    stone(made, (0, -0.01, 0.06), radius * 0.55, rotation("z", 0), stone_of(random), random)
    wire(made, circle(0.035, rotation("y", 25), (0, radius * 1.12 + 0.03, 0.035)), 0.012, metal)
    return made


def _with_pendant(random: Random, course: Points, at: tuple[float, float], turn: float) -> Solid:
    metal = metal_of(random)
    made = Solid()
    style = str(random.choice(["cable", "curb", "ball"]))
    chain(made, course, random.uniform(0.017, 0.028), metal, random, style)
    pendant = _pendant(random, metal).grounded()
    low = float(max(one[:, 1].max() for one in pendant.points)) - 0.035
    made.join(
        pendant.turned(rotation("z", turn)),
        rotation("z", 0),
        (at[0] + low * float(np.sin(np.radians(turn))),
         at[1] - low * float(np.cos(np.radians(turn))), 0),
    )  # fmt: skip
    return made


def chain_straight(random: Random) -> Solid:
    """A pendant on a chain that goes up in a V and out of the picture."""
    wide = random.uniform(0.3, 0.62)
    x = np.concatenate([np.linspace(-wide, 0, 60), np.linspace(0, wide, 60)[1:]])
    y = 0.9 * (np.abs(x) / wide) ** random.uniform(0.9, 1.3)
    course = np.stack([x, y, 0.02 + 0 * x], 1)
    return _with_pendant(random, course.astype(np.float32), (0, 0.0), 0)


def chain_sideways(random: Random) -> Solid:
    """A pendant whose chain is laid in loops to one side."""
    share = np.linspace(0, 1, 160)
    x = -0.75 + 1.5 * share
    y = 0.2 * np.sin(share * random.uniform(7, 11)) * (1 - 0.5 * share) + 0.1
    z = 0.02 + 0.008 * np.sin(share * 40)
    course = np.stack([x, y, z], 1).astype(np.float32)
    turn = random.uniform(20, 75)
    return _with_pendant(random, course, (float(x[-12]), float(y[-12])), turn)


def chain_heaped(random: Random) -> Solid:
    """A chain in a heap: loops over loops, rising."""
    metal = metal_of(random)
    share = np.linspace(0, 1, 500)
    a, b = random.uniform(9, 13), random.uniform(7, 11)
    spread = 0.2 + 0.26 * np.abs(np.sin(share * 5 + 1))
    x = spread * np.sin(2 * np.pi * a * share * 0.5) + 0.12 * np.sin(share * 7)
    y = spread * np.cos(2 * np.pi * b * share * 0.5) * 0.8 + 0.1 * np.cos(share * 9)
    course = np.stack([x, y, 0.015 + 0.12 * share * (0.46 - spread) / 0.26], 1)
    made = Solid()
    chain(made, course.astype(np.float32), random.uniform(0.02, 0.03), metal, random,
          str(random.choice(["cable", "curb"])))  # fmt: skip
    return made.grounded()


def collar(random: Random) -> Solid:
    """A rigid collar, open at one side, of wire or with ball ends."""
    metal = metal_of(random)
    made, gap = Solid(), random.uniform(0.2, 0.5)
    angle = np.linspace(np.pi / 2 + gap, np.pi / 2 + 2 * np.pi - gap, 160)
    course = np.stack([0.5 * np.cos(angle), 0.46 * np.sin(angle), 0.03 + 0 * angle], 1)
    wide = random.uniform(0.011, 0.03)
    wire(made, course.astype(np.float32), wide, metal)
    for end in (course[0], course[-1]):
        ball(made, tuple(end), wide * 1.9, metal)
    if random.random() < 0.6:
        stone(made, (0, -0.46, 0.05), 0.06, rotation("z", 0), stone_of(random), random)
    return made.turned(rotation("z", random.uniform(-30, 30))).grounded()


def bangle(random: Random) -> Solid:
    """A bangle that lies or leans."""
    made = Solid()
    band(made, 0.45, random.uniform(0.05, 0.24), 0.045, metal_of(random), random.choice([2.0, 4.0]))
    return made.turned(rotation("x", random.uniform(0, 40))).grounded()


def glass(random: Random) -> Solid:
    """A drop of clear glass with a metal cap, or a strand of glass beads."""
    metal, made = metal_of(random), Solid()
    tint = Material(tuple(float(x) for x in random.uniform(0.72, 0.97, 3)), "glass")
    if random.random() < 0.5:
        ball(made, (0, 0, 0), (0.25, 0.36, 0.2), random.choice([GLASS, tint]))
        ball(made, (0, 0.36, 0), (0.08, 0.06, 0.08), metal)
        wire(made, circle(0.045, rotation("y", 30), (0, 0.45, 0)), 0.012, metal)
        return made.grounded()
    angle = np.linspace(0, 2 * np.pi, 19)[:-1]
    wire(made, circle(0.42, rotation("z", 0), (0, 0, 0)), 0.006, metal)
    for one in angle:
        ball(made, (0.42 * np.cos(one), 0.42 * np.sin(one), 0), 0.068, tint)
    return made.grounded()


def dark_metal(random: Random) -> Solid:
    """A blackened band or signet, standing."""
    made = Solid()
    band(made, 0.42, random.uniform(0.12, 0.24), 0.07, OXIDE, 3.0)
    if random.random() < 0.5:
        ball(made, (0, 0.46, 0), (0.2, 0.05, 0.17), OXIDE)
    turn = rotation("z", random.uniform(-55, 55)) @ rotation("x", 90)
    return made.turned(turn).grounded()


KINDS: dict[str, tuple[Callable[[Random], Solid], tuple[float, float]]] = {
    "ring, three-quarter": (ring_three_quarter, STANDING),
    "ring, side": (ring_side, STANDING),
    "rings, stacked": (rings_stacked, (15.0, 40.0)),
    "hoops": (hoops, (10.0, 35.0)),
    "hooks": (hooks, LYING),
    "pearl studs": (pearl_studs, (35.0, 70.0)),
    "openwork": (openwork, LYING),
    "pavé": (pave, STANDING),
    "chain, straight": (chain_straight, LYING),
    "chain, sideways": (chain_sideways, LYING),
    "chain, heaped": (chain_heaped, (45.0, 80.0)),
    "collar": (collar, LYING),
    "bangle": (bangle, (20.0, 60.0)),
    "glass": (glass, LYING),
    "dark metal": (dark_metal, STANDING),
}
