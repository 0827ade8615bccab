"""Our books beside the processor's: every charge that one of them knows and the other doesn't."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from jewelrymodel.kernel.money import in_words
from jewelrymodel.payments.adapters.stripe_charges import charges_since
from jewelrymodel.payments.gateway import ProcessorRefused
from jewelrymodel.payments.models import Charge, Order, Subscription
from jewelrymodel.payments.operations.hints import follow_hint
from jewelrymodel.payments.operations.renewing import settle_subscription
from jewelrymodel.payments.values import ListedCharge


@dataclass(frozen=True)
class Difference:
    """Where the books differ: about which order, and what is to be said of it.

    *processor_charge_id* is set where the processor took money that nothing of ours asked for.
    """

    order: Order
    words: str
    processor_charge_id: str = ""


def compare_charges(*, since: datetime, before: datetime, now: datetime) -> Iterator[Difference]:
    """Return where the charges between *since* and *before* differ from the processor's.

    What differs only because its news was lost is made good on the way: the processor is looked at
    again. Charges that have nothing to do with a customer or an order of ours are left alone.
    Raises ProcessorDown, and ProcessorRefused where the charges can't be listed.
    """
    listed = {one.id: one for one in charges_since(since) if one.charged_at < before}
    for one in _unknown(listed.values()):
        order = _whose(one)
        if order is not None:
            with suppress(ProcessorRefused):  # one that can't be looked at keeps no other from it
                _look_closer(one, order, now)
            if not _is_known(one):
                yield Difference(order, _asked_by_nobody(one), one.id)
    ours = Charge.objects.filter(charged_at__gte=since, charged_at__lt=before)
    for charge in ours.select_related("order").order_by("charged_at"):
        seen = listed.get(charge.processor_charge_id)
        if seen is not None and not _agree(charge, seen):
            with suppress(ProcessorRefused):
                follow_hint({"object": "charge", "object_id": seen.id}, now=now)
            charge.refresh_from_db(fields=["paid_minor", "refunded_minor"])
        if seen is None or not _agree(charge, seen):
            words = f"The processor and our books disagree about charge {charge.pk}."
            yield Difference(charge.order, words)


def _agree(charge: Charge, seen: ListedCharge) -> bool:
    ours = (charge.paid_minor, charge.refunded_minor, charge.currency)
    return ours == (seen.paid_minor, seen.refunded_minor, seen.currency)


def _unknown(listed: Iterable[ListedCharge]) -> list[ListedCharge]:
    """Those that kept money and are none of our charges."""
    kept = [one for one in listed if one.paid_minor > one.refunded_minor]
    ids = [one.id for one in kept]
    rows = Charge.objects.filter(processor_charge_id__in=ids)
    known = set(rows.values_list("processor_charge_id", flat=True))
    return [one for one in kept if one.id not in known]


def _is_known(one: ListedCharge) -> bool:
    return Charge.objects.filter(processor_charge_id=one.id).exists()


def _whose(one: ListedCharge) -> Order | None:
    """The order that a charge names, else the newest one of the plan that its customer has."""
    if one.order_id:
        return Order.objects.filter(pk=one.order_id).first()
    if not one.customer_id:
        return None
    orders = Order.objects.filter(subscription__processor_customer_id=one.customer_id)
    return orders.order_by("-created_at", "-number").first()


def _look_closer(one: ListedCharge, order: Order, now: datetime) -> None:
    """Perhaps only the news was lost: of a payment, a second charge, a renewal."""
    if one.order_id:
        follow_hint({"object": "charge", "object_id": one.id, "order_id": order.pk}, now=now)
        return
    for plan in Subscription.objects.filter(processor_customer_id=one.customer_id):
        settle_subscription(processor_subscription_id=plan.processor_subscription_id, now=now)


def _asked_by_nobody(one: ListedCharge) -> str:
    return (
        f"The processor took {in_words(one.paid_minor, one.currency)} on "
        f"{one.charged_at:%-d %B %Y, %H:%M} UTC ({one.id}), and no order or renewal asked for it."
    )
