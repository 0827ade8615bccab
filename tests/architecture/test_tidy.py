"""Style as a test: size budgets, and nothing of one machine in the tree."""

import re
from pathlib import Path
from statistics import quantiles

from tests.support.tree import ROOT, files, functions, python_files

FILE_MEDIAN, FILE_P95, FILE_MAX = 100, 300, 400
FUNCTION_MEDIAN, FUNCTION_P95, FUNCTION_MAX = 10, 40, 70
TEXT = {".py", ".md", ".html", ".css", ".js", ".toml", ".txt", ".in", ".sql", ".sh", ".typ"}
OF_ONE_MACHINE = re.compile(
    rf"{re.escape(str(ROOT))}/|/(?:root|home/\w+|Users)/"  # somebody's folders
    r"|pypi\.|pythonhosted|npmjs|index-url|find-links"  # where one machine gets its packages
)
SETTING = re.compile(r"\benv\.\w+\(\s*\"([A-Z_]+)\"")
LEFTOVERS = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")


def test_files_keep_their_budget() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in python_files()}
    too_long = [f"{name(path)}: {n}" for path, n in lengths.items() if n > FILE_MAX]
    assert not too_long
    assert_spread(list(lengths.values()), FILE_MEDIAN, FILE_P95)


def test_functions_keep_their_budget() -> None:
    lengths = {
        f"{name(path)}:{one.lineno} {one.name}": (one.end_lineno or 0) - one.lineno + 1
        for path in python_files()
        for one in functions(path)
    }
    assert not [f"{where}: {n}" for where, n in lengths.items() if n > FUNCTION_MAX]
    assert_spread(list(lengths.values()), FUNCTION_MEDIAN, FUNCTION_P95)


def test_nothing_names_one_machine() -> None:
    assert matches(OF_ONE_MACHINE, {Path(__file__)}) == []


def test_every_setting_is_told_to_the_operator() -> None:
    read = SETTING.findall((ROOT / "src/jewelrymodel/config/settings.py").read_text())
    told = (ROOT / "docs/operations.md").read_text()
    assert len(read) > 20
    assert [one for one in read if f"`{one}`" not in told] == []


def test_nothing_is_left_to_do() -> None:
    assert matches(LEFTOVERS, {Path(__file__)}) == []


def test_the_integration_run_checks_style_and_types_before_it_tests() -> None:
    run = (ROOT / ".ci/run").read_text().splitlines()
    made = [line.split("make ")[1].split()[0] for line in run if "make " in line]
    assert made == ["check", "test"]
    recipe = (ROOT / "Makefile").read_text().split("\ncheck:")[1].split("\n\n")[0]
    for tool in ("ruff check", "ruff format --check", "mypy", "lint-imports"):
        assert f"/{tool}" in recipe


def assert_spread(lengths: list[int], median: int, p95: int) -> None:
    """Half of them within *median* lines, nineteen of twenty within *p95*."""
    cuts = quantiles(lengths, n=20)
    assert cuts[9] <= median, f"the median is {cuts[9]} lines, over {median}"
    assert cuts[18] <= p95, f"the 95th percentile is {cuts[18]} lines, over {p95}"


def matches(pattern: re.Pattern[str], without: set[Path]) -> list[str]:
    """Where *pattern* occurs in the tree's texts."""
    return [
        f"{name(path)}:{number}: {line.strip()[:120]}"
        for path in files()
        if (path.suffix in TEXT or path.name == "Makefile") and path not in without
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(line)
    ]


def name(path: Path) -> str:
    """The file's name inside the repository."""
    return str(path.relative_to(ROOT))
