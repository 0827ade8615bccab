"""How exactly a generated scene is registered; what is spoilt stands in ``generator_failures``.

The pieces are those of tests/photos/truth (photographs drawn by us, with their true alpha); the
scenes are moved by code of its own, without the studio's.

    python bench/generated_scenes.py [how many pieces]
"""

import sys
import time
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from jewelrymodel.sandbox.generator.provider_faults import Fault  # noqa: E402  found by the path above
from jewelrymodel.sandbox.generator.scene_painter import opened, painted  # noqa: E402  found by the path above
from jewelrymodel.studio.generated_scene import GeneratedScene, with_piece  # noqa: E402  found by the path above
from jewelrymodel.studio.placement import similarity  # noqa: E402  found by the path above
from jewelrymodel.studio.scene_canvas import Canvas, canvas_of  # noqa: E402  found by the path above
from jewelrymodel.studio.scene_registration import register  # noqa: E402  found by the path above

EDGE, SIZE, SHARE = 1024, (1024, 1024), 0.5
MOVES = ((1.0, 0.0, 0.0), (1.03, 1.5, 0.015), (0.97, -2.0, -0.02), (0.95, 3.0, 0.03))


def cutout(name: str) -> np.ndarray:
    """One drawn photograph with its true alpha, HxWx4."""
    folder = ROOT / "tests/photos/truth"
    picture = cv2.imread(str(folder / f"{name}.jpg"))
    alpha = cv2.imread(str(folder / f"{name}.png"), cv2.IMREAD_UNCHANGED)
    assert picture is not None
    assert alpha is not None
    return np.dstack([picture[..., ::-1], alpha if alpha.ndim == 2 else alpha[..., -1]])


def placed(piece: np.ndarray) -> np.ndarray:
    """Where the piece goes."""
    solid = piece[..., 3] > 40
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    extent = max(np.ptp(rows), np.ptp(columns)) + 1
    middle = ((columns[0] + columns[-1]) / 2, (rows[0] + rows[-1]) / 2)
    return similarity(SHARE * SIZE[0] / extent, middle, (SIZE[0] / 2, SIZE[1] / 2))


def moved(scene: np.ndarray, scale: float, turn: float, right: float) -> tuple[np.ndarray, ...]:
    """The scene as a generator moves it, and the transform."""
    height, width = scene.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -turn, scale)
    matrix[0, 2] += right * width
    size = width, height
    bent = cv2.warpAffine(scene, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    return bent, matrix


def redrawn(scene: np.ndarray, seed: int) -> np.ndarray:
    """As a decoder leaves it: bent by about a pixel, softer, a little brighter, grainy."""
    random = np.random.default_rng(seed)
    height, width = scene.shape[:2]
    bend = cv2.GaussianBlur(random.normal(0, 1, (height, width, 2)).astype(np.float32), (0, 0), 30)
    bend *= 1.2 / bend.std()
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    bent = cv2.remap(scene, across + bend[..., 0], down + bend[..., 1], cv2.INTER_CUBIC)
    soft = cv2.GaussianBlur(bent, (0, 0), 0.8).astype(np.float32)
    noisy: np.ndarray = np.clip(soft * 1.03 + random.normal(0, 2, soft.shape), 0, 255)
    return noisy.astype(np.uint8)


def error_px(canvas: Canvas, found: np.ndarray, true: np.ndarray) -> float:
    """How far the piece's corners are from where they are, on average."""
    rows, columns = np.nonzero(canvas.solid)
    corners = [(x, y, 1) for x in (columns.min(), columns.max()) for y in (rows.min(), rows.max())]
    apart = np.array(corners) @ found.T - np.array(corners) @ true.T
    return float(np.linalg.norm(apart, axis=1).mean())


def main(most: int) -> None:
    """Print the table."""
    names = sorted(one.stem for one in (ROOT / "tests/photos/truth").glob("*.png"))[:most]
    errors: dict[str, list[float]] = {"exact": [], "redrawn": []}
    refused: dict[str, list[str]] = {"exact": [], "redrawn": []}
    took: list[float] = []
    for number, name in enumerate(names):
        piece = cutout(name)
        transform = placed(piece)
        canvas = canvas_of(piece, transform, SIZE, EDGE)
        honest = opened(painted(canvas.picture, canvas.paint, number, Fault.NONE))
        for move in MOVES:
            picture, true = moved(honest, *move)
            for kind, scene in (("exact", picture), ("redrawn", redrawn(picture, number))):
                began = time.perf_counter()
                found = register(canvas, scene)
                took.append(time.perf_counter() - began)
                if hasattr(found, "transform"):
                    errors[kind].append(error_px(canvas, found.transform, true))
                    made = with_piece(piece, transform, canvas, scene)
                    if not isinstance(made, GeneratedScene):
                        refused[kind].append(f"{name} {move}: {made}")
                else:
                    refused[kind].append(f"{name} {move}: {found}")
    print(f"{len(names)} pieces, {len(MOVES)} moves; {np.median(took):.2f} s a registration")
    for kind, values in errors.items():
        middle, most_of = np.percentile(values, [50, 90]) if values else (np.nan, np.nan)
        print(f"{kind}: median {middle:.2f} px, 90 % {most_of:.2f} px; refused {refused[kind]}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 99)
