"""Subscriptions over time: what the processor bills now becomes orders, each period once."""

from datetime import datetime

from django.db import transaction

from jewelrymodel.audit import operations as audit
from jewelrymodel.infra import facts
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.payments import rules
from jewelrymodel.payments.adapters.stripe_subscriptions import subscriptions
from jewelrymodel.payments.models import Order, Subscription
from jewelrymodel.payments.operations.delivering import bill_period, deliver, record_charge
from jewelrymodel.payments.operations.numbers import take_number
from jewelrymodel.payments.operations.settling import settle_order
from jewelrymodel.payments.values import (
    OrderState,
    SeenCharge,
    SeenInvoice,
    SeenSubscription,
    Series,
    Standing,
    SubscriptionState,
)

_STATES = {
    Standing.ACTIVE: SubscriptionState.ACTIVE,
    Standing.PAST_DUE: SubscriptionState.PAST_DUE,
    Standing.CANCELED: SubscriptionState.ENDED,
}
_COPIED = (
    "terms_edition_id",
    "terms_sha256",
    "disclosures",
    "consents",
    "currency",
    "country",
    "buyer_capacity",
    "placed_by_id",
    "buyer_email",
    "return_origin",
)


def settle_subscription(*, processor_subscription_id: str, now: datetime) -> Subscription | None:
    """Return the subscription after a look at the processor; None where it is none of ours.

    Every invoice that is paid has one order, delivered once, whatever was repeated, lost or out of
    order. A period that was billed after the customer had canceled is recorded and never delivered:
    its money is owed back (clause 3.2). Raises ProcessorDown and ProcessorRefused.
    """
    seen = subscriptions().see_subscription(processor_subscription_id)
    if not Subscription.objects.filter(processor_subscription_id=seen.id).exists():
        order = Order.objects.filter(pk=seen.order_id).first()
        if order is None or settle_order(order_id=order.pk, now=now).subscription_id is None:
            return None
    return _apply(seen, now)


@transaction.atomic
def _apply(seen: SeenSubscription, now: datetime) -> Subscription:
    ours = Subscription.objects.select_for_update().get(processor_subscription_id=seen.id)
    known = set(ours.orders.values_list("invoice_id", flat=True))
    for invoice in seen.invoices:
        if invoice.paid and invoice.id not in known:
            _settle_invoice(ours, invoice, now)
    _follow(ours, seen, now)
    ours.save()
    return ours


def _settle_invoice(ours: Subscription, invoice: SeenInvoice, now: datetime) -> None:
    order = _renewal(ours, invoice, now)
    reason = _disagreement(order, invoice)
    if invoice.charge is None or reason:
        order.state, order.held_reason = OrderState.HELD, reason
        _record(order, "order.held", reason, now)
    elif ours.cancel_asked_at and invoice.created_at > ours.cancel_asked_at:
        _owe_back(order, invoice.charge, now)
    else:
        deliver(order, invoice.charge, now)
        ours.period_starts_at, ours.period_ends_at = (
            invoice.period_starts_at,
            invoice.period_ends_at,
        )
    order.save()


def _renewal(ours: Subscription, invoice: SeenInvoice, now: datetime) -> Order:
    """The order of a renewal: under the terms that its subscriber accepted, at the plan's price."""
    before = ours.orders.order_by("-created_at", "-number").first()
    if before is None:
        raise Order.DoesNotExist
    order = Order(
        id=new_id("ord", now=now),
        number=take_number(Series.ORDER),
        account_id=ours.account_id,
        idempotency_key=invoice.id[:64],
        product_version=ours.product_version,
        subtotal_minor=ours.product_version.price_minor,
        tax_minor=0,
        total_minor=ours.product_version.price_minor,
        created_at=invoice.created_at,
        payable_until_at=invoice.created_at,
        subscription=ours,
        **{name: getattr(before, name) for name in _COPIED},
    )
    bill_period(order, invoice)
    order.save(force_insert=True)
    return order


def _disagreement(order: Order, invoice: SeenInvoice) -> str:
    if invoice.charge is None:
        return "the invoice is paid, but the processor shows no charge"
    if (invoice.amount_minor, invoice.currency) != (order.total_minor, order.currency):
        return f"the invoice asked for {invoice.amount_minor} {invoice.currency}"
    return rules.charge_disagreement(order.total_minor, order.currency, invoice.charge)


def _owe_back(order: Order, charge: SeenCharge, now: datetime) -> None:
    record_charge(order, charge, now)
    order.state, order.paid_at = OrderState.IN_ERROR, charge.charged_at
    _record(order, "order.charged_in_error", "billed after the subscription was canceled", now)
    facts.emit("order.charged_in_error", subject_id=order.pk)


def _follow(ours: Subscription, seen: SeenSubscription, now: datetime) -> None:
    state = _STATES.get(seen.standing)
    if state is None:
        _record_unknown(ours, now)
    elif state != ours.state:
        ours.state = state
        ours.ended_at = (seen.ended_at or now) if state == SubscriptionState.ENDED else None
        if state == SubscriptionState.PAST_DUE:
            facts.emit("subscription.past_due", subject_id=ours.pk)
        elif not ours.is_live and ours.cancel_asked_at is None and _is_unpaid(seen):
            facts.emit("subscription.not_collected", subject_id=ours.pk)
    ours.past_due_since_at = (
        (ours.past_due_since_at or now) if ours.state == SubscriptionState.PAST_DUE else None
    )
    ours.processor_renews, ours.processor_customer_id = seen.renews, seen.customer_id
    ours.next_look_at = rules.next_look_at_subscription(
        period_ends_at=ours.period_ends_at, in_step=ours.renews == seen.renews, now=now
    )


def _is_unpaid(seen: SeenSubscription) -> bool:
    """Whether the last month that was billed was never paid, seen past due before or not."""
    return bool(seen.invoices) and not seen.invoices[-1].paid


def _record(order: Order, action: str, reason: str, now: datetime) -> None:
    audit.record(
        actor="system:payments.settle_subscription",
        action=action,
        subject=f"order:{order.pk}",
        reason=reason,
        account_id=order.account_id,
        now=now,
    )


def _record_unknown(ours: Subscription, now: datetime) -> None:
    """A word that we don't know changes nothing and is left for a person (edge 16)."""
    audit.record(
        actor="system:payments.settle_subscription",
        action="subscription.unknown",
        subject=f"subscription:{ours.pk}",
        reason="the processor used a word that we don't know",
        account_id=ours.account_id,
        now=now,
    )
