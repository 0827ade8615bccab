"""Reads about orders and their charges. What a customer sees is looked up by account."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from jewelrymodel.catalog.edition_pins import Pin
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.payments.models import (
    Charge,
    ChargeTax,
    Order,
    Receipt,
    Refund,
    Subscription,
)
from jewelrymodel.payments.statuses import (
    UNSETTLED_STATES,
    OrderState,
    RefundState,
    TaxBehavior,
)

ORDERS = "orders"


class NoSuchOrder(CodedError):
    """There is no such order in this account."""


class NoReceipt(CodedError):
    """This order has no receipt: nothing was paid."""


def order(*, account_id: str, order_id: str) -> Order:
    """Return one order of the account with its product and terms; raises NoSuchOrder."""
    row = orders_with_products().filter(account_id=account_id, pk=order_id).first()
    if row is None:
        raise NoSuchOrder(order=order_id)
    return row


def orders(*, account_id: str) -> list[Order]:
    """Return the account's orders with product and receipt, newest first."""
    return list(
        orders_with_products().filter(account_id=account_id).order_by("-created_at", "-number")
    )


def orders_numbered(*, number: int | None, receipt: int | None) -> list[Order]:
    """Return the order with that number and the one with that receipt, for staff."""
    rows = orders_with_products().select_related("account")
    by_number = rows.filter(number=number) if number is not None else rows.none()
    by_receipt = rows.filter(receipt__number=receipt) if receipt is not None else rows.none()
    return [*by_number, *by_receipt]


def orders_with_products() -> QuerySet[Order]:
    """Return every order with its product, terms and receipt, to be narrowed."""
    return Order.objects.select_related("product_version", "terms_edition", "receipt")


def charges(*, account_id: str) -> list[Charge]:
    """Return what the account was charged, with orders, refunds and disputes, newest first."""
    rows = Charge.objects.filter(account_id=account_id).select_related("order")
    return list(rows.prefetch_related("refunds", "disputes").order_by("-charged_at", "-id"))


def receipt(*, account_id: str, order_id: str) -> Receipt:
    """Return the receipt of one of the account's orders; raises NoReceipt."""
    row = Receipt.objects.filter(account_id=account_id, order_id=order_id).first()
    if row is None:
        raise NoReceipt(order=order_id)
    return row


def processor_customer(*, account_id: str, currency: str) -> str:
    """Return the newest id under which the processor knows the account as a payer in a currency;
    empty where it doesn't. It ties a customer to the currency of their first subscription.
    """
    known = Order.objects.filter(account_id=account_id, currency=currency)
    known = known.exclude(processor_customer_id="").order_by("-created_at", "-number")
    return known.values_list("processor_customer_id", flat=True).first() or ""


def orders_named(*, account_id: str, order_ids: Collection[str]) -> dict[str, Order]:
    """Return those of the account's orders that have one of these ids, with product, by id."""
    return {
        one.pk: one
        for one in orders_with_products().filter(account_id=account_id, pk__in=order_ids)
    }


def orders_to_look_at(*, now: datetime, limit: int) -> list[str]:
    """Return the ids of orders whose payment is due for another look, longest due first.

    Those whose payment hasn't ended, and those that a person has to look at while nothing of their
    money is booked yet.
    """
    unbooked = Q(state=OrderState.REQUIRES_REVIEW, charges__isnull=True, session_id__isnull=False)
    due = Order.objects.filter(Q(state__in=UNSETTLED_STATES) | unbooked, next_look_at__lte=now)
    return list(due.order_by("next_look_at").values_list("id", flat=True)[:limit])


def orders_to_confirm(*, now: datetime, limit: int) -> list[str]:
    """Return the ids of delivered orders whose buyer has no confirmation yet, longest due first."""
    waiting = Order.objects.filter(state=OrderState.DELIVERED, confirmed_at__isnull=True)
    due = waiting.filter(Q(next_confirm_at__lte=now) | Q(next_confirm_at__isnull=True))
    by_due = due.order_by(F("next_confirm_at").asc(nulls_first=True), "delivered_at")
    return list(by_due.values_list("id", flat=True)[:limit])


def orders_held() -> list[Order]:
    """Return the orders that wait for a person, oldest first."""
    rows = orders_with_products().select_related("account").filter(state=OrderState.REQUIRES_REVIEW)
    return list(rows.order_by("created_at"))


def charged_after_cancel() -> list[Order]:
    """Return the orders that were charged although canceled, and whose money is owed (3.2)."""
    owed = Charge.objects.filter(kept_minor__gt=0).values("order_id")
    rows = orders_with_products().filter(state=OrderState.REFUND_DUE, pk__in=owed)
    return list(rows.order_by("created_at"))


