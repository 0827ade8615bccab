"""How long the previews of a page take: one process, a cutout of 1600 pixels of each kind.

The service makes two at a time. Given are seconds of the clock and of the processor: on a machine
that does other work as well only the latter mean anything.
"""

import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jewelrymodel.generation.adapters import embedded
from jewelrymodel.studio.composition import ASPECTS, Composition
from jewelrymodel.studio.looks import looks_for
from jewelrymodel.studio.render import ViewRefused

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.support import pieces

EDGE = 1600
PIECES = (pieces.golden(pieces.ring(EDGE)), pieces.golden(pieces.pendant(EDGE)), pieces.pair(EDGE))


def main() -> None:
    """Print a line for each kind: the copy, the first preview, all of one format, all formats."""
    print("clock/processor in s: copy, first, all looks square, all looks in all formats")
    for piece in PIECES:
        began = (time.perf_counter(), time.process_time())
        small = embedded.small(piece.rgba)
        marks = [_since(began)]
        looks = looks_for(piece.kind)
        made = [Composition(look.id, aspect) for aspect in ASPECTS for look in looks]
        for n, composition in enumerate(made, start=1):
            _draw(small, piece.kind, composition)
            if n in (1, len(looks), len(made)):
                marks.append(_since(began))
        print(f"{piece.kind.value:9}", *(f"{clock:.2f}/{cpu:.2f}" for clock, cpu in marks))


def _draw(small: NDArray[np.uint8], kind: str, composition: Composition) -> None:
    try:
        embedded.preview(small, kind, composition, 20)
    except ViewRefused:
        return


def _since(began: tuple[float, float]) -> tuple[float, float]:
    return time.perf_counter() - began[0], time.process_time() - began[1]


if __name__ == "__main__":
    main()
