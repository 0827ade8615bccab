"""How good cutouts are against an exact truth, and what one costs beside one pass of the network.

Run with ``make bench NAME=cutouts`` or ``python bench/cutouts.py [pictures per kind]``; with
``--write`` it puts the tables into docs/cutouts.md. Pictures are drawn, and answers of the networks
computed, once: both are kept in the user's cache, so that another use of the answers costs seconds.
Costs are measured afresh, each way in a process of its own, on the same pictures by turns;
``--no-cost`` leaves them out, and those that the page has stand.
``--tried`` adds uses of the answers that weren't kept, ``--more`` those that need further passes,
``--edges`` ways to a truer edge that weren't kept.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import onnxruntime

from jewelrymodel.studio.arrays import Bytes, Floats, floats
from jewelrymodel.studio.chain_recovery import with_chain
from jewelrymodel.studio.cutout import PieceNotFound, cut_out
from jewelrymodel.studio.faded_parts import with_solid_parts
from jewelrymodel.studio.loose_print import without_loose_print
from jewelrymodel.studio.matte_refinement import (
    clean_matte,
    closer_box,
    connected,
    seeds,
    two_passes,
)
from jewelrymodel.studio.matting import Matting, load_matting
from jewelrymodel.studio.matting_choice import active_weights
from jewelrymodel.studio.matting_weights import ISNET, ISNET_HALF, U2NETP, default_models_dir
from jewelrymodel.studio.see_through_spots import without_see_through_spots

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.support.cutout_edges import EdgeFigures, edge_figures
from tests.support.cutout_truth import EACH, Figures, figures, photos
from tests.support.kept_answers import kept
from tests.support.tried_edges import EDGES, Refinement
from tests.support.tried_mattes import OF_MORE_PASSES, OF_TWO_PASSES, Use

PAGE = Path(__file__).parents[1] / "docs" / "cutouts.md"
MODELS = default_models_dir()
COSTS = {0: (0, 3, 6, 9, 13), 2048: (0, 8)}  # longest edge (0: as drawn), numbers of pictures
OURS, SPOTTED = "ours", "ours with see-through spots"
FADED, HAZY = "ours with faded parts", "ours with shadows' haze"
BEFORE = "both passes always"
BARE, SMALL = "one pass", "u2netp"
Method = Callable[[Bytes], Floats]


def cache() -> Path:
    """Where drawn pictures and kept answers are."""
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "jewelrymodel" / "bench"


def chosen(alpha: Floats) -> Floats:
    """The parts that are taken for the piece."""
    return with_chain(alpha, connected(alpha, seeds(alpha)))


def whole(rgb: Bytes, matting: Matting) -> Floats:
    """What the service does."""
    return without_see_through_spots(rgb, with_spots(rgb, matting))


def with_spots(rgb: Bytes, matting: Matting) -> Floats:
    """The same without its last step."""
    piece = without_loose_print(rgb, chosen(clean_matte(rgb, matting)))
    return with_solid_parts(rgb, piece)


def always_twice(rgb: Bytes, matting: Matting) -> Floats:
    """What was done before: the closer pass whatever the first one says, and used whole."""
    first = matting.alpha(rgb)
    box, second = closer_box(first), np.zeros_like(first)
    if box is not None:
        x0, y0, x1, y1 = box
        second[y0:y1, x0:x1] = matting.alpha(np.ascontiguousarray(rgb[y0:y1, x0:x1]))
        second[first < 0.02] *= 0.5
        first = first * 0.9
    return floats(np.clip((np.maximum(first, second) - 0.05) / 0.88, 0, 1))


def methods() -> dict[str, Method]:
    """Each way to a matte. The small network's answer as it is, is what rembg gives with it."""
    large = active_weights(MODELS, "isnet")
    small = kept(lambda: load_matting(MODELS, "u2netp"), U2NETP, cache() / "answers")
    if large is None:
        return {SMALL: small.alpha, OURS: lambda rgb: whole(rgb, small)}
    # Both forms of the weights answer the same, so that answers are kept once.
    network = kept(lambda: load_matting(MODELS, "isnet"), ISNET, cache() / "answers")
    tried = {**(OF_TWO_PASSES if "--tried" in sys.argv else {}),
             **(OF_MORE_PASSES if "--more" in sys.argv else {})}  # fmt: skip
    edges = EDGES if "--edges" in sys.argv else {}
    return {
        SMALL: small.alpha,
        BARE: network.alpha,
        **{name: partial(_used, use, network) for name, use in tried.items()},
        BEFORE: lambda rgb: chosen(always_twice(rgb, network)),
        HAZY: lambda rgb: chosen(two_passes(rgb, network)),
        FADED: lambda rgb: chosen(clean_matte(rgb, network)),
        SPOTTED: lambda rgb: with_spots(rgb, network),
        OURS: lambda rgb: whole(rgb, network),
        **{name: partial(_refined, refine, network) for name, refine in edges.items()},
    }


