"""The documents name files that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATH = re.compile(r"`((?:src|tests|tools|docs|findings|bench|requirements)/[^`<>:*\s]+)(?:::\w+)?`")
HISTORY = {ROOT / "CHANGELOG.md"} | set((ROOT / "docs/adr").glob("*.md"))  # true when written
DOCUMENTS = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")} - HISTORY)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_document_names_files_that_are_there(document: Path) -> None:
    paths = PATH.findall(document.read_text("utf-8"))
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_readme_names_every_room() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    rooms = {file.parent.name for file in (ROOT / "src/jewelrymodel").glob("*/__init__.py")}
    assert {room for room in rooms if f"{room}/" not in readme} == set()
