"""A row that fails at every look stands behind all others, whatever sweeps it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments import operations, queries, tasks
from jewelrymodel.payments.models import ChargeDispute, Order, Refund, Subscription
from jewelrymodel.payments.statuses import HoldReason
from tests.support.bank import Bank
from tests.support.held_orders import held, refund
from tests.support.shop import Sandbox, now, settle, start

pytestmark = pytest.mark.django_db
SOON = timedelta(seconds=1)


def stumble(*_args: object, **_more: object) -> None:
    raise AttributeError("card")


def swept(task: str) -> list[dict[str, str]]:
    """What the sweepers defer for a task now."""
    ProcrastinateJob.objects.all().delete()
    tasks.sweep_orders(0)
    tasks.sweep_refunds(0)
    return [job.args for job in ProcrastinateJob.objects.filter(task_name=task)]


def fails_once(run: Callable[[], None], task: str) -> None:
    """It is due and fails; then it is not due any more."""
    assert len(swept(task)) == 1
    with pytest.raises(AttributeError):
        run()
    assert swept(task) == []


def test_an_order(sandbox: Sandbox, seller: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    order = start(seller).order
    monkeypatch.setattr(operations, "settle_order", stumble)
    Order.objects.update(next_look_at=now() - SOON)
    fails_once(lambda: tasks.settle_order(order_id=order.pk), "payments.settle_order")
    due = Order.objects.get().next_look_at
    assert due is not None
    assert queries.orders_to_look_at(now=due, limit=9) == [order.pk], "and comes again"


def test_a_held_order_whose_money_is_unknown(
    sandbox: Sandbox, seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = start(seller).order
    monkeypatch.setattr(operations, "settle_order", stumble)
    due = now() - SOON
    Order.objects.update(
        next_look_at=due, state="requires_review", held_code=HoldReason.CHARGE_AMOUNT
    )
    fails_once(lambda: tasks.settle_order(order_id=order.pk), "payments.settle_order")


def test_a_receipt_that_cannot_be_mailed(
    sandbox: Sandbox, seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    order = settle(checkout.order)
    Order.objects.update(next_confirm_at=None)  # one of before
    monkeypatch.setattr(operations, "confirm_order", stumble)
    fails_once(lambda: tasks.confirm_order(subject_id=order.pk), "payments.confirm_order")


def test_a_subscription(
    sandbox: Sandbox, seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = start(seller, sku="bench")
    sandbox.pay(checkout.url)
    settle(checkout.order)
    Subscription.objects.update(next_look_at=now() - SOON)
    plan = Subscription.objects.get()
    monkeypatch.setattr(operations, "follow_subscription", stumble)
    fails_once(
        lambda: tasks.follow_subscription(subscription_id=plan.pk), "payments.follow_subscription"
    )


def test_a_refund(sandbox: Sandbox, seller: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox.panel("faults", pending_refunds=1)
    refund(held(sandbox, seller, tax_percent=20, pending_refunds=1, refund_delay_s=3600))
    Refund.objects.update(next_look_at=now() - SOON)
    monkeypatch.setattr(operations, "follow_refund", stumble)
    made = Refund.objects.get()
    fails_once(lambda: tasks.follow_refund(refund_id=made.pk), "payments.follow_refund")


def test_a_dispute(sandbox: Sandbox, seller: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    bank = Bank(sandbox, seller)
    work = bank.dispute(bank.buy())
    ChargeDispute.objects.update(next_look_at=now() - SOON)
    monkeypatch.setattr(operations, "mirror_dispute", stumble)
    dispute_id = work.dispute.processor_dispute_id
    fails_once(
        lambda: tasks.mirror_dispute(processor_dispute_id=dispute_id), "payments.mirror_dispute"
    )
