"""Settling: the processor's object is fetched again, and what it says now decides.

Webhooks, the return page and the sweeper all end here, in any order and as often as they like.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from jewelrymodel.infra import events
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments import rules
from jewelrymodel.payments.adapters.stripe_processor import processor
from jewelrymodel.payments.adapters.stripe_subscriptions import subscriptions
from jewelrymodel.payments.gateway import ProcessorRefused
from jewelrymodel.payments.models import Charge, Order
from jewelrymodel.payments.operations.delivery import (
    begin_subscription,
    deliver,
    note_processor_ids,
    record_charge,
)
from jewelrymodel.payments.operations.order_review import hold
from jewelrymodel.payments.operations.payment_page import open_payment_page
from jewelrymodel.payments.processor_objects import (
    IntentStatus,
    PaymentStatus,
    ProcessorCheckout,
    ProcessorInvoice,
)
from jewelrymodel.payments.rules.holds import Hold
from jewelrymodel.payments.rules.payment_verification import Outcome, Verdict
from jewelrymodel.payments.statuses import UNPAID_STATES, UNSETTLED_STATES, HoldReason, OrderState

ACTOR = Actor.system("payments.settle_order")
SETTLED = (OrderState.DELIVERED, OrderState.REQUIRES_REVIEW, OrderState.CLOSED)


@dataclass(frozen=True)
class PaymentLookup:
    """Whether money moved for an order, and whether a person has to look at it first."""

    is_paid: bool
    is_held: bool


def settle_order(*, order_id: str, now: datetime) -> Order:
    """Return the order after a look at the processor; delivered exactly once, if it was paid.

    An expired or canceled order that turns out to be paid is delivered too (clause 4.5); one that
    is held stays with its person, but its money is booked as soon as it is seen. Raises
    Order.DoesNotExist, ProcessorDown and ProcessorRefused.
    """
    order = Order.objects.get(pk=order_id)
    if _is_settled(order):
        return order
    checkout = _look(order, now)
    return _apply(order_id, checkout, now)


def look_up_payment(*, account_id: str, order_id: str, now: datetime) -> PaymentLookup:
    """Return what the processor says of one of the account's orders; nothing is written.

    Raises Order.DoesNotExist, ProcessorDown and ProcessorRefused.
    """
    order = Order.objects.get(account_id=account_id, pk=order_id)
    is_held = order.state == OrderState.REQUIRES_REVIEW
    if Charge.objects.filter(order=order).exists():
        return PaymentLookup(is_paid=True, is_held=is_held)
    if not order.session_id:
        return PaymentLookup(is_paid=False, is_held=is_held)
    if _is_settled(order):
        checkout: ProcessorCheckout | None = processor().retrieve_checkout(order.session_id)
    else:
        checkout = _look(order, now)
        is_held = is_held or (
            checkout is not None and _judge(order, checkout).outcome is Outcome.HOLD
        )
    return PaymentLookup(bool(checkout and checkout.payment is PaymentStatus.PAID), is_held)


def _is_settled(order: Order) -> bool:
    """Whether nothing is left to be looked at: also of a renewal, which has no payment page."""
    if order.invoice_id and not order.session_id:
        return True
    is_unbooked = order.state == OrderState.REQUIRES_REVIEW and not order.charges.exists()
    return order.state in SETTLED and not is_unbooked


def _look(order: Order, now: datetime) -> ProcessorCheckout | None:
    """Return what the processor says; None where there is no payment page and never will be."""
    try:
        session_id = open_payment_page(order).session_id
    except ProcessorRefused:
        if now < order.payable_until_at:
            raise
        return None
    checkout = processor().retrieve_checkout(session_id or "")
    if not checkout.subscription_id:
        return checkout
    invoices = subscriptions().retrieve_subscription(checkout.subscription_id).invoices
    first = next((invoice for invoice in invoices if invoice.is_first), None)
    return checkout if first is None else _with_invoice(checkout, first)


def _with_invoice(checkout: ProcessorCheckout, first: ProcessorInvoice) -> ProcessorCheckout:
    """A plan's page knows no payment: its first invoice does, also of one that came later."""
    return replace(
        checkout,
        invoice=first,
        payment=PaymentStatus.PAID if first.paid else checkout.payment,
        charge=first.charge,
        intent=first.intent,
        decline=first.decline or checkout.decline,
    )


