"""What a payment brings: charge, credits, access, receipt and state in one transaction."""

from datetime import datetime, timedelta

from jewelrymodel.infra import events, queue
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.ledger import operations as ledger
from jewelrymodel.ledger.movement_kinds import LotSource
from jewelrymodel.payments.models import (
    AT_PROCESSOR,
    Charge,
    ChargeTax,
    Order,
    Refund,
    Subscription,
)
from jewelrymodel.payments.operations.receipts import issue_receipt
from jewelrymodel.payments.operations.refund_adoption import adopt
from jewelrymodel.payments.processor_objects import (
    ProcessorCharge,
    ProcessorCheckout,
    ProcessorInvoice,
)
from jewelrymodel.payments.rules import FIRST_LOOK, LOOK_AFTER_PERIOD
from jewelrymodel.payments.statuses import OrderState, RefundState, SubscriptionState


def deliver(order: Order, charge: Charge, now: datetime, *, tax_minor: int = 0) -> None:
    """Paid and delivered are one moment (clause 2.2); the caller holds the order and saves it.

    Credits are worth what is kept of *charge*, and the receipt states what was paid: a person may
    deliver an order that was charged another amount, *tax_minor* of it as tax.
    """
    _grant(order, charge, now)
    issue_receipt(order=order, charge=charge, tax_minor=tax_minor, now=now)
    _credit_former_refunds(charge)
    order.state, order.session_url, order.decline = OrderState.DELIVERED, "", ""
    order.paid_at, order.delivered_at, order.closed_at = charge.charged_at, now, None
    order.next_confirm_at = now + FIRST_LOOK
    events.emit("order.delivered", subject_id=order.pk)


def _credit_former_refunds(charge: Charge) -> None:
    """What went back before there was an invoice to take it back of."""
    went = Refund.objects.filter(charge=charge, state=RefundState.SUCCEEDED)
    for refund_id in went.order_by("settled_at", "id").values_list("id", flat=True):
        queue.defer("payments.issue_credit_note", subject_id=refund_id)


def record_charge(order: Order, processor_charge: ProcessorCharge, now: datetime) -> Charge:
    """Return the row of a charge that took money, new unless it is booked already.

    What was given back of it before we saw it is adopted with it; the rest is kept. So is its tax
    as the processor says it, unless its lines don't add up (then the order is held). The caller
    holds the order.
    """
    charge, is_new = Charge.objects.get_or_create(
        processor=AT_PROCESSOR,
        processor_charge_id=processor_charge.id,
        defaults={
            "id": new_id("chg", now=now),
            "account_id": order.account_id,
            "order": order,
            "processor_intent_id": processor_charge.intent_id,
            "paid_minor": processor_charge.captured_minor,
            "kept_minor": processor_charge.captured_minor,
            "currency": processor_charge.currency,
            "method": processor_charge.method,
            "method_details": dict(processor_charge.method_details),
            "card_brand": processor_charge.card_brand,
            "card_last4": processor_charge.card_last4,
            "charged_at": processor_charge.charged_at,
        },
    )
    tax = processor_charge.tax
    if is_new and tax is not None and tax.is_itemized and tax.tax_minor <= charge.paid_minor:
        ChargeTax.of(charge, tax).save(force_insert=True)
    if is_new:
        adopt(charge, processor_charge.refunds, now)
    return charge


def note_processor_ids(order: Order, checkout: ProcessorCheckout) -> None:
    """Keep what the payment began at the processor, whatever becomes of the order."""
    order.processor_subscription_id = checkout.subscription_id or order.processor_subscription_id
    order.processor_customer_id = checkout.customer_id or order.processor_customer_id


def begin_subscription(
    order: Order, checkout: ProcessorCheckout, invoice: ProcessorInvoice, now: datetime
) -> None:
    """Note the subscription that the order's payment began, and the period that it paid.

    Also for an order that is held: the plan is alive at the processor and can be canceled here.
    """
    if order.subscription_id is not None:
        return
    order.subscription = Subscription.objects.create(
        id=new_id("sub", now=now),
        account_id=order.account_id,
        product_version=order.product_version,
        processor_subscription_id=checkout.subscription_id,
        processor_customer_id=checkout.customer_id,
        state=SubscriptionState.ACTIVE,
        started_at=invoice.period_starts_at,
        period_starts_at=invoice.period_starts_at,
        period_ends_at=invoice.period_ends_at,
        next_look_at=invoice.period_ends_at + LOOK_AFTER_PERIOD,
    )
    bill_period(order, invoice)


def bill_period(order: Order, invoice: ProcessorInvoice) -> None:
    """Write on the order which period of its subscription it pays."""
    order.invoice_id = invoice.id
    order.period_starts_at, order.period_ends_at = invoice.period_starts_at, invoice.period_ends_at


def _grant(order: Order, charge: Charge, now: datetime) -> None:
    """The plan's rules are those of the version that the order pinned (clause 3.5)."""
    version = order.product_version
    starts_at, ends_at = order.period_starts_at, order.period_ends_at
    expires_at: datetime | None
    if starts_at and ends_at:
        source, expires_at = LotSource.SUBSCRIPTION_PERIOD, ends_at
        ledger.grant_period(
            account_id=order.account_id,
            features=frozenset(version.features),
            starts_at=starts_at,
            ends_at=ends_at,
            order_ref=order.pk,
            plan_version_id=version.id,
            idempotency_key=f"order:{order.pk}",
            now=now,
        )
    else:
        days = version.credits_expire_after_days
        source, expires_at = LotSource.PACKAGE_ORDER, now + timedelta(days=days) if days else None
    ledger.grant(
        account_id=order.account_id,
        source=source,
        source_ref=order.pk,
        quantity=order.credits,
        paid_minor=charge.kept_minor,
        currency=charge.currency,
        expires_at=expires_at,
        idempotency_key=f"order:{order.pk}",
        now=now,
        terms_edition=order.terms_edition,
    )
