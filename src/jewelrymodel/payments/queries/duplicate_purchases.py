"""Purchases of one product within minutes: the second looks like a repeat (edge 5)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from jewelrymodel.catalog import terms
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.queries.orders import orders_with_products
from jewelrymodel.payments.statuses import OrderState

_SECOND = timedelta(seconds=1)  # the processor's instants are whole ones, cut off


def same_purchases(*, since: datetime) -> list[tuple[Order, Order]]:
    """Return pairs (earlier, later) of delivered orders of one account for the same product.

    By when their money was taken: the later charge is the repeat, and only pairs count that are
    less apart than the later one's edition says (edge 5), whenever the orders were placed. Whoever
    spent credits between them bought more on purpose. Renewals aren't purchases.
    """
    apart = _apart()
    near = _purchases().filter(paid_at__gte=since - max(apart.values()))
    return [pair for pair in _pairs(near, apart) if _paid_at(pair[1]) >= since]


def same_purchases_as(order: Order) -> list[tuple[Order, Order]]:
    """Return those pairs of ``same_purchases`` that have *order* in them.

    Reads its own account's orders for that product only, and only those paid around it.
    """
    if order.paid_at is None:
        return []
    apart = _apart()
    widest = max(apart.values())
    around = (order.paid_at - widest, order.paid_at + widest)
    near = _purchases().filter(account_id=order.account_id, paid_at__range=around)
    pairs = _pairs(near.filter(product_version_id=order.product_version_id), apart)
    return [pair for pair in pairs if order in pair]


def _apart() -> dict[date, timedelta]:
    """How far apart two purchases still look like one, by the edition that the later one pinned."""
    return {
        one.date: timedelta(minutes=one.number("duplicate_minutes")) for one in terms.editions()
    }


def _purchases() -> QuerySet[Order]:
    """What somebody bought at a checkout; a renewal has no payment page."""
    return orders_with_products().filter(state=OrderState.DELIVERED, session_id__isnull=False)


def _pairs(
    purchases: QuerySet[Order], apart: Mapping[date, timedelta]
) -> list[tuple[Order, Order]]:
    pairs, last = [], dict[tuple[str, str], Order]()
    for row in purchases.order_by("paid_at", "number"):
        earlier = last.get((row.account_id, row.product_version_id))
        within = apart.get(row.terms_edition.edition_on, timedelta())
        if earlier and _paid_at(row) - _paid_at(earlier) < within and not _spent(earlier, row):
            pairs.append((earlier, row))
        last[row.account_id, row.product_version_id] = row
    return pairs


def _spent(earlier: Order, later: Order) -> bool:
    """Until the later one was paid, or delivered where that came within its second."""
    until = _paid_at(later) + _SECOND
    if later.delivered_at is not None:
        until = min(until, later.delivered_at)
    return ledger.spent_between(earlier.account_id, _paid_at(earlier), until)


def _paid_at(order: Order) -> datetime:
    if order.paid_at is None:
        raise ValueError(f"{order.label} is not paid")
    return order.paid_at
