"""Grounds that sellers lay jewelry on, drawn from a seed in linear light."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Picture = NDArray[np.float32]
Random = np.random.Generator
Size = tuple[int, int]


def noise(random: Random, size: Size, cell: tuple[float, float], octaves: int = 4) -> Picture:
    """Smooth noise about 0 with a deviation of about 1; `cell` is its widest spot, (x, y) px."""
    height, width = size
    total = np.zeros(size, np.float32)
    for octave in range(octaves):
        shape = tuple(
            int(np.clip(full / edge * 2**octave, 2, full))
            for full, edge in ((height, cell[1]), (width, cell[0]))
        )
        small = random.normal(0, 1, shape).astype(np.float32)
        total += cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC) / 1.7**octave
    return np.asarray(total / max(float(total.std()), 1e-6), np.float32)


def _tinted(tone: Picture, color: tuple[float, ...]) -> Picture:
    return np.asarray(np.clip(tone, 0, None)[..., None] * np.array(color, np.float32), np.float32)


def sweep(random: Random, size: Size) -> Picture:
    """Seamless paper: white, gray or a pastel, darker toward the back."""
    height, width = size
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    across = np.linspace(-1, 1, width, dtype=np.float32)[None]
    bend = 1 / (1 + np.exp(-(down - random.uniform(0.2, 0.45)) * 14))
    tone = random.choice([0.85, 0.8, 0.5, 0.35]) * (0.72 + 0.28 * bend)
    tone = tone * (1 - 0.12 * (across - random.uniform(-0.6, 0.6)) ** 2)
    paper = noise(random, size, (width / 2, height / 2), 7)
    pastel = [(1.0, 0.99, 0.97), (1, 1, 1), (1.0, 0.9, 0.87), (0.9, 0.96, 1.0)]
    return _tinted(tone * (1 + 0.008 * paper), pastel[int(random.integers(4))])


def slab(random: Random, size: Size) -> Picture:
    """Stone: marble with veins, or slate."""
    height, width = size
    cloud = noise(random, size, (width / 2, height / 2), 6)
    grain = random.normal(0, 1, size).astype(np.float32)
    if random.random() < 0.5:
        vein = np.exp(-((noise(random, size, (width / 1.5, height / 1.5), 5) / 0.05) ** 2))
        tone = 0.66 + 0.04 * cloud - 0.22 * vein * (0.5 + 0.5 * np.tanh(cloud))
        return _tinted(tone + 0.006 * grain, (1.0, 0.985, 0.96))
    return _tinted(0.1 * np.exp(0.16 * cloud) * (1 + 0.1 * grain), (0.93, 0.98, 1.0))


def wood(random: Random, size: Size) -> Picture:
    """Boards with grain along them and a dark joint between."""
    height, width = size
    board = height / random.uniform(2.2, 4.2)
    down = np.arange(height, dtype=np.float32)[:, None] + 0 * np.arange(width)[None]
    number = np.floor(down / board).astype(int)
    tones = random.uniform(0.75, 1.2, number.max() + 1)[number]
    bend = noise(random, size, (width, board), 3) * 9
    rings = np.sin((down + bend) / random.uniform(5, 9)) * 0.5
    fiber = noise(random, size, (width / 3, 5), 3)
    joint = np.exp(-(((down % board) - 1.5) ** 2) / 4)
    tone = tones * (0.3 + 0.03 * rings + 0.03 * fiber) * (1 - 0.8 * joint)
    colors = [(1.0, 0.68, 0.4), (0.5, 0.27, 0.14), (1.0, 0.86, 0.68)]
    return _tinted(tone, colors[int(random.integers(3))])


def cloth(random: Random, size: Size) -> Picture:
    """Linen with its weave and folds, or velvet."""
    height, width = size
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    fold = noise(random, size, (width / 1.2, height / 2), 3)
    if random.random() < 0.6:
        warp = noise(random, size, (60, 60), 2) * 0.6
        pitch = random.uniform(4.0, 6.5)
        weave = np.sin(2 * np.pi * (across / pitch + warp)) * np.sin(
            2 * np.pi * (down / pitch + warp)
        )
        slub = noise(random, size, (90, 3), 3) + noise(random, size, (3, 90), 3)
        tone = 0.45 * (1 + 0.13 * weave + 0.06 * slub + 0.09 * fold)
        return _tinted(tone, [(1.0, 0.93, 0.82), (0.55, 0.62, 0.7)][int(random.integers(2))])
    nap = random.normal(0, 1, size).astype(np.float32)
    tone = 0.04 * np.exp(0.5 * fold + 0.18 * nap)
    return _tinted(tone, [(0.9, 0.15, 0.22), (0.2, 0.3, 1.0), (0.5, 0.5, 0.52)][
        int(random.integers(3))])  # fmt: skip


def mirror(random: Random, size: Size) -> Picture:
    """Black acrylic: nearly black, with the room's glow in it."""
    height = size[0]
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    glow = np.exp(-((down - random.uniform(0.0, 0.3)) ** 2) / 0.05) * random.uniform(0.02, 0.12)
    return _tinted(0.008 + glow + np.zeros(size, np.float32), (0.96, 0.98, 1.0))


