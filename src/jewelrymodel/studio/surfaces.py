"""Procedural surfaces in linear light: any size, no photograph behind them.

`px_per_mm` makes threads and veins as large as they are beside the piece.
"""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, blur, floats, to_linear


def clouds(height: int, width: int, coarsest_px: float, octaves: int, seed: int) -> Floats:
    """Fractal noise, about −1…1, its largest blobs `coarsest_px` wide."""
    random = np.random.default_rng(seed)
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        cell = coarsest_px / 2**octave
        if cell < 1.5:
            break
        grid = random.normal(0, 1, (int(height / cell) + 3, int(width / cell) + 3))
        size = (int(grid.shape[1] * cell) + 1, int(grid.shape[0] * cell) + 1)
        fine = cv2.resize(floats(grid), size, interpolation=cv2.INTER_CUBIC)
        total += fine[:height, :width] / 2**octave
    return floats(total / 2)


def marble(height: int, width: int, px_per_mm: float, seed: int) -> Floats:
    """White marble with gray veins."""
    span = 46 * px_per_mm
    bend, drift = (
        clouds(height, width, span, 8, seed),
        clouds(height, width, span * 1.6, 8, seed + 1),
    )
    down, across = np.mgrid[0:height, 0:width] / span
    first = np.abs(np.sin((across * 0.55 + down * 0.4) * 2.2 + bend * 2.3))
    second = np.abs(np.sin((across * 0.3 - down * 0.7) * 2.6 + drift * 2.4))
    veins = np.exp(-first * 15) * np.clip(0.55 + drift, 0, 1) + 0.5 * np.exp(-second * 26)
    tone = 0.9 - 0.24 * veins - 0.045 * np.clip(drift, -1, 1) - 0.02 * bend
    return to_linear(np.clip(tone, 0.2, 1)[..., None] * np.array([1.0, 0.995, 0.985]))


def velvet(height: int, width: int, px_per_mm: float, seed: int) -> Floats:
    """Dark blue velvet: soft folds, a short nap that catches the light."""
    folds = clouds(height, width, 60 * px_per_mm, 2, seed)
    nap = clouds(height, width, max(3.0, 1.4 * px_per_mm), 3, seed + 1)
    slope = blur(floats(cv2.Sobel(folds, cv2.CV_32F, 1, 1, ksize=3)), 4 * px_per_mm)
    sheen = np.clip(0.5 + 0.25 * folds + slope * 6 * px_per_mm, 0, 1) ** 2
    tone = (0.018 + 0.05 * sheen) * (1 + 0.35 * nap)
    return floats(tone[..., None] * np.array([0.42, 0.5, 0.95]))


def linen(height: int, width: int, px_per_mm: float, seed: int) -> Floats:
    """Natural linen: a plain weave of slightly uneven threads, about twelve to the centimeter."""
    pitch = max(4.0, 0.62 * px_per_mm)
    wobble = clouds(height, width, 14 * pitch, 4, seed) * pitch * 0.5
    down, across = np.mgrid[0:height, 0:width]
    warp, weft = (across + wobble) / pitch, (down + wobble[::-1]) / pitch
    turn = (np.floor(warp) + np.floor(weft)) % 2
    over = np.where(turn > 0, _thread(warp) * _swell(weft), _thread(weft) * _swell(warp))
    slub = _streaks(height, width, pitch, seed + 2) * turn + _streaks(
        width, height, pitch, seed
    ).T * (1 - turn)
    tone = 0.3 + 0.3 * over + 0.05 * slub + 0.03 * clouds(height, width, 60 * px_per_mm, 3, seed)
    return floats(blur(floats(tone), 0.6)[..., None] * np.array([1.0, 0.94, 0.84]))


def paper(height: int, width: int, color: tuple[float, float, float], seed: int) -> Floats:
    """Smooth colored paper, `color` in sRGB."""
    tooth = 1 + 0.006 * clouds(height, width, 6, 3, seed)
    return floats(to_linear(np.array(color)) * tooth[..., None])


def _thread(phase: Floats) -> Floats:
    return floats(np.sin(np.pi * (phase % 1)) ** 0.7)


def _swell(phase: Floats) -> Floats:
    return floats(0.72 + 0.28 * np.sin(np.pi * (phase % 1)))


def _streaks(height: int, width: int, pitch: float, seed: int) -> Floats:
    random = np.random.default_rng(seed).normal(
        0, 1, (int(height / pitch / 6) + 2, int(width / pitch) + 2)
    )
    return floats(cv2.resize(floats(random), (width, height), interpolation=cv2.INTER_CUBIC))
