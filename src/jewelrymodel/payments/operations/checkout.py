"""From the checkout page to the processor's payment page, and away from it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from jewelrymodel.payments import queries
from jewelrymodel.payments.adapters.stripe_processor import processor
from jewelrymodel.payments.checkout_agreement import Buyer, ConsentKind
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.operations.order_placement import place_order, require_not_subscribed
from jewelrymodel.payments.operations.order_settlement import settle_order
from jewelrymodel.payments.operations.payment_page import open_payment_page
from jewelrymodel.payments.statuses import UNPAID_STATES


@dataclass(frozen=True)
class Checkout:
    """An order, and where its buyer pays; empty where nothing is left to pay."""

    order: Order
    url: str


def start_checkout(
    *,
    account_id: str,
    version_id: str,
    buyer: Buyer,
    consents: Collection[ConsentKind],
    offer: str,
    idempotency_key: str,
    now: datetime,
) -> Checkout:
    """Place the order (committed first), then lead to its payment page.

    Repeating it with the same key heals whatever was interrupted: one order, one payment page.
    Raises what ``place_order`` and ``continue_to_pay`` raise.
    """
    order = place_order(
        account_id=account_id,
        version_id=version_id,
        buyer=buyer,
        consents=consents,
        offer=offer,
        idempotency_key=idempotency_key,
        now=now,
    )
    return _payable(order)


def continue_to_pay(*, account_id: str, order_id: str) -> Checkout:
    """Return the order with its payment page; the address is empty where nothing is left to pay.

    An order for a plan was placed while there was none; that may have changed since. Raises
    NoSuchOrder, AlreadySubscribed, ProcessorDown and ProcessorRefused.
    """
    return _payable(queries.order(account_id=account_id, order_id=order_id))


def _payable(order: Order) -> Checkout:
    if order.state not in UNPAID_STATES:
        return Checkout(order, "")
    require_not_subscribed(account_id=order.account_id, version=order.product_version)
    order = open_payment_page(order)
    return Checkout(order, order.session_url)


def cancel_order(*, account_id: str, order_id: str, now: datetime) -> Order:
    """Close the payment page of an unpaid order and return the order as it then stands.

    What the processor says afterwards decides: if the payment was quicker, the order is delivered.
    Raises NoSuchOrder, ProcessorDown and ProcessorRefused.
    """
    order = queries.order(account_id=account_id, order_id=order_id)
    if order.state not in UNPAID_STATES:
        return order
    Order.objects.filter(pk=order.pk, cancel_requested_at__isnull=True).update(
        cancel_requested_at=now
    )
    session_id = open_payment_page(order).session_id
    if session_id:
        processor().expire_checkout(session_id)
    return settle_order(order_id=order_id, now=now)
