"""An approved remedy gives something: refused at the form, in the operation, by the database."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.models import Order, Refund
from jewelrymodel.payments.statuses import OrderState
from jewelrymodel.policy.decision import Remedy, RemedyKind
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies.assessments import Assessment, Chosen, RequestFacts, Subject, SubjectKind
from jewelrymodel.remedies.models import DecisionRecord, RemedyRow
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case
from tests.support.bank import Bank
from tests.support.desk import decide, open_case, read, wait_until_decided
from tests.support.plans import Plan
from tests.support.shop import Sandbox, now, start

pytestmark = pytest.mark.django_db


def refund(vera: Client, case: Case, **sent: str) -> None:
    """Decide a refund and see it through."""
    assert decide(vera, case, **sent) == 302
    settled()


def settled() -> None:
    """Let the newest refund arrive, and its remedy follow."""
    made = Refund.objects.latest("created_at")
    payments.follow_refund(refund_id=made.pk, now=now())
    deciding.settle_refund_remedy(refund_id=made.pk, now=now())


def told(vera: Client, case: Case, act: str = "approve-remedy", **sent: str) -> tuple[int, str]:
    """The status and the page after an agent decides so."""
    page = read(vera, f"/desk/cases/{case.pk}")
    signature = re.search(r'name="signature" value="(\w+)"', page)
    assert signature
    asked = {"sure": "on", "reason": "Kind", "signature": signature[1], **sent}
    answer = vera.post(f"/desk/cases/{case.pk}/{act}", asked)
    wait_until_decided()
    return answer.status_code, " ".join(answer.content.decode().split())


def about(order: Order, category: str = "unused") -> Assessment:
    subject = Subject(SubjectKind.ORDER, order.pk)
    request = RequestFacts(order.account_id, category, subject, now(), 3)
    return deciding.assess(request=request, now=now())


def by_person(
    found: Assessment, *chosen: Chosen, reason: str = "Kind.", recommended: bool = False
) -> DecisionRecord:
    return deciding.decide_by_person(
        request=found.request,
        signature=found.signature,
        remedies=None if recommended else list(chosen),
        reason=reason,
        user_id=7,
        now=now(),
    )


@pytest.mark.clause("8.5")
@pytest.mark.parametrize("amount", ["", "0", "0.00"])
def test_what_was_refunded_already_is_not_refunded_by_nothing(
    vera: Client, case: Case, order: Order, seller: Membership, amount: str
) -> None:
    refund(vera, case, kind="full_refund")
    again = open_case(order, seller)
    status, page = told(vera, again, kind="full_refund", amount=amount)
    assert status == 422
    assert "This charge was already refunded in full: $39.00." in page
    assert (DecisionRecord.objects.count(), Refund.objects.count()) == (1, 1)


@pytest.mark.clause("8.7", "9.1")
def test_what_the_bank_disputes_is_not_refunded_by_nothing(
    vera: Client, sandbox: Sandbox, seller: Membership, case: Case, order: Order
) -> None:
    Bank(sandbox, seller).dispute(order)
    for kind in ("full_refund", "partial_refund"):
        status, page = told(vera, case, kind=kind, amount="" if kind == "full_refund" else "5")
        assert status == 422
        assert "The bank is disputing this charge, so it can’t be refunded" in page
    assert not DecisionRecord.objects.exists()


def test_what_was_never_charged_is_not_refunded(
    vera: Client, sandbox: Sandbox, seller: Membership
) -> None:
    case = open_case(start(seller).order, seller)
    status, page = told(vera, case, kind="full_refund")
    assert (status, "There is no charge to refund." in page) == (422, True)
    status, page = told(vera, case, kind="access_correction")
    assert (status, "This order isn’t paid" in page) == (409, True)
    assert not DecisionRecord.objects.exists()


@pytest.mark.parametrize(
    "chosen",
    [
        Chosen(RemedyKind.FULL_REFUND, currency="USD"),
        Chosen(RemedyKind.PARTIAL_REFUND, currency="USD"),
        Chosen(RemedyKind.PARTIAL_REFUND, amount_minor=100),
        Chosen(RemedyKind.RESTORED_CREDITS),
        Chosen(RemedyKind.REPLACEMENT_CREDITS),
        Chosen(RemedyKind.ACCESS_CORRECTION),
    ],
)
def test_no_remedy_is_taken_that_gives_nothing(order: Order, chosen: Chosen) -> None:
    with pytest.raises(deciding.RemedyUnfit):
        by_person(about(order), chosen)
    kind = Chosen(RemedyKind.REPLACEMENT_CREDITS, credits=1)
    with pytest.raises(deciding.RemedyUnfit):  # beside one that gives something too
        by_person(about(order), kind, chosen)
    assert not DecisionRecord.objects.exists()


@pytest.mark.clause("6.4", "8.6")
def test_another_correction_says_what_is_corrected(vera: Client, case: Case, order: Order) -> None:
    """It moves neither money nor credits: without words it would give nothing."""
    operations.categorize(
        case_id=case.pk,
        category="account_error",
        subject=Subject(SubjectKind.ORDER, order.pk),
        verified_records=(f"order:{order.pk}",),
        user_id=7,
        now=now(),
    )
    request = queries.request_facts(queries.case(case_id=case.pk))
    assert request is not None
    found = deciding.assess(request=request, now=now())
    assert [one.kind for one in found.decision.remedies] == [RemedyKind.OTHER]
    with pytest.raises(deciding.NothingChosen):
        by_person(found, recommended=True, reason=" ")
    status, page = told(vera, case, act="approve-recommendation", reason="")
    assert (status, "Enter a reason; the customer reads it." in page) == (422, True)
    status, _ = told(vera, case, act="approve-recommendation", reason="The name on the receipt.")
    assert (status, DecisionRecord.objects.get().reason) == (302, "The name on the receipt.")


def renewed_after_canceling(plan: Plan) -> Order:
    """A month that the processor charged after the plan was canceled (3.2)."""
    plan.go(plan.row.period_ends_at - timedelta(seconds=1))
    plan.cancel()
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    plan.look()
    return Order.objects.get(state=OrderState.REFUND_DUE)


@pytest.mark.clause("3.2")
def test_a_recommendation_of_nothing_is_carried_out_by_nobody(
    vera: Client, sandbox: Sandbox, seller: Membership
) -> None:
    order = renewed_after_canceling(Plan(sandbox, seller))
    found = about(order, "charged_after_cancel")
    done = deciding.decide_by_machine(request=found.request, actor=Actor.system("test"), now=now())
    deciding.carry_out(decision_id=done.pk, now=now())
    settled()
    empty = about(order, "charged_after_cancel")
    assert [one.amount_minor for one in empty.decision.remedies] == [0]
    with pytest.raises(deciding.RemedyUnfit, match="refunded"):
        by_person(empty, recommended=True)
    with pytest.raises(deciding.NotForAMachine):
        deciding.decide_by_machine(request=empty.request, actor=Actor.system("test"), now=now())
    page = read(vera, f"/desk/cases/{open_case(order, seller).pk}")
    assert 'value="recommended"' not in page
    assert DecisionRecord.objects.count() == 1


@pytest.mark.clause("3.2", "8.7")
def test_a_recommendation_that_can_not_be_paid_now_is_not_promised(
    vera: Client, sandbox: Sandbox, seller: Membership
) -> None:
    """Approved, it would fail at once, after the customer was mailed that money comes."""
    order = renewed_after_canceling(Plan(sandbox, seller))
    Bank(sandbox, seller).dispute(order)
    found = about(order, "charged_after_cancel")
    assert [one.amount_minor for one in found.decision.remedies] == [1900]
    with pytest.raises(deciding.RemedyUnfit, match="disputed"):
        by_person(found, recommended=True)
    assert not DecisionRecord.objects.exists()


@pytest.mark.parametrize(("many", "given"), [(0, 1), (20_000, 2)])
def test_what_gives_nothing_is_left_out_beside_what_gives_and_nothing_computed_is_too_much(
    order: Order, monkeypatch: pytest.MonkeyPatch, *, many: int, given: int
) -> None:
    found = about(order)
    of_rule = {"clause": "8.2", "rule_id": "6.3", "formula": "outage_credits"}
    both = (
        Remedy(RemedyKind.REPLACEMENT_CREDITS, **of_rule, credits=many),
        Remedy(RemedyKind.FULL_REFUND, "8.5", "6.1", "charge_remaining", 0, 3900, "USD"),
    )
    found = replace(found, decision=replace(found.decision, remedies=both))
    monkeypatch.setattr(
        "jewelrymodel.remedies.operations.decision_making.assess", lambda **_: found
    )
    assert by_person(found, recommended=True).remedies.count() == given


@pytest.mark.parametrize(
    "empty",
    [
        {"kind": "full_refund", "currency": "USD"},
        {"kind": "partial_refund", "amount_minor": 100},
        {"kind": "partial_refund", "amount_minor": 100, "currency": "USD", "credits": 1},
        {"kind": "restored_credits"},
        {"kind": "replacement_credits", "credits": 1, "amount_minor": 1},
        {"kind": "other", "credits": 1},
        {"kind": "access_correction", "amount_minor": 1, "currency": "USD"},
    ],
)
def test_the_database_keeps_no_remedy_of_nothing(order: Order, empty: dict[str, object]) -> None:
    decision = by_person(about(order), Chosen(RemedyKind.OTHER), reason="A name was changed.")
    row = {"id": "rem_x", "decision": decision, "once_key": "x:0", "created_at": now()}
    with pytest.raises(IntegrityError, match="remedies_remedy_gives"), transaction.atomic():
        RemedyRow.objects.create(**row, **empty, state="planned")


def test_a_fault_of_the_database_is_not_called_a_repetition(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "jewelrymodel.remedies.operations.decision_making.refuse_unfit", lambda *_, **__: None
    )
    with pytest.raises(IntegrityError):
        by_person(about(order), Chosen(RemedyKind.RESTORED_CREDITS))
