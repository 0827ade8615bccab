"""A renewal that was paid elsewhere: noted as paid at the processor, recorded here by a person."""

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from jewelrymodel.accounts.queries import refuse_own_account
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.payments.adapters.stripe_subscriptions import subscriptions
from jewelrymodel.payments.models import ELSEWHERE, Charge, Order
from jewelrymodel.payments.operations.bank_transfers import ZONES, TransferRefused
from jewelrymodel.payments.operations.order_review import note_review
from jewelrymodel.payments.operations.review_outcomes import NotHeld
from jewelrymodel.payments.processor_objects import ProcessorInvoice
from jewelrymodel.payments.statuses import HoldReason, OrderState, PayoutWay


class NotPaidElsewhere(TransferRefused):
    """The processor doesn't show this renewal as paid elsewhere. Nothing was recorded."""


class PaymentDay(TransferRefused):
    """The payment can't be in the future in every time zone, nor more than a year ago. Nothing was
    recorded."""


LONGEST_AGO_DAYS = 366


def record_payment(
    *, order_id: str, reference: str, paid_on: date, user_id: int, now: datetime
) -> Charge:
    """Return the charge of a held renewal whose invoice somebody noted as paid out of band.

    Its amount is what the processor's invoice says was paid outside of it; one that a balance or a
    credit note has paid brought no money. Again, nothing changes. The order stays with its person,
    who delivers or refunds it as any that is held. Raises Order.DoesNotExist, OwnAccount, NotHeld,
    NotPaidElsewhere, PaymentDay, ProcessorDown and ProcessorRefused.
    """
    order = Order.objects.select_related("subscription").get(pk=order_id)
    refuse_own_account(user_id=user_id, account_id=order.account_id)
    if not -ZONES.days <= (now.date() - paid_on).days <= LONGEST_AGO_DAYS:
        raise PaymentDay(order=order.label)
    invoice = _invoice(order)
    if invoice is None or not invoice.paid or invoice.charge:
        raise NotPaidElsewhere(order=order.label)
    paid_minor = subscriptions().paid_elsewhere(invoice.id)
    if not 0 < paid_minor <= invoice.amount_minor:
        raise NotPaidElsewhere(order=order.label)
    invoice = replace(invoice, amount_minor=paid_minor)
    return _record(order_id, invoice, reference, paid_on, Actor.user(user_id), now)


def _invoice(order: Order) -> ProcessorInvoice | None:
    """The order's invoice as the processor shows it now."""
    if order.subscription is None:
        return None
    processor_id = order.subscription.processor_subscription_id
    invoices = subscriptions().retrieve_subscription(processor_id).invoices
    return next((one for one in invoices if one.id == order.invoice_id), None)


@transaction.atomic
def _record(
    order_id: str,
    invoice: ProcessorInvoice,
    reference: str,
    paid_on: date,
    actor: Actor,
    now: datetime,
) -> Charge:
    order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
    known = order.charges.filter(processor=ELSEWHERE).first()
    if known is not None:
        return known
    is_it = order.held_code == HoldReason.INVOICE_WITHOUT_CHARGE
    if order.state != OrderState.REQUIRES_REVIEW or not is_it or order.charges.exists():
        raise NotHeld(order=order.label)
    charge = Charge.objects.create(
        id=new_id("chg", now=now),
        account_id=order.account_id,
        order=order,
        processor=ELSEWHERE,
        processor_charge_id=invoice.id,
        processor_intent_id="",
        paid_minor=invoice.amount_minor,
        kept_minor=invoice.amount_minor,
        currency=invoice.currency,
        method="paid_elsewhere",
        method_details={"reference": reference},
        payout_way=PayoutWay.TRANSFER,
        charged_at=min(datetime.combine(paid_on, time(12), ZoneInfo("UTC")), now),
    )
    reason = f"paid elsewhere on {paid_on.isoformat()}: {reference}"
    note_review(order, "order.paid_elsewhere", reason, actor=actor, now=now)
    return charge
