"""Scenes in a seller's words, with things ordered beside the piece, and surfaces in hard light.

Petals, pebbles, leaves, a cup at the picture's edge: all of it may lie there, and none of it is
jewelry. Painted like ``spoilt_scenes``, without anything of what judges it.
"""

from functools import partial

import numpy as np
import spoilt_scenes as painter
from PIL import Image, ImageDraw
from scipy import ndimage
from spoilt_scenes import Answer, Asked, Bytes, Floats, Random, Spoil

PETALS = ((236, 188, 196), (246, 240, 232), (222, 120, 130), (250, 214, 120))
PEBBLES = ((120, 116, 110), (168, 150, 130), (90, 88, 90), (206, 200, 190))
LEAVES = ((84, 118, 70), (120, 146, 96), (58, 84, 62))
CUPS = ((240, 238, 232), (196, 150, 120), (70, 84, 100))
OVER = 3  # painted so much larger, for smooth edges


def prop(random: Random, size: tuple[int, int], reach: float) -> Bytes:
    """One thing on an empty canvas (HxWx4), anywhere on it."""
    high, wide = size
    kind = random.integers(4)
    long = random.uniform(0.15, 0.5) * reach if kind < 3 else random.uniform(0.8, 1.4) * reach
    middle = np.array([random.uniform(0, wide), random.uniform(0, high)])
    if kind == 3:  # a cup stands partly outside
        middle[random.integers(2)] = random.choice([-0.1, 1.1]) * wide
    thin = long * (1.0, random.uniform(0.6, 0.9), random.uniform(0.3, 0.5), 1.0)[kind]
    if kind == 0:
        thin = long * random.uniform(0.5, 0.8)
    base = np.array((PETALS, PEBBLES, LEAVES, CUPS)[kind][random.integers(3)], float)
    down, across = np.mgrid[0:high, 0:wide].astype(float)
    turn = random.uniform(0, np.pi)
    along = (across - middle[0]) * np.cos(turn) + (down - middle[1]) * np.sin(turn)
    aside = (down - middle[1]) * np.cos(turn) - (across - middle[0]) * np.sin(turn)
    u, v = 2 * along / long, 2 * aside / thin
    inside = u**2 + v**2 < 1
    if kind == 2:  # a leaf comes to points, and has a vein
        inside = (np.abs(u) < 1) & (np.abs(v) < 1 - u**2)
    tone = 1 + random.uniform(0.05, 0.25) * u - random.uniform(0, 0.2) * v
    if kind == 1:
        grain = painter._smooth(random, high, wide, 2)
        tone = tone * (1.1 - 0.35 * (u**2 + v**2)) + 0.03 * grain / grain.std()
    if kind == 2:
        tone -= 0.12 * (np.abs(v) < 0.06)
    if kind == 3:
        within = u**2 + v**2
        tone = np.where(within > 0.8, 1.04, 0.72 + 0.3 * within) + 0.05 * u
    cover = ndimage.gaussian_filter(inside.astype(float), 0.8) * 255
    colors = np.clip(base * tone[..., None], 0, 255)
    return np.dstack([colors, cover]).astype(np.uint8)


def _with_things(plate: Floats, asked: Asked, random: Random) -> Floats:
    for _ in range(random.integers(2, 7)):
        plate = painter.laid(plate, prop(random, asked.paint.shape, asked.reach), random)
    return plate


def _described(asked: Asked, random: Random, more: str = "") -> Answer:
    """A scene with things beside the piece, and one piece *more*: the same or another."""
    high, wide = asked.paint.shape
    plate = _with_things(painter.surface(random, high, wide), asked, random)
    layer = painter.moved(painter.redrawn(asked.piece, random), *painter._honest_move(random, wide))
    picture = painter.laid(plate, layer, random)
    drawn = layer[..., 3] > 60
    if more:
        own = painter.redrawn(asked.piece if more == "same" else asked.stranger, random)
        if more == "same":
            own = painter.moved(own, 1, random.uniform(-12, 12), 0, 0)
        second = painter._beside(asked, random, own)
        picture = painter.laid(picture, second, random)
        drawn |= second[..., 3] > 60
    return Answer(painter.file_of(picture, random), plate.astype(np.uint8), drawn)


def hard(asked: Asked, random: Random) -> Answer:
    """A bare surface with knots or cracks in it, and the piece in hard sun: a sharp, deep shadow,
    and the shade of leaves here and there.
    """
    high, wide = asked.paint.shape
    plate = painter.surface(random, high, wide)
    plate = plate * _flaws(random, high, wide)[..., None]
    layer = painter.moved(painter.redrawn(asked.piece, random), *painter._honest_move(random, wide))
    angle, by = random.uniform(0, 2 * np.pi), random.uniform(0.04, 0.12) * asked.reach
    shift = (round(by * np.sin(angle)), round(by * np.cos(angle)))
    cast = ndimage.gaussian_filter(np.roll(layer[..., 3] / 255, shift, (0, 1)), 1.0)
    if random.random() < 0.5:
        leaves = ndimage.gaussian_filter(painter._smooth(random, high, wide, wide / 9), 2)
        cast = np.maximum(cast, ndimage.gaussian_filter((leaves > 0.9).astype(float), 2.0))
    tint = np.array([1.0, 0.97, 0.9])  # the sky lights what the sun doesn't
    plate = plate * (1 - random.uniform(0.4, 0.65) * cast[..., None] * tint)
    cover = layer[..., 3:] / 255
    picture = layer[..., :3] * cover + plate * (1 - cover)
    return Answer(painter.file_of(picture, random), plate.astype(np.uint8), layer[..., 3] > 60)


def _flaws(random: Random, high: int, wide: int) -> Floats:
    """A factor (HxW): dark knots, or cracks."""
    image = Image.new("L", (wide * OVER, high * OVER), 255)
    draw = ImageDraw.Draw(image)
    for _ in range(random.integers(1, 4)):
        x, y = random.uniform(0, wide) * OVER, random.uniform(0, high) * OVER
        if random.random() < 0.5:
            long, thin = random.uniform(6, 22) * OVER, random.uniform(4, 12) * OVER
            for ring in (1.0, 0.7, 0.4):
                box = (x - long * ring, y - thin * ring, x + long * ring, y + thin * ring)
                draw.ellipse(box, fill=int(255 * (0.5 + 0.35 * ring)))
        else:
            points = [(x, y)]
            for _step in range(12):
                x, y = x + random.normal(6, 8) * OVER, y + random.normal(3, 6) * OVER
                points.append((x, y))
            draw.line(points, fill=110, width=OVER * 2)
    small = image.resize((wide, high), Image.Resampling.LANCZOS)
    soft: Floats = ndimage.gaussian_filter(np.asarray(small, float) / 255, 0.7)
    return soft


DESCRIBED: dict[str, Spoil] = {
    "fit, with things ordered beside it": _described,
    "the same piece among ordered things": partial(_described, more="same"),
    "another piece among ordered things": partial(_described, more="another"),
}
HARD: dict[str, Spoil] = {"fit, in hard sun, with knots and cracks": hard}
