"""Every clause is shown by a test, and the page that says which is as it has to be."""

from tools import clauses

from jewelrymodel.policy.clauses import CLAUSES


def test_every_clause_is_shown_by_a_test() -> None:
    tests = clauses.marked_tests()
    assert [clause for clause in CLAUSES if not tests[clause]] == []
    assert set(tests) <= set(CLAUSES)


def test_the_page_of_clauses_is_up_to_date() -> None:
    assert clauses.OUT.read_text("utf-8") == clauses.page(), "run: python tools/clauses.py"
