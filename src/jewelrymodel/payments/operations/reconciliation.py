"""Our books beside the processor's: what one of them knows and the other doesn't."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from jewelrymodel.kernel.money import in_words
from jewelrymodel.payments.adapters.stripe_charges import list_charges_since
from jewelrymodel.payments.adapters.stripe_refunds import refunds
from jewelrymodel.payments.adapters.stripe_subscriptions import subscriptions
from jewelrymodel.payments.gateway import ProcessorDown
from jewelrymodel.payments.models import Charge, Order, Refund, Subscription
from jewelrymodel.payments.operations.charge_booking import book_charge
from jewelrymodel.payments.operations.event_dispatch import handle_event
from jewelrymodel.payments.operations.refunds import follow_refund
from jewelrymodel.payments.operations.subscription_renewal import settle_subscription
from jewelrymodel.payments.processor_objects import (
    ListedCharge,
    ListedSubscription,
    SubscriptionStatus,
)
from jewelrymodel.payments.statuses import SubscriptionState

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Difference:
    """Where the books differ: about which order, and what is to be said of it.

    *processor_id* is set where the processor has a charge or a subscription that nothing of ours
    asked for: each is a finding of its own.
    """

    order: Order
    words: str
    processor_id: str = ""


def compare_charges(*, since: datetime, before: datetime, now: datetime) -> Iterator[Difference]:
    """Return where the charges between *since* and *before* differ from the processor's.

    What differs only because its news was lost is made good on the way: the processor is looked at
    again. Charges that have nothing to do with a customer or an order of ours are left alone.
    Raises ProcessorDown, and ProcessorRefused where the charges can't be listed.
    """
    listed = {one.id: one for one in list_charges_since(since) if one.charged_at < before}
    for one in _unknown(listed.values()):
        order = _whose(one.order_id, one.customer_id)
        if order is not None:
            _alone(one.id, partial(book_charge, processor_charge_id=one.id, now=now))
            if not _is_known(one):
                yield Difference(order, _asked_by_nobody(one), one.id)
    ours = Charge.objects.filter(charged_at__gte=since, charged_at__lt=before)
    for charge in ours.select_related("order").order_by("charged_at"):
        seen = listed.get(charge.processor_charge_id)
        if seen is not None and not _agree(charge, seen):
            hint = {"object": "charge", "object_id": seen.id}
            _alone(seen.id, partial(handle_event, hint, now=now))
            charge.refresh_from_db(fields=["paid_minor", "refunded_minor"])
        if seen is None or not _agree(charge, seen):
            yield _disagreement(charge)


def compare_refunds(*, since: datetime, now: datetime) -> Iterator[Difference]:
    """Return the charges of which refunds made since then are not in our books.

    A refund of ours that the processor lists is followed; one made at its dashboard, also of a
    charge from long ago, is looked at and, where it can't be booked, left to a person. Raises
    ProcessorDown, and ProcessorRefused where the refunds can't be listed.
    """
    for one in refunds().list_refunds_since(since):
        ours = Refund.objects.filter(pk=one.refund_id).first() if one.refund_id else None
        if ours is not None:
            if ours.is_open:
                _alone(one.id, partial(follow_refund, refund_id=ours.pk, now=now))
            continue
        rows = Charge.objects.select_related("order")
        charge = rows.filter(processor_charge_id=one.processor_charge_id).first()
        if charge is None:
            continue
        _alone(one.id, partial(_look_at, charge.processor_charge_id, now))
        seen = refunds().retrieve_charge(charge.processor_charge_id, now=now)
        charge.refresh_from_db(fields=["paid_minor", "refunded_minor"])
        if seen.refunded_minor != charge.refunded_minor:
            yield _disagreement(charge)


def compare_subscriptions(*, now: datetime) -> Iterator[Difference]:
    """Return the subscriptions that bill a customer of ours and are no plan of ours.

    Where only the news was lost (of a plan that began, was canceled, or ended there) it is made
    good on the way. Raises ProcessorDown, and ProcessorRefused where they can't be listed.
    """
    listed = {one.id: one for one in subscriptions().list_subscriptions()}
    live = Subscription.objects.exclude(state=SubscriptionState.ENDED)
    for plan in live.order_by("pk"):
        seen = listed.pop(plan.processor_subscription_id, None)
        if seen is None or not _in_step(plan, seen):
            _settle(plan.processor_subscription_id, now)
    known = Subscription.objects.filter(processor_subscription_id__in=listed)
    for ended_id in known.values_list("processor_subscription_id", flat=True):
        del listed[ended_id]
        _settle(ended_id, now)
    for one in listed.values():
        order = _whose(one.order_id, one.customer_id)
        if order is None:
            continue
        _settle(one.id, now)
        if not Subscription.objects.filter(processor_subscription_id=one.id).exists():
            words = (
                f"The processor bills the subscription {one.id} for this customer, and it is no "
                "plan of ours: nobody can see or cancel it here."
            )
            yield Difference(order, words, one.id)


def _in_step(plan: Subscription, seen: ListedSubscription) -> bool:
    is_past_due = plan.state == SubscriptionState.PAST_DUE
    told = (plan.renews, plan.processor_renews, is_past_due)
    return told == (seen.renews, seen.renews, seen.status is SubscriptionStatus.PAST_DUE)


def _settle(processor_subscription_id: str, now: datetime) -> None:
    look = partial(
        settle_subscription, processor_subscription_id=processor_subscription_id, now=now
    )
    _alone(processor_subscription_id, look)


def _look_at(processor_charge_id: str, now: datetime) -> None:
    handle_event({"object": "charge", "object_id": processor_charge_id}, now=now)


def _alone(about: str, look: Callable[[], object]) -> None:
    """Take a closer look; what goes wrong with one thing keeps no other from its own."""
    try:
        look()
    except ProcessorDown:
        raise
    except Exception:
        log.exception("%s could not be looked at", about)


def _agree(charge: Charge, seen: ListedCharge) -> bool:
    ours = (charge.paid_minor, charge.refunded_minor, charge.currency)
    return ours == (seen.paid_minor, seen.refunded_minor, seen.currency)


def _disagreement(charge: Charge) -> Difference:
    words = f"The processor and our books disagree about charge {charge.pk}."
    return Difference(charge.order, words)


def _unknown(listed: Iterable[ListedCharge]) -> list[ListedCharge]:
    """Those that kept money and are none of our charges."""
    kept = [one for one in listed if one.paid_minor > one.refunded_minor]
    ids = [one.id for one in kept]
    rows = Charge.objects.filter(processor_charge_id__in=ids)
    known = set(rows.values_list("processor_charge_id", flat=True))
    return [one for one in kept if one.id not in known]


def _is_known(one: ListedCharge) -> bool:
    return Charge.objects.filter(processor_charge_id=one.id).exists()


def _whose(order_id: str, customer_id: str) -> Order | None:
    """The order that is named, else the newest one of the customer there, as far as we know it."""
    if order_id:
        return Order.objects.filter(pk=order_id).first()
    if not customer_id:
        return None
    plans = Subscription.objects.filter(processor_customer_id=customer_id).values("pk")
    of_plan = Order.objects.filter(subscription__in=plans)
    orders = of_plan | Order.objects.filter(processor_customer_id=customer_id)
    return orders.order_by("-created_at", "-number").first()


def _asked_by_nobody(one: ListedCharge) -> str:
    return (
        f"The processor took {in_words(one.paid_minor, one.currency)} on "
        f"{one.charged_at:%-d %B %Y, %H:%M} UTC ({one.id}), and no order or renewal asked for it."
    )
