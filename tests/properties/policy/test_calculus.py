"""What is true of every decision, whatever the facts are."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jewelrymodel.policy.amounts import FORMULAS
from jewelrymodel.policy.decision import (
    REFUNDS,
    Decision,
    Draft,
    Outcome,
    digest,
    from_json,
    to_json,
)
from jewelrymodel.policy.facts import SCHEMA, Fact, FactType
from jewelrymodel.policy.rule_evaluation import decide
from tests.support.shipped_edition import NOON, edition

_NUMBERS = st.one_of(st.integers(0, 3), st.integers(0, 100_000), st.sampled_from([50, 51, 59, 60]))


def _values(name: str) -> st.SearchStrategy[Any]:
    match SCHEMA[name].type:
        case FactType.BOOL:
            return st.booleans()
        case FactType.INT:
            return _NUMBERS
        case FactType.ENUM:
            return st.sampled_from(SCHEMA[name].values)
        case FactType.CURRENCY:
            return st.just("USD")
        case FactType.TEXT:
            return st.just("2026-11-29-0123abcd")


FACTS = st.fixed_dictionaries({}, optional={name: _values(name) for name in SCHEMA})


def decided(values: dict[str, Any]) -> Decision:
    facts = {name: Fact(value, "record:1", NOON) for name, value in values.items()}
    return decide(facts, (edition(),), purchased_at=NOON, requested_at=NOON)


@pytest.mark.clause("1.2", "8.7")
@settings(max_examples=300)
@given(values=FACTS)
def test_every_decision_keeps_the_promises_of_the_calculus(values: dict[str, Any]) -> None:
    decision = decided(values)
    assert digest(decided(values)) == digest(decision), "the same facts, the same decision"
    assert from_json(to_json(decision)) == decision
    assert decision.cites, "a decision cites"
    assert (decision.draft is Draft.NONE) or decision.outcome is Outcome.PERSON
    paid = [values.get(f"charge.{part}_minor", 0) for part in ("paid", "refunded", "lost")]
    assert 0 <= decision.amount_minor <= max(0, paid[0] - paid[1] - paid[2])
    assert sum(one.kind in REFUNDS for one in decision.remedies) <= 1
    assert decision.credits >= 0
    if decision.draft is Draft.DENIAL:
        assert not decision.remedies, "a verified ground is never drafted as a denial"
        assert values.get("buyer.capacity") in (None, "business"), "the law comes first"
        assert not any("task.sound" in one.reads for one in decision.held), "a gate refuses nothing"
    if decision.outcome in (Outcome.APPROVE, Outcome.RESTORE):
        assert all(values.get(name) for name in SCHEMA if name.startswith("lookup."))
        assert all(
            one.amount_minor or one.credits or FORMULAS[one.formula].unit == "none"
            for one in decision.remedies
        ), "no machine gives nothing"


@settings(max_examples=150)
@given(values=FACTS)
def test_a_further_ground_never_lowers_the_remedy(values: dict[str, Any]) -> None:
    before = decided({**values, "purchase.charged_after_cancel": False})
    after = decided({**values, "purchase.charged_after_cancel": True})
    assert after.amount_minor >= before.amount_minor
    given_up = {"access_correction"}  # charged after canceling is refunded, not delivered
    kinds = {one.kind.value for one in before.remedies} - given_up
    assert kinds - {"partial_refund"} <= {one.kind.value for one in after.remedies}
    assert after.credits >= before.credits


@settings(max_examples=150)
@given(values=FACTS, ground=st.sampled_from(SCHEMA["request.ground"].values))
@example({"request.ground": "unused", "purchase.checkout_terms": "grants"}, "style")
@example(
    {
        "request.ground": "account_error",
        "purchase.checkout_terms": "refuses",
        "error.verified": True,
    },
    "style",
)
def test_what_was_picked_never_makes_a_ground_true(values: dict[str, Any], ground: str) -> None:
    one, other = decided(values), decided({**values, "request.ground": ground})
    assert one.remedies == other.remedies
