"""How often a spoilt answer of a generator is taken for a fit one, and a fit one refused.

Run with ``python bench/generator_failures.py [rounds] [how many pieces]``; with
``--write`` it puts the table into docs/generators.md, with ``--only=fit,expanded`` it looks at
kinds that begin so and leaves the other lines there as they are. The answers are painted by
``spoilt_scenes``, which shares nothing with what judges them; they pass through all that a
provider's file passes in the service: decoding, registration, pasting, the check. The pieces are
drawn from seeds that no limit was set with, and those of tests/photos/truth. Bounds are those of a
bootstrap over pieces (95 %); where nothing was missed, three divided by the number of pieces.

Those of ``scene_props`` are answers to orders in a seller's words, with things beside the piece,
and bare surfaces in hard light; the first round has one of each for each piece.

Where another piece lies in the place of the ordered one, or the copy grew, it is an error only if
something of it is seen in the finished image: more than a hundredth of the piece's area. (An arm
may lie behind the piece.)

What was found of a piece is kept in the folder that is printed first, for as long as no line of the
code that judges or paints changes: a run that was stopped goes on from there.
"""

import hashlib
import io
import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from tempfile import gettempdir

import cv2
import numpy as np
from PIL import Image

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]
from image_check import bound  # noqa: E402  found by the path above
from scene_props import DESCRIBED, HARD  # noqa: E402  found by the path above
from spoilt_scenes import KINDS, Answer, Asked  # noqa: E402  found by the path above

from jewelrymodel.generation.adapters import scene_output  # noqa: E402  found by the path above
from jewelrymodel.generation.adapters.provider import NoPicture  # noqa: E402  found by the path above
from jewelrymodel.generation.gateway import GeneratorRequest  # noqa: E402  found by the path above
from jewelrymodel.generation.rules.described_scene import DESCRIBED as IN_WORDS  # noqa: E402  found by the path above
from jewelrymodel.studio.composition import Composition  # noqa: E402  found by the path above
from jewelrymodel.studio.matting import load_matting  # noqa: E402  found by the path above
from jewelrymodel.studio.matting_weights import U2NETP, default_models_dir  # noqa: E402  found by the path above
from jewelrymodel.studio.people_networks import load_people_networks  # noqa: E402  found by the path above
from jewelrymodel.studio.scene_registration import register  # noqa: E402  found by the path above
from tests.support.check_code import STUDIO, spoken  # noqa: E402  found by the path above
from tests.support.seeded_shapes import SHAPES, shaped  # noqa: E402  found by the path above

SEEDS, EDGE_PX, CANVAS_PX, PHOTO_PX = range(40, 45), 512, 512, 520
PAINTERS = ("spoilt_scenes.py", "scene_props.py")
TRUTH = {"ring": "ring", "rings": "ring", "pave": "ring", "dark": "ring", "chain": "necklace",
         "hooks": "earring", "hoops": "earring", "pearl": "earring"}  # fmt: skip
SIZES_MM = {"ring": 21.0, "necklace": 140.0, "earring": 25.0, "pendant": 25.0}
SEEN = 0.01  # of the piece's area
FIT, IN_PLACE, GROWN = "fit", "another piece in its place", "expanded beyond its outline"
UNLIKE = {IN_PLACE: 45, GROWN: 20}  # gray levels; a shadow of the piece in its place isn't counted
EVERY = {**KINDS, **HARD, **DESCRIBED}
MORE_ROUNDS = 1  # of the kinds beyond those of spoilt_scenes
PAGE = ROOT / "docs" / "generators.md"


@dataclass(frozen=True)
class Trial:
    """One answer: of which piece and kind, why it was refused (empty: it wasn't), and what share
    of the piece's area shows jewelry that nobody ordered.
    """

    piece: str
    kind: str
    refused: str = ""
    seen: float = 0.0

    @property
    def is_wrong(self) -> bool:
        """Whether a spoilt answer was taken, or a fit one wasn't."""
        if self.kind.startswith(FIT):
            return bool(self.refused)
        return not self.refused and (self.kind not in UNLIKE or self.seen > SEEN)


Piece = tuple[np.ndarray, str, float]
Source = tuple[str, int] | Path


