"""What the policy says beforehand of each situation, and that it says the same again."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from jewelrymodel.kernel.signing import sign
from jewelrymodel.policy import promise_document
from jewelrymodel.policy.decision import Draft, Outcome, RemedyKind
from jewelrymodel.policy.edition import Edition
from jewelrymodel.policy.facts import Value
from jewelrymodel.policy.hypotheses import (
    Buyer,
    Hypothesis,
    Offer,
    Situation,
    of_cancellation,
    of_generation,
    of_purchase,
)
from jewelrymodel.policy.promise import PromisedLine, decided_again, promised_lines
from jewelrymodel.policy.promise_document import PromiseDocument, PromiseKind, PromiseUnreadable
from tests.support.shipped_edition import NOON, SHORT_OUTAGES_ARE_BORNE, dated, edition

SHOP = Buyer("business", "US", 5_000, 20_000)
PRIVATE = Buyer("consumer", "EU", 5_000, 20_000)
PACK = Offer("package", 3_900, "USD", 150, "digital_service", "none")
PLAN = Offer("subscription", 1_900, "USD", 60, "digital_service", "none", 30 * 24 * 60)


def said(
    hypotheses: tuple[Hypothesis, ...], *editions: Edition, **pinned: Any
) -> dict[Situation, PromisedLine]:
    """Each line under its situation."""
    lines = promised_lines(hypotheses, editions or (edition(),), at=NOON, **pinned)
    return {one.situation: one for one in lines}


@pytest.mark.clause("4.5")
@pytest.mark.clause("6.1")
def test_a_pack_is_delivered_or_a_second_charge_comes_back_whole() -> None:
    lines = said(of_purchase(PACK, SHOP))
    assert list(lines) == ["undelivered", "charged_twice", "half_unused", "changed_mind"]
    arrives = lines[Situation.UNDELIVERED]
    assert [one.kind for one in arrives.remedies] == [RemedyKind.ACCESS_CORRECTION]
    assert (arrives.clause, arrives.cites) == ("4.5", ("4.5", "8.3"))
    twice = lines[Situation.CHARGED_TWICE]
    assert (twice.amount_minor, twice.outcome) == (3_900, Outcome.APPROVE)


@pytest.mark.clause("4.2")
@pytest.mark.clause("4.3")
def test_a_business_reads_that_a_delivered_pack_is_final() -> None:
    lines = said(of_purchase(PACK, SHOP))
    assert lines[Situation.CHANGED_MIND].clause == "4.3"
    for situation in (Situation.HALF_UNUSED, Situation.CHANGED_MIND):
        assert (lines[situation].amount_minor, lines[situation].draft) == (0, Draft.DENIAL)


@pytest.mark.clause("3.4")
def test_a_consumer_reads_that_the_law_is_looked_at_first() -> None:
    line = said(of_purchase(PACK, PRIVATE))[Situation.CHANGED_MIND]
    assert (line.outcome, line.draft) == (Outcome.PERSON, Draft.NONE)
    assert line.clause == "3.4"


@pytest.mark.clause("3.2")
@pytest.mark.clause("3.3")
@pytest.mark.clause("6.3")
def test_a_plan_says_what_canceling_gives_and_a_day_that_is_down() -> None:
    lines = said(of_purchase(PLAN, SHOP))
    assert lines[Situation.CANCELED].amount_minor == 0
    assert "3.3" in lines[Situation.CANCELED].cites
    assert lines[Situation.CHARGED_AFTER_CANCEL].amount_minor == 1_900
    assert lines[Situation.OUTAGE_DAY].credits == 2  # 60 credits, one day of thirty
    assert lines[Situation.UNDELIVERED].cites == ("6.2", "8.3")


def test_canceling_says_what_the_checkout_of_the_plan_said() -> None:
    whole, later = said(of_purchase(PLAN, SHOP)), said(of_cancellation(PLAN, SHOP))
    assert later == {name: whole[name] for name in later}


@pytest.mark.clause("5.3")
@pytest.mark.parametrize(
    ("prices", "situation", "back"),
    [
        ([2, 2, 3, 1], Situation.JOB_FAILED, 8),
        ([2, 2, 3, 1], Situation.IMAGE_MISSING, 3),
        ([2, 2, 3, 1], Situation.IMAGE_DISLIKED, 0),
        ([2], Situation.IMAGE_BROKEN, 2),
    ],
)
def test_a_generation_says_which_credits_come_back(
    prices: list[int], situation: Situation, back: int
) -> None:
    assert said(of_generation(prices=prices, buyer=SHOP))[situation].credits == back


def test_a_line_keeps_what_it_follows_from_and_is_decided_the_same_from_that() -> None:
    job = of_generation(prices=[1, 1, 1], buyer=SHOP)
    for hypotheses in (of_purchase(PACK, PRIVATE), of_purchase(PLAN, SHOP), job):
        for line in promised_lines(hypotheses, (edition(),), at=NOON):
            assert decided_again(line, edition()) == line
            assert "purchase.legal_class" not in line.facts  # no rule reads it


def test_the_edition_that_the_purchase_pinned_is_the_one_that_promises() -> None:
    later = dated("2026-05-20", *SHORT_OUTAGES_ARE_BORNE)
    both = (later, edition())
    line = said(of_purchase(PLAN, SHOP), *both)[Situation.OUTAGE_DAY]
    assert (line.edition.date, line.credits) == (later.date, 0)
    pinned = {"pinned_on": date(2026, 5, 14), "pinned_sha256": edition().sha256}
    line = said(of_purchase(PLAN, SHOP), *both, **pinned)[Situation.OUTAGE_DAY]
    assert (line.edition.sha256, line.credits) == (edition().sha256, 2)


@pytest.mark.parametrize(
    ("changes", "agrees"),
    [
        ({}, True),
        ({"limit.machine_minor": 0, "lookup.law": False, "request.identity_level": 1}, True),
        ({"history.decided_by_person": True, "purchase.age_minutes": 7}, True),
        ({"charge.refunded_minor": 1}, False),
        ({"account.closed": True}, False),
        ({"request.ground": "unused"}, False),
    ],
)
def test_facts_are_the_situation_where_all_agrees_that_it_follows_from(
    changes: dict[str, Value], *, agrees: bool
) -> None:
    twice = of_purchase(PACK, SHOP)[1]
    line = promised_lines((twice,), (edition(),), at=NOON)[0]
    assert line.agrees({**twice.facts, **changes}) is agrees


def kept(until: datetime | None = None, *, is_before_tax: bool = False) -> PromiseDocument:
    """A promise as it is signed."""
    bought = of_purchase(PACK, SHOP)
    lines = promised_lines(bought, (edition(),), at=NOON, is_before_tax=is_before_tax)
    return PromiseDocument(PromiseKind.CHECKOUT, "acc_1", "ord_1", NOON, lines, until)


@pytest.mark.parametrize("until", [None, datetime(2026, 7, 1, tzinfo=UTC)])
def test_a_document_is_read_as_it_was_written(until: datetime | None) -> None:
    for is_before_tax in (True, False):
        promise = kept(until, is_before_tax=is_before_tax)
        assert promise_document.read(json.loads(promise_document.write(promise))) == promise
        assert all(one.is_before_tax is is_before_tax for one in promise.lines)


@pytest.mark.parametrize(
    "change", [{"format": 2}, {"kind": None}, {"lines": [{}]}, {"lines": 1}, {"made_at": "soon"}]
)
def test_what_is_no_promise_is_not_read_as_one(change: dict[str, Any]) -> None:
    body = json.loads(promise_document.write(kept()))
    with pytest.raises(ValueError):  # noqa: PT011 — PromiseUnreadable is one
        promise_document.read({**body, **change})


def test_no_promise_is_said_in_a_sentence() -> None:
    with pytest.raises(PromiseUnreadable, match="not written as a promise"):
        promise_document.read({"format": 1})


def test_a_document_has_the_digest_that_it_is_signed_under() -> None:
    document = promise_document.write(kept())
    assert promise_document.sha256(document) == sign(document, secret="of the tests").sha256


def test_what_a_page_showed_has_one_digest_whenever_it_was_shown() -> None:
    lines = promised_lines(of_purchase(PACK, SHOP), (edition(),), at=NOON)
    again = promised_lines(of_purchase(PACK, SHOP), (edition(),), at=NOON.replace(month=7))
    other = promised_lines(of_purchase(PACK, PRIVATE), (edition(),), at=NOON)
    digests = [promise_document.shown_sha256(one) for one in (lines, again, other)]
    assert digests[0] == digests[1] != digests[2]
