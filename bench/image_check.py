"""How often the automatic check calls a damaged picture a match, and an undamaged one none.

Run with ``python bench/image_check.py [pieces per kind of jewelry] [edge in pixels]``; with
``--write`` it puts the table into docs/image_check.md and the figures, as a version of the check,
into the record that decisions cite. Every piece is drawn from a seed and rendered once in a look of
ours, by turns, and once as a hosted generator shows it: on a background of its own, by turns, in
another light, moved by half a pixel, as a JPEG. Each damage is planted into the finished picture.
Bounds are those of a bootstrap over pieces (95 %), since pictures of one piece fail together; where
nothing was missed, three divided by the number of pieces.
"""

import json
import sys
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from jewelrymodel.studio import image_check_record
from jewelrymodel.studio.arrays import Bytes
from jewelrymodel.studio.declaration import Declaration
from jewelrymodel.studio.fidelity import measure
from jewelrymodel.studio.image_check_record import (
    ALL_DAMAGES,
    REPHOTOGRAPHED,
    UNDAMAGED,
    ErrorRate,
)
from jewelrymodel.studio.looks import looks_for
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.render import RenderRequest, ViewRefused, render

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.support.check_code import code_digest
from tests.support.seeded_damage import (
    DAMAGES,
    Damage,
    Scene,
    honest,
    scene,
    unknown_behind,
)
from tests.support.seeded_hosted import BACKGROUNDS, hosted_scene
from tests.support.seeded_jewelry import SIZES_MM, Seeded, drawn

HOSTED_EDGE_PX = 768
PAGE = Path(__file__).parents[1] / "docs" / "image_check.md"
RECORD = Path(image_check_record.__file__).with_suffix(".json")
LABELS = {
    UNDAMAGED: "undamaged: called changed",
    REPHOTOGRAPHED: "undamaged, but another lamp, half a pixel, a JPEG: called changed",
}


@dataclass(frozen=True)
class Trial:
    """One picture before the gate: which piece, what was done to it, and what the gate said."""

    piece: str
    damage: str
    own: bool
    passed: bool
    unchecked: tuple[str, ...]
    figures: str

    @property
    def is_match(self) -> bool:
        """Whether the verdict says that the picture matches, and keeps nothing back."""
        return self.passed and not self.unchecked


def trials(kind: Kind, seed: int, edge_px: int) -> list[Trial]:
    """Every damage on one piece, in a look of ours and as a hosted generator shows it."""
    cv2.setNumThreads(1)
    piece = drawn(seed, kind)
    return [*_own_trials(piece, seed, edge_px), *_hosted_trials(piece, seed)]


def _own_trials(piece: Seeded, seed: int, edge_px: int) -> list[Trial]:
    """In the look whose turn it is; what that hides, or has no room for, in the next one."""
    kind = piece.cutout.kind
    suiting = [look for look in looks_for(kind) if not look.transparent]
    todo: dict[str, Damage] = {UNDAMAGED: lambda view, _random: view.image, **DAMAGES}
    if not piece.strand.any():
        del todo["missing strand"]
    found: list[Trial] = []
    for turn in range(len(suiting)):
        look = suiting[(seed + turn) % len(suiting)]
        try:
            made = render(piece.cutout, RenderRequest(kind, look.id, piece.size_mm, edge_px))
        except ViewRefused as refused:
            print(f"{kind} {seed} is refused by {look.id}: {refused}", flush=True)
            continue
        rgba = made.retouch.of(piece.cutout.rgba)
        shown = replace(piece, cutout=replace(piece.cutout, rgba=rgba))
        view = scene(shown, made.image, made.declaration)
        found += _judged(view, todo, made.declaration, seed, look.id, own=True)
        todo = {name: todo[name] for name in todo.keys() - {one.damage for one in found}}
        if not todo:
            break
    return found


def _hosted_trials(piece: Seeded, seed: int) -> list[Trial]:
    background = BACKGROUNDS[(seed * 7 + sum(piece.cutout.kind.encode())) % len(BACKGROUNDS)]
    view = hosted_scene(piece, background, HOSTED_EDGE_PX, seed)
    shown = {name: partial(_rephotographed, damage) for name, damage in DAMAGES.items()}
    shown[UNDAMAGED] = lambda view, _random: view.image
    shown[REPHOTOGRAPHED] = honest
    declared = unknown_behind(view.declared)
    return _judged(view, shown, declared, seed, background, own=False)


def _rephotographed(damage: Damage, view: Scene, random: np.random.Generator) -> Bytes | None:
    image = damage(view, random)
    return None if image is None else honest(replace(view, image=image), random)


