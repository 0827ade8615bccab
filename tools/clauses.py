"""Write docs/clauses.md: each clause, the rules that carry it out, the tests that show it.

A test names the clauses that it shows by ``@pytest.mark.clause("4.5", …)``.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from jewelrymodel.policy.clauses import CLAUSES
from jewelrymodel.policy.edition_reader import Edition, load_editions

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs/clauses.md"
PAGES = {
    "0.1 10.1 10.2 1.1 1.2 2.1 2.2 2.3": "/refund-policy",
    "3.1 3.2 3.3 3.5": "/billing",
    "3.4 5.1": "/checkout",
    "5.3 5.4": "/studio, /credits",
    "6.3": "/status, /desk/incidents",
    "9.1": "/billing, /desk/disputes",
}
HEAD = """# Clauses

Each clause of the refund policy, the rules that carry it out, and the tests that show it.
Made by `tools/clauses.py`; a test refuses this page where it is no longer so.

| Clause | Rules | Tests | Page |
|---|---|---|---|
"""


def marked_tests(folder: Path = ROOT / "tests") -> dict[str, list[str]]:
    """Return the names of the tests in *folder* that show each clause, by clause."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted(folder.rglob("test_*.py")):
        for node in _tests(ast.parse(file.read_text("utf-8"))):
            for clause in _clauses(node):
                found[clause].append(f"{file.relative_to(folder)}::{node.name}")
    return found


def page() -> str:
    """Return the document as it has to be."""
    names = {"brand": "Brand", "support_email": "support@brand.example"}
    edition = load_editions(ROOT / "src/jewelrymodel/terms/refund", names)[0]
    tests = marked_tests()
    return HEAD + "".join(_row(clause, edition, tests[clause]) for clause in CLAUSES)


def _tests(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """The functions that pytest runs: a helper or a fixture shows nothing by itself."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            decorators = {ast.unparse(one).partition("(")[0] for one in node.decorator_list}
            yield from [node] if "pytest.fixture" not in decorators else []


def _clauses(node: ast.FunctionDef) -> Iterator[str]:
    for one in node.decorator_list:
        if isinstance(one, ast.Call) and ast.unparse(one.func) == "pytest.mark.clause":
            yield from (str(ast.literal_eval(argument)) for argument in one.args)


def _row(clause: str, edition: Edition, tests: list[str]) -> str:
    rules = [f"`{rule.id}`" for rule in edition.rules if rule.clause == clause]
    reason = next((n.reason for n in edition.without_rule if clause in n.clauses), "")
    shown = "<br>".join(tests)
    where = next((page for ids, page in PAGES.items() if clause in ids.split()), "/requests, /desk")
    return f"| {clause} | {', '.join(rules) or reason} | {shown} | {where} |\n"


if __name__ == "__main__":
    OUT.write_text(page(), "utf-8")
