"""Until when the law lets a buyer withdraw from a purchase."""

from datetime import datetime

from jewelrymodel.accounts import jurisdictions
from jewelrymodel.catalog import terms
from jewelrymodel.payments import rules
from jewelrymodel.payments.models import Order


def ends_at(order: Order, *, paid_at: datetime) -> datetime | None:
    """Return the instant at which the days to withdraw from what was paid then are over.

    None for a business, and where the law gives no such right. How many days is a number of the
    edition that the order pinned.
    """
    if not rules.may_withdraw(order.country, order.buyer_capacity):
        return None
    days = terms.pinned(order.terms_edition).number("withdrawal_days")
    return jurisdictions.withdrawal_ends_at(order.country, bought_at=paid_at, days=days)
