"""Every edge that is cited has its entry in docs/edges.md, and what an entry names is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENTRY = re.compile(r"^## Edge (\d+): .+$", re.MULTILINE)
CITED = re.compile(r"\bedge (\d+)\b", re.IGNORECASE)
FILE = re.compile(r"`(src/[^`]+\.py)`")
TEST = re.compile(r"^- Shown by `(tests/[^`]+\.py)::(test_\w+)`$", re.MULTILINE)


def _entries() -> dict[int, str]:
    """Return the text of each entry by its number."""
    _head, *parts = ENTRY.split((ROOT / "docs/edges.md").read_text("utf-8"))
    numbers, texts = parts[::2], parts[1::2]
    return {int(number): text for number, text in zip(numbers, texts, strict=True)}


def _cited() -> dict[int, set[str]]:
    """Return the files that cite each edge."""
    cited: dict[int, set[str]] = {}
    for folder in ("src", "tests", "docs"):
        for file in (ROOT / folder).rglob("*"):
            if file.suffix in {".py", ".html", ".md", ".txt"}:
                for number in CITED.findall(file.read_text("utf-8")):
                    cited.setdefault(int(number), set()).add(str(file.relative_to(ROOT)))
    return cited


def test_every_citation_leads_to_an_entry() -> None:
    lost = {number: files for number, files in _cited().items() if number not in _entries()}
    assert lost == {}


def test_entries_are_numbered_without_a_gap() -> None:
    assert list(_entries()) == list(range(1, len(_entries()) + 1))


@pytest.mark.parametrize("number", _entries())
def test_an_entry_names_its_code_and_a_real_test(number: int) -> None:
    text = _entries()[number]
    files, tests = FILE.findall(text), TEST.findall(text)
    assert files, "no file decides it"
    assert tests, "no test shows it"
    assert [file for file in files if not (ROOT / file).is_file()] == []
    assert [name for file, name in tests if name not in _functions(ROOT / file)] == []


def _functions(file: Path) -> set[str]:
    """Return the test functions that pytest collects from the top level of *file*."""
    tree = ast.parse(file.read_text("utf-8")) if file.is_file() else ast.Module([], [])
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