@transaction.atomic
def _apply(order_id: str, checkout: ProcessorCheckout | None, now: datetime) -> Order:
    rows = Order.objects.select_related("product_version", "terms_edition", "account")
    order = rows.select_for_update(of=("self",)).get(pk=order_id)
    if _is_settled(order):
        return order
    verdict = Verdict(Outcome.EXPIRE) if checkout is None else _judge(order, checkout)
    charge = None
    if checkout is not None and checkout.order_id == order.pk:
        charge = _keep(order, checkout, verdict, now)
    match verdict.outcome:
        case _ if order.state == OrderState.REQUIRES_REVIEW:  # it stays with its person
            order.next_look_at = rules.next_look_at(created_at=order.created_at, now=now)
        case Outcome.DELIVER if checkout and checkout.charge:
            deliver(order, charge or record_charge(order, checkout.charge, now), now)
        case Outcome.HOLD if verdict.hold:
            hold(order, verdict.hold, actor=ACTOR, now=now)
            order.next_look_at = rules.next_look_at(created_at=order.created_at, now=now)
        case Outcome.EXPIRE if order.state in UNPAID_STATES:
            _close(order, now)
        case Outcome.PENDING if _is_under_way(order, checkout):
            _await_debit(order, now)
        case Outcome.FAIL if order.state in UNSETTLED_STATES:
            _fail(order, checkout.decline if checkout else "", now)
        case _:
            _keep_waiting(order, checkout, now)
    order.save()
    return order


def _keep(
    order: Order, checkout: ProcessorCheckout, verdict: Verdict, now: datetime
) -> Charge | None:
    """Whatever the verdict, the money that was taken and the plan that was begun are ours; return
    the charge that took it.
    """
    note_processor_ids(order, checkout)
    if verdict.outcome not in (Outcome.DELIVER, Outcome.HOLD):
        return None
    if checkout.invoice is not None:
        begin_subscription(order, checkout, checkout.invoice, now)
    if checkout.charge is not None and checkout.charge.captured_minor:
        return record_charge(order, checkout.charge, now)
    return None


def _judge(order: Order, checkout: ProcessorCheckout) -> Verdict:
    verdict = rules.judge(
        order_id=order.pk,
        total_minor=order.total_minor,
        currency=order.currency,
        checkout=checkout,
        tax_behavior=order.tax_behavior,
    )
    if verdict.outcome is Outcome.DELIVER and checkout.charge:
        others = Charge.objects.filter(processor_charge_id=checkout.charge.id).exclude(order=order)
        for one in others.select_related("order"):
            return Verdict(Outcome.HOLD, Hold(HoldReason.OTHERS_CHARGE, {"order": one.order.label}))
    return verdict


def _close(order: Order, now: datetime) -> None:
    order.state = OrderState.CANCELED if order.cancel_requested_at else OrderState.EXPIRED
    order.closed_at, order.session_url = now, ""


def _is_under_way(order: Order, checkout: ProcessorCheckout | None) -> bool:
    """Whether a debit moves the order: one that was returned, only where another was begun."""
    is_processing = checkout is not None and checkout.intent is IntentStatus.PROCESSING
    return is_processing or order.state != OrderState.PAYMENT_FAILED


def _await_debit(order: Order, now: datetime) -> None:
    """A bank debit is on its way: nothing is left for the buyer to do, and nothing is given yet."""
    order.state, order.session_url, order.decline = OrderState.PAYMENT_PENDING, "", ""
    order.closed_at, order.next_look_at = None, now + rules.PENDING_LOOK


def _fail(order: Order, decline: str, now: datetime) -> None:
    """The bank returned the debit: nothing was charged, and a plan that it began ends there."""
    order.state, order.session_url, order.decline = OrderState.PAYMENT_FAILED, "", decline
    order.closed_at = now
    events.emit("order.payment_failed", subject_id=order.pk)


def _keep_waiting(order: Order, checkout: ProcessorCheckout | None, now: datetime) -> None:
    """One that failed keeps why, where the processor says nothing new."""
    kept = order.decline if order.state == OrderState.PAYMENT_FAILED else ""
    order.decline = (checkout.decline if checkout else "") or kept
    order.next_look_at = rules.next_look_at(created_at=order.created_at, now=now)
