"""How often the automatic check calls a damaged picture a match, and an undamaged one none.

Run with ``python bench/image_check.py [seeds with damage] [seeds with a lost strand] [seeds in all]
[edge in pixels]``; with ``--write`` it puts the tables into docs/image_check.md and the figures, as
a version of the check, into the record that decisions cite.
Every shape of piece is drawn from every seed and rendered once in a look of ours, by turns, and
once as a hosted generator shows it: on a background of its own, by turns, in another light, moved
by half a pixel, as a JPEG. Each damage is planted into the finished picture; of the last seeds the
undamaged pictures are looked at, and lost strands. Bounds are those of a bootstrap over pieces
(95 %), since pictures of one piece fail together; where nothing was missed, three divided by the
number of pieces.

What was found of a piece is kept in the folder that is printed first, for as long as no line of the
studio's or the pieces' code changes: a run that was stopped goes on from there.
"""

import hashlib
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import product
from pathlib import Path
from tempfile import gettempdir

import cv2
import numpy as np

from jewelrymodel.studio import image_check_record
from jewelrymodel.studio.arrays import Bytes
from jewelrymodel.studio.declaration import Declaration
from jewelrymodel.studio.fidelity import FAILED, compared, expected
from jewelrymodel.studio.image_check_record import (
    ALL_DAMAGES,
    REPHOTOGRAPHED,
    UNDAMAGED,
    ErrorRate,
)
from jewelrymodel.studio.looks import looks_for
from jewelrymodel.studio.render import RenderRequest, ViewRefused, render

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.support.check_code import STUDIO, code_digest, spoken
from tests.support.seeded_damage import (
    DAMAGES,
    Damage,
    Scene,
    honest,
    scene,
    unknown_behind,
)
from tests.support.seeded_hosted import BACKGROUNDS, hosted_scene
from tests.support.seeded_jewelry import Seeded
from tests.support.seeded_shapes import SHAPES, shaped

HOSTED_EDGE_PX = 768
Planted = dict[str, Damage]
NONE: Planted = {}
STRANDS = {"pendant", "earring", "bracelet", "necklace", "bangle", "chain", "cross"}
"""Seven of twelve shapes have a strand to lose: more of their seeds are asked for that alone."""
ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "image_check.md"
RECORD = Path(image_check_record.__file__).with_suffix(".json")
LABELS = {
    UNDAMAGED: "undamaged: called changed",
    REPHOTOGRAPHED: "undamaged, but another lamp, half a pixel, a JPEG: called changed",
}


@dataclass(frozen=True)
class Trial:
    """One picture before the gate: which piece, what was done to it, before what (a look of ours or
    a background), and what the gate said.
    """

    piece: str
    damage: str
    own: bool
    where: str
    passed: bool = False
    unchecked: tuple[str, ...] = ()
    figures: str = ""

    @property
    def is_match(self) -> bool:
        """Whether the verdict says that the picture matches, and keeps nothing back."""
        return self.passed and not self.unchecked


def trials(
    name: str, seed: int, edge_px: int, damages: dict[str, Damage], *, own: bool
) -> list[Trial]:
    """These damages on one piece, in a look of ours or as a hosted generator shows it; there the
    undamaged pictures where no damage is named.
    """
    cv2.setNumThreads(1)
    piece, called = shaped(seed, name), f"{name} {seed}"
    if own:
        return _own_trials(piece, called, seed, edge_px, damages)
    return _hosted_trials(piece, called, seed, damages)


def _own_trials(
    piece: Seeded, called: str, seed: int, edge_px: int, damages: dict[str, Damage]
) -> list[Trial]:
    """In the look whose turn it is; what that hides, or has no room for, in the next one."""
    kind, suiting = piece.cutout.kind, looks_for(piece.cutout.kind)
    todo: dict[str, Damage] = {UNDAMAGED: lambda view, _random: view.image, **damages}
    for name, part in (("missing strand", piece.strand), ("filled opening", piece.opening)):
        if not part.any():
            todo.pop(name, None)
    found: list[Trial] = []
    for turn in range(len(suiting)):
        look = suiting[(seed + turn) % len(suiting)]
        try:
            made = render(piece.cutout, RenderRequest(kind, look.id, piece.size_mm, edge_px))
        except ViewRefused as refused:
            print(f"{called} is refused by {look.id}: {refused}", flush=True)
            continue
        rgba = made.retouch.of(piece.cutout.rgba)
        shown = replace(piece, cutout=replace(piece.cutout, rgba=rgba))
        view = scene(shown, _on_white(made.image), made.declaration)
        found += _judged(view, todo, made.declaration, Trial(called, "", True, look.id), seed)
        todo = {name: todo[name] for name in todo.keys() - {one.damage for one in found}}
        if not todo:
            break
    return found


def _on_white(image: Bytes) -> Bytes:
    """A picture as it is; one without a background (HxWx4) as a browser lays it over white."""
    if image.shape[2] == 3:
        return image
    cover = image[..., 3:].astype(np.float32) / 255
    return np.asarray(np.round(image[..., :3] * cover + 255 * (1 - cover)), np.uint8)


def _hosted_trials(
    piece: Seeded, called: str, seed: int, damages: dict[str, Damage]
) -> list[Trial]:
    background = BACKGROUNDS[(seed * 7 + sum(called.split()[0].encode())) % len(BACKGROUNDS)]
    view = hosted_scene(piece, background, HOSTED_EDGE_PX, seed)
    shown: dict[str, Damage] = {UNDAMAGED: lambda view, _: view.image, REPHOTOGRAPHED: honest}
    if damages:
        shown = {name: partial(_rephotographed, damage) for name, damage in damages.items()}
    declared = unknown_behind(view.declared)
    return _judged(view, shown, declared, Trial(called, "", False, background), seed)


