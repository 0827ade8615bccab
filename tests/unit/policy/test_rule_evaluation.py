"""The calculus, on facts that no example of the edition needs to name."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from jewelrymodel.policy.amounts import FORMULAS
from jewelrymodel.policy.conditions import compile_all
from jewelrymodel.policy.decision import (
    Draft,
    Outcome,
    RemedyKind,
    digest,
    from_json,
    to_json,
)
from jewelrymodel.policy.edition_diff import ChangeKind, compare, compare_parameters
from jewelrymodel.policy.editions_in_force import NoEdition
from jewelrymodel.policy.facts import Fact, FactsRefused, Value
from jewelrymodel.policy.rule_evaluation import decide
from jewelrymodel.policy.rulebook import Effect, Rule, Term
from tests.support.shipped_edition import NOON, dated, decided, edition, facts

DUPLICATE: dict[str, Value] = {"request.ground": "duplicate", "purchase.duplicate": "certain"}
OUTAGE: dict[str, Value] = {
    "request.ground": "outage",
    "purchase.kind": "subscription",
    "outage.minutes": 50,
    "period.minutes": 43_200,
}


def rule(effect: Effect, clause: str, condition: str, **more: object) -> Rule:
    reads = ("purchase.checkout_terms", "purchase.kind", "charge.paid_minor")
    reads += ("charge.refunded_minor", "charge.lost_minor", "lot.granted_credits")
    reads += ("lot.remaining_credits", "outage.minutes", "period.minutes")
    when = compile_all([condition], reads=reads, parameters=())
    used = tuple(name for name in reads if name in condition)
    return replace(Rule(f"{clause}-test", clause, effect, used, when), **more)  # type: ignore[arg-type]  # fields by name


@pytest.mark.clause("6.6", "8.7")
@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"lookup.law": False}, "not looked at yet: lookup.law"),
        ({"account.closed": True}, "the account is closed"),
        ({"limit.machine_minor": 3899}, "above what a machine may refund"),
        ({"charge.dispute": "unknown"}, "the charge is disputed"),
        ({"history.decided_by_person": True}, "in their own way"),
        ({"charge.refundable_minor": 10}, "the processor refunds less"),
        ({"charge.refunded_minor": 3900}, "nothing is left to refund"),
    ],
)
def test_what_isnt_plain_goes_to_a_person_with_the_approval_drafted(
    changed: dict[str, Value], says: str
) -> None:
    decision = decided({**DUPLICATE, **changed})
    assert (decision.outcome, decision.draft) == (Outcome.PERSON, Draft.APPROVAL)
    assert says in decision.internal_text
    assert "8.7" in decision.cites


def test_no_machine_gives_no_credits() -> None:
    """A month that was never delivered had no credits that an outage could take (6.3)."""
    decision = decided({**OUTAGE, "outage.minutes": 90, "lot.granted_credits": 0})
    assert [one.credits for one in decision.remedies] == [0]
    assert decision.outcome is Outcome.PERSON
    assert "no credits are left to give" in decision.internal_text


def test_an_unknown_second_limit_needs_two_people() -> None:
    assert decided(DUPLICATE, without=("limit.second_person_minor",)).needs_second_approval


def test_a_renewal_after_cancel_is_refunded_and_the_finality_yields() -> None:
    decision = decided(
        {"request.ground": "charged_after_cancel", "purchase.charged_after_cancel": True}
    )
    assert decision.outcome is Outcome.APPROVE
    assert {one.rule_id for one in decision.defeated} == {"2.2", "4.1"}
    assert "yields to 3.2 (a verified ground)" in decision.internal_text
    assert "$39.00" in decision.customer_text


@pytest.mark.clause("4.5")
def test_what_waits_for_a_person_is_promised_by_no_machine() -> None:
    undelivered = {"request.ground": "undelivered", "purchase.delivered": False}
    assert decided(undelivered).outcome is Outcome.RESTORE
    held = decided({**undelivered, "purchase.held": True})
    assert (held.outcome, held.draft) == (Outcome.PERSON, Draft.APPROVAL)
    assert [one.kind for one in held.remedies] == [RemedyKind.ACCESS_CORRECTION]


@pytest.mark.clause("6.0")
def test_a_machine_never_learns_from_what_was_picked() -> None:
    """The ground that was picked isn't there, another one is: that one counts."""
    decision = decided({"request.ground": "unused", "purchase.duplicate": "certain"})
    assert decision.outcome is Outcome.APPROVE
    assert [one.kind for one in decision.remedies] == [RemedyKind.FULL_REFUND]


@pytest.mark.clause("8.0", "8.1")
def test_two_grounds_give_one_refund_and_their_credits() -> None:
    both = {"task.status": "failed", "task.owed_credits": 3, "task.sound": True}
    decision = decided({**DUPLICATE, "purchase.charged_after_cancel": True, **both})
    assert [(one.kind, one.credits, one.amount_minor) for one in decision.remedies] == [
        (RemedyKind.RESTORED_CREDITS, 3, 0),
        (RemedyKind.FULL_REFUND, 0, 3900),
    ]
    assert decision.outcome is Outcome.APPROVE
    assert decision.credits == 3