def _refined(refine: Refinement, network: Matting, rgb: Bytes) -> Floats:
    return refine(rgb, whole(rgb, network))


def _used(use: Use, network: Matting, rgb: Bytes) -> Floats:
    return chosen(use(rgb, network))


@dataclass(frozen=True)
class Row:
    """One picture cut out in one way."""

    kind: str
    picture: str
    method: str
    figures: Figures
    edge: EdgeFigures | None


def measured(each: int) -> list[Row]:
    """Every picture in every way."""
    ways, rows = methods(), []
    for photo in photos(cache(), each):
        for name, way in ways.items():
            alpha = floats(way(photo.rgb))
            row = figures(alpha, photo), edge_figures(alpha, photo)
            rows.append(Row(photo.kind, photo.name, name, *row))
        print(f"{photo.name}: {rows[-1].figures}", file=sys.stderr, flush=True)
    return rows


def _mean(values: list[float | None], form: str) -> str:
    there = [one for one in values if one is not None]
    return format(statistics.mean(there), form) if there else "–"


def line(name: str, rows: list[Row]) -> str:
    """One line of the table, in Markdown."""
    each = [row.figures for row in rows]
    edges = [row.edge for row in rows if row.edge is not None]
    cells = [
        f"{sum(one.usable for one in each)} of {len(each)}",
        _mean([one.iou for one in each], ".3f"),
        _mean([one.openings for one in each], ".0%"),
        _mean([one.strands for one in each], ".1%"),
        _mean([one.outside for one in each], ".1%"),
        _mean([one.lost for one in each], ".1%"),
        _mean([edge.cover for edge in edges], ".3f"),
        f"{_mean([edge.on_navy for edge in edges], '.1f')}, "
        f"{_mean([edge.on_white for edge in edges], '.1f')}",
    ]
    return f"| {name} | {' | '.join(cells)} |"


HEAD = (
    "| usable | IoU | openings open | strands kept | alpha outside | piece lost "
    "| edge | edge on navy, white |"
)


def quality_tables(rows: list[Row]) -> list[str]:
    """All pictures by method, then ours by kind with the usable ones of the other methods."""
    ours = (HAZY, FADED, SPOTTED, OURS)
    ways = [way for way in (SMALL, BARE, BEFORE, *ours) if any(r.method == way for r in rows)]
    tried = list(dict.fromkeys(row.method for row in rows if row.method not in ways))
    lines = [f"| Method {HEAD}", "|---" * 9 + "|"]
    lines += [line(way, [row for row in rows if row.method == way]) for way in ways]
    lines += [
        line(f"*not kept:* {way}", [row for row in rows if row.method == way]) for way in tried
    ]
    lines += ["", f"| Kind, ours {HEAD} usable: {', '.join(ways[:-1])} |", "|---" * 10 + "|"]
    for kind in dict.fromkeys(row.kind for row in rows):
        mine = [row for row in rows if row.kind == kind]
        others = [sum(r.figures.usable for r in mine if r.method == way) for way in ways[:-1]]
        own = line(kind, [row for row in mine if row.method == OURS])
        lines.append(f"{own} {', '.join(map(str, others))} |")
    return lines


