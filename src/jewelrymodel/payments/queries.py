"""Reads about orders. What a customer sees is always looked up by their account."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from jewelrymodel.catalog import terms
from jewelrymodel.catalog.values import Pin, ProductKind
from jewelrymodel.payments.models import (
    Charge,
    ChargeDispute,
    Order,
    Receipt,
    Refund,
    Subscription,
    SubscriptionSuspension,
)
from jewelrymodel.payments.values import (
    OPEN_REFUNDS,
    UNPAID_STATES,
    DisputeStatus,
    OrderState,
    RefundState,
    SubscriptionState,
)

ORDERS = "orders"


class NoSuchOrder(LookupError):
    """There is no such order in this account."""


class NoReceipt(LookupError):
    """This order has no receipt: nothing was paid."""


def order(*, account_id: str, order_id: str) -> Order:
    """Return one order of the account with its product and terms; raises NoSuchOrder."""
    found = _orders().filter(account_id=account_id, pk=order_id).first()
    if found is None:
        raise NoSuchOrder(order_id)
    return found


def orders(*, account_id: str) -> list[Order]:
    """Return the account's orders with product and receipt, newest first."""
    return list(_orders().filter(account_id=account_id).order_by("-created_at", "-number"))


def orders_numbered(*, number: int | None, receipt: int | None) -> list[Order]:
    """Return the order with that number and the one with that receipt, for staff."""
    rows = _orders().select_related("account")
    by_number = rows.filter(number=number) if number is not None else rows.none()
    by_receipt = rows.filter(receipt__number=receipt) if receipt is not None else rows.none()
    return [*by_number, *by_receipt]


def _orders() -> QuerySet[Order]:
    return Order.objects.select_related("product_version", "terms_edition", "receipt")


def charges(*, account_id: str) -> list[Charge]:
    """Return what the account was charged, with orders, refunds and disputes, newest first."""
    found = Charge.objects.filter(account_id=account_id).select_related("order")
    return list(found.prefetch_related("refunds", "disputes").order_by("-charged_at", "-id"))


def receipt(*, account_id: str, order_id: str) -> Receipt:
    """Return the receipt of one of the account's orders; raises NoReceipt."""
    found = Receipt.objects.filter(account_id=account_id, order_id=order_id).first()
    if found is None:
        raise NoReceipt(order_id)
    return found


def orders_named(*, account_id: str, order_ids: Collection[str]) -> dict[str, Order]:
    """Return those of the account's orders that have one of these ids, with product, by id."""
    return {one.pk: one for one in _orders().filter(account_id=account_id, pk__in=order_ids)}


def orders_to_look_at(*, now: datetime, limit: int) -> list[str]:
    """Return the ids of orders whose payment is due for another look, longest due first.

    Those that can still be paid, and those that a person has to look at while nothing of their
    money is booked yet.
    """
    unbooked = Q(state=OrderState.HELD, charges__isnull=True, session_id__isnull=False)
    due = Order.objects.filter(Q(state__in=UNPAID_STATES) | unbooked, next_look_at__lte=now)
    return list(due.order_by("next_look_at").values_list("id", flat=True)[:limit])


def orders_to_confirm(*, now: datetime, limit: int) -> list[str]:
    """Return the ids of delivered orders whose buyer has no confirmation yet, longest due first."""
    waiting = Order.objects.filter(state=OrderState.DELIVERED, confirmed_at__isnull=True)
    due = waiting.filter(Q(next_confirm_at__lte=now) | Q(next_confirm_at__isnull=True))
    by_due = due.order_by(F("next_confirm_at").asc(nulls_first=True), "delivered_at")
    return list(by_due.values_list("id", flat=True)[:limit])


def orders_held() -> list[Order]:
    """Return the orders that wait for a person, oldest first."""
    rows = _orders().select_related("account").filter(state=OrderState.HELD)
    return list(rows.order_by("created_at"))


def subscription(*, account_id: str, subscription_id: str) -> Subscription:
    """Return one subscription of the account with its plan; raises Subscription.DoesNotExist."""
    found = Subscription.objects.select_related("product_version")
    return found.get(account_id=account_id, pk=subscription_id)


def subscriptions(*, account_id: str) -> list[Subscription]:
    """Return the account's subscriptions with their plans, those that live first, then newest."""
    found = Subscription.objects.filter(account_id=account_id).select_related("product_version")
    return sorted(found.order_by("-started_at"), key=lambda one: not one.is_live)


