"""One plan at a time: once one renews, no payment page for another stays open."""

import logging
from datetime import datetime

from jewelrymodel.audit import operations as audit
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments import queries
from jewelrymodel.payments.gateway import ProcessorRefused
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.operations.checkout import cancel_order
from jewelrymodel.payments.statuses import OrderState

log = logging.getLogger(__name__)


def close_unpaid_plans(*, account_id: str, now: datetime) -> list[Order]:
    """Return the account's unpaid plan orders, canceled, because another plan renews already.

    One that was paid first is delivered and not among them. Repeating it changes nothing; nothing
    is closed while no plan renews. Raises ProcessorDown: the rest is closed when it is tried again.
    """
    if not queries.renews_already(account_id=account_id):
        return []
    orders = []
    for order_id in queries.unpaid_plans(account_id=account_id, now=now):
        try:
            order = cancel_order(account_id=account_id, order_id=order_id, now=now)
        except ProcessorRefused as refused:  # one that can't be closed doesn't keep others open
            log.warning("order %s could not be closed: %s", order_id, refused)
            continue
        if order.state == OrderState.CANCELED:
            orders.append(order)
            _record(order, now)
    return orders


def _record(order: Order, now: datetime) -> None:
    audit.record(
        actor=Actor.system("payments.close_unpaid_plans"),
        action="order.canceled",
        subject=f"order:{order.pk}",
        reason="another plan of this account renews",
        account_id=order.account_id,
        now=now,
    )