def test_one_loss_is_made_good_once_by_the_rule_that_gives_most() -> None:
    """An edition in which two rules give credits for the same job: their sum would be too much."""
    gives = (Term(RemedyKind.REPLACEMENT_CREDITS, "captured_credits"),)
    whole = rule(Effect.GROUND, "8.6", 'purchase.kind == "package"', gives=gives)
    changed = replace(edition(), rules=(*edition().rules, whole))
    told = facts({"task.status": "failed", "task.owed_credits": 1, "task.captured_credits": 3})
    decision = decide(told, (changed,), purchased_at=NOON, requested_at=NOON)
    assert [(one.kind, one.credits) for one in decision.remedies] == [
        (RemedyKind.REPLACEMENT_CREDITS, 3)
    ]


def test_of_two_refunds_of_one_size_the_full_one_counts() -> None:
    gives = (Term(RemedyKind.PARTIAL_REFUND, "unused_share"),)
    part = rule(Effect.RIGHT, "3.4", 'purchase.kind == "package"', gives=gives)
    changed = replace(edition(), rules=(part, *edition().rules))
    decision = decide(facts(DUPLICATE), (changed,), purchased_at=NOON, requested_at=NOON)
    assert [one.kind for one in decision.remedies] == [RemedyKind.FULL_REFUND]


@pytest.mark.clause("3.4")
def test_checkout_terms_may_refuse_what_isnt_promised_and_the_law_overrules_them() -> None:
    gives = (Term(RemedyKind.PARTIAL_REFUND, "unused_share"),)
    law = rule(Effect.RIGHT, "3.4", 'purchase.kind == "package"', gives=gives, id="3.4-right")
    with_law = replace(edition(), rules=(*edition().rules, law))
    told = facts({**DUPLICATE, "purchase.checkout_terms": "refuses", "lot.remaining_credits": 75})
    refused = decide(told, (edition(),), purchased_at=NOON, requested_at=NOON)
    assert (refused.outcome, refused.draft) == (Outcome.PERSON, Draft.DENIAL)
    assert {one.reason for one in refused.defeated} == {"accepted checkout terms"}
    granted = decide(told, (with_law,), purchased_at=NOON, requested_at=NOON)
    assert {one.reason for one in granted.defeated} == {"mandatory law", "a verified ground"}
    assert [one.kind for one in granted.remedies] == [RemedyKind.FULL_REFUND]
    alone = {**told, "purchase.duplicate": Fact("none", "order:ord_1", NOON)}
    partial = decide(alone, (with_law,), purchased_at=NOON, requested_at=NOON)
    assert (partial.outcome, partial.amount_minor) == (Outcome.APPROVE, 1950)


def test_a_named_exception_defeats_its_rule() -> None:
    exception = rule(
        Effect.PERSON, "4.1", 'purchase.kind == "package"', exception_to="4.1", id="4.1-kind"
    )
    changed = replace(edition(), rules=(*edition().rules, exception))
    decision = decide(
        facts({"request.ground": "unused"}), (changed,), purchased_at=None, requested_at=NOON
    )
    assert ("4.1", "4.1-kind", "exception") in [
        (one.rule_id, one.by, one.reason) for one in decision.defeated
    ]
    assert decision.draft is Draft.NONE


@pytest.mark.clause("10.1")
def test_the_edition_at_the_purchase_governs_unless_a_better_one_reaches_back() -> None:
    sooner = ("value = 60\nunit", "value = 45\nunit")
    later = dated("2026-07-01", sooner)
    back = ('reason = "legal"', 'reason = "legal"\napplies_to_earlier_purchases = true')
    reaching = dated("2026-07-01", sooner, back)
    now = datetime(2026, 8, 1, tzinfo=UTC)
    asked = facts(OUTAGE)
    plain = decide(asked, (edition(), later), purchased_at=NOON, requested_at=now)
    assert plain.remedies == ()
    assert [str(ref.date) for ref in plain.editions] == ["2026-05-14", "2026-07-01"]
    better = decide(asked, (later, edition()), purchased_at=now, requested_at=now)
    assert better.outcome is Outcome.RESTORE
    reached = decide(asked, (edition(), reaching), purchased_at=NOON, requested_at=now)
    assert reached.outcome is Outcome.RESTORE
    with pytest.raises(NoEdition):
        decide(asked, (later,), purchased_at=NOON, requested_at=NOON)


