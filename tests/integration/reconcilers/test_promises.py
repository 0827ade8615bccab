"""We find our own broken promises, mend them once, and open the case ourselves."""

from datetime import timedelta

import pytest

from jewelrymodel.accounts.models import Membership
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.models import Charge, Order, Refund, Subscription
from jewelrymodel.payments.values import OrderState
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import reconcilers
from jewelrymodel.support.models import Case, ReconcilerRun
from jewelrymodel.support.values import CaseState, Channel
from tests.integration.payments.shop import Sandbox, now, settle, start
from tests.integration.remedies.test_deciding import charge_again

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def refunds_done() -> None:
    for refund in Refund.objects.all():
        payments.follow_refund(refund_id=refund.pk, now=now())
        deciding.settle_refund_remedy(refund_id=refund.pk, now=now())


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
    row = ReconcilerRun.objects.get(pk="paid_not_granted")
    assert (row.found_ever, row.mended_ever, row.open_now) == (1, 1, 0)
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
    assert Case.objects.get().state == CaseState.OPEN
    assert not DecisionRecord.objects.exists()
    assert ReconcilerRun.objects.get(pk="charged_twice").open_now == 1


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
        account_id=seller.account_id, subscription_id=plan.pk, actor="user:1", now=before_end
    )
    renewed = plan.period_ends_at + HOUR
    sandbox.panel("clock", offset_s=round((renewed - now()).total_seconds()))
    payments.settle_subscription(
        processor_subscription_id=plan.processor_subscription_id, now=renewed
    )
    wrong = Order.objects.get(state=OrderState.IN_ERROR)
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


def test_a_refund_made_behind_our_back_is_noticed(sandbox: Sandbox, seller: Membership) -> None:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    settle(checkout.order)
    sandbox.http.post(
        "/v1/refunds",
        data={"charge": Charge.objects.get().processor_charge_id, "amount": "100"},
        headers={"Authorization": "Bearer sk_test_sandbox_tests"},
    ).raise_for_status()
    assert reconcilers.run(now=now())["processor_and_ledger_disagree"] == 1
    assert reconcilers.run(now=now() + 2 * HOUR)["processor_and_ledger_disagree"] == 0
    assert Case.objects.get().state == CaseState.OPEN


def test_while_the_processor_is_down_nothing_is_decided_and_nothing_lost(
    sandbox: Sandbox, seller: Membership
) -> None:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    sandbox.panel("faults", down=True)
    assert reconcilers.run(now=now() + HOUR)["paid_not_granted"] == 0
    sandbox.panel("faults", down=False)
    assert reconcilers.run(now=now() + HOUR)["paid_not_granted"] == 1