def pebbles(random: Random, size: Size) -> Picture:
    """River pebbles, rounded, each of its own gray."""
    height, width = size
    pitch = random.uniform(34, 75)
    count = int(height * width / pitch**2)
    places = random.uniform(0, 1, (count, 2)) * [height, width]
    rows, columns = np.mgrid[0:height:2, 0:width:2]
    wobble = noise(random, rows.shape, (pitch, pitch), 2) * 2.5
    near, which = cKDTree(places).query(
        np.stack([rows + wobble, columns - wobble], -1).reshape(-1, 2), k=2
    )
    gap = (near[:, 1] - near[:, 0]).reshape(rows.shape).astype(np.float32)
    round_ = 1 - (1 - np.clip(gap / (0.75 * pitch), 0, 1)) ** 2
    relief = cv2.GaussianBlur(cv2.resize(np.sqrt(round_), (width, height)), (0, 0), pitch / 14)
    shades = random.uniform(0.1, 0.5, count)[which[:, 0]].reshape(rows.shape).astype(np.float32)
    shade = cv2.resize(shades, (width, height), interpolation=cv2.INTER_NEAREST)
    slope = (np.gradient(relief, axis=0) + np.gradient(relief, axis=1)) * pitch
    speck = noise(random, size, (12, 12), 3)
    tone = shade * np.clip(relief * 1.5 - 0.4, 0.04, 1) * (1 + 0.3 * slope + 0.05 * speck)
    return _tinted(tone, (1.0, 0.96, 0.9))


def card(random: Random, size: Size) -> Picture:
    """A card on a table, with a line of print: the piece lies on it."""
    height, width = size
    table = wood(random, size) if random.random() < 0.5 else slab(random, size)
    box = cv2.boxPoints(
        ((width / 2, height / 2), (width * 0.86, height * 0.86), random.uniform(-7, 7))
    )
    mask, shadow = (np.zeros(size, np.float32) for _ in range(2))
    cv2.fillConvexPoly(mask, box.astype(np.int32), 1.0, cv2.LINE_AA)
    cv2.fillConvexPoly(shadow, (box + 10).astype(np.int32), 1.0)
    shadow = cv2.GaussianBlur(shadow, (0, 0), 9)
    paper = np.full(size, float(random.choice([0.78, 0.6, 0.05])), np.float32)
    fiber = noise(random, size, (40, 40), 5)
    colored = _tinted(paper * (1 + 0.01 * fiber), (1.0, 0.95, 0.88))
    ink = (0.05, 0.05, 0.06) if paper[0, 0] > 0.3 else (0.6, 0.5, 0.3)
    _printed(colored, "Atelier", (0.16, 0.84), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1 / 900, ink)
    under = table * (1 - 0.5 * shadow[..., None])
    return np.asarray(under * (1 - mask[..., None]) + colored * mask[..., None], np.float32)


def _printed(
    picture: Picture,
    text: str,
    at: tuple[float, float],
    font: int,
    size: float,
    ink: tuple[float, ...],
) -> None:
    """Print text; place and size are shares of the picture's edges."""
    height, width = picture.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    place = (int(width * at[0]), int(height * at[1]))
    cv2.putText(mask, text, place, font, width * size, 255, max(1, width // 600), cv2.LINE_AA)
    cover = mask.astype(np.float32)[..., None] / 255
    picture[:] = picture * (1 - cover) + np.array(ink, np.float32) * cover


def captioned(random: Random, picture: Picture) -> Picture:
    """A ruler beside the piece and an article number, as in a shop's own pictures."""
    height, width = picture.shape[:2]
    out = picture.copy()
    top, long = int(height * 0.92), int(width * 0.8)
    left = (width - long) // 2
    out[top : top + int(height * 0.055), left : left + long] = (0.6, 0.5, 0.2)
    for tick in range(61):
        x = left + 8 + tick * (long - 16) // 60
        reach = (0.028, 0.018, 0.012)[0 if tick % 10 == 0 else 1 if tick % 5 == 0 else 2]
        out[top : top + int(height * reach), x : x + 2] = 0.02
        if tick % 10 == 0:
            place = ((x + 3) / width, top / height + 0.05)
            _printed(out, str(tick // 10), place, cv2.FONT_HERSHEY_SIMPLEX, 1 / 2200, (0.02,) * 3)
    number = f"No. {int(random.integers(1000, 9999))}"
    ink = (0.03,) * 3 if float(picture[:60].mean()) > 0.2 else (0.8,) * 3
    _printed(out, number, (0.05, 0.07), cv2.FONT_HERSHEY_DUPLEX, 1 / 1000, ink)
    return out


GROUNDS: dict[str, Callable[[Random, Size], Picture]] = {
    "sweep": sweep,
    "slab": slab,
    "wood": wood,
    "cloth": cloth,
    "black mirror": mirror,
    "pebbles": pebbles,
    "card": card,
}