def charge_of_order(*, account_id: str, order_id: str) -> Charge | None:
    """Return the charge that paid one of the account's orders; None while nothing was charged."""
    rows = Charge.objects.filter(account_id=account_id, order_id=order_id)
    return rows.order_by("charged_at", "id").first()


def paid_not_granted(*, before: datetime) -> list[Order]:
    """Return the orders that somebody should have been given something for.

    They wait for a person although money moved, or their payment page was opened before *before*
    and nobody knows how it ended; the processor is asked before anything is done.
    """
    waiting = Q(state=OrderState.REQUIRES_REVIEW) | Q(
        state__in=UNSETTLED_STATES, session_id__isnull=False, created_at__lt=before
    )
    return list(orders_with_products().filter(waiting).order_by("created_at"))


def is_first(order: Order) -> bool:
    """Return whether the account had been delivered nothing that it ordered before."""
    earlier = Order.objects.filter(account_id=order.account_id, created_at__lt=order.created_at)
    return not earlier.filter(delivered_at__isnull=False).exists()


def charges_of_order(*, order_id: str) -> list[Charge]:
    """Return what was charged for an order, oldest first; more than one is a duplicate (6.1)."""
    return list(Charge.objects.filter(order_id=order_id).order_by("charged_at", "id"))


def tax_behavior_of(subscription: Subscription) -> str:
    """Return how a plan's renewals are taxed: as its newest order was."""
    rows = Order.objects.filter(subscription=subscription).order_by("-created_at", "-number")
    return rows.values_list("tax_behavior", flat=True).first() or ""


def due_minor(order: Order, charge: Charge) -> int:
    """Return what *charge* may be of an order, in minor units: its total, and the tax that was
    added where it was to be; what a change of plan costs is said with its tax.
    """
    tax = ChargeTax.objects.filter(charge=charge).first()
    if tax is None or order.is_change or order.tax_behavior != TaxBehavior.EXCLUSIVE:
        return order.total_minor
    return order.total_minor + sum(one.tax_minor for one in tax.tax_lines if not one.is_inclusive)


def taxed_charge(*, order_id: str) -> Charge | None:
    """Return the first charge of an order of whose tax there is a record, with it; None where none
    has one.
    """
    rows = Charge.objects.filter(order_id=order_id, tax__isnull=False).select_related("tax")
    return rows.order_by("charged_at", "id").first()


def charged_more_than_once() -> list[Order]:
    """Return the orders whose money was taken more than once, and not all but one given back.

    Nor is a charge owed for what was given back already: where what the order bought was revoked by
    the refund of another of its charges, earlier or later, where its own money was lost to a bank,
    or the order is closed, even one charge more is too much. However old: the second may come long
    after the first, and its news long after both.
    """
    kept = Charge.objects.filter(kept_minor__gt=0)
    counted = Charge.objects.values("order_id").annotate(times=Count("id"))
    of_several = kept.filter(order_id__in=counted.filter(times__gt=1).values("order_id"))
    twice = of_several.values("order_id").annotate(times=Count("id")).filter(times__gt=1)
    for_nothing = of_several.filter(Exists(_revoked_by()) | Exists(_lost_before()))
    of_closed = kept.filter(order__state=OrderState.CLOSED)
    ids = {
        *twice.values_list("order_id", flat=True),
        *for_nothing.values_list("order_id", flat=True),
        *of_closed.values_list("order_id", flat=True),
    }
    return list(orders_with_products().filter(pk__in=ids).order_by("created_at"))


def _revoked_by() -> QuerySet[Refund]:
    """The refunds of a charge's order's other charges that revoked what it bought."""
    made = Refund.objects.filter(charge__order=OuterRef("order"), state=RefundState.SUCCEEDED)
    return made.filter(revokes_credits=True).exclude(charge=OuterRef("pk"))


def _lost_before() -> QuerySet[Charge]:
    """The earlier charges of a charge's order that a bank took back whole."""
    earlier = Charge.objects.filter(
        order=OuterRef("order"), charged_at__lte=OuterRef("charged_at"), kept_minor=0
    )
    return earlier.filter(lost_minor__gt=0).exclude(pk=OuterRef("pk"))


def periods_within(*, starts_at: datetime, ends_at: datetime) -> list[Order]:
    """Return the delivered orders whose paid period reaches into that time, oldest first."""
    rows = orders_with_products().filter(
        state=OrderState.DELIVERED, period_starts_at__lt=ends_at, period_ends_at__gt=starts_at
    )
    return list(rows.select_related("account").order_by("period_starts_at"))


def pinned_texts() -> list[Pin]:
    """Return which texts of the policy orders rest on; a plan's months pin what the plan did."""
    rows = Order.objects.values_list("terms_edition__edition_on", "terms_sha256")
    counted = rows.annotate(count=Count("pk")).order_by("terms_edition__edition_on", "terms_sha256")
    return [Pin(ORDERS, *row) for row in counted]