def naive(path: Path) -> Callable[[Bytes], object]:
    """One pass as a first program would do it: defaults, every output asked."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])

    def ask(rgb: Bytes) -> object:
        small = cv2.resize(rgb, (1024, 1024), interpolation=cv2.INTER_AREA).astype(np.float32)
        batch = ((small - 128) / 256).transpose(2, 0, 1)[None]
        return session.run(None, {session.get_inputs()[0].name: batch})

    return ask


def whole_cutout() -> Callable[[Bytes], object]:
    """All that the service does with a photo."""
    matting = load_matting(MODELS, "isnet")

    def cut(rgb: Bytes) -> object:
        try:
            return cut_out(rgb, matting)
        except PieceNotFound as refused:
            return refused

    return cut


WAYS: dict[str, Callable[[], Callable[[Bytes], object]]] = {
    "one naive pass, weights as fetched": lambda: naive(ISNET_HALF.path(MODELS)),
    "one naive pass, weights in full": lambda: naive(ISNET.path(MODELS)),
    "the whole cutout": whole_cutout,
    "first outline (small network)": lambda: load_matting(MODELS, "u2netp").alpha,
}


def cost(way: str, number: int, edge: int) -> None:
    """Print CPU and wall seconds of one picture in one way, and the process's peak of memory."""
    rgb = next(islice(photos(cache(), 1), number, None)).rgb
    if edge:
        size = [round(side * edge / max(rgb.shape[:2])) for side in rgb.shape[1::-1]]
        rgb = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_CUBIC), np.uint8)
    do = WAYS[way]()
    cpu, wall = time.process_time(), time.monotonic()
    do(rgb)
    spent = time.process_time() - cpu, time.monotonic() - wall
    status = Path("/proc/self/status").read_text()
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
    print(json.dumps([*spent, peak]))


def cost_table(edge: int) -> list[str]:
    """CPU seconds and memory of each way, medians over pictures in turn."""
    found: dict[str, list[list[float]]] = {}
    ways = [way for way in WAYS if "fetched" not in way or ISNET_HALF.path(MODELS).is_file()]
    for number in COSTS[edge]:
        for way in ways:
            command = [sys.executable, __file__, "--cost", way, str(number), str(edge)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            found.setdefault(way, []).append(json.loads(done.stdout))
    pictures = f"{edge} px" if edge else "as drawn"
    lines = [
        f"| Way, {len(COSTS[edge])} pictures {pictures} "
        "| CPU seconds | × naive | wall seconds | peak memory |",
        "|---" * 5 + "|",
    ]
    base = np.array(found[ways[0]])[:, 0]
    for way in ways:
        cpu, wall, peak = np.array(found[way]).T
        lines.append(
            f"| {way} | {np.median(cpu):.2f} | {np.median(cpu / base):.2f} "
            f"| {np.median(wall):.1f} | {peak.max() / 1024:.2f} GB |"
        )
    return lines


def main(each: int = EACH) -> None:
    """Print the tables; write the page where asked to."""
    began = time.monotonic()
    rows = measured(each)
    lines = quality_tables(rows)
    if "--no-cost" not in sys.argv and active_weights(MODELS, "isnet"):
        for edge in COSTS:
            lines += ["", *cost_table(edge)]
    print("\n".join(lines))
    print(f"{time.monotonic() - began:.0f} s")
    if "--write" in sys.argv:
        write(lines)


def write(lines: list[str]) -> None:
    """Put the tables into the page; the costs that it has stay where none were measured."""
    head, rest = PAGE.read_text().split("<!-- table -->\n")
    former, tail = rest.split("<!-- end -->\n")
    if not any(one.startswith("| Way,") for one in lines) and "| Way," in former:
        lines = [*lines, "", former[former.index("| Way,") :].rstrip("\n")]
    PAGE.write_text(f"{head}<!-- table -->\n" + "\n".join(lines) + f"\n<!-- end -->\n{tail}")


if __name__ == "__main__":
    if "--cost" in sys.argv:
        cost(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        main(*(int(one) for one in sys.argv[1:] if one.isdecimal()))
