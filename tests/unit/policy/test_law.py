"""Mandatory law as data: its examples hold, rights are carried out, and bad files are refused."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from jewelrymodel.catalog.law import laws, newest
from jewelrymodel.policy.decision import Decision, Outcome, canonical, digest, to_json
from jewelrymodel.policy.decision_proof import NotProven, prove
from jewelrymodel.policy.edition_proof import decide_example, failure
from jewelrymodel.policy.edition_reader import EditionRefused
from jewelrymodel.policy.facts import Fact, Value
from jewelrymodel.policy.law import LawRow, law_in_force, with_law
from jewelrymodel.policy.law_reader import read_law
from jewelrymodel.policy.rule_evaluation import decide
from jewelrymodel.policy.rulebook import Example
from tests.support.shipped_edition import NOON, edition, facts

ROWS = [(row, example) for row in newest().rows for example in row.examples]
RULES = {rule.id for row in newest().rows for rule in row.rules}


def withdrawn(**changes: Value) -> Decision:
    """What is decided on the facts of the file's first example, with *changes*."""
    given = {**newest().rows[0].examples[0].given}
    given |= {name.replace("__", "."): value for name, value in changes.items()}
    known = {name: Fact(value, "example", NOON) for name, value in given.items()}
    return decide(known, (edition(),), purchased_at=NOON, requested_at=NOON, laws=laws())


@pytest.mark.clause("3.4")
@pytest.mark.parametrize(
    ("row", "example"), ROWS, ids=[f"{row.id}: {one.title[:40]}" for row, one in ROWS]
)
def test_every_example_of_the_file_holds(row: LawRow, example: Example) -> None:
    assert not failure(edition(), example, laws()), row.id


def test_every_rule_is_shown_in_both_directions() -> None:
    decisions = [decide_example(edition(), example, laws()) for _row, example in ROWS]
    assert {one.rule_id for decision in decisions for one in decision.held} >= RULES
    assert {one.rule_id for decision in decisions for one in decision.why_not} >= RULES


def test_no_lawyer_has_read_the_file_that_we_ship() -> None:
    assert not newest().is_reviewed
    read = replace(newest(), reviewed_by="Ada Example, lawyer", reviewed_on=date(2027, 1, 31))
    assert read.is_reviewed


@pytest.mark.clause("3.4")
def test_the_share_of_what_was_used_is_rounded_to_the_buyers_side_in_any_currency() -> None:
    for paid, granted, used, kept in ((3900, 100, 33, 1287), (1000, 7, 3, 428), (99, 100, 1, 0)):
        decision = withdrawn(
            charge__paid_minor=paid,
            charge__refundable_minor=paid,
            charge__currency="JPY",
            lot__granted_credits=granted,
            lot__used_credits=used,
        )
        assert decision.amount_minor == paid - kept
        assert kept <= paid * used / granted


def test_more_used_than_granted_and_nothing_granted_give_no_more_than_was_paid() -> None:
    gone = {"lot__used_credits": 120, "withdrawal__loss_acknowledged": False}
    assert withdrawn(**gone).amount_minor == 0
    nothing = withdrawn(lot__granted_credits=0, lot__used_credits=1)
    assert nothing.amount_minor in (0, 3900)


@pytest.mark.clause("3.4")
@pytest.mark.parametrize("minor", [5001, 20001, 4_000_000])
def test_no_limit_of_ours_holds_up_what_the_law_gives(minor: int) -> None:
    decision = withdrawn(charge__paid_minor=minor, charge__refundable_minor=minor)
    assert decision.outcome is Outcome.APPROVE
    assert decision.is_of_right
    assert decision.amount_minor == minor
    assert not decision.needs_second_approval


def test_only_a_request_to_withdraw_is_decided_by_it() -> None:
    usual = {"request.ground": "changed_mind", "buyer.capacity": "consumer"}
    known = facts(usual)
    without = decide(known, (edition(),), purchased_at=NOON, requested_at=NOON)
    beside = decide(known, (edition(),), purchased_at=NOON, requested_at=NOON, laws=laws())
    assert digest(without) == digest(beside)


def test_what_was_asked_before_a_file_took_effect_goes_by_none() -> None:
    eve = newest().starts_at - timedelta(seconds=1)
    assert law_in_force(laws(), ground="withdrawal", requested_at=eve) is None
    assert law_in_force(laws(), ground="withdrawal", requested_at=newest().starts_at) == newest()
    assert with_law(edition(), None) is edition()


@pytest.mark.clause("10.2")
def test_a_kept_decision_is_proven_with_the_file_and_not_without_it() -> None:
    decision = withdrawn(lot__used_credits=33)
    content = canonical(to_json(decision))
    assert decision.editions[-1].sha256 == newest().sha256
    assert prove(content, (edition(),), laws=laws()).decision == decision
    with pytest.raises(NotProven, match="not among the editions"):
        prove(content, (edition(),))
    amount = b'"amount_minor":%d'
    more = content.replace(amount % decision.amount_minor, amount % (decision.amount_minor + 1))
    assert more != content
    with pytest.raises(NotProven):
        prove(more, (edition(),), laws=laws())


def test_a_row_is_found_by_its_id_and_its_sentence_is_cited() -> None:
    row = newest().row("EU-WD-SERVICE")
    assert row is not None
    assert row.text in withdrawn().customer_text
    assert newest().row("EU-WD-NOTHING") is None
    assert newest().parameter("withdrawal_days") == 14
    assert newest().starts_at == datetime(2014, 6, 13, tzinfo=UTC)


SOURCE = """
date = 2026-11-30
effective_from = 2014-06-13
title = "A law"
reviewed_by = "Ada Example"
reviewed_on = 2026-12-01
row = [{id = "A", jurisdictions = ["EU"], text = "t", basis = "b", confidence = "c", note = ""}]
[parameters]
[usual]
[common]
reads = ["buyer.jurisdiction", "charge.paid_minor", "charge.refunded_minor", "charge.lost_minor"]
when = []
"""
RULE = """
[[row]]
id = "B"
jurisdictions = ["EU"]
text = "t"
basis = "b"
confidence = "c"
note = ""
[[row.rule]]
id = "full"
when = ["charge.paid_minor > 0"]
gives = [{remedy = "full_refund", formula = "charge_remaining"}]
"""


def with_rows(rows: str) -> str:
    return SOURCE.replace(SOURCE.splitlines()[6] + "\n", "") + rows


def test_a_file_is_read() -> None:
    assert read_law("law.toml", SOURCE.encode()).is_reviewed
    assert read_law("law.toml", with_rows(RULE).encode()).rows[0].rules[0].clause == "B"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xff", "utf-8"),
        (b"date = ", "Invalid value"),
        (SOURCE.replace("effective_from", "effective").encode(), "incomplete"),
        (SOURCE.replace("2014-06-13", '"soon"').encode(), "no date"),
        (with_rows(RULE + RULE).encode(), "stands twice"),
        (with_rows(RULE.replace("charge.paid_minor > 0", "1 + 1")).encode(), "no yes or no"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(EditionRefused, match=why):
        read_law("law.toml", content)
