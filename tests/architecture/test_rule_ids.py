"""No code knows a rule by heart: clauses are cited, and nothing is decided by the name of one."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from jewelrymodel.policy.clauses import CLAUSES
from tests.support.shipped_edition import edition
from tests.support.tree import SOURCE, python_files

RULES = {rule.id for rule in edition().rules}
CITING_TAGS = ("trans ", "blocktrans", "clause ", "clause_url ")
CITES = {
    "policy/clauses.py": "the table of the clauses",
    "policy/rule_evaluation.py": "what a decision cites beside the clauses of its rules",
    "policy/decision.py": "the clause of each remedy",
    "policy/explanation.py": "the clause by which something is asked for",
    "payments/operations/period_orders.py": "the disclosure that a change of plan leaves out",
    "payments/rules/consents.py": "the clause under which a statement of the checkout is recorded",
    "support/rules/required_details.py": "the clause by which something is asked for",
    "support/categories.py": "the clause by which something is asked for",
    "support/reconcilers/checks.py": "the promise that a check watches",
    "web/customer/settings/closing.py": "the clauses that the page about closing quotes",
}


@dataclass(frozen=True)
class Ids:
    """The ids of clauses and rules that are string constants of a file, and those with which it
    compares something.
    """

    constants: frozenset[str]
    compared: frozenset[str]


def ids_in(path: Path) -> Ids:
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    comparisons = (one for node in nodes if isinstance(node, ast.Compare) for one in ast.walk(node))
    return Ids(known(nodes), known(comparisons))


def known(nodes: Iterable[ast.AST]) -> frozenset[str]:
    texts = {one.value for one in nodes if isinstance(one, ast.Constant)}
    return frozenset(texts & {*CLAUSES, *RULES})


def test_ids_stand_only_where_clauses_are_cited() -> None:
    paths = {path for path in python_files() if path.is_relative_to(SOURCE)}
    ours = {str(path.relative_to(SOURCE)): ids_in(path) for path in paths}
    assert {path for path, ids in ours.items() if ids.constants} == set(CITES)
    assert not [
        one for ids in ours.values() for one in ids.constants if one in RULES - set(CLAUSES)
    ]
    assert not [f"{path}: {one}" for path, ids in ours.items() for one in ids.compared]


def test_no_page_decides_by_an_id() -> None:
    pages = [path for path in SOURCE.rglob("*.html") if path.is_relative_to(SOURCE)]
    assert len(pages) > 50
    quoted = [f"{quote}{one}{quote}" for one in {*CLAUSES, *RULES} for quote in "\"'"]
    for path in pages:
        tags = [part.partition("%}")[0] for part in path.read_text("utf-8").split("{%")[1:]]
        logic = [tag for tag in tags if not tag.strip().startswith(CITING_TAGS)]
        assert not [tag for tag in logic for one in quoted if one in tag], path
