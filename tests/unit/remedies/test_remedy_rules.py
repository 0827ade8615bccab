"""What repeats, what a job still owes, and what is given once."""

from datetime import UTC, datetime

import pytest

from jewelrymodel.policy.amounts import Loss
from jewelrymodel.policy.decision import CLAUSE_OF_REMEDY, Remedy, RemedyKind
from jewelrymodel.remedies.assessments import Chosen, Subject, SubjectKind
from jewelrymodel.remedies.rules import fact_digests, loss_keys, owed_credits, remedy_amounts

AT = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.clause("5.3")
@pytest.mark.parametrize(
    ("ended", "is_open", "captured", "delivered", "given", "owed"),
    [
        pytest.param(False, True, 0, 0, 0, 0, id="running: nothing is owed yet"),
        pytest.param(True, True, 0, 0, 0, 6, id="ended with its hold open: all that is held"),
        pytest.param(True, False, 6, 4, 0, 2, id="took more than it delivered: the rest"),
        pytest.param(True, False, 6, 4, 2, 0, id="the rest was given back: nothing"),
        pytest.param(True, False, 4, 4, 0, 0, id="took what it delivered: nothing"),
        pytest.param(True, False, 2, 4, 0, 0, id="delivered more than it took: nothing"),
    ],
)
def test_an_ended_job_owes_what_it_took_and_did_not_deliver(
    *, ended: bool, is_open: bool, captured: int, delivered: int, given: int, owed: int
) -> None:
    job = {"ended": ended, "is_open": is_open, "captured": captured, "delivered": delivered}
    assert owed_credits.owed_credits(held=6, given=given, **job) == owed  # type: ignore[arg-type]


@pytest.mark.parametrize(("used", "owed"), [((50, 40), 0), ((100, 0), 0), ((80, 30), 10)])
def test_overuse_is_what_both_used_beyond_one_purchase(used: tuple[int, int], owed: int) -> None:
    assert owed_credits.overused(used=used, granted=100) == owed


def test_facts_of_one_record_share_its_hash_and_a_changed_value_changes_it() -> None:
    one, same, other = (
        fact_digests.facts_of_record({"purchase.paid_minor": paid}, record="order:7", at=AT)[
            "purchase.paid_minor"
        ]
        for paid in (100, 100, 200)
    )
    assert one == same
    assert one.sha256 != other.sha256
    given = fact_digests.facts_of_record(
        {"purchase.paid_minor": 1}, record="order:7", at=AT, sha256="ab"
    )
    assert given["purchase.paid_minor"].sha256 == "ab"


def test_the_passing_minutes_of_a_purchase_make_no_new_assessment() -> None:
    early, late, paid = (
        fact_digests.signature(values, "restore")
        for values in (
            {"purchase.age_minutes": 1, "purchase.paid_minor": 5},
            {"purchase.age_minutes": 9, "purchase.paid_minor": 5},
            {"purchase.age_minutes": 1, "purchase.paid_minor": 6},
        )
    )
    assert early == late != paid


def test_a_remedy_is_the_same_twice_whatever_its_size_and_a_new_one_once_it_was_done() -> None:
    job = Subject(SubjectKind.TASK, "task_1")
    first = loss_keys.once_key(Loss.JOB, job, RemedyKind.RESTORED_CREDITS, {})
    assert first == loss_keys.once_key(Loss.JOB, job, RemedyKind.REPLACEMENT_CREDITS, {})
    assert first != loss_keys.once_key(loss_keys.CHOSEN, job, RemedyKind.RESTORED_CREDITS, {})
    done = loss_keys.next_rounds([first])
    second = loss_keys.once_key(Loss.JOB, job, RemedyKind.RESTORED_CREDITS, done)
    assert (loss_keys.loss_of_key(first), loss_keys.loss_of_key(second)) == ("job", "job")
    assert first != second
    again = loss_keys.next_rounds([second, first])
    third = loss_keys.once_key(Loss.JOB, job, RemedyKind.RESTORED_CREDITS, again)
    assert len({first, second, third}) == 3
    full, part, other = (
        loss_keys.once_key(Loss.CHARGE, job, kind, {})
        for kind in (RemedyKind.FULL_REFUND, RemedyKind.PARTIAL_REFUND, RemedyKind.OTHER)
    )
    assert full == part != other


def given(kind: RemedyKind, formula: str) -> Remedy:
    return Remedy(kind, CLAUSE_OF_REMEDY[kind], "any-rule", formula)


RESTORED = given(RemedyKind.RESTORED_CREDITS, "owed_credits")
REPLACED = given(RemedyKind.REPLACEMENT_CREDITS, "outage_credits")
ADDED = given(RemedyKind.ACCESS_CORRECTION, "delivery")


@pytest.mark.parametrize(
    ("kind", "remedies", "order_id", "expected"),
    [
        pytest.param(
            RemedyKind.RESTORED_CREDITS, [RESTORED, REPLACED], "ord_1", "job:task", id="its own"
        ),
        pytest.param(
            RemedyKind.REPLACEMENT_CREDITS,
            [RESTORED, REPLACED],
            "ord_1",
            "outage:order",
            id="an outage is the purchase's, whichever job it is asked about by",
        ),
        pytest.param(
            RemedyKind.REPLACEMENT_CREDITS, [RESTORED], "ord_1", "job:task", id="credits of a kind"
        ),
        pytest.param(RemedyKind.ACCESS_CORRECTION, [ADDED], "", "delivery:task", id="no order"),
        pytest.param(RemedyKind.FULL_REFUND, [ADDED], "ord_1", "chosen:task", id="a person's own"),
    ],
)
def test_a_remedy_makes_good_what_the_rule_that_gives_it_computes(
    kind: RemedyKind, remedies: list[Remedy], order_id: str, expected: str
) -> None:
    job = Subject(SubjectKind.TASK, "task_1")
    loss, whose = loss_keys.loss_of(kind, remedies, job, order_id)
    assert f"{loss}:{whose.kind}" == expected
    assert whose.id == (order_id if whose.kind == SubjectKind.ORDER else job.id)


@pytest.mark.parametrize(
    ("one", "gives"),
    [
        (Chosen(RemedyKind.FULL_REFUND, amount_minor=1, currency="USD"), True),
        (Chosen(RemedyKind.FULL_REFUND, amount_minor=0, currency="USD"), False),
        (Chosen(RemedyKind.PARTIAL_REFUND, amount_minor=1), False),
        (Chosen(RemedyKind.PARTIAL_REFUND, credits=1, amount_minor=1, currency="USD"), False),
        (Chosen(RemedyKind.RESTORED_CREDITS, credits=1), True),
        (Chosen(RemedyKind.RESTORED_CREDITS), False),
        (Chosen(RemedyKind.REPLACEMENT_CREDITS, credits=1, amount_minor=1), False),
        (Chosen(RemedyKind.ACCESS_CORRECTION), True),
        (Chosen(RemedyKind.ACCESS_CORRECTION, credits=1), False),
        (Chosen(RemedyKind.OTHER, amount_minor=1), False),
    ],
)
def test_a_remedy_gives_what_its_kind_does_and_only_that(one: Chosen, *, gives: bool) -> None:
    assert remedy_amounts.has_its_amount(one) is gives
