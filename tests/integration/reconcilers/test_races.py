"""Two of everything, on real connections: one case, one decision, one refund."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from threading import Barrier

import pytest

from jewelrymodel.accounts.models import User
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.models import Charge, Order, Refund
from jewelrymodel.payments.statuses import RefundState
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies.assessments import RequestFacts, Subject, SubjectKind
from jewelrymodel.remedies.models import DecisionRecord, RemedyRow
from jewelrymodel.support import operations, queries, reconcilers
from jewelrymodel.support.categories import Category
from jewelrymodel.support.models import Case, ReconcilerRun
from jewelrymodel.support.rules import business_days
from jewelrymodel.support.statuses import CaseState, Channel, ConfirmationState
from tests.support.shop import (
    Sandbox,
    at_the_desk,
    charge_again,
    now,
    register,
    register_terms,
    settle,
    start,
)
from tests.support.threads import at_once

pytestmark = pytest.mark.usefixtures("committing_db")
REFUSED = (deciding.AlreadyRemedied, deciding.NotForAMachine, deciding.FactsMoved)


def charged_twice(sandbox: Sandbox) -> Order:
    register_terms()
    checkout = start(register())
    sandbox.pay(checkout.url)
    order = settle(checkout.order)
    charge_again(sandbox, order)
    return order


def kept() -> list[int]:
    for refund in Refund.objects.all():
        payments.follow_refund(refund_id=refund.pk, now=now())
    return sorted(Charge.objects.values_list("kept_minor", flat=True))


def open_case(order: Order) -> Case:
    return operations.open_case(
        opening=operations.Opening(
            account_id=order.account_id,
            email=order.buyer_email,
            identity_level=3,
            channel=Channel.FORM,
            category=Category.DUPLICATE,
            subject=Subject(SubjectKind.ORDER, order.pk),
            explanation="I was charged twice.",
        ),
        now=now(),
    )


def run_twice_at_once(caplog: pytest.LogCaptureFixture) -> tuple[int, int, int]:
    """Two runners, neither of which trips; what the check of double charges counts after them."""
    ran = at_once(lambda: reconcilers.run(now=now()), 2)
    assert all("charged_twice" in one for one in ran)
    assert [one.getMessage() for one in caplog.records if one.exc_info] == []
    row = ReconcilerRun.objects.get(pk="charged_twice")
    return row.found_ever, row.mended_ever, row.open_now


def test_two_runners_at_once_mend_once_and_count_once(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    charged_twice(sandbox)
    assert run_twice_at_once(caplog) == (1, 1, 0)
    assert (Case.objects.count(), DecisionRecord.objects.count()) == (1, 1)
    assert kept() == [0, 3900]
    assert ledger.verify() == []


def test_two_runners_at_once_leave_one_case_to_a_person(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have seen that there is no case before either opens it."""
    both, due_at = Barrier(2), business_days.due_at

    def wait_for_the_other(received_at: datetime, days: int) -> datetime:
        both.wait(timeout=20)
        return due_at(received_at, days)

    register_terms()
    member = register()
    for key in ("first-page", "second-page"):
        checkout = start(member, key=key)
        sandbox.pay(checkout.url)
        settle(checkout.order)
    monkeypatch.setattr(business_days, "due_at", wait_for_the_other)
    assert run_twice_at_once(caplog) == (1, 0, 1)
    assert Case.objects.count() == 1


def test_two_agents_at_once_decide_once(sandbox: Sandbox) -> None:
    case = open_case(charged_twice(sandbox))
    request = queries.request_facts(case)
    assert request is not None
    signature = deciding.assess(request=request, now=now()).signature

    def decide() -> None:
        with suppress(operations.CaseOver, *REFUSED):
            operations.decide_case(
                case_id=case.pk,
                signature=signature,
                remedies_chosen=None,
                reason="",
                user_id=7,
                now=now(),
            )

    at_once(decide, 3)
    assert (DecisionRecord.objects.count(), RemedyRow.objects.count()) == (1, 1)


