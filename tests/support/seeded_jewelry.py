"""Invented pieces by the dozen, drawn from a seed with what can be damaged on them marked.

Each is drawn at three times its size and averaged, as an outline in a photograph is: metal with
shade, shine and scratches, a faceted stone in prongs, an engraving, an opening, and, but for rings,
a strand of chain.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, floats
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.piece_kinds import Kind
from tests.support import pieces

METALS = {
    "yellow": (212, 175, 95),
    "rose": (205, 150, 125),
    "white": (215, 215, 212),
    "steel": (140, 146, 152),
    "dark": (74, 72, 76),
}
_USUAL_METALS = list(METALS)[:4]
STONES = ((150, 25, 45), (25, 60, 150), (20, 120, 75), (215, 225, 235), (120, 60, 140))
SIZES_MM = {
    Kind.RING: 17.5,
    Kind.PENDANT: 24.0,
    Kind.EARRING: 34.0,
    Kind.BRACELET: 58.0,
    Kind.NECKLACE: 70.0,
}
_FINER = 3


@dataclass(frozen=True)
class Seeded:
    """A piece with its metal's name and masks (HxW, 0…1) of what damage is done to; a mask without
    a pixel means that the piece has no such part.
    """

    cutout: Cutout
    metal: str
    size_mm: float
    prong: Floats
    stone: Floats
    engraving: Floats
    opening: Floats
    strand: Floats


def drawn(seed: int, kind: Kind, edge: int = 1000) -> Seeded:
    """Return the piece of this seed and kind in a photo of edge x edge pixels."""
    random = np.random.default_rng(seed)
    canvas = Canvas(edge)
    metal, stone = _USUAL_METALS[seed % len(_USUAL_METALS)], STONES[seed % len(STONES)]
    DRAWN[kind](canvas, random)
    return painted(canvas, kind, SIZES_MM[kind], metal, stone, random)


def painted(
    canvas: "Canvas",
    kind: Kind,
    size_mm: float,
    metal: str,
    stone: tuple[int, int, int],
    random: np.random.Generator,
) -> Seeded:
    """Return what was drawn as a piece of this metal and stone."""
    edge = canvas.edge // _FINER
    layers = {part: _averaged(mask, edge) for part, mask in canvas.parts.items()}
    solid = _averaged(np.maximum.reduce(list(canvas.solid.values())), edge)
    colors = _colored(edge, layers, METALS[metal], stone, random)
    cutout = pieces.of(np.asarray(np.round(solid * 255), np.uint8), colors, kind)
    return Seeded(cutout, metal, size_mm, **layers)


Place = tuple[float, float]


class Canvas:
    """What is drawn, part by part, at several times the size of a photo of edge x edge pixels."""

    def __init__(self, edge: int) -> None:
        self.edge = edge = edge * _FINER
        names = ("prong", "stone", "engraving", "opening", "strand")
        self.parts = {name: np.zeros((edge, edge), np.uint8) for name in names}
        self.solid = {name: self.parts[name] for name in ("prong", "stone", "strand")} | {
            "metal": np.zeros((edge, edge), np.uint8)
        }

    def px(self, share: float) -> int:
        """A length that is *share* of the photo's edge."""
        return max(1, round(share * self.edge))

    def ellipse(
        self, where: Bytes, at: tuple[float, float], axes: tuple[float, float], wide: float = -1
    ) -> None:
        """Draw an ellipse, or its line where *wide* (a share of the edge) is given."""
        center, radii = (self.px(at[0]), self.px(at[1])), (self.px(axes[0]), self.px(axes[1]))
        line = -1 if wide < 0 else self.px(wide)
        cv2.ellipse(where, center, radii, 0, 0, 360, 255, line)

    def bar(self, where: Bytes, start: Place, end: Place, wide: float) -> None:
        """Draw a straight bar with round ends."""
        one, two = ((self.px(x), self.px(y)) for x, y in (start, end))
        cv2.line(where, one, two, 255, self.px(wide))

    def setting(
        self, at: Place, radius: float, random: np.random.Generator, *, lost: bool = True
    ) -> None:
        """A stone in its bezel with prongs round it; the first one is what gets lost, where one of
        this stone's is to be.
        """
        self.ellipse(self.solid["metal"], at, (radius * 1.12, radius * 1.12))
        self.ellipse(self.parts["stone"], at, (radius, radius))
        count, turn = int(random.integers(4, 7)), random.uniform(0, 6.28)
        for number in range(count):
            angle = turn + number * 2 * np.pi / count
            place = (at[0] + 1.08 * radius * np.cos(angle), at[1] + 1.08 * radius * np.sin(angle))
            layer = self.parts["prong"] if lost and number == 0 else self.solid["metal"]
            self.ellipse(layer, place, (radius * 0.16, radius * 0.16))

    def chain(self, name: str, course: list[Place], size: float = 1.0) -> None:
        """Links along a course, every other one seen from its edge."""
        layer = self.solid[name]
        dense = _dense(course, 0.0078 * size)
        for number, place in enumerate(dense):
            flat = (0.0075, 0.0055) if number % 2 else (0.0045, 0.0085)
            self.ellipse(layer, place, (flat[0] * size, flat[1] * size), 0.004)


