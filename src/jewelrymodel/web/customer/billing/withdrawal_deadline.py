"""Withdrawing from a purchase: until when its buyer may say so."""

from collections.abc import Sequence
from datetime import datetime

from jewelrymodel.payments.models import Charge, Order
from jewelrymodel.payments.queries import withdrawals
from jewelrymodel.payments.statuses import OrderState


def withdraw_until(order: Order, charges: Sequence[Charge], *, now: datetime) -> datetime | None:
    """Return until when the buyer may say that they withdraw; None for who can't, or not any more.

    What it leads to, a person decides.
    """
    is_kept = any(charge.kept_minor for charge in charges)
    if order.state != OrderState.DELIVERED or order.paid_at is None or not is_kept:
        return None
    until_at = withdrawals.ends_at(order, paid_at=order.paid_at)
    return until_at if until_at and now < until_at else None
