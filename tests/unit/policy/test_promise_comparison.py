"""A later decision is never worse than what was promised; where it would be, that is seen."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from jewelrymodel.policy.decision import Decision, RemedyKind, canonical, from_json, to_json
from jewelrymodel.policy.decision_proof import NotProven, prove
from jewelrymodel.policy.edition import Edition
from jewelrymodel.policy.editions_in_force import PinnedTextDiffers
from jewelrymodel.policy.facts import Fact
from jewelrymodel.policy.hypotheses import Buyer, Offer, of_generation, of_purchase
from jewelrymodel.policy.promise import PromisedLine, promised_lines
from jewelrymodel.policy.promise_comparison import (
    agreed_lines,
    is_worse,
    refs,
    worse_line,
    worse_lines,
)
from jewelrymodel.policy.rule_evaluation import decide
from tests.support.shipped_edition import SHORT_OUTAGES_ARE_BORNE, dated, edition, facts

SHOP = Buyer("business", "US", 5_000, 20_000)
PLAN = Offer("subscription", 1_900, "USD", 60, "digital_service", "none", 43_200)
JULY = datetime(2026, 7, 1, 9, tzinfo=UTC)
WORSE = dated("2026-06-15", *SHORT_OUTAGES_ARE_BORNE)
BOTH = (WORSE, edition())
A_DAY_DOWN = {
    "request.ground": "outage",
    "purchase.kind": "subscription",
    "outage.minutes": 1_440,
    "period.minutes": 43_200,
    "lot.granted_credits": 60,
    "lot.remaining_credits": 60,
    "charge.paid_minor": 1_900,
    "charge.refundable_minor": 1_900,
    "purchase.held": False,
    "error.verified": False,
}


def promise_of(by: Edition) -> tuple[PromisedLine, ...]:
    return promised_lines(of_purchase(PLAN, SHOP), (by,), at=JULY)


def decided(lines: tuple[PromisedLine, ...], **changes: int) -> Decision:
    """In July, of what was bought under the worse edition."""
    given = facts({**A_DAY_DOWN, **{name.replace("__", "."): n for name, n in changes.items()}})
    return decide(
        given,
        BOTH,
        purchased_at=JULY,
        requested_at=JULY,
        promised=refs(lines, sha256="a" * 64),
    )


@pytest.mark.clause("3.4")
def test_what_was_promised_under_a_better_edition_is_given_under_a_worse_one() -> None:
    alone = decided(())
    assert (alone.credits, alone.promised) == (0, ())
    kept = decided(promise_of(edition()))
    assert kept.credits == 2
    assert kept.editions[0].sha256 == edition().sha256
    assert kept.cites[-1] == "3.4"
    assert {one.edition_on for one in kept.promised} == {edition().date}


@pytest.mark.clause("3.4")
def test_a_promise_takes_nothing_away() -> None:
    better = decide(
        facts(A_DAY_DOWN),
        BOTH,
        purchased_at=JULY,
        requested_at=JULY,
        pinned_on=edition().date,
        pinned_sha256=edition().sha256,
        promised=refs(promise_of(WORSE), sha256="a" * 64),
    )
    assert better.credits == 2
    assert "3.4" not in better.cites


def test_a_decision_with_a_promise_is_stored_read_and_proven() -> None:
    kept = decided(promise_of(edition()))
    assert from_json(to_json(kept)) == kept
    assert prove(canonical(to_json(kept)), BOTH).decision == kept
    unsaid = canonical(to_json(replace(kept, promised=())))
    with pytest.raises(NotProven, match="don't decide what it says"):
        prove(unsaid, BOTH)


def test_a_promise_whose_text_is_another_decides_nothing() -> None:
    other = replace(promise_of(edition())[0].edition, sha256="0" * 64)
    lines = tuple(replace(one, edition=other) for one in promise_of(edition()))
    with pytest.raises(PinnedTextDiffers):
        decided(lines)


def test_the_lines_of_just_these_facts_are_found() -> None:
    lines = promise_of(edition())
    assert [one.situation for one in agreed_lines(lines, decided(lines))] == ["outage_day"]
    assert agreed_lines(lines, decided(lines, outage__minutes=1_439)) == ()


@pytest.mark.parametrize(
    ("lines", "changes", "falls_short"),
    [
        (promise_of(edition()), {}, "outage_day"),
        (promise_of(edition()), {"outage__minutes": 1_900}, "undelivered"),
        (promise_of(edition()), {"outage__minutes": 59}, None),
        (promise_of(WORSE), {}, None),
        ((), {}, None),
    ],
)
def test_a_decision_that_falls_short_is_known_by_line_or_by_edition(
    lines: tuple[PromisedLine, ...], changes: dict[str, int], falls_short: str | None
) -> None:
    worse = worse_line(decided((), **changes), lines, BOTH)
    assert (worse and worse.situation) == falls_short
    assert worse_line(decided(lines, **changes), lines, BOTH) is None


def test_a_generation_without_a_charge_is_compared_too() -> None:
    lines = promised_lines(of_generation(prices=[2], buyer=SHOP), (edition(),), at=JULY)
    failed = {name: Fact(value, "task:task_1", JULY) for name, value in lines[0].facts.items()}
    decision = decide(failed, BOTH, purchased_at=None, requested_at=JULY)
    assert decision.credits == 2
    assert worse_line(decision, lines, BOTH) is None
    assert worse_line(replace(decision, remedies=()), lines, BOTH) == lines[0]
    assert worse_line(replace(decision, remedies=()), lines[1:], BOTH) == lines[1]


@pytest.mark.parametrize("tax", [0, 741])
def test_what_is_promised_before_tax_holds_with_the_tax_that_was_charged(tax: int) -> None:
    pack = Offer("package", 3_900, "USD", 100, "digital_service", "none")
    twice = of_purchase(pack, SHOP)[1]
    charged = dict.fromkeys(("charge.paid_minor", "charge.refundable_minor"), 3900 + tax)
    found = {name: Fact(n, "t", JULY) for name, n in {**twice.facts, **charged}.items()}
    decision = decide(found, (edition(),), purchased_at=JULY, requested_at=JULY)
    for before_tax in (True, False):
        lines = promised_lines((twice,), (edition(),), at=JULY, is_before_tax=before_tax)
        assert lines[0].amount_minor == 3_900
        (line,) = agreed_lines(lines, decision) if before_tax or not tax else lines
        assert worse_line(decision, lines, (edition(),)) is None
        less = replace(decision.remedies[0], amount_minor=3_899 + tax)
        assert bool(worse_lines((line,), (less,), decision)) is (before_tax or not tax)
    assert decision.amount_minor == 3_900 + tax


@dataclass(frozen=True)
class Given:
    kind: RemedyKind
    credits: int = 0
    amount_minor: int = 0


MONEY, PART = RemedyKind.FULL_REFUND, RemedyKind.PARTIAL_REFUND
BACK, NEW = RemedyKind.RESTORED_CREDITS, RemedyKind.REPLACEMENT_CREDITS
ACCESS, OTHER = RemedyKind.ACCESS_CORRECTION, RemedyKind.OTHER


@pytest.mark.parametrize(
    ("given", "promised", "worse"),
    [
        ([Given(MONEY, 0, 1_900)], [Given(MONEY, 0, 1_900)], False),
        ([Given(PART, 0, 1_899)], [Given(MONEY, 0, 1_900)], True),
        ([Given(BACK, 99)], [Given(MONEY, 0, 1_900)], True),
        ([Given(NEW, 3)], [Given(BACK, 2)], False),
        ([Given(NEW, 1)], [Given(BACK, 2)], True),
        ([Given(ACCESS)], [Given(ACCESS)], False),
        ([], [Given(ACCESS)], True),
        ([Given(MONEY, 0, 1_900)], [Given(ACCESS)], False),
        ([Given(PART, 0, 1_800)], [Given(ACCESS)], True),
        ([Given(MONEY, 0, 1_900)], [Given(OTHER)], True),
        ([], [], False),
    ],
)
def test_money_credits_and_kind_each_count(
    given: list[Given], promised: list[Given], *, worse: bool
) -> None:
    assert is_worse(given, promised, paid_minor=1_900) is worse


def test_without_a_charge_nothing_replaces_a_delivery() -> None:
    assert is_worse([], [Given(ACCESS)], paid_minor=0)


def test_what_is_given_is_compared_with_each_line() -> None:
    lines = promise_of(edition())[:1]  # what was charged is added, or paid back
    assert worse_lines(lines, [Given(MONEY, 0, 1_900)], decided(())) == []
    assert worse_lines(lines, [], decided(())) == [lines[0]]