@pytest.mark.clause("10.1")
def test_what_changed_between_editions_is_told_by_clause_and_number() -> None:
    later = dated(
        "2026-07-01",
        ("value = 60\nunit", "value = 45\nunit"),
        ("Images made by a machine vary.", "Images vary."),
        (
            'examines = ["outage"]\neffect = "person"\n',
            'examines = ["outage"]\neffect = "person"\nsettles = ["outage"]\n',
        ),
    )
    assert [(one.clause, one.kind) for one in compare(edition(), later)] == [
        ("5.1", ChangeKind.CHANGED),
        ("6.3", ChangeKind.EFFECT),
    ]
    (number,) = compare_parameters(edition(), later)
    assert (number.before, number.after) == (60, 45)
    bare = replace(later, parameters=(), rules=(), sections=())
    added, removed = compare(bare, edition()), compare(edition(), bare)
    assert {one.kind for one in added} == {ChangeKind.ADDED}
    assert {one.kind for one in removed} == {ChangeKind.REMOVED}
    assert {one.after for one in compare_parameters(edition(), bare)} == {None}


def test_nobody_is_asked_for_the_paid_month_of_a_package() -> None:
    asked = decided({"request.ground": "outage", "purchase.kind": "package"})
    assert (asked.outcome, asked.questions) == (Outcome.PERSON, ())
    month = decided({"request.ground": "outage", "purchase.kind": "subscription"})
    assert [one.about for one in month.questions] == ["7.5", "7.2"]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("claim.text", "I am right", "is no fact"),
        ("purchase.paid", 1, "give true or false"),
        ("charge.paid_minor", True, "whole number"),
        ("purchase.kind", "gift", "one of package"),
        ("charge.currency", "usd", "three capital letters"),
        ("task.check_version", "", "1 to 100 characters"),
        ("task.check_version", "v" * 101, "1 to 100 characters"),
        ("task.check_version", 7, "1 to 100 characters"),
    ],
)
def test_a_claim_or_a_wrong_value_is_no_fact(name: str, value: Value, says: str) -> None:
    with pytest.raises(FactsRefused, match=says):
        decided({name: value})


@pytest.mark.parametrize(
    ("known", "says"),
    [
        ({}, ""),
        ({"task.check_version": "unknown"}, "check unknown: how often it misses damage was not"),
        (
            {
                "task.check_version": "v7",
                "task.check_planted_damages": 1032,
                "task.check_missed_damages": 1,
            },
            "Automatic check v7: missed 1 of 1032 planted damages.",
        ),
    ],
)
def test_staff_read_which_check_it_was_and_how_often_that_is_wrong(
    known: dict[str, Value], says: str
) -> None:
    text = decided({"request.ground": "failed_task", **known}).internal_text
    assert says in text
    assert ("check" in text) is bool(known)


def test_a_fact_needs_an_instant_with_a_zone() -> None:
    naive = {"purchase.paid": Fact(True, "order:1", NOON.replace(tzinfo=None))}
    with pytest.raises(FactsRefused, match="zone"):
        decide(naive, (edition(),), purchased_at=NOON, requested_at=NOON)


def test_a_condition_that_cant_tell_counts_as_missing() -> None:
    texts = ["purchase.age_minutes / purchase.age_minutes > 0"]
    (condition,) = compile_all(texts, reads=("purchase.age_minutes",), parameters=())
    assert condition.holds({"purchase.age_minutes": 0}) is None


def test_a_share_of_nothing_is_nothing() -> None:
    none = {"lot.granted_credits": 0, "outage.minutes": 5, "period.minutes": 0}
    assert FORMULAS["outage_credits"].compute(none) == 0


def test_money_back_for_an_outage_is_rounded_up_to_the_customer() -> None:
    gives = (Term(RemedyKind.PARTIAL_REFUND, "outage_share"),)
    law = rule(Effect.RIGHT, "3.4", "outage.minutes > 0", gives=gives)
    changed = replace(edition(), rules=(*edition().rules, law))
    decision = decide(facts(OUTAGE), (changed,), purchased_at=NOON, requested_at=NOON)
    assert decision.amount_minor == 5  # 3900 × 50 ÷ 43 200 = 4.51


def test_a_stored_decision_reads_back_whole() -> None:
    for values in (DUPLICATE, OUTAGE, {"request.ground": "failed_task"}):
        decision = decided(values)
        again = from_json(to_json(decision))
        assert again == decision
        assert digest(again) == digest(decision)
    asked = decide(facts(), (edition(),), purchased_at=None, requested_at=NOON + timedelta(days=1))
    assert from_json(to_json(asked)) == asked


@pytest.mark.clause("8.2", "5.3")
def test_a_blank_image_is_replaced_whatever_was_said_of_its_style() -> None:
    blank: dict[str, Value] = {"request.ground": "style", "task.status": "succeeded"}
    blank |= {"task.sound": False, "task.captured_credits": 2, "task.owed_credits": 0}
    (remedy,) = decided(blank).remedies
    assert (remedy.kind, remedy.credits) == (RemedyKind.REPLACEMENT_CREDITS, 2)


@pytest.mark.clause("8.6", "6.4")
def test_an_error_that_a_person_found_in_the_records_is_put_right_by_a_person() -> None:
    decision = decided({"request.ground": "account_error", "error.verified": True})
    assert (decision.outcome, decision.draft) == (Outcome.PERSON, Draft.APPROVAL)
    assert [one.kind for one in decision.remedies] == [RemedyKind.OTHER]
