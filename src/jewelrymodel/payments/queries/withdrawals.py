"""Withdrawing from an order by law: until when its buyer may, and what the order's record says."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Q

from jewelrymodel.catalog import law, terms
from jewelrymodel.catalog.models import TermsEdition
from jewelrymodel.payments import rules
from jewelrymodel.payments.checkout_agreement import ConsentKind
from jewelrymodel.payments.models import Charge, ChargeDispute, Order
from jewelrymodel.payments.rules.withdrawal_period import end_of_withdrawal, longer_end
from jewelrymodel.payments.statuses import OrderState
from jewelrymodel.policy.edition import Edition

_LONGEST = timedelta(days=400)  # 14 days and twelve months


class Window(StrEnum):
    """How the days to withdraw stand at an instant, in the policy's words."""

    NONE = "none"
    OPEN = "open"
    EXTENDED = "extended"
    OVER = "over"


def ends_at(order: Order, *, paid_at: datetime) -> datetime | None:
    """Return the instant at which the days to withdraw from what was paid then are over.

    None for a business, where the law gives no such right, and for a renewal (C-565/22). As many
    days as the edition says that the order pinned, and never fewer than the law.
    """
    if not rules.may_withdraw(order.country, order.buyer_capacity) or is_renewal(order):
        return None
    days = law.newest().parameter("withdrawal_days")
    with suppress(*terms.UNREADABLE):  # the law holds, whatever became of our own text
        days = max(days, days_of(order.terms_edition))
    return end_of_withdrawal(order.country, bought_at=paid_at, days=days)


def open_until(order: Order, charges: Sequence[Charge], *, now: datetime) -> datetime | None:
    """Return until when the buyer may withdraw; None for who can't, or not any more, and where no
    money of the order is kept.
    """
    is_kept = any(charge.kept_minor for charge in charges)
    if order.state != OrderState.DELIVERED or order.paid_at is None or not is_kept:
        return None
    until_at = ends_at(order, paid_at=order.paid_at)
    return until_at if until_at and now < until_at else None


def window(order: Order, *, at: datetime) -> Window:
    """Return how the days stand at *at*, when its buyer says that they withdraw.

    They are longer where the order records none of the statements that tell of the right.
    """
    end = ends_at(order, paid_at=order.paid_at or order.created_at)
    if end is None:
        return Window.NONE
    if at < end:
        return Window.OPEN
    longer = longer_end(end, months=law.newest().parameter("extension_months"))
    return Window.EXTENDED if not consents_of(order) and at < longer else Window.OVER


def open_orders(*, account_id: str, at: datetime) -> list[Order]:
    """Return the account's orders from which somebody could withdraw at *at*: of a consumer, within
    the days, also within those of whom nobody told of the right, and with money that is kept.
    """
    rows = Order.objects.filter(
        account_id=account_id,
        state=OrderState.DELIVERED,
        paid_at__gt=at - _LONGEST,
        paid_at__lte=at,
    )
    paid = rows.select_related("terms_edition", "subscription").prefetch_related("charges")
    return [
        one
        for one in paid
        if window(one, at=at) in (Window.OPEN, Window.EXTENDED)
        and any(charge.kept_minor for charge in one.charges.all())
    ]


def is_disputed(order_id: str) -> bool:
    """Return whether a bank is still to decide about money of the order, so that none goes back
    now; after a bank's mere inquiry some may.
    """
    rows = ChargeDispute.objects.filter(charge__order=order_id, charge_refundable=False)
    return any(one.is_open for one in rows)


def later_periods(order: Order) -> list[Order]:
    """Return the orders that paid later periods of the same plan, or the difference to a larger
    plan since the order, and whose money is kept, oldest first.
    """
    if order.subscription_id is None or order.period_starts_at is None:
        return []
    began = order.period_starts_at
    since = Q(period_starts_at__gt=began) | Q(period_starts_at=began, changed_from__isnull=False)
    rows = Order.objects.filter(since, subscription_id=order.subscription_id).exclude(pk=order.pk)
    paid = rows.prefetch_related("charges").order_by("period_starts_at", "number")
    return [one for one in paid if any(charge.kept_minor for charge in one.charges.all())]


def consents_of(order: Order) -> Collection[str]:
    """Return what its buyer agreed to at checkout: kinds of consents."""
    given = {one["id"] for one in order.consents}
    return given & set(ConsentKind.values)


def is_renewal(order: Order) -> bool:
    """Return whether it paid a later period of a plan than the first one; the difference to a
    dearer plan is a purchase of its own.
    """
    plan = order.subscription
    return plan is not None and not order.is_change and order.period_starts_at != plan.started_at


def days_of(edition: TermsEdition) -> int:
    """Return how many days to withdraw an edition states."""
    return days_in(terms.pinned(edition))


def days_in(text: Edition) -> int:
    """Return how many days to withdraw the text of an edition states."""
    return text.number("withdrawal_days")