def pieces(most: int) -> dict[str, Source]:
    """Where each piece is to be had, by its name."""
    photos = sorted((ROOT / "tests/photos/truth").glob("*.png"))
    every: dict[str, Source] = {one.stem: one for one in photos}
    every |= {f"{name} {seed}": (name, seed) for seed, name in product(SEEDS, SHAPES)}
    return dict(list(every.items())[:most])


def piece_of(source: Source) -> Piece:
    """The cutout (HxWx4), its kind and its size in millimeters."""
    if isinstance(source, tuple):
        drawn = shaped(source[1], source[0], PHOTO_PX)
        return drawn.cutout.rgba, drawn.cutout.kind.value, drawn.size_mm
    picture = np.asarray(Image.open(source.with_suffix(".jpg")).convert("RGB"))
    alpha = np.asarray(Image.open(source))
    alpha = alpha if alpha.ndim == 2 else alpha[..., -1]
    kind = TRUTH.get(source.stem.split("-")[0], "pendant")
    return np.dstack([picture, alpha]), kind, SIZES_MM[kind]


def asked(plan: scene_output.Placed, cutout: np.ndarray, stranger: np.ndarray) -> Asked:
    """What the generator sees, by a resampling that isn't the studio's."""
    back = np.linalg.inv(np.vstack([plan.canvas.from_cutout, [0, 0, 1]]))
    image = Image.fromarray(cutout).convert("RGBa")
    size = plan.canvas.paint.shape[::-1]
    box = tuple(back[:2].ravel())
    layer = image.transform(size, Image.Transform.AFFINE, box, Image.Resampling.BICUBIC)
    return Asked(np.asarray(layer.convert("RGBA")), plan.canvas.paint, stranger)


def judged(
    request: GeneratorRequest, position: int, plan: scene_output.Placed, answer: Answer, kind: str
) -> tuple[str, float]:
    """Why the answer is refused, or what of its own jewelry is seen in the finished image."""
    network = load_matting(default_models_dir(), U2NETP.name)
    people = load_people_networks(default_models_dir())
    try:
        scene = scene_output.decoded(answer.file)
        made = scene_output.output(request, position, plan, scene, network, people)
    except NoPicture as none:
        return none.detail, 0.0
    return "", left_over(plan, answer, made.image, UNLIKE.get(kind, 45))


def left_over(
    plan: scene_output.Placed, answer: Answer, image: np.ndarray, unlike_by: int
) -> float:
    """The share of the piece's area in which the image, beyond the piece, shows jewelry that the
    generator drew: unlike the bare plate there by more gray levels than that.
    """
    scene = np.asarray(Image.open(io.BytesIO(answer.file)).convert("RGB"))
    found = register(plan.canvas, scene)
    if not hasattr(found, "transform"):
        return 0.0
    high, wide = scene.shape[:2]
    there = found.transform @ np.vstack([plan.canvas.from_final, [0, 0, 1]])
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    plate, drawn = (
        cv2.warpAffine(cv2.resize(one, (wide, high)), there, plan.size, flags=how)
        for one in (answer.plate, answer.jewelry.astype(np.uint8))
    )
    unlike = np.abs(image.astype(float) - plate).max(2) > unlike_by
    own = cv2.warpAffine(
        (np.asarray(plan.canvas.solid) * 255).astype(np.uint8), plan.canvas.from_final, plan.size,
        flags=how,
    )  # fmt: skip
    beyond = cv2.dilate(own, np.ones((5, 5), np.uint8)) < 20
    return float((unlike & (drawn > 0) & beyond).sum() / max(1, (own > 127).sum()))


def trials(
    name: str, source: Source, other: Source, number: int, kinds: Iterable[str]
) -> Iterator[Trial]:
    """One answer of each of the kinds for one piece, in the round of this number."""
    cv2.setNumThreads(1)
    cutout, kind, size_mm = piece_of(source)
    compositions = {
        0: Composition("generated-stone", "1:1"), 1: Composition(IN_WORDS, "1:1")
    }  # fmt: skip
    request = GeneratorRequest(
        key=name, cutout=cutout, kind=kind, size_mm=size_mm, edge_px=EDGE_PX,
        compositions=compositions,
    )  # fmt: skip
    plan = scene_output.placed(request, 0, CANVAS_PX)
    what = asked(plan, cutout, piece_of(other)[0])
    for label in kinds:
        random = np.random.default_rng([number, *f"{name} {label}".encode()])
        answer, position = EVERY[label](what, random), int(label in DESCRIBED)
        yield Trial(name, label, *judged(request, position, plan, answer, label))