def held_order_of(*, subscription: Subscription) -> Order | None:
    """Return the order of its running period where that waits for a person; else None."""
    found = subscription.orders.filter(state=OrderState.HELD)
    return found.filter(period_starts_at=subscription.period_starts_at).first()


def renews_already(*, account_id: str) -> bool:
    """Return whether the account has a plan that renews: no second one is sold meanwhile."""
    live = Subscription.objects.exclude(state=SubscriptionState.ENDED)
    return live.filter(account_id=account_id, cancel_asked_at__isnull=True).exists()


def is_given_back(*, subscription_id: str, period_starts_at: datetime) -> bool:
    """Return whether a period's money was refunded, and what was left of its credits taken back."""
    made = Refund.objects.filter(state=RefundState.SUCCEEDED, takes_lot=True)
    return made.filter(
        charge__order__subscription_id=subscription_id,
        charge__order__period_starts_at=period_starts_at,
        charge__refunded_minor=F("charge__paid_minor"),
    ).exists()


def is_disputed(*, subscription_id: str, period_starts_at: datetime) -> bool:
    """Return whether a bank asks a period's money back, or has it."""
    over = DisputeStatus.closed() - {DisputeStatus.LOST}
    made = ChargeDispute.objects.filter(is_inquiry=False).exclude(status__in=over)
    return made.filter(
        charge__order__subscription_id=subscription_id,
        charge__order__period_starts_at=period_starts_at,
    ).exists()


def unpaid_plans(*, account_id: str, now: datetime) -> list[str]:
    """Return the ids of the account's plan orders that can still be paid, oldest first."""
    found = Order.objects.filter(
        account_id=account_id,
        state__in=UNPAID_STATES,
        product_version__kind=ProductKind.SUBSCRIPTION,
        payable_until_at__gt=now,
    )
    return list(found.order_by("number").values_list("id", flat=True))


def subscriptions_to_look_at(*, now: datetime, limit: int) -> list[str]:
    """Return the ids of subscriptions that may have renewed or ended, longest due first."""
    due = Subscription.objects.filter(next_look_at__lte=now).exclude(state=SubscriptionState.ENDED)
    return list(due.order_by("next_look_at").values_list("id", flat=True)[:limit])


def charged_after_cancel() -> list[Order]:
    """Return the orders that were charged although canceled, and whose money is owed (3.2)."""
    owed = Charge.objects.filter(kept_minor__gt=0).values("order_id")
    rows = _orders().filter(state=OrderState.IN_ERROR, pk__in=owed)
    return list(rows.order_by("created_at"))


def charge_of_order(*, account_id: str, order_id: str) -> Charge | None:
    """Return the charge that paid one of the account's orders; None while nothing was charged."""
    found = Charge.objects.filter(account_id=account_id, order_id=order_id)
    return found.order_by("charged_at", "id").first()


def refund(*, refund_id: str) -> Refund:
    """Return one refund with its charge and order; raises Refund.DoesNotExist."""
    return Refund.objects.select_related("charge__order").get(pk=refund_id)


def refunds(*, account_id: str) -> list[Refund]:
    """Return the account's refunds with their orders, newest first."""
    found = Refund.objects.filter(account_id=account_id).select_related("charge__order")
    return list(found.order_by("-created_at", "-id"))


def refunds_to_look_at(*, now: datetime, since: datetime, limit: int) -> list[str]:
    """Return the ids of refunds due for another look: open ones, and those made after *since*.

    A refund that succeeded is still looked at: a bank may send it back days later (edge 15).
    """
    due = Refund.objects.filter(next_look_at__lte=now)
    due = due.filter(Q(state__in=OPEN_REFUNDS) | Q(created_at__gte=since))
    return list(due.order_by("next_look_at").values_list("id", flat=True)[:limit])


def refunds_refused(*, before: datetime) -> set[str]:
    """Return the ids of refunds that the processor has not made since then, whatever it said."""
    waiting = Refund.objects.filter(state__in=OPEN_REFUNDS, refused_since_at__lt=before)
    return set(waiting.values_list("id", flat=True))


def disputes(*, account_id: str) -> list[ChargeDispute]:
    """Return the account's disputes with their orders, newest first."""
    found = ChargeDispute.objects.filter(account_id=account_id)
    return list(found.select_related("charge__order").order_by("-opened_at"))