def _dense(course: list[Place], step: float) -> list[Place]:
    """The course as places that are one step apart."""
    line = np.array(course)
    arc = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    at = np.arange(0, arc[-1], step)
    across, down = (np.interp(at, arc, line[:, axis]) for axis in (0, 1))
    return [(float(x), float(y)) for x, y in zip(across, down, strict=True)]


def _ring(canvas: Canvas, random: np.random.Generator) -> None:
    squeeze, wide = random.uniform(0.78, 1.0), random.uniform(0.05, 0.085)
    across, down = 0.3, 0.3 * squeeze
    canvas.ellipse(canvas.solid["metal"], (0.5, 0.58), (across, down), wide)
    canvas.ellipse(canvas.parts["opening"], (0.5, 0.58), (across - wide / 2, down - wide / 2))
    canvas.setting((0.5, 0.58 - down - wide / 2), random.uniform(0.055, 0.085), random)
    engraved(canvas, (0.5, 0.58), (across, down), wide, [0.5 + 0.22 * n for n in range(9)])


def _pendant(canvas: Canvas, random: np.random.Generator) -> None:
    radius, low = random.uniform(0.11, 0.15), 0.72
    bail = low - radius - 0.028
    canvas.ellipse(canvas.solid["metal"], (0.5, low), (radius, radius * random.uniform(0.9, 1.1)))
    canvas.ellipse(canvas.solid["metal"], (0.5, bail), (0.028, 0.034), 0.012)
    canvas.ellipse(canvas.parts["opening"], (0.5, bail), (0.02, 0.026))
    canvas.setting((0.5, low - radius * 0.25), radius * random.uniform(0.4, 0.52), random)
    for number in range(5):
        x = 0.5 + (number - 2) * radius * 0.22
        stroke(canvas, (x, low + radius * 0.5), (x + radius * 0.08, low + radius * 0.78))
    for side, name in ((-1, "metal"), (1, "strand")):
        canvas.chain(name, [(0.5 + side * 0.01, bail - 0.02), (0.5 + side * 0.37, 0.0)])


def _earring(canvas: Canvas, random: np.random.Generator) -> None:
    height, wide = random.uniform(0.18, 0.24), random.uniform(0.1, 0.16)
    canvas.ellipse(canvas.solid["metal"], (0.5, 0.16), (0.04, 0.04))
    cv2.line(canvas.solid["metal"], (canvas.px(0.5), canvas.px(0.18)),
             (canvas.px(0.5), canvas.px(0.3)), 255, canvas.px(0.02))  # fmt: skip
    middle = 0.3 + height
    canvas.ellipse(canvas.solid["metal"], (0.5, middle), (wide, height), 0.045)
    canvas.ellipse(canvas.parts["opening"], (0.5, middle), (wide - 0.0225, height - 0.0225))
    canvas.setting((0.5, middle + height), random.uniform(0.05, 0.07), random)
    for side, name in ((-1, "metal"), (1, "strand")):
        x, low = 0.5 + side * wide * 0.7, middle + height * 0.75
        canvas.chain(name, [(x, low), (x + side * 0.01, random.uniform(0.9, 0.96))])
    angles = [np.pi * (0.62 + 0.11 * number) for number in range(7)]
    engraved(canvas, (0.5, middle), (wide, height), 0.045, angles)


