"""A product and its buyer, as the policy supposes them before anything is paid."""

import calendar
from datetime import datetime

from jewelrymodel.accounts.jurisdictions import jurisdiction
from jewelrymodel.accounts.roles import BuyerCapacity
from jewelrymodel.catalog.models import ProductVersion
from jewelrymodel.policy.hypotheses import DAY_MINUTES, Buyer, Offer


def supposed_buyer(
    *, country: str, capacity: str, machine_limit_minor: int, second_approval_limit_minor: int
) -> Buyer:
    """Return who buys; a *capacity* that isn't said is unknown, so that the law comes first."""
    return Buyer(
        capacity or BuyerCapacity.UNKNOWN.value,
        jurisdiction(country),
        machine_limit_minor,
        second_approval_limit_minor,
    )


def supposed_offer(version: ProductVersion, *, at: datetime) -> Offer:
    """Return what is sold; a paid month that begins *at* ends on the same day of the next."""
    days = calendar.monthrange(at.year, at.month)[1]
    return Offer(
        kind=version.kind,
        price_minor=version.price_minor,
        currency=version.currency,
        credits=version.credits,
        legal_class=version.legal_class,
        checkout_terms=version.checkout_terms,
        period_minutes=days * DAY_MINUTES,
    )


def supposed_difference(
    version: ProductVersion, *, amount_minor: int, credits_added: int, minutes: int
) -> Offer:
    """Return what is sold of a larger plan for the rest of a paid month, so many *minutes*."""
    return Offer(
        kind=version.kind,
        price_minor=amount_minor,
        currency=version.currency,
        credits=credits_added,
        legal_class=version.legal_class,
        checkout_terms=version.checkout_terms,
        period_minutes=minutes,
    )
