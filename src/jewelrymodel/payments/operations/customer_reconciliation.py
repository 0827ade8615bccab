"""Our customers beside the processor's: deleted there, doubled, or known to nobody here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from django.db.models import Min

from jewelrymodel.payments.adapters.stripe_subscriptions import subscriptions
from jewelrymodel.payments.models import Order, Subscription
from jewelrymodel.payments.operations.reconciliation import look_closer
from jewelrymodel.payments.operations.subscription_renewal import settle_subscription
from jewelrymodel.payments.statuses import SubscriptionState

_PAYING = timedelta(hours=3)  # a customer is made there while its first order is paid


class CustomerProblem(StrEnum):
    """What is odd about a customer at the processor."""

    DELETED = "deleted"
    DOUBLED = "doubled"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class OddCustomer:
    """A customer at the processor, by its id there, and the order that made it known here.

    *is_settled*: nothing of a plan is at stake, or what was has been looked at.
    """

    id: str
    problem: CustomerProblem
    order: Order | None = None
    is_settled: bool = True


def compare_customers(*, since: datetime, before: datetime, now: datetime) -> Iterator[OddCustomer]:
    """Yield what is odd about customers who were made at the processor in that time, and about
    those of ours whose first order was placed then.

    Deleted: ours name it and it isn't there; the next payment makes it anew, and what it subscribed
    to is looked at now. Doubled: an account has another one there in the same currency, so the card
    that one replaces isn't the one that a plan of the other charges. Unknown: no order of ours
    names it. Raises ProcessorDown and ProcessorRefused.
    """
    listed = set[str]()
    for page in subscriptions().list_customers(since - _PAYING, before + _PAYING):
        listed |= {one.id for one in page}
    for order in _first_orders(since, before):
        if order.processor_customer_id not in listed:
            yield _deleted(order, now)
        elif _is_doubled(order):
            yield OddCustomer(order.processor_customer_id, CustomerProblem.DOUBLED, order)
    for page in subscriptions().list_customers(since, before):
        ids = [one.id for one in page]
        named = set(_named(ids))
        for customer_id in ids:
            if customer_id not in named:
                yield OddCustomer(customer_id, CustomerProblem.UNKNOWN)


def _first_orders(since: datetime, before: datetime) -> list[Order]:
    """The orders of then that were the first to name their customer."""
    named = Order.objects.exclude(processor_customer_id="")
    then = named.filter(created_at__gte=since, created_at__lt=before)
    firsts = (
        named.filter(processor_customer_id__in=then.values("processor_customer_id"))
        .values("processor_customer_id")
        .annotate(first=Min("number"))
        .values_list("first", flat=True)
    )
    return list(then.filter(number__in=list(firsts)).order_by("number"))


def _deleted(order: Order, now: datetime) -> OddCustomer:
    customer_id = order.processor_customer_id
    live = Subscription.objects.filter(processor_customer_id=customer_id)
    live = live.exclude(state=SubscriptionState.CANCELED)
    for processor_id in live.values_list("processor_subscription_id", flat=True):
        look = partial(settle_subscription, processor_subscription_id=processor_id, now=now)
        look_closer(processor_id, look)
    return OddCustomer(customer_id, CustomerProblem.DELETED, order, is_settled=not live.exists())


def _is_doubled(order: Order) -> bool:
    earlier = Order.objects.filter(
        account_id=order.account_id, currency=order.currency, number__lt=order.number
    )
    return earlier.exclude(processor_customer_id__in=["", order.processor_customer_id]).exists()


def _named(ids: list[str]) -> Iterator[str]:
    orders = Order.objects.filter(processor_customer_id__in=ids)
    yield from orders.values_list("processor_customer_id", flat=True)
    plans = Subscription.objects.filter(processor_customer_id__in=ids)
    yield from plans.values_list("processor_customer_id", flat=True)
