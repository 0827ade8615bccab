"""``jewelrymodel damage-examples``: confirmed damage whose sellers let us test our check."""

import json
import shutil
from pathlib import Path

from PIL import Image

from jewelrymodel.config.commands import SHELL, machine_user
from jewelrymodel.generation.adapters import image_files
from jewelrymodel.infra import clock
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import DamageReport

_PREFIX = "example-"
_FILES = {"cutout.png", "image.png", "mark.json"}


class FolderUnusable(Exception):
    """Nothing was written; the message says why, and how to mend it."""


def run(folder: str) -> int:
    """Bring *folder* up to date: a folder for each example, and none whose consent has ended.

    Each holds pixels without metadata, the kind of damage and its mark; nothing says whose they
    are. Raises FolderUnusable.
    """
    place = Path(folder)
    examples = {f"{_PREFIX}{one.pk}": one for one in queries.consented_examples()}
    try:
        place.mkdir(parents=True, exist_ok=True)
        ended = [one for one in place.glob(f"{_PREFIX}*") if one.name not in examples]
        for one in ended:
            _remove(one)
        for name, report in examples.items():
            _write(place / name, report)
    except OSError as problem:
        raise FolderUnusable(f"{folder} can't be written: {problem}") from None
    operations.note_examples_exported(
        count=len(examples), actor=SHELL, actor_label=machine_user(), now=clock.now()
    )
    print(f"{len(examples)} examples are in {folder}; {len(ended)} were removed.")
    print("Run this again before each use: a seller may withdraw at any time.")
    return 0


def _write(place: Path, report: DamageReport) -> None:
    place.mkdir(exist_ok=True)
    image = report.image
    for name, key in (("cutout.png", image.item.task.cutout_key), ("image.png", image.image_key)):
        picture = Image.fromarray(image_files.load(key))
        (place / name).write_bytes(image_files.encoded(picture, "PNG"))
    mark = None if report.mark_x is None else [report.mark_x, report.mark_y]
    what = {"kind": report.kind, "mark_in_thousandths": mark}
    (place / "mark.json").write_text(json.dumps(what, indent=1), "utf-8")


def _remove(place: Path) -> None:
    """Only what this command has written: a folder with anything else in it is refused."""
    if not place.is_dir() or {one.name for one in place.iterdir()} - _FILES:
        raise FolderUnusable(f"{place} is none of this command's examples; move it elsewhere")
    shutil.rmtree(place)
