"""How near corrections by hand come to the truth on drawn pieces, and how long their replay takes.

Run with ``python bench/corrections.py``; it takes about a minute. Each piece lies on several
grounds; its cutout is damaged, then corrected as a person would with an unsteady hand. Overlap is
shared cover by cover of either, near the damage, before and after. The last lines are CPU seconds
of what a seller waits for after a stroke on a photo of 12 megapixels (worked on at 2048 px).
"""

import io
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats, grown
from jewelrymodel.studio.correction_replay import replay
from jewelrymodel.studio.corrections import Correction, Tool
from jewelrymodel.studio.cutout import Cutout, Matte, cut_by

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.support import pieces

EDGE = 900
Case = tuple[str, Cutout, Floats, Mask, Correction]


def grounds() -> Iterator[tuple[str, Floats]]:
    """Paper, paper in shade, black, wood and slab, without the piece."""
    random = np.random.default_rng(4)
    fine = random.normal(0, 60, (EDGE, EDGE))
    wood = cv2.GaussianBlur(fine, (0, 0), sigmaX=14, sigmaY=2)[..., None]
    slab = cv2.GaussianBlur(fine, (0, 0), 3)[..., None]
    shade = np.linspace(235, 150, EDGE)[None, :, None]
    yield "paper", floats(np.full((EDGE, EDGE, 3), 236))
    yield "shade", floats(np.broadcast_to(shade, (EDGE, EDGE, 3)))
    yield "black", floats(np.full((EDGE, EDGE, 3), 25))
    yield "wood", floats(np.array([170, 140, 130]) + 2 * wood)
    yield "slab", floats(np.array([120, 125, 130]) + 1.5 * slab)


def photographed(piece: Cutout, ground: Floats) -> Bytes:
    """The piece on a ground, with a camera's noise."""
    cover = piece.alpha[..., None]
    noise = np.random.default_rng(5).normal(0, 2, (EDGE, EDGE, 1))
    photo = piece.rgba[..., :3] * cover + ground * (1 - cover) + noise
    return np.asarray(np.clip(photo, 0, 255), np.uint8)


def lost_chain(radius: float) -> Case:
    """Half a chain is missing; one stroke goes along it."""
    truth = pieces.on_chain(EDGE, spread=0.35)
    chain = (truth.cutout.alpha > 0) & ~grown(truth.body, 3)
    chain[:, EDGE // 2 :] = False
    ways = np.linspace(0, 1, 60)[:, None]
    path = np.array([450, 566]) + ways * np.array([-315, -566])
    path[:, 0] += 0.25 * radius * np.sin(25 * ways[:, 0])
    hand = Correction(Tool.KEEP, radius, tuple((float(x), float(max(y, 0))) for x, y in path))
    before = floats(np.where(chain, 0, truth.cutout.alpha))
    return f"lost chain, brush {radius:g}", truth.cutout, before, grown(chain, 61), hand


def filled_bore() -> Case:
    """A ring's bore is filled; one tap opens it."""
    piece = pieces.golden(pieces.ring(EDGE))
    filled = piece.rgba[..., 3].copy()
    cv2.circle(filled, (EDGE // 2, EDGE // 2), EDGE * 17 // 50, 255, -1)
    bore = np.asarray((filled > 0) & (piece.alpha < 0.02))
    tap = Correction(Tool.OPENING, 8, ((440.0, 460.0),))
    return "filled bore, tap", piece, floats(filled / 255), grown(bore, 61), tap


def lost_stone() -> Case:
    """The stone below its bail is missing; one tap adds it."""
    piece = pieces.pendant(EDGE, chain=False)
    stone = np.asarray(piece.alpha > 0)
    stone[: EDGE * 31 // 50] = False
    tap = Correction(Tool.ADD, 8, ((EDGE / 2, EDGE * 0.75),))
    before = floats(np.where(stone, 0, piece.alpha))
    return "lost stone, tap", piece, before, grown(stone, 61), tap


def rag() -> Case:
    """A white rag hangs on a hoop's outer edge; one stroke erases it."""
    piece = pieces.golden(pieces.ring(EDGE))
    patch = np.zeros((EDGE, EDGE), np.uint8)
    cv2.ellipse(patch, (450, 790), (150, 40), 0, 0, 360, 255, -1)
    before = floats(np.maximum(piece.alpha, patch / 255))
    path = tuple((float(x), 815.0 - 0.0006 * (x - 450) ** 2) for x in range(290, 611, 20))
    return "rag at an edge, brush 34", piece, before, patch > 0, Correction(Tool.ERASE, 34, path)


def overlap(found: Floats, truth: Floats, where: Mask) -> float:
    """Shared cover by cover of either, 0 to 1."""
    return float(
        np.minimum(found, truth)[where].sum() / max(1e-6, np.maximum(found, truth)[where].sum())
    )


def waited_for() -> dict[str, float]:
    """CPU seconds of each step from the stored files to the stored cutout: a stroke and a tap."""
    piece = pieces.on_chain(2048, spread=0.35)
    photo = pieces.photographed(piece.cutout)
    files = [encoded(photo), encoded(piece.cutout.rgba[..., 3])]
    path = tuple((300.0 + 5 * n, 300.0 + 4 * n) for n in range(100))
    hands = (Correction(Tool.KEEP, 24, path), Correction(Tool.OPENING, 8, ((1024.0, 1500.0),)))
    marks = [time.process_time()]
    rgb, cover = (np.asarray(Image.open(io.BytesIO(one)), np.uint8) for one in files)
    marks.append(time.process_time())
    cutout = cut_by(rgb, Matte(cover, "isnet"), corrections=hands)
    marks.append(time.process_time())
    encoded(cutout.rgba)
    marks.append(time.process_time())
    names = ("files read", "cutout made", "cutout stored")
    return dict(zip(names, np.diff(marks).tolist(), strict=True))


def encoded(pixels: Bytes) -> bytes:
    """A PNG, as the service stores it."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()


def main() -> None:
    """Print a line for each damage and ground, then the seconds."""
    print(f"{'damage':26} {'ground':6} {'before':>7} {'after':>7} {'s CPU':>6}")
    for case in (lost_chain(16), lost_chain(30), filled_bore(), lost_stone(), rag()):
        name, piece, before, where, hand = case
        for ground, colors in grounds():
            photo = photographed(piece, colors)
            start = time.process_time()
            after = replay(photo, before, before, (hand,)).alpha
            took_s = time.process_time() - start
            shares = (overlap(one, piece.alpha, where) for one in (before, after))
            first, second = shares
            print(f"{name:26} {ground:6} {first:7.3f} {second:7.3f} {took_s:6.2f}")
    for step, took_s in waited_for().items():
        print(f"{step:26} {took_s:.2f} s")


if __name__ == "__main__":
    main()
