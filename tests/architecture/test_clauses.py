"""Every clause is shown by a test, and the page that says which is as it has to be."""

import ast
from pathlib import Path

from tools import clauses

from jewelrymodel.policy.clauses import CLAUSES


def test_every_clause_is_shown_by_a_test() -> None:
    tests = clauses.marked_tests()
    assert [clause for clause in CLAUSES if not tests[clause]] == []
    assert set(tests) <= set(CLAUSES)


def test_the_page_of_clauses_is_up_to_date() -> None:
    assert clauses.OUT.read_text("utf-8") == clauses.page(), "run: python tools/clauses.py"


def test_only_a_test_shows_a_clause(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text(
        """
import pytest

@pytest.mark.clause("4.5", "8.3")
def test_it(): ...

@pytest.mark.clause("7.7")
def at_work(): ...

@pytest.mark.clause("7.7")
@pytest.fixture
def test_fixture_in_disguise(): ...

@pytest.mark.clause("7.7")
def outer():
    @pytest.mark.clause("7.7")
    def test_that_is_never_run(): ...
"""
    )
    assert clauses.marked_tests(tmp_path) == {
        "4.5": ["test_one.py::test_it"],
        "8.3": ["test_one.py::test_it"],
    }


def test_no_mark_of_a_clause_is_wasted() -> None:
    shown = {name for names in clauses.marked_tests().values() for name in names}
    marked = {
        f"{file.relative_to(clauses.ROOT / 'tests')}::{node.name}"
        for file in (clauses.ROOT / "tests").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef)
        for one in node.decorator_list
        if ast.unparse(one).startswith("pytest.mark.clause(")
    }
    assert marked - shown == set(), "a helper shows no clause; mark the tests that use it"
