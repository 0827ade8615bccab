"""Until when the buyer of an order may withdraw from it."""

from datetime import datetime

from jewelrymodel.catalog import terms
from jewelrymodel.catalog.models import TermsEdition
from jewelrymodel.payments import rules
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.rules.withdrawal_period import end_of_withdrawal
from jewelrymodel.policy.edition import Edition


def ends_at(order: Order, *, paid_at: datetime) -> datetime | None:
    """Return the instant at which the days to withdraw from what was paid then are over.

    None for a business, and where the law gives no such right. The edition that the order pinned
    says how many they are.
    """
    if not rules.may_withdraw(order.country, order.buyer_capacity):
        return None
    return end_of_withdrawal(order.country, bought_at=paid_at, days=days_of(order.terms_edition))


def days_of(edition: TermsEdition) -> int:
    """Return how many days to withdraw an edition states."""
    return days_in(terms.pinned(edition))


def days_in(text: Edition) -> int:
    """Return how many days to withdraw the text of an edition states."""
    return text.number("withdrawal_days")
