"""A rule's name is its edition's: under any other name every decision is the same."""

import re
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache

import pytest

from jewelrymodel.policy import edition_proof
from jewelrymodel.policy.decision import Decision
from jewelrymodel.policy.edition_reader import read_edition
from tests.support.shipped_edition import FILE, NAMES, SOURCE, edition

ALL = [rule.id for rule in edition().rules]


def named_otherwise(rule_id: str) -> str:
    """The shipped text with one rule, or every rule, under another name."""
    return re.sub(
        rf'(?m)^(id|exception_to) = "({rule_id})"$', r'\1 = "\2-under-another-name"', SOURCE
    )


def substance(decision: Decision) -> Iterator[object]:
    """What a decision says, without the names of its rules and the hash of its text."""
    yield from (decision.outcome, decision.draft, decision.cites, decision.needs_second_approval)
    yield from ({**asdict(one), "rule_id": ""} for one in decision.remedies)
    yield sorted((one.clause, one.effect) for one in decision.held)
    yield decision.customer_text


@cache
def before() -> list[list[object]]:
    """The substance of each example's decision under the shipped names."""
    return [
        list(substance(edition_proof.decide_example(edition(), one))) for one in edition().examples
    ]


@pytest.mark.no_cover  # thousands of decisions, all on ways that other tests go
@pytest.mark.parametrize("rule_id", [*map(re.escape, ALL), '[^"]+'], ids=[*ALL, "all of them"])
def test_a_rule_under_another_name_decides_every_example_as_before(rule_id: str) -> None:
    text = named_otherwise(rule_id)
    assert text != SOURCE
    renamed = read_edition(FILE, text.encode(), NAMES)
    for substance_before, example in zip(before(), renamed.examples, strict=True):
        after = edition_proof.decide_example(renamed, example)
        assert substance_before == list(substance(after)), example.title
