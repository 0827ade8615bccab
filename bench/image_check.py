"""How often the automatic check calls a damaged picture a match, and an undamaged one none.

Run with ``python bench/image_check.py [pieces per kind of jewelry] [edge in pixels]``; with
``--write`` it puts the table into docs/image_check.md. Every piece is drawn from a seed, rendered
in looks by turns, and each damage is planted into the finished picture. Measured twice: as our own
renderer declares the picture, and as one whose background somebody else made. Bounds are those of
a bootstrap over pieces (95 %), since pictures of one piece fail together; where nothing was missed,
three divided by the number of pieces.
"""

import sys
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from jewelrymodel.studio.fidelity import measure
from jewelrymodel.studio.looks import looks_for
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.render import RenderRequest, ViewRefused, render

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.support.seeded_damage import DAMAGES, honest, scene, unknown_behind
from tests.support.seeded_jewelry import SIZES_MM, drawn

LOOKS_EACH = 2
UNDAMAGED, HONEST = "undamaged", "undamaged, but another lamp, half a pixel, a JPEG"
PAGE = Path(__file__).parents[1] / "docs" / "image_check.md"


@dataclass(frozen=True)
class Trial:
    """One picture before the gate: which piece, what was done to it, and what the gate said."""

    piece: str
    damage: str
    own: bool
    passed: bool
    figures: str


def trials(kind: Kind, seed: int, edge_px: int) -> list[Trial]:
    """Every damage on one piece in its looks."""
    cv2.setNumThreads(1)
    piece, suiting = drawn(seed, kind), looks_for(kind)
    found = []
    for turn in range(LOOKS_EACH):
        look = suiting[(seed * LOOKS_EACH + turn) % len(suiting)]
        try:
            made = render(piece.cutout, RenderRequest(kind, look.id, piece.size_mm, edge_px))
        except ViewRefused as refused:
            print(f"{kind} {seed} is refused by {look.id}: {refused}", flush=True)
            continue
        view = scene(piece, made.image, made.declaration)
        for name, damage in {UNDAMAGED: None, HONEST: honest, **DAMAGES}.items():
            random = np.random.default_rng([seed, turn, sum(name.encode())])
            image = made.image if damage is None else damage(view, random)
            if image is None:
                continue
            for own in (True, False) if name != HONEST else (False,):
                declared = made.declaration if own else unknown_behind(made.declaration)
                said = measure(piece.cutout.rgba, image, declared)
                label = f"{kind} {seed}"
                found.append(Trial(label, name, own, said.passed, f"{look.id} {said}"))
    return found


def rates(rows: list[Trial], *, wrong: bool) -> tuple[int, int, int, float, float]:
    """Pieces, pictures, wrong verdicts (*wrong* is the verdict that is), their rate, its bound."""
    by_piece = defaultdict(list)
    for row in rows:
        by_piece[row.piece].append(row.passed is wrong)
    counts = np.array([(sum(one), len(one)) for one in by_piece.values()])
    missed, pictures = counts.sum(0)
    if not missed:
        return len(counts), int(pictures), 0, 0.0, min(1.0, 3 / len(counts))
    draws = np.random.default_rng(1).integers(0, len(counts), (4000, len(counts)))
    sums = counts[draws].sum(1)
    bound = float(np.quantile(sums[:, 0] / sums[:, 1], 0.95))
    return len(counts), int(pictures), int(missed), float(missed / pictures), bound


def table(rows: list[Trial]) -> list[str]:
    """The lines of the table, in Markdown."""
    lines = [
        "| Damage | pieces | pictures | called a match, our background | at most "
        "| called a match, background unknown | at most |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in (*DAMAGES, "all damages", UNDAMAGED, HONEST):
        cells = []
        for own in (True, False):
            wanted = set(DAMAGES) if name == "all damages" else {name}
            mine = [row for row in rows if row.own is own and row.damage in wanted]
            if not mine:
                cells += ["", ""]
                continue
            pieces, pictures, missed, rate, bound = rates(
                mine, wrong=name not in (UNDAMAGED, HONEST)
            )
            cells += [f"{missed} ({rate:.1%})", f"{bound:.1%}"]
        label = f"{name}: called changed" if name in (UNDAMAGED, HONEST) else name
        lines.append(f"| {label} | {pieces} | {pictures} | {' | '.join(cells)} |")
    return lines


def main(per_kind: int = 2, edge_px: int = 1536) -> None:
    """Print the table and what was missed; write the page where asked to."""
    began = time.monotonic()
    jobs = [(kind, seed, edge_px) for seed in range(1, per_kind + 1) for kind in SIZES_MM]
    with ProcessPoolExecutor(2) as pool:
        rows = [row for found in pool.map(trials, *zip(*jobs, strict=True)) for row in found]
    lines = table(rows)
    print("\n".join(lines))
    for row in rows:
        if row.passed is (row.damage in DAMAGES) and (row.own or row.damage not in DAMAGES):
            print(f"{row.piece}: {row.damage}, own={row.own}: {row.figures}")
    print(f"{time.monotonic() - began:.0f} s")
    if "--write" in sys.argv:
        page = PAGE.read_text()
        head, tail = page.split("<!-- table -->\n")[0], page.split("<!-- end -->\n")[-1]
        PAGE.write_text(head + "<!-- table -->\n" + "\n".join(lines) + "\n<!-- end -->\n" + tail)


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:] if one.isdecimal()))
