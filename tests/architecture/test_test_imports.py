"""A test stands by itself: what tests share is in tests/support or in a folder's conftest."""

import ast
from pathlib import Path

from hypothesis import settings

from tests.support.tree import ROOT, files


def test_no_test_imports_from_another() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in files()
        if path.suffix == ".py" and path.is_relative_to(ROOT / "tests")
        for line, module in imported(path)
        if module.split(".")[0] == "tests" and module.split(".")[1:2] != ["support"]
    ]
    assert found == []


def test_what_tests_share_is_no_test() -> None:
    assert [path.name for path in (ROOT / "tests/support").rglob("test_*.py")] == []


def test_no_property_fails_on_the_clock() -> None:
    """A busy machine once took 874 ms for an example that takes 0.05 ms."""
    assert settings().deadline is None


def imported(path: Path) -> list[tuple[int, str]]:
    """The line and the absolute name of every module that the file at *path* imports."""
    nodes = ast.walk(ast.parse(path.read_text()))
    package = path.relative_to(ROOT).parts[:-1]
    found = []
    for node in nodes:
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            start = ".".join((*above, *filter(None, [node.module])))
            found += [(node.lineno, f"{start}.{alias.name}") for alias in node.names]
    return found
