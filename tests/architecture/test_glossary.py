"""docs/glossary.md is true: each word is where the glossary says that it is."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src/jewelrymodel"
GLOSSARY = (ROOT / "docs/glossary.md").read_text("utf-8")
CODE = re.compile(r"`(\w+)`")
TERM = re.compile(r"`([\w.]+)`")


def _rows(columns: int) -> Iterator[list[str]]:
    for line in GLOSSARY.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == columns and cells[-1] != "What it is":
            yield cells


def _text(folder: Path, *suffixes: str) -> str:
    files = sorted(file for suffix in suffixes for file in folder.rglob(f"*{suffix}"))
    return "\n".join(file.read_text("utf-8") for file in files)


def test_each_page_word_is_on_a_page() -> None:
    pages = _text(PACKAGE / "web", ".html", ".py", ".txt").lower()
    words = [page for page, *_rest in _rows(4)]
    assert len(words) > 25
    assert [word for word in words if not re.search(rf"\b{word.lower()}\b", pages)] == []


def test_each_code_name_is_in_the_code() -> None:
    code = _text(PACKAGE, ".py")
    cells = [row[1] for row in _rows(4)] + [row[0] for row in _rows(2)]
    names = {name for cell in cells for name in CODE.findall(cell)}
    assert {name for name in names if not re.search(rf"\b{name}(?:\b|_)", code)} == set()


def test_each_word_of_the_processor_is_where_we_speak_with_it() -> None:
    adapters = _text(PACKAGE / "payments/adapters", ".py")
    terms = {term for row in _rows(4) for term in TERM.findall(row[2])}
    assert {term for term in terms if term.split(".")[-1] not in adapters} == set()