def _judged(
    view: Scene,
    shown: dict[str, Damage],
    declared: Declaration,
    seed: int,
    where: str,
    *,
    own: bool,
) -> list[Trial]:
    found = []
    for name, damage in shown.items():
        image = damage(view, np.random.default_rng([seed, sum(name.encode())]))
        if image is None:
            continue
        said = measure(view.piece.cutout.rgba, image, declared)
        piece = f"{view.piece.cutout.kind} {seed}"
        found.append(Trial(piece, name, own, said.passed, said.unchecked, f"{where} {said}"))
    return found


def error_rates(rows: list[Trial], *, own: bool) -> dict[str, ErrorRate]:
    """The rate of wrong verdicts for each damage, for all of them and for undamaged pictures."""
    groups = {name: {name} for name in (*DAMAGES, UNDAMAGED, REPHOTOGRAPHED)}
    found = {}
    for name, wanted in {**groups, ALL_DAMAGES: set(DAMAGES)}.items():
        mine = [row for row in rows if row.own is own and row.damage in wanted]
        if mine:
            found[name] = error_rate(mine, wrong=name not in LABELS)
    return found


def error_rate(rows: list[Trial], *, wrong: bool) -> ErrorRate:
    """The rate at which the verdict was *wrong*: a damaged picture called a match, or, where False
    is what is wrong, an undamaged one called changed.
    """
    by_piece = defaultdict(list)
    for row in rows:
        by_piece[row.piece].append((row.is_match if wrong else not row.passed, row.passed))
    told = sum(row.passed and bool(row.unchecked) for row in rows)
    called, passed = (
        [(sum(one[n] for one in each), len(each)) for each in by_piece.values()] for n in (0, 1)
    )
    missed = sum(count for count, _ in called)
    return ErrorRate(
        len(called), len(rows), missed, bound(called), told, bound(passed) if told else None
    )


def bound(by_piece: list[tuple[int, int]]) -> float:
    """The upper bound (95 %) of a rate, from how many of each piece's pictures count for it."""
    counts = np.array(by_piece)
    if not counts[:, 0].any():
        return round(min(1.0, 3 / len(counts)), 4)
    draws = np.random.default_rng(1).integers(0, len(counts), (4000, len(counts)))
    sums = counts[draws].sum(1)
    return round(float(np.quantile(sums[:, 0] / sums[:, 1], 0.95)), 4)


def table(own: dict[str, ErrorRate], hosted: dict[str, ErrorRate]) -> list[str]:
    """The lines of the table, in Markdown."""
    lines = [
        "| Damage | pictures, our looks | called a match | at most "
        "| pictures, hosted generator | called a match | at most | passed, said to be unchecked |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name in (*DAMAGES, ALL_DAMAGES, *LABELS):
        cells = []
        for rate in (own.get(name), hosted[name]):
            cells += (
                [str(rate.pictures), f"{rate.wrong} ({rate.share:.1%})", f"{rate.at_most:.1%}"]
                if rate
                else [""] * 3
            )
        lines.append(
            f"| {LABELS.get(name, name)} | {' | '.join(cells)} | {hosted[name].unchecked} |"
        )
    return lines


def written(own: dict[str, ErrorRate], hosted: dict[str, ErrorRate]) -> None:
    """Put the table into the document and the rates, as the newest version, into the record."""
    page = PAGE.read_text("utf-8")
    head, tail = page.split("<!-- table -->\n")[0], page.split("<!-- end -->\n")[-1]
    lines = "\n".join(table(own, hosted))
    PAGE.write_text(f"{head}<!-- table -->\n{lines}\n<!-- end -->\n{tail}", "utf-8")
    code, day = code_digest(), datetime.now(UTC).date().isoformat()
    newest = {
        "version": f"{day}-{code[:8]}",
        "measured_on": day,
        "code": code,
        "own_looks": {name: asdict(rate) for name, rate in own.items()},
        "hosted": {name: asdict(rate) for name, rate in hosted.items()},
    }
    former = json.loads(RECORD.read_text("utf-8"))["versions"]
    versions = [newest, *(row for row in former if row["version"] != newest["version"])]
    text = json.dumps({"versions": versions}, indent=1, ensure_ascii=False)
    RECORD.write_text(text + "\n", "utf-8")


def main(per_kind: int = 2, edge_px: int = 1024) -> None:
    """Print the table and what was missed; write the page where asked to."""
    began = time.monotonic()
    jobs = [(kind, seed, edge_px) for seed in range(1, per_kind + 1) for kind in SIZES_MM]
    with ProcessPoolExecutor(2) as pool:
        rows = [row for found in pool.map(trials, *zip(*jobs, strict=True)) for row in found]
    own, hosted = (error_rates(rows, own=own) for own in (True, False))
    print("\n".join(table(own, hosted)))
    for row in rows:
        if row.is_match if row.damage in DAMAGES else not row.passed:
            print(f"{row.piece}: {row.damage}, own={row.own}: {row.figures}")
    print(f"{time.monotonic() - began:.0f} s")
    if "--write" in sys.argv:
        written(own, hosted)


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:] if one.isdecimal()))
