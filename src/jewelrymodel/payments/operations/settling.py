"""Settling: the processor's object is fetched again, and what it says now decides.

Webhooks, the return page and the sweeper all end here, in any order and as often as they like.
"""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from jewelrymodel.audit import operations as audit
from jewelrymodel.payments import rules
from jewelrymodel.payments.adapters.stripe_processor import processor
from jewelrymodel.payments.adapters.stripe_subscriptions import subscriptions
from jewelrymodel.payments.gateway import ProcessorRefused
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.operations.delivering import begin_subscription, deliver
from jewelrymodel.payments.operations.opening import open_payment_page
from jewelrymodel.payments.values import (
    UNPAID_STATES,
    OrderState,
    Outcome,
    SeenCheckout,
    Verdict,
)

SETTLED = (OrderState.DELIVERED, OrderState.HELD)


def settle_order(*, order_id: str, now: datetime) -> Order:
    """Return the order after a look at the processor; delivered exactly once, if it was paid.

    An expired or canceled order that turns out to be paid is delivered too (clause 4.5); one that
    is held stays with its person. Raises Order.DoesNotExist, ProcessorDown and ProcessorRefused.
    """
    order = Order.objects.get(pk=order_id)
    if order.state in SETTLED:
        return order
    seen = _look(order, now)
    return _apply(order_id, seen, now)


def _look(order: Order, now: datetime) -> SeenCheckout | None:
    """Return what the processor says; None where there is no payment page and never will be."""
    try:
        session_id = open_payment_page(order).session_id
    except ProcessorRefused:
        if now < order.payable_until_at:
            raise
        return None
    seen = processor().see_checkout(session_id or "")
    if not seen.subscription_id:
        return seen
    invoices = subscriptions().see_subscription(seen.subscription_id).invoices
    first = next((invoice for invoice in invoices if invoice.is_first and invoice.paid), None)
    return replace(seen, invoice=first, charge=first.charge if first else None)


@transaction.atomic
def _apply(order_id: str, seen: SeenCheckout | None, now: datetime) -> Order:
    order = Order.objects.select_for_update().get(pk=order_id)
    if order.state in SETTLED:
        return order
    verdict = Verdict(Outcome.EXPIRE) if seen is None else _judge(order, seen)
    match verdict.outcome:
        case Outcome.DELIVER if seen and seen.charge:
            if seen.invoice is not None:
                begin_subscription(order, seen, seen.invoice, now)
            deliver(order, seen.charge, now)
        case Outcome.HOLD:
            _hold(order, verdict.reason, now)
        case Outcome.EXPIRE if order.state in UNPAID_STATES:
            _close(order, now)
        case _:
            _keep_waiting(order, seen, now)
    order.save()
    return order


def _judge(order: Order, seen: SeenCheckout) -> Verdict:
    return rules.judge(
        order_id=order.pk, total_minor=order.total_minor, currency=order.currency, seen=seen
    )


def _hold(order: Order, reason: str, now: datetime) -> None:
    order.state, order.held_reason = OrderState.HELD, reason
    audit.record(
        actor="system:payments.settle_order",
        action="order.held",
        subject=f"order:{order.pk}",
        reason=reason,
        account_id=order.account_id,
        now=now,
    )


def _close(order: Order, now: datetime) -> None:
    order.state = OrderState.CANCELED if order.cancel_asked_at else OrderState.EXPIRED
    order.closed_at, order.session_url = now, ""


def _keep_waiting(order: Order, seen: SeenCheckout | None, now: datetime) -> None:
    order.decline = seen.decline if seen else ""
    order.next_look_at = rules.next_look_at(created_at=order.created_at, now=now)
