"""Reads about orders. What a customer sees is always looked up by their account."""

from datetime import datetime

from django.db.models import QuerySet

from jewelrymodel.payments.models import Charge, Order, Receipt, Subscription
from jewelrymodel.payments.values import UNPAID_STATES, OrderState, SubscriptionState


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


def _orders() -> QuerySet[Order]:
    return Order.objects.select_related("product_version", "terms_edition", "receipt")


def charges(*, account_id: str) -> list[Charge]:
    """Return what the account was charged, with its orders, newest first."""
    found = Charge.objects.filter(account_id=account_id).select_related("order")
    return list(found.order_by("-charged_at"))


def receipt(*, account_id: str, order_id: str) -> Receipt:
    """Return the receipt of one of the account's orders; raises NoReceipt."""
    found = Receipt.objects.filter(account_id=account_id, order_id=order_id).first()
    if found is None:
        raise NoReceipt(order_id)
    return found


def orders_to_look_at(*, now: datetime, limit: int) -> list[str]:
    """Return the ids of unpaid orders whose payment is due for another look, longest due first."""
    due = Order.objects.filter(state__in=UNPAID_STATES, next_look_at__lte=now)
    return list(due.order_by("next_look_at").values_list("id", flat=True)[:limit])


def orders_to_confirm(*, delivered_before: datetime, limit: int) -> list[str]:
    """Return the ids of delivered orders whose buyer has no confirmation yet."""
    due = Order.objects.filter(
        state=OrderState.DELIVERED, confirmed_at__isnull=True, delivered_at__lt=delivered_before
    )
    return list(due.order_by("delivered_at").values_list("id", flat=True)[:limit])


def orders_held() -> list[Order]:
    """Return the orders that wait for a person, oldest first."""
    return list(_orders().filter(state=OrderState.HELD).order_by("created_at"))


def subscription(*, account_id: str, subscription_id: str) -> Subscription:
    """Return one subscription of the account with its plan; raises Subscription.DoesNotExist."""
    found = Subscription.objects.select_related("product_version")
    return found.get(account_id=account_id, pk=subscription_id)


def subscriptions(*, account_id: str) -> list[Subscription]:
    """Return the account's subscriptions with their plans, those that live first, then newest."""
    found = Subscription.objects.filter(account_id=account_id).select_related("product_version")
    return sorted(found.order_by("-started_at"), key=lambda one: not one.is_live)


def subscriptions_to_look_at(*, now: datetime, limit: int) -> list[str]:
    """Return the ids of subscriptions that may have renewed or ended, longest due first."""
    due = Subscription.objects.filter(next_look_at__lte=now).exclude(state=SubscriptionState.ENDED)
    return list(due.order_by("next_look_at").values_list("id", flat=True)[:limit])


def charged_after_cancel() -> list[Order]:
    """Return the orders that were charged although canceled, and whose money is owed (3.2)."""
    return list(_orders().filter(state=OrderState.IN_ERROR).order_by("created_at"))
