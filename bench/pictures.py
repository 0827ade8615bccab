"""CPU seconds of one image at 2048 px, beside the same image with every blur done at full size.

Run with ``python bench/pictures.py [rounds]``. Both are made by turns in the same run; the ratio
of the medians says what blurring on a smaller picture saves, and the last column how far the two
pictures are apart, of 255.
"""

import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np

from jewelrymodel.studio import arrays
from jewelrymodel.studio.arrays import Bytes, Floats
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.render import RenderRequest, render

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.support import pieces

EDGE_PX = 2048
PICTURES = {
    "velvet": (pieces.ring(1200), "velvet", 18.0),
    "linen": (pieces.ring(1200), "linen", 18.0),
    "earring": (pieces.pair(1200), "ear-light", 12.0),
    "ring on a hand": (pieces.ring(1200), "hand-light", 18.0),
    "pendant on a neck": (pieces.pendant(1200), "neck-light", 22.0),
    "marble": (pieces.ring(1200), "marble", 18.0),
}


def exact(values: Floats, sigma: float) -> Floats:
    """Blur at full size, as every picture did before."""
    return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma)) if sigma >= 0.2 else values


@contextmanager
def blurring_at_full_size() -> Iterator[None]:
    """Put the exact blur into every module of the studio that blurs."""
    users = [
        module
        for name, module in sys.modules.items()
        if name.startswith("jewelrymodel.studio.") and vars(module).get("blur") is arrays.blur
    ]
    quick = arrays.blur
    for module in users:
        vars(module)["blur"] = exact
    try:
        yield
    finally:
        for module in users:
            vars(module)["blur"] = quick


def timed(piece: Cutout, request: RenderRequest) -> tuple[float, Bytes]:
    """CPU seconds of all threads, and the picture."""
    start = time.process_time()
    picture = render(piece, request).image
    return time.process_time() - start, picture


def main(rounds: int = 3) -> None:
    """Print a line for each picture."""
    print(f"{'image':18} {'s full':>7} {'s now':>7} {'ratio':>6} {'apart':>6}")
    for name, (piece, look, size_mm) in PICTURES.items():
        request = RenderRequest(piece.kind, look, size_mm, EDGE_PX)
        timed(piece, request)  # whatever is loaded once
        full, now, apart = [], [], 0
        for _ in range(rounds):
            with blurring_at_full_size():
                seconds, before = timed(piece, request)
            full.append(seconds)
            seconds, after = timed(piece, request)
            now.append(seconds)
            apart = max(apart, int(np.abs(before.astype(int) - after).max()))
        one, two = statistics.median(full), statistics.median(now)
        print(f"{name:18} {one:7.2f} {two:7.2f} {two / one:6.2f} {apart:6}", flush=True)


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
