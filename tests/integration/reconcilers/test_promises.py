"""We find our own broken promises, mend them once, and open the case ourselves."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from jewelrymodel.accounts.models import Membership
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.models import Charge, Order, Refund, Subscription
from jewelrymodel.payments.statuses import OrderState
from jewelrymodel.policy.decision import RemedyKind
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies.assessments import Chosen
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.remedies.statuses import RemedyState
from jewelrymodel.support import operations as support
from jewelrymodel.support import reconcilers
from jewelrymodel.support.models import Case, ReconcilerRun
from jewelrymodel.support.statuses import CaseState, Channel
from tests.support.decisions import about
from tests.support.refunds import refunds_done
from tests.support.shop import Sandbox, charge_again, now, settle, start

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def counts(check: str) -> tuple[int, int, int]:
    """How often it was found broken ever, and mended by ourselves; how many wait for a person."""
    row = ReconcilerRun.objects.get(pk=check)
    return row.found_ever, row.mended_ever, row.open_now


@pytest.mark.clause("4.5", "6.2", "2.3")
def test_webhooks_lost_for_an_hour_cost_nobody_their_credits(
    sandbox: Sandbox, seller: Membership
) -> None:
    """Nothing of the payment reaches us; the promise of 4.5 is kept all the same, exactly once."""
    sandbox.panel("faults", drop_webhooks=-1)
    checkout = start(seller)
    sandbox.pay(checkout.url)
    assert ledger.balance(seller.account_id, now()).available == 0
    later = now() + HOUR
    assert reconcilers.run(now=later)["paid_not_granted"] == 1
    assert ledger.balance(seller.account_id, later).available == 100
    assert reconcilers.run(now=later + HOUR)["paid_not_granted"] == 0
    case = Case.objects.get()
    assert (case.channel, case.state) == (Channel.MACHINE, CaseState.DECIDED)
    decision = DecisionRecord.objects.get(pk=case.decision_id)
    assert decision.body["cites"] == ["4.5", "8.3"]
    assert counts("paid_not_granted") == (1, 1, 0)
    sandbox.panel("faults", drop_webhooks=0)


def test_an_order_that_nobody_paid_is_no_broken_promise(
    sandbox: Sandbox, seller: Membership
) -> None:
    start(seller)
    assert reconcilers.run(now=now() + HOUR)["paid_not_granted"] == 0
    assert not Case.objects.exists()


@pytest.mark.clause("6.1")
def test_money_taken_twice_goes_back_by_itself(sandbox: Sandbox, seller: Membership) -> None:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    order = settle(checkout.order)
    charge_again(sandbox, order)
    assert reconcilers.run(now=now())["charged_twice"] == 1
    refunds_done()
    assert sorted(Charge.objects.values_list("kept_minor", flat=True)) == [0, 3900]
    assert ledger.balance(seller.account_id, now()).available == 100
    assert reconcilers.run(now=now() + HOUR)["charged_twice"] == 0
    assert Refund.objects.count() == 1


def test_two_purchases_within_minutes_wait_for_a_person(
    sandbox: Sandbox, seller: Membership
) -> None:
    for key in ("first-page", "second-page"):
        checkout = start(seller, key=key)
        sandbox.pay(checkout.url)
        settle(checkout.order)
    assert reconcilers.run(now=now())["charged_twice"] == 1
    case = Case.objects.get()
    assert case.state == CaseState.OPEN
    assert not DecisionRecord.objects.exists()
    assert counts("charged_twice") == (1, 0, 1)
    support.close(case_id=case.pk, reason="They wanted both.", user_id=7, now=now())
    assert reconcilers.run(now=now() + HOUR)["charged_twice"] == 0
    assert ReconcilerRun.objects.get(pk="charged_twice").looked_at == 1, "it is still so"
    assert counts("charged_twice") == (1, 0, 0)


@pytest.mark.clause("3.2")
def test_a_charge_after_canceling_is_refunded_without_being_asked(
    sandbox: Sandbox, seller: Membership
) -> None:
    """The processor was down when the plan was canceled, and renewed it (3.2)."""
    checkout = start(seller, sku="bench")
    sandbox.pay(checkout.url)
    settle(checkout.order)
    plan = Subscription.objects.get()
    before_end = plan.period_ends_at - timedelta(seconds=1)
    payments.cancel_subscription(
        account_id=seller.account_id, subscription_id=plan.pk, actor=Actor.user(1), now=before_end
    )
    renewed = plan.period_ends_at + 2 * HOUR
    sandbox.panel("clock", offset_s=round((renewed - now()).total_seconds()))
    payments.settle_subscription(
        processor_subscription_id=plan.processor_subscription_id, now=renewed
    )
    wrong = Order.objects.get(state=OrderState.REFUND_DUE)
    assert reconcilers.run(now=renewed)["charged_after_cancel"] == 1
    refunds_done()
    charge = Charge.objects.get(order=wrong)
    assert (charge.kept_minor, charge.refunded_minor) == (0, charge.paid_minor)
    case = Case.objects.get()
    assert DecisionRecord.objects.get(pk=case.decision_id).body["cites"] == ["3.2", "8.5"]
    assert reconcilers.run(now=renewed + HOUR)["charged_after_cancel"] == 0


def test_a_remedy_that_failed_gets_a_case_for_a_person(
    sandbox: Sandbox, seller: Membership
) -> None:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    charge_again(sandbox, settle(checkout.order))
    sandbox.panel("faults", fail_refunds=1, refund_delay_s=60)
    reconcilers.run(now=now())
    refunds_done()
    sandbox.panel("clock", offset_s=120)
    refunds_done()
    assert reconcilers.run(now=now() + HOUR)["decided_not_paid"] == 1
    assert Case.objects.filter(check_name="decided_not_paid", state=CaseState.OPEN).exists()


@pytest.mark.clause("8.0")
def test_a_refund_that_was_refused_for_a_day_gets_a_case_and_still_completes(
    sandbox: Sandbox, seller: Membership
) -> None:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    charge_again(sandbox, settle(checkout.order))
    sandbox.panel("faults", refuse_refunds="a_word_of_tomorrow")
    reconcilers.run(now=now())
    refunds_done()
    (row,) = DecisionRecord.objects.get().remedies.all()
    assert row.state == RemedyState.STARTED
    assert reconcilers.run(now=now() + 23 * HOUR)["decided_not_paid"] == 0
    assert reconcilers.run(now=now() + 25 * HOUR)["decided_not_paid"] == 1
    case = Case.objects.get(check_name="decided_not_paid")
    assert "is not carried out yet: Full refund." in case.entries.get().text
    assert reconcilers.run(now=now() + 26 * HOUR)["decided_not_paid"] == 0
    sandbox.panel("faults", refuse_refunds="")
    refunds_done()
    row.refresh_from_db()
    assert row.state == RemedyState.DONE


@pytest.mark.clause("8.0")
def test_what_was_decided_a_day_ago_and_is_not_done_gets_a_case_for_a_person(
    sandbox: Sandbox, seller: Membership
) -> None:
    """Of three remedies one is done: the case names the others, once."""
    checkout = start(seller)
    sandbox.pay(checkout.url)
    request = about(settle(checkout.order), "other")
    decision = deciding.decide_by_person(
        request=request,
        signature=deciding.assess(request=request, now=now()).signature,
        remedies=[
            Chosen(RemedyKind.REPLACEMENT_CREDITS, credits=1),
            Chosen(RemedyKind.PARTIAL_REFUND, amount_minor=100, currency="usd"),
            Chosen(RemedyKind.OTHER),
        ],
        reason="A kind word.",
        user_id=7,
        now=now(),
    )
    given = decision.remedies.filter(kind=RemedyKind.REPLACEMENT_CREDITS)
    given.update(state=RemedyState.DONE, done_at=now())
    assert reconcilers.run(now=now() + 23 * HOUR)["decided_not_paid"] == 0
    assert reconcilers.run(now=now() + 25 * HOUR)["decided_not_paid"] == 1
    case = Case.objects.get()
    assert (case.check_name, case.state) == ("decided_not_paid", CaseState.OPEN)
    words = "is not carried out yet: Another correction, Partial refund."
    assert words in case.entries.get().text
    assert case.subject_id == decision.pk
    assert ReconcilerRun.objects.get(pk="decided_not_paid").looked_at == 1
    assert counts("decided_not_paid") == (1, 0, 1)
    deciding.carry_out(decision_id=decision.pk, now=now())
    refunds_done()
    assert reconcilers.run(now=now() + 26 * HOUR)["decided_not_paid"] == 0
    assert ReconcilerRun.objects.get(pk="decided_not_paid").looked_at == 0


def test_while_the_processor_is_down_nothing_is_decided_and_nothing_lost(
    sandbox: Sandbox, seller: Membership
) -> None:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    sandbox.panel("faults", down=True)
    assert reconcilers.run(now=now() + HOUR)["paid_not_granted"] == 0
    sandbox.panel("faults", down=False)
    assert reconcilers.run(now=now() + HOUR)["paid_not_granted"] == 1


@pytest.mark.clause("6.1")
def test_a_check_that_fails_keeps_no_other_from_being_run(
    sandbox: Sandbox,
    seller: Membership,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def trip(_now: datetime) -> Iterable[reconcilers.Finding]:
        raise ZeroDivisionError

    first, *rest = reconcilers.CHECKS
    broken = (replace(first, find=trip), *rest)
    monkeypatch.setattr("jewelrymodel.support.reconcilers.corrections.CHECKS", broken)
    checkout = start(seller)
    sandbox.pay(checkout.url)
    charge_again(sandbox, settle(checkout.order))
    ran = reconcilers.run(now=now())
    assert list(ran) == [one.name for one in rest]
    assert ran["charged_twice"] == 1
    assert counts("charged_twice") == (1, 1, 0)
    assert not ReconcilerRun.objects.filter(pk=first.name).exists(), "it was not looked at"
    (told,) = (one for one in caplog.records if one.exc_info)
    assert told.getMessage() == f"check {first.name} failed"