def test_two_workers_and_an_undo_at_once_have_one_outcome(sandbox: Sandbox) -> None:
    case = open_case(charged_twice(sandbox))
    at_the_desk()
    agent = User.objects.get(email="vera@desk.example").pk
    request = queries.request_facts(case)
    assert request is not None
    row = operations.confirm_decision(
        case_id=case.pk,
        signature=deciding.assess(request=request, now=now()).signature,
        remedies_chosen=None,
        reason="",
        user_id=agent,
        now=now(),
        machine_clock=now,
    )
    carry_out = partial(operations.carry_out_confirmed, confirmed_id=row.pk, now=row.due_at)
    undo = partial(operations.undo_confirmed, case_id=case.pk, user_id=agent, now=row.due_at)
    acts: list[Callable[[], object]] = [carry_out, undo, carry_out]

    def act() -> None:
        with suppress(operations.NothingConfirmed):
            acts.pop()()

    at_once(act, 3)
    row.refresh_from_db()
    case.refresh_from_db()
    decided = row.state == ConfirmationState.CARRIED_OUT
    assert decided or row.state == ConfirmationState.UNDONE
    assert DecisionRecord.objects.count() == RemedyRow.objects.count() == int(decided)
    assert case.state == (CaseState.DECIDED if decided else CaseState.OPEN)


@pytest.mark.clause("8.0")
def test_an_agent_and_the_machine_at_once_remedy_once(sandbox: Sandbox) -> None:
    order = charged_twice(sandbox)
    case = open_case(order)
    request = queries.request_facts(case)
    assert request is not None
    signature = deciding.assess(request=request, now=now()).signature
    acts: list[Callable[[], object]] = [
        lambda: deciding.decide_by_machine(request=request, actor=Actor.system("test"), now=now()),
        lambda: operations.decide_case(
            case_id=case.pk,
            signature=signature,
            remedies_chosen=None,
            reason="",
            user_id=7,
            now=now(),
        ),
    ]

    def act() -> None:
        with suppress(*REFUSED):
            acts.pop()()

    at_once(act, 2)
    assert RemedyRow.objects.count() == 1
    (row,) = RemedyRow.objects.all()
    at_once(lambda: deciding.carry_out(decision_id=row.decision_id, now=now()), 3)
    assert Refund.objects.count() == 1
    assert kept() == [0, 3900]


def test_many_workers_on_one_refund_give_back_once(sandbox: Sandbox) -> None:
    charged_twice(sandbox)
    later = Charge.objects.order_by("charged_at", "id").last()
    assert later is not None
    refund = payments.intend_refund(
        account_id=later.account_id,
        charge_id=later.pk,
        amount_minor=3900,
        decision_id="dec_1",
        reason="6.1",
        revokes_credits=False,
        now=now(),
    )
    ends = at_once(lambda: payments.follow_refund(refund_id=refund.pk, now=now()), 4)
    assert {one.state for one in ends} == {RefundState.SUCCEEDED}
    assert len({one.processor_refund_id for one in ends}) == 1
    assert kept() == [0, 3900]


def settle_for_the_customer(order: Order) -> Case:
    """The customer's own check was quicker: what our records prove is decided already."""
    subject = Subject(SubjectKind.ORDER, order.pk)
    return operations.settle_at_once(
        opening=operations.Opening(
            account_id=order.account_id,
            email=order.buyer_email,
            identity_level=3,
            channel=Channel.FORM,
            category=Category.DUPLICATE,
            subject=subject,
            explanation="I was charged twice.",
        ),
        request=RequestFacts(
            account_id=order.account_id,
            category=Category.DUPLICATE,
            subject=subject,
            requested_at=now(),
            identity_level=3,
        ),
        actor=Actor.system("self-check"),
        now=now(),
    )


def test_what_the_customer_had_decided_first_needs_no_case_of_ours(sandbox: Sandbox) -> None:
    """Also while its refund hasn't left yet, and when it has."""
    case = settle_for_the_customer(charged_twice(sandbox))
    reconcilers.run(now=now())
    assert [one.pk for one in Case.objects.all()] == [case.pk]
    deciding.carry_out(decision_id=case.decision_id, now=now())
    reconcilers.run(now=now())
    assert [one.pk for one in Case.objects.all()] == [case.pk]
    assert kept() == [0, 3900]
