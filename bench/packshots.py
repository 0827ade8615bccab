"""What packshots keep to on drawn pieces, what the check misses in them, and how long they take.

Run with ``python bench/packshots.py [pieces of each kind]`` (2 unless told; about a minute each).
Every piece is made as photographed and with a white balance that takes out indoor light. Told are:
pictures whose edge isn't white everywhere, faithful ones that the check refuses, planted damages
that it passes, how far a piece that was turned by a known angle is off upright, and CPU seconds of
one packshot by the photo's pixels.
"""

import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from jewelrymodel.studio.arrays import floats
from jewelrymodel.studio.fidelity import measure
from jewelrymodel.studio.looks import PACKSHOTS
from jewelrymodel.studio.packshot_axes import turn_deg
from jewelrymodel.studio.packshot_settings import MAX_EDGE_PX, PackshotSettings
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.render import Rendered, RenderRequest, ViewRefused, render
from jewelrymodel.studio.white_balance import AS_PHOTOGRAPHED

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.support import pieces
from tests.support.seeded_damage import DAMAGES, scene
from tests.support.seeded_jewelry import Seeded, drawn

INDOORS = (0.86, 1.0, 1.42)
FIRST_SEED = 900  # none that the record of the check was made from
LEANS_DEG = (-10.6, -5.32, -2.27, 3.71, 7.94)


def packshot(piece: Seeded, gains: tuple[float, float, float]) -> Rendered:
    """One packshot on white of a drawn piece."""
    settings = PackshotSettings(gains=gains)
    asked = RenderRequest(
        piece.cutout.kind, PACKSHOTS[0].id, piece.size_mm, MAX_EDGE_PX, packshot=settings
    )
    return render(piece.cutout, asked)


def judge(piece: Seeded, seed: int, told: Counter[str]) -> None:
    """Count what one piece's packshots keep to and what the check says of them damaged."""
    for gains in (AS_PHOTOGRAPHED, INDOORS):
        made = packshot(piece, gains)
        image = made.image
        edge = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
        told["packshots"] += 1
        told["edge not white"] += int((edge != 255).any())
        told["faithful, refused"] += int(not made.fidelity.passed)
        approved = made.retouch.of(piece.cutout.rgba)
        shown = replace(piece, cutout=replace(piece.cutout, rgba=approved))
        view = scene(shown, image, made.declaration)
        for number, (name, damage) in enumerate(DAMAGES.items()):
            damaged = damage(view, np.random.default_rng([seed, number]))
            if damaged is None:
                continue
            told["damaged"] += 1
            if measure(approved, damaged, made.declaration).passed:
                told["damaged, passed"] += 1
                print(f"passed: {name}, {piece.cutout.kind} {seed}, gains {gains}", flush=True)


def leaning() -> list[float]:
    """By how many degrees turned pieces with an axis are off upright after straightening."""
    off = []
    for piece in (pieces.ring(), pieces.pendant(chain=False), pieces.pair()):
        height, width = piece.alpha.shape
        for lean in LEANS_DEG:
            turn = cv2.getRotationMatrix2D((width / 2, height / 2), -lean, 1.0)
            off.append(
                abs(turn_deg(floats(cv2.warpAffine(piece.alpha, turn, (width, height)))) + lean)
            )
    return off


def timed(edge_px: int) -> str:
    """The CPU seconds of a packshot of a photo of this edge, worked on at up to 2048 pixels."""
    large = pieces.golden(pieces.ring(edge_px))
    photo = pieces.photographed(large)
    small = min(edge_px, 2048)
    rgba = cv2.resize(large.rgba, (small, small), interpolation=cv2.INTER_AREA).astype(np.uint8)
    cutout = pieces.of(rgba[..., 3], np.ascontiguousarray(rgba[..., :3]), large.kind)
    asked = RenderRequest(cutout.kind, PACKSHOTS[0].id, 18, MAX_EDGE_PX)
    started_s = time.process_time()
    made = render(cutout, asked, photo=photo if edge_px > small else None)
    took_s = time.process_time() - started_s
    return f"photo {edge_px} px: packshot {made.image.shape[0]} px, {took_s:.1f} s"


def main(each: int) -> None:
    """Print all of it."""
    cv2.setNumThreads(1)
    told: Counter[str] = Counter(
        {"edge not white": 0, "faithful, refused": 0, "damaged, passed": 0}
    )
    for kind in Kind:
        for seed in range(FIRST_SEED, FIRST_SEED + each):
            try:
                judge(drawn(seed, kind), seed, told)
            except ViewRefused as refused:
                told["not made"] += 1
                print(f"{kind} {seed}: {refused.code}", flush=True)
    for name, count in told.items():
        print(f"{name}: {count}")
    off = leaning()
    print(f"off upright: {np.mean(off):.2f}° on average, {max(off):.2f}° at most, of {len(off)}")
    for edge_px in (1200, 2048, 4000):
        print(timed(edge_px), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
