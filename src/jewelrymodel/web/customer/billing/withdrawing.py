"""Withdrawing from a purchase: until when the law of the EU or the UK may allow it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from jewelrymodel.catalog import terms
from jewelrymodel.payments import rules
from jewelrymodel.payments.models import Charge, Order
from jewelrymodel.payments.values import OrderState


def withdraw_until(order: Order, charges: Sequence[Charge], *, now: datetime) -> datetime | None:
    """Return until when the buyer may say that they withdraw; None for who can't, or not any more.

    Who can is who was told so at checkout. The days are those of the edition that the order pinned,
    from the payment on, as its rule 3.4-law counts them. What it leads to, a person decides.
    """
    is_told = bool(rules.consents_needed(order.country, order.buyer_capacity))
    is_kept = any(charge.kept_minor for charge in charges)
    if order.state != OrderState.DELIVERED or order.paid_at is None or not (is_told and is_kept):
        return None
    until_at = order.paid_at + timedelta(days=_days(order))
    return until_at if now < until_at else None


def _days(order: Order) -> int:
    """The edition's own number; none where it has no such rule."""
    pinned = (one for one in terms.editions() if one.sha256 == order.terms_sha256)
    return next((one.parameter_values().get("param.withdrawal_days", 0) for one in pinned), 0)