def all_disputes() -> list[ChargeDispute]:
    """Return every dispute with its order and account, those that are open first, soonest due."""
    found = ChargeDispute.objects.select_related("charge__order", "account")
    rows = found.order_by("due_by_at", "-opened_at")
    return sorted(rows, key=lambda one: not one.is_open)


def dispute(*, dispute_id: str) -> ChargeDispute:
    """Return one dispute with its order and account; raises ChargeDispute.DoesNotExist."""
    return ChargeDispute.objects.select_related("charge__order", "account").get(pk=dispute_id)


def disputes_to_look_at(*, now: datetime, limit: int) -> list[str]:
    """Return the processor's ids of undecided disputes due for a look, longest due first."""
    closed = DisputeStatus.closed()
    due = ChargeDispute.objects.filter(next_look_at__lte=now).exclude(status__in=closed)
    return list(due.order_by("next_look_at").values_list("processor_dispute_id", flat=True)[:limit])


def is_suspended(*, subscription_id: str) -> bool:
    """Return whether a subscription gives no access for now."""
    standing = SubscriptionSuspension.objects.filter(lifted_at__isnull=True)
    return standing.filter(subscription_id=subscription_id).exists()


def paid_not_granted(*, before: datetime) -> list[Order]:
    """Return the orders that somebody should have been given something for by *before*.

    They wait for a person although money moved, or their payment page was opened and nobody knows
    how it ended; the processor is asked before anything is done.
    """
    waiting = Q(state=OrderState.HELD) | Q(state__in=UNPAID_STATES, session_id__isnull=False)
    return list(_orders().filter(waiting, created_at__lt=before).order_by("created_at"))


def same_purchases(*, since: datetime) -> list[tuple[Order, Order]]:
    """Return pairs (earlier, later) of delivered orders of one account for the same product.

    By when their money was taken: the later charge is the repeat, and only pairs count that are
    less apart than the later one's edition says (edge 5), whenever the orders were placed. Renewals
    aren't purchases.
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
    return _orders().filter(state=OrderState.DELIVERED, placed_by__isnull=False)


def _pairs(
    purchases: QuerySet[Order], apart: Mapping[date, timedelta]
) -> list[tuple[Order, Order]]:
    found, last = [], dict[tuple[str, str], Order]()
    for row in purchases.order_by("paid_at", "number"):
        earlier = last.get((row.account_id, row.product_version_id))
        within = apart.get(row.terms_edition.edition_on, timedelta())
        if earlier and _paid_at(row) - _paid_at(earlier) < within:
            found.append((earlier, row))
        last[row.account_id, row.product_version_id] = row
    return found


def _paid_at(order: Order) -> datetime:
    if order.paid_at is None:
        raise ValueError(f"{order.label} is not paid")
    return order.paid_at


def is_first(order: Order) -> bool:
    """Return whether the account had been delivered nothing that it ordered before."""
    earlier = Order.objects.filter(account_id=order.account_id, created_at__lt=order.created_at)
    return not earlier.filter(delivered_at__isnull=False).exists()


def charges_of_order(*, order_id: str) -> list[Charge]:
    """Return what was charged for an order, oldest first; more than one is a duplicate (6.1)."""
    return list(Charge.objects.filter(order_id=order_id).order_by("charged_at", "id"))


def charged_more_than_once(*, since: datetime) -> list[Order]:
    """Return the orders whose money was taken more than once, and not all but one given back."""
    rows = Charge.objects.filter(charged_at__gte=since, kept_minor__gt=0).values("order_id")
    twice = rows.annotate(times=Count("id")).filter(times__gt=1).values_list("order_id", flat=True)
    return list(_orders().filter(pk__in=list(twice)).order_by("created_at"))


def periods_within(*, starts_at: datetime, ends_at: datetime) -> list[Order]:
    """Return the delivered orders whose paid period reaches into that time, oldest first."""
    rows = _orders().filter(
        state=OrderState.DELIVERED, period_starts_at__lt=ends_at, period_ends_at__gt=starts_at
    )
    return list(rows.select_related("account").order_by("period_starts_at"))


def pinned_texts() -> list[Pin]:
    """Return which texts of the policy orders rest on; a plan's months pin what the plan did."""
    rows = Order.objects.values_list("terms_edition__edition_on", "terms_sha256")
    counted = rows.annotate(count=Count("pk")).order_by("terms_edition__edition_on", "terms_sha256")
    return [Pin(ORDERS, *row) for row in counted]