def _rephotographed(damage: Damage, view: Scene, random: np.random.Generator) -> Bytes | None:
    image = damage(view, random)
    return None if image is None else honest(replace(view, image=image), random)


def _judged(
    view: Scene, shown: dict[str, Damage], declared: Declaration, trial: Trial, seed: int
) -> list[Trial]:
    found = []
    size = (view.image.shape[1], view.image.shape[0])
    wanted = expected(view.piece.cutout.rgba, declared, size)
    for name, damage in shown.items():
        image = damage(view, np.random.default_rng([seed, sum(name.encode())]))
        if image is None:
            continue
        said = FAILED if wanted is None else compared(wanted, image)
        found.append(
            replace(trial, damage=name, passed=said.passed, unchecked=said.unchecked,
                    figures=str(said))
        )  # fmt: skip
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


def places(rows: list[Trial], *, own: bool) -> list[str]:
    """The lines of the table by look or background, in Markdown."""
    lines = [
        f"| {'Look' if own else 'Background'} | damaged | called a match | passed, said to be "
        "unchecked | undamaged | called changed |",
        "|---|---|---|---|---|---|",
    ]
    for where in dict.fromkeys(row.where for row in rows if row.own is own):
        mine = [row for row in rows if row.own is own and row.where == where]
        bad = [row for row in mine if row.damage in DAMAGES]
        good = [row for row in mine if row.damage not in DAMAGES]
        missed = sum(row.is_match for row in bad)
        told = sum(row.passed for row in bad) - missed
        alarms = sum(not row.passed for row in good)
        lines.append(f"| {where} | {len(bad)} | {missed} | {told} | {len(good)} | {alarms} |")
    return lines


def written(rows: list[Trial]) -> None:
    """Put the tables into the document and the rates, as the newest version, into the record."""
    own, hosted = (error_rates(rows, own=own) for own in (True, False))
    page = PAGE.read_text("utf-8")
    for name, lines in (
        ("table", table(own, hosted)),
        ("looks", places(rows, own=True)),
        ("backgrounds", places(rows, own=False)),
    ):
        head, rest = page.split(f"<!-- {name} -->\n")
        tail = rest.split("<!-- end -->\n", 1)[1]
        text = "\n".join(lines)
        page = f"{head}<!-- {name} -->\n{text}\n<!-- end -->\n{tail}"
    PAGE.write_text(page, "utf-8")
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


def kept(
    folder: Path, name: str, seed: int, edge_px: int, damages: dict[str, Damage], *, own: bool
) -> list[Trial]:
    """What is kept of this piece, looked at anew where nothing is."""
    file = folder / f"{name}-{seed}-{edge_px if own else 'hosted'}-{len(damages)}.json"
    if file.exists():
        rows = json.loads(file.read_text("utf-8"))
        return [Trial(**row | {"unchecked": tuple(row["unchecked"])}) for row in rows]
    found = trials(name, seed, edge_px, damages, own=own)
    aside = file.with_suffix(".part")
    aside.write_text(json.dumps([asdict(one) for one in found], ensure_ascii=False), "utf-8")
    aside.replace(file)
    return found


def units(damaged: int, strands: int, seeds: int) -> Iterator[tuple[int, str, bool, Planted]]:
    """What is looked at one after the other: the seed, the shape, whether in a look of ours, and
    the damages; in our looks the undamaged picture is among them.
    """
    for seed, name in product(range(1, max(seeds, strands) + 1), SHAPES):
        planted = planted_in(seed, name, damaged, strands)
        if planted or seed <= seeds:
            yield seed, name, True, planted
        if seed <= seeds:
            yield seed, name, False, NONE
        if planted:
            yield seed, name, False, planted


def planted_in(seed: int, name: str, damaged: int, strands: int) -> Planted:
    """All damages in the first *damaged* seeds; the strand's alone in so many more."""
    if seed <= damaged:
        return DAMAGES
    is_asked = name in STRANDS and seed <= strands
    return {"missing strand": DAMAGES["missing strand"]} if is_asked else NONE


def folder_of_this_code() -> Path:
    """Where results are kept: another folder for every change of what is looked at or looks."""
    sources = [*sorted(STUDIO.glob("*.py")), *sorted((ROOT / "tests/support").glob("seeded_*.py"))]
    texts = ("\0".join(spoken(source.read_text("utf-8"))) for source in (*sources, Path(__file__)))
    digest = hashlib.sha256("".join(texts).encode()).hexdigest()
    folder = Path(gettempdir()) / f"image-check-{digest[:12]}"
    folder.mkdir(exist_ok=True)
    return folder


def main(damaged: int = 9, strands: int = 15, seeds: int = 13, edge_px: int = 1024) -> None:
    """Print the tables and what was missed; write the page where asked to."""
    began, folder = time.process_time(), folder_of_this_code()
    print(folder, flush=True)
    rows: list[Trial] = []
    for seed, name, own, damages in units(damaged, strands, seeds):
        found = kept(folder, name, seed, edge_px, damages, own=own)
        for row in found:
            if row.is_match if row.damage in DAMAGES else not row.passed:
                print(f"{row.piece}: {row.damage}, {row.where}: {row.figures}", flush=True)
        rows += found
    ours, hosted = (error_rates(rows, own=own) for own in (True, False))
    for lines in (table(ours, hosted), places(rows, own=True), places(rows, own=False)):
        print("\n".join(lines))
    print(f"{time.process_time() - began:.0f} s of one core")
    if "--write" in sys.argv:
        written(rows)


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:] if one.isdecimal()))
