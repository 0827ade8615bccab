"""Facts that only the payment processor knows: is an order paid, what is left of its charge.

They are asked for anew at each assessment. A refund made at the processor's own dashboard, a bank's
dispute or a payment whose webhook is still on its way shows here before our records have it.
"""

from datetime import datetime

from jewelrymodel.payments import operations as paying
from jewelrymodel.payments.models import Charge
from jewelrymodel.policy.facts import Fact, Value
from jewelrymodel.remedies.queries.order_facts import OrderRecords
from jewelrymodel.remedies.rules import fact_digests


def processor_facts(purchase: OrderRecords | None, *, now: datetime) -> dict[str, Fact]:
    """Return what the processor says of the purchase at *now*; where none is, nothing is asked.

    Raises ProcessorDown and ProcessorRefused.
    """
    if purchase is None:
        return _nothing_to_ask("charges", now)
    payment = _payment(purchase, now)
    if purchase.charge is None:
        return payment | _nothing_to_ask("no charge", now)
    return payment | _charge(purchase.charge, now)


def _nothing_to_ask(record: str, now: datetime) -> dict[str, Fact]:
    """Nothing charged is a fact of our records too: no look-up is missing."""
    return fact_digests.facts_of_record({"lookup.payment_records": True}, record=record, at=now)


def _payment(purchase: OrderRecords, now: datetime) -> dict[str, Fact]:
    order = purchase.order
    payment = paying.look_up_payment(account_id=order.account_id, order_id=order.pk, now=now)
    values: dict[str, Value] = {
        "purchase.paid": payment.is_paid and not purchase.is_returned,
        "purchase.held": payment.is_held,
    }
    return fact_digests.facts_of_record(values, record=f"order:{order.pk}", at=now)


def _charge(charge: Charge, now: datetime) -> dict[str, Fact]:
    """The larger of two refunded amounts counts: ours may not be sent yet, theirs not booked."""
    status = paying.look_up_charge(account_id=charge.account_id, charge_id=charge.pk, now=now)
    values: dict[str, Value] = {
        "charge.paid_minor": charge.paid_minor,
        "charge.refunded_minor": max(charge.refunded_minor, status.refunded_minor),
        "charge.lost_minor": charge.lost_minor,
        "charge.refundable_minor": status.refundable_minor,
        "charge.dispute": status.dispute,
        "charge.currency": charge.currency,
        "lookup.payment_records": True,
    }
    return fact_digests.facts_of_record(
        values, record=f"charge:{charge.pk}", at=now, sha256=status.sha256
    )
