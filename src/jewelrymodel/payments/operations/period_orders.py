"""The order of a period, or of the difference to another plan, as the processor bills it."""

from datetime import datetime
from typing import Any

from jewelrymodel.catalog.models import ProductVersion
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.payments import queries, rules
from jewelrymodel.payments.models import Charge, Order, Subscription
from jewelrymodel.payments.number_series import Series
from jewelrymodel.payments.operations.delivery import bill_period, record_charge
from jewelrymodel.payments.operations.gapless_numbers import take_number
from jewelrymodel.payments.processor_objects import ProcessorCharge, ProcessorInvoice
from jewelrymodel.payments.rules.holds import Hold
from jewelrymodel.payments.statuses import HoldReason

RENEWS = "3.1"
"""The clause that a plan renews, and at which price."""

_COPIED = (
    "terms_edition_id",
    "terms_sha256",
    "disclosures",
    "consents",
    "currency",
    "tax_behavior",
    "country",
    "buyer_capacity",
    "placed_by_id",
    "buyer_email",
    "return_origin",
)


def newest_order(ours: Subscription) -> Order:
    """Return what was last ordered of a subscription; raises Order.DoesNotExist."""
    newest = queries.last_order(ours)
    if newest is None:
        raise Order.DoesNotExist
    return newest


def order_of_invoice(
    ours: Subscription,
    invoice: ProcessorInvoice,
    version: ProductVersion,
    now: datetime,
    **agreed: Any,
) -> Order:
    """Return the order of an invoice, new: at the plan's price and under the terms that its
    subscriber accepted last, unless something else was *agreed*.
    """
    newest = newest_order(ours)
    copied = {name: getattr(newest, name) for name in _COPIED}
    copied["disclosures"] = [*_of_renewing(ours, newest), *newest.disclosures]
    columns = {
        "id": new_id("ord", now=now),
        "subtotal_minor": version.price_minor,
        "tax_minor": 0,
        "total_minor": version.price_minor,
        "created_at": invoice.created_at,
        **copied,
        **agreed,
    }
    order = Order(
        number=take_number(Series.ORDER),
        account_id=ours.account_id,
        idempotency_key=invoice.id[:64],
        product_version=version,
        payable_until_at=invoice.created_at,
        subscription=ours,
        **columns,
    )
    bill_period(order, invoice)
    order.save(force_insert=True)
    return order


def _of_renewing(ours: Subscription, newest: Order) -> list[Any]:
    """What its subscriber was shown of renewing with the last period; before the difference to
    another plan is paid it isn't shown again.
    """
    if not newest.is_change:
        return []
    of_period = ours.orders.filter(changed_from__isnull=True).order_by("-number").first()
    return [one for one in (of_period.disclosures if of_period else ()) if one["id"] == RENEWS]


def booked(order: Order, processor_charge: ProcessorCharge | None, now: datetime) -> Charge | None:
    """Return the row of the money that was taken, whatever is done with it."""
    return (
        record_charge(order, processor_charge, now)
        if processor_charge and processor_charge.captured_minor
        else None
    )


def disagreement(order: Order, invoice: ProcessorInvoice) -> Hold | None:
    """Return in what an invoice isn't what its order is for; None where it is."""
    if invoice.charge is None:
        return Hold(HoldReason.INVOICE_WITHOUT_CHARGE)
    tax, total_minor = invoice.charge.tax, order.total_minor
    if not order.is_change:  # what a change costs was said with its tax
        total_minor = rules.taxed_total(total_minor, order.tax_behavior, tax)
    billed, expected = (invoice.amount_minor, invoice.currency), (total_minor, order.currency)
    return (
        rules.amount_hold(HoldReason.INVOICE_AMOUNT, billed, expected)
        or rules.charge_disagreement(total_minor, order.currency, invoice.charge)
        or rules.tax_hold(tax)
    )
