"""What the processor says late, or not at all, between two of our looks; and who asks at once."""

from contextlib import suppress
from datetime import timedelta

import pytest

from jewelrymodel.accounts.models import Membership
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments import operations
from jewelrymodel.payments.adapters.stripe_subscriptions import StripeSubscriptions
from jewelrymodel.payments.gateway import ProcessorBlocked
from jewelrymodel.payments.models import Charge, Order, Refund
from jewelrymodel.payments.operations import refunds
from jewelrymodel.payments.operations.review_outcomes import MoneyKept
from jewelrymodel.payments.processor_objects import ProcessorRefund
from jewelrymodel.payments.processor_problems import troubles
from jewelrymodel.payments.statuses import OrderState, RefundState
from tests.support.plans import DAY, Plan
from tests.support.shop import Sandbox, now, settle, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def charge(sandbox: Sandbox, seller: Membership) -> Charge:
    """Somebody bought the case: 100 credits for 39.00."""
    checkout = start(seller)
    sandbox.pay(checkout.url)
    settle(checkout.order)
    return Charge.objects.get()


def refund_of(charge: Charge, amount_minor: int) -> Refund:
    return operations.intend_refund(
        account_id=charge.account_id,
        charge_id=charge.pk,
        amount_minor=amount_minor,
        decision_id="dec_1",
        reason="6.1",
        revokes_credits=False,
        now=now(),
    )


@pytest.mark.clause("3.2")
def test_a_key_that_may_not_cancel_alarms_and_hides_nothing_else(
    sandbox: Sandbox, seller: Membership
) -> None:
    plan = Plan(sandbox, seller)
    plan.cancel()
    sandbox.panel("faults", missing_right="subscription_write")
    with pytest.raises(ProcessorBlocked):
        plan.tell()
    assert [one.right for one in troubles()] == ["subscription_write"]
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    with suppress(ProcessorBlocked):
        operations.follow_subscription(subscription_id=plan.row.pk, now=plan.at)
    (billed,) = Order.objects.exclude(pk=plan.order.pk)
    assert billed.state == OrderState.REFUND_DUE, "the look came, and its money is owed back"
    sandbox.panel("faults", missing_right="")
    operations.follow_subscription(subscription_id=plan.row.pk, now=plan.at)
    assert troubles() == []


def test_a_charge_that_shows_later_is_booked_for_its_held_period(
    sandbox: Sandbox, seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Plan(sandbox, seller)
    plan.go(plan.at + 32 * DAY)
    with monkeypatch.context() as not_yet:
        not_yet.setattr(StripeSubscriptions, "_intent", lambda *_: None)
        plan.look()
    (period,) = Order.objects.exclude(pk=plan.order.pk)
    assert (period.state, period.charges.count()) == (OrderState.REQUIRES_REVIEW, 0)
    for _ in range(2):
        plan.look()
    (charge,) = period.charges.all()
    assert (charge.kept_minor, charge.paid_minor) == (period.total_minor, period.total_minor)
    with pytest.raises(MoneyKept):
        operations.close_held(order_id=period.pk, actor=Actor.user(7), reason="Spam.", now=plan.at)


def test_a_refund_that_arrives_after_the_bank_took_everything_is_booked(
    sandbox: Sandbox, charge: Charge
) -> None:
    path = f"charges/{charge.processor_charge_id}/dispute"
    dispute = sandbox.panel(path, reason="general", inquiry=True)["id"]
    sandbox.panel("faults", pending_refunds=1, refund_delay_s=3600)
    refund = operations.follow_refund(refund_id=refund_of(charge, 2400).pk, now=now())
    assert refund.state == RefundState.PENDING
    for outcome in ("escalated", "lost"):
        sandbox.panel(f"disputes/{dispute}/decide", outcome=outcome)
    operations.mirror_dispute(processor_dispute_id=dispute, now=now())
    charge.refresh_from_db()
    assert (charge.kept_minor, charge.lost_minor) == (0, 3900)
    sandbox.panel("clock", offset_s=2 * 3600)
    refund = operations.follow_refund(refund_id=refund.pk, now=now() + timedelta(hours=2))
    charge.refresh_from_db()
    assert refund.state == RefundState.SUCCEEDED
    assert (charge.kept_minor, charge.refunded_minor, charge.lost_minor) == (0, 2400, 1500)


def test_a_refusal_that_comes_late_undoes_no_refund_that_was_made(charge: Charge) -> None:
    refund = operations.follow_refund(refund_id=refund_of(charge, 900).pk, now=now())
    assert refund.state == RefundState.SUCCEEDED
    late = ProcessorRefund("", refund.pk, RefundState.FAILED, 0, "charge_already_refunded")
    assert refunds._settle(refund.pk, late, now()).state == RefundState.SUCCEEDED
    charge.refresh_from_db()
    assert (charge.kept_minor, charge.refunded_minor) == (3000, 900)