def kept(
    folder: Path, name: str, source: Source, other: Source, number: int, kinds: Iterable[str]
) -> list[Trial]:
    """What is kept of this piece and round, looked at anew where nothing is."""
    files = {kind: folder / f"{name}-{number}-{kind}.json" for kind in kinds}
    lacking = [kind for kind, file in files.items() if not file.exists()]
    for found in trials(name, source, other, number, lacking) if lacking else ():
        aside = files[found.kind].with_suffix(f".{os.getpid()}")
        aside.write_text(json.dumps(asdict(found)), "utf-8")
        aside.replace(files[found.kind])
    return [Trial(**json.loads(file.read_text("utf-8"))) for file in files.values()]


def table(rows: list[Trial]) -> list[str]:
    """The lines of the table, in Markdown."""
    lines = [
        "| What came back | answers | wrongly taken or refused | at most | refused as |",
        "|---|---|---|---|---|",
    ]
    for kind in EVERY:
        mine = [row for row in rows if row.kind == kind]
        if not mine:
            continue
        by_piece = defaultdict(list)
        for row in mine:
            by_piece[row.piece].append(row.is_wrong)
        wrong = sum(row.is_wrong for row in mine)
        most = bound([(sum(each), len(each)) for each in by_piece.values()])
        why = Counter(row.refused.split(":")[0] for row in mine if row.refused).most_common(3)
        said = ", ".join(f"{reason} {count}" for reason, count in why)
        label = f"{kind}: refused" if kind.startswith(FIT) else f"{kind}: taken"
        lines.append(
            f"| {label} | {len(mine)} | {wrong} ({wrong / len(mine):.1%}) | {most:.1%} | {said} |"
        )
    return lines


def written(lines: list[str]) -> None:
    """Put the table into the document; a kind that wasn't looked at keeps its line."""
    page = PAGE.read_text("utf-8")
    head, rest = page.split("<!-- failures -->\n")
    former, tail = rest.split("\n<!-- end -->\n", 1)
    by_label = {line.split("|")[1]: line for line in [*former.splitlines(), *lines]}
    text = "\n".join(by_label.values())
    PAGE.write_text(f"{head}<!-- failures -->\n{text}\n<!-- end -->\n{tail}", "utf-8")


def folder_of_this_code() -> Path:
    """Where results are kept: another folder for every change of what paints or judges."""
    here = Path(__file__)
    sources = [*sorted(STUDIO.glob("*scene*.py")), *map(here.with_name, PAINTERS), here]
    texts = ("\0".join(spoken(source.read_text("utf-8"))) for source in sources)
    digest = hashlib.sha256("".join(texts).encode()).hexdigest()
    folder = Path(gettempdir()) / f"generator-failures-{digest[:12]}"
    folder.mkdir(exist_ok=True)
    return folder


def main(rounds: int, most: int, *, only: str) -> None:
    """Print what was judged wrongly and the table; write the page where asked to. A round is one
    answer of each kind for each piece; *only* of kinds that begin with one of these, with commas.
    """
    began, folder = time.process_time(), folder_of_this_code()
    print(folder, flush=True)
    every = pieces(most)
    names, rows = list(every), []
    for number, name in product(range(rounds), names):
        other = every[names[(7 * names.index(name) + 31 + number) % len(names)]]
        kinds = EVERY if number < MORE_ROUNDS else KINDS
        wanted = [kind for kind in kinds if kind.startswith(tuple(only.split(",")))]
        found = kept(folder, name, every[name], other, number, wanted)
        for row in found:
            if row.is_wrong:
                print(f"{name}: {row.kind}: {row.refused or 'taken'} {row.seen:.3f}", flush=True)
        rows += found
    lines = table(rows)
    print("\n".join(lines))
    print(f"{time.process_time() - began:.0f} s of one core")
    if "--write" in sys.argv:
        written(lines)


if __name__ == "__main__":
    kinds_asked = [one.removeprefix("--only=") for one in sys.argv if one.startswith("--only=")]
    numbers = [int(one) for one in sys.argv[1:] if one.isdecimal()]
    rounds, most = (numbers + [5, 60][len(numbers) :])[:2]
    main(rounds, most, only=",".join(kinds_asked))