def _bracelet(canvas: Canvas, random: np.random.Generator) -> None:
    wide, down = random.uniform(0.04, 0.065), random.uniform(0.26, 0.36)
    canvas.ellipse(canvas.solid["metal"], (0.5, 0.5), (0.4, down), wide)
    canvas.ellipse(canvas.parts["opening"], (0.5, 0.5), (0.4 - wide / 2, down - wide / 2))
    canvas.setting((0.5, 0.5 + down), random.uniform(0.04, 0.055), random)
    engraved(canvas, (0.5, 0.5), (0.4, down), wide, [3.4 + 0.17 * n for n in range(14)])
    charm = (0.5 + random.uniform(-0.08, 0.08), 0.5 + random.uniform(-0.06, 0.06))
    canvas.chain("strand", [(charm[0], 0.5 - down), charm])
    canvas.ellipse(canvas.solid["metal"], (charm[0], charm[1] + 0.02), (0.02, 0.024))


def _necklace(canvas: Canvas, random: np.random.Generator) -> None:
    """A chain laid in a loop, a plate with a stone in its middle."""
    across, down = random.uniform(0.34, 0.4), random.uniform(0.28, 0.34)
    angles = np.linspace(-np.pi / 2, np.pi / 2, 60)
    loop = [(0.5 + across * np.cos(t), 0.4 + down * np.sin(t)) for t in angles]
    canvas.chain("strand", loop, 1.3)
    canvas.chain("metal", [(1 - x, y) for x, y in loop], 1.3)
    low = 0.4 + down
    canvas.ellipse(canvas.solid["metal"], (0.5, low + 0.035), (0.026, 0.03), 0.012)
    canvas.ellipse(canvas.parts["opening"], (0.5, low + 0.035), (0.018, 0.022))
    wide = random.uniform(0.09, 0.12)
    canvas.ellipse(canvas.solid["metal"], (0.5, low + 0.13), (wide, 0.08))
    canvas.setting((0.5, low + 0.115), 0.038, random)
    for number in range(5):
        x = 0.5 + (number - 2) * wide * 0.25
        stroke(canvas, (x, low + 0.172), (x + 0.01, low + 0.192))


DRAWN = {
    Kind.RING: _ring,
    Kind.PENDANT: _pendant,
    Kind.EARRING: _earring,
    Kind.BRACELET: _bracelet,
    Kind.NECKLACE: _necklace,
}


def engraved(
    canvas: Canvas,
    middle: tuple[float, float],
    axes: tuple[float, float],
    wide: float,
    angles: list[float],
) -> None:
    """Engrave short strokes across a band, which is *wide* and runs along an ellipse."""
    for angle in angles:
        inner, outer = (
            (
                middle[0] + (axes[0] + side * wide * 0.3) * np.cos(angle),
                middle[1] + (axes[1] + side * wide * 0.3) * np.sin(angle),
            )
            for side in (-1, 1)
        )
        stroke(canvas, inner, outer)


def stroke(canvas: Canvas, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Engrave one stroke."""
    one, two = ((canvas.px(float(x)), canvas.px(float(y))) for x, y in (start, end))
    cv2.line(canvas.parts["engraving"], one, two, 255, canvas.px(0.004))


def _averaged(mask: Bytes, edge: int) -> Floats:
    return floats(cv2.resize(mask, (edge, edge), interpolation=cv2.INTER_AREA)) / 255


def _colored(
    edge: int,
    parts: dict[str, Floats],
    metal: tuple[int, int, int],
    stone: tuple[int, int, int],
    random: np.random.Generator,
) -> Bytes:
    seed = int(random.integers(1, 1 << 30))
    colors = floats(pieces.metal(edge, metal, seed))
    cells = random.uniform(0.45, 1.5, (edge // 14 + 1, edge // 14 + 1)).astype(np.float32)
    facets = cv2.resize(cells, (edge, edge), interpolation=cv2.INTER_NEAREST)[..., None]
    gem = np.clip(np.array(stone, np.float32) * facets, 0, 255)
    cover = parts["stone"][..., None] * (1 - parts["prong"][..., None])
    colors = colors * (1 - cover) + gem * cover
    colors = colors * (1 - 0.55 * parts["engraving"][..., None])
    bright = parts["prong"][..., None]
    colors = colors * (1 - bright) + np.clip(np.array(metal) * 1.15, 0, 255) * bright
    return np.asarray(np.clip(colors, 0, 255), np.uint8)
