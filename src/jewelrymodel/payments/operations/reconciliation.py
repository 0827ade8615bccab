"""Our books beside the processor's: what one of them knows and the other doesn't."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import Q, Sum
from django.utils.functional import Promise, lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jewelrymodel.infra import formats
from jewelrymodel.payments import queries
from jewelrymodel.payments.adapters.stripe_charges import list_charges_since
from jewelrymodel.payments.adapters.stripe_refunds import refunds
from jewelrymodel.payments.gateway import ProcessorDown
from jewelrymodel.payments.models import AT_PROCESSOR, Charge, Order, Refund, Subscription
from jewelrymodel.payments.operations.charge_booking import book_charge
from jewelrymodel.payments.operations.charge_split import refunded_minor as booked_minor
from jewelrymodel.payments.operations.charge_split import transferred_minor
from jewelrymodel.payments.operations.event_dispatch import handle_event
from jewelrymodel.payments.operations.refunds import follow_refund
from jewelrymodel.payments.processor_objects import (
    ListedCharge,
)
from jewelrymodel.payments.statuses import OPEN_REFUNDS

log = logging.getLogger(__name__)
_money, _moment = lazy(formats.money, str), lazy(formats.moment, str)
"""As the reader of a case writes them, who is known when it is opened."""


@dataclass(frozen=True)
class Difference:
    """Where the books differ: about which order, and what is to be said of it.

    *processor_id* is set where the processor has a charge or a subscription that nothing of ours
    asked for: each is a finding of its own. *about* is the processor's id of what differs. A
    customer reads the *words*; the *note*, what to do, is for staff.
    """

    order: Order
    words: Promise
    processor_id: str = ""
    about: str = ""
    note: str = ""


@dataclass(frozen=True)
class Comparison:
    """What was looked at again because the books differed, by the processor's ids, and what still
    differs after that.
    """

    looked_at: tuple[str, ...]
    differences: tuple[Difference, ...]


def reconcile_charges(*, since: datetime, before: datetime, now: datetime) -> list[Difference]:
    """Book what only lacked its news; return where charges of then still differ from the processor.

    What differs is looked at again there first. Charges that have nothing to do with a customer or
    an order of ours are left alone. Raises ProcessorDown, and ProcessorRefused where the charges
    can't be listed.
    """
    return list(compare_charges(since=since, before=before, now=now).differences)


def compare_charges(*, since: datetime, before: datetime, now: datetime) -> Comparison:
    """Return the same with what was looked at; raises as ``reconcile_charges``."""
    listed = {one.id: one for one in list_charges_since(since, before)}
    looked_at = []
    for one, _order in _unasked_charges(listed):
        looked_at.append(one.id)
        look_closer(one.id, partial(book_charge, processor_charge_id=one.id, now=now))
    for charge in _differing_charges(listed, since, before):
        looked_at.append(charge.processor_charge_id)
        if charge.processor_charge_id in listed:
            look_closer(charge.pk, partial(_look_at, charge.processor_charge_id, now))
    unasked = _unasked_charges(listed)
    differences = (
        *(Difference(order, _asked_by_nobody(one), one.id, one.id) for one, order in unasked),
        *map(_disagreement, _differing_charges(listed, since, before)),
    )
    return Comparison(tuple(dict.fromkeys(looked_at)), differences)


def reconcile_refunds(
    *, since: datetime, now: datetime, before: datetime | None = None
) -> list[Difference]:
    """Follow and book refunds made since then; return the charges whose refunds still differ.

    A refund of ours that the processor lists is followed; one made at its dashboard, also of a
    charge from long ago, is adopted; what differs after that is left to a person. Raises
    ProcessorDown, and ProcessorRefused where the refunds can't be listed.
    """
    return list(compare_refunds(since=since, before=before, now=now).differences)


def compare_refunds(*, since: datetime, before: datetime | None, now: datetime) -> Comparison:
    """Return the same with what was looked at; raises as ``reconcile_refunds``."""
    charges, looked_at = [], []
    for one in refunds().list_refunds_since(since, before):
        ours = Refund.objects.filter(Q(pk=one.refund_id) | Q(processor_refund_id=one.id)).first()
        if ours is None:
            charges.append(one.processor_charge_id)
        elif ours.is_open:
            looked_at.append(one.id)
            look_closer(one.id, partial(follow_refund, refund_id=ours.pk, now=now))
    known = Charge.objects.filter(processor_charge_id__in=charges)
    for charge_id in known.order_by("charged_at").values_list("processor_charge_id", flat=True):
        looked_at.append(charge_id)
        look_closer(charge_id, partial(_look_at, charge_id, now))
    rows = known.select_related("order").order_by("charged_at")
    left = tuple(_disagreement(one) for one in rows if not _refunds_agree(one, now))
    return Comparison(tuple(looked_at), left)


def payments_back_beyond() -> list[Difference]:
    """Return the charges of which more has left than was paid, each a loss of its own."""
    amounts = queries.paid_back_beyond()
    rows = Charge.objects.filter(pk__in=amounts).select_related("order").order_by("charged_at")
    return [_beyond(one, amounts[one.pk]) for one in rows]


def _beyond(charge: Charge, amount_minor: int) -> Difference:
    words = _("More was paid back for {order} than was paid; our team is looking into it.")
    amount = formats.money(amount_minor, charge.currency)
    note = (
        f"{amount} more than was paid has left for charge {charge.pk}: a bank transfer was sent, "
        "and the charge was refunded at the processor or lost in a dispute as well. Ask the "
        "customer for it back, or write it off and close this request."
    )
    return Difference(
        charge.order, format_lazy(words, order=charge.order.label), charge.pk, charge.pk, note
    )


def _unasked_charges(listed: Mapping[str, ListedCharge]) -> list[tuple[ListedCharge, Order]]:
    """The processor's charges of customers of ours that our books don't have."""
    named = [(one, whose(one.order_id, one.customer_id)) for one in _unknown(listed.values())]
    return [(one, order) for one, order in named if order is not None]


def _differing_charges(
    listed: Mapping[str, ListedCharge], since: datetime, before: datetime
) -> list[Charge]:
    """Our charges of that time which the processor doesn't have, or has otherwise."""
    ours = Charge.objects.filter(
        processor=AT_PROCESSOR, charged_at__gte=since, charged_at__lt=before
    )
    rows = ours.select_related("order").order_by("charged_at")
    return [one for one in rows if not _agree(one, listed.get(one.processor_charge_id))]


def _refunds_agree(charge: Charge, now: datetime) -> bool:
    status = refunds().retrieve_charge(charge.processor_charge_id, now=now)
    return _is_refunded_alike(charge, status.refunded_minor)


def _look_at(processor_charge_id: str, now: datetime) -> None:
    handle_event({"object": "charge", "object_id": processor_charge_id}, now=now)


def look_closer(about: str, look: Callable[[], object]) -> None:
    """Take a closer look; what goes wrong with one thing keeps no other from its own."""
    try:
        look()
    except ProcessorDown:
        raise
    except Exception:
        log.exception("%s could not be looked at", about)


def _agree(charge: Charge, listed: ListedCharge | None) -> bool:
    if listed is None:
        return False
    ours, theirs = (charge.paid_minor, charge.currency), (listed.paid_minor, listed.currency)
    return ours == theirs and _is_refunded_alike(charge, listed.refunded_minor)


def _is_refunded_alike(charge: Charge, refunded_minor: int) -> bool:
    """The processor counts a refund from when it was asked for; we do once the money went. What
    went by bank transfer it doesn't know.
    """
    refunded_minor += transferred_minor(charge)
    booked = booked_minor(charge)
    if refunded_minor == booked:
        return True
    under_way = Refund.objects.filter(
        charge=charge, state__in=OPEN_REFUNDS, processor_refund_id__isnull=False
    )
    waiting = under_way.aggregate(sum=Sum("amount_minor"))["sum"] or 0
    return refunded_minor == booked + waiting


def _disagreement(charge: Charge) -> Difference:
    words = _("Our records and the payment processor’s differ about charge {charge}.")
    by_hand = transferred_minor(charge)
    note = ""
    if by_hand:
        amount = formats.money(by_hand, charge.currency)
        note = (
            f"{amount} of charge {charge.pk} went back by bank transfer. Where it was refunded at "
            "the processor’s dashboard as well, it was paid twice: ask for one of them back."
        )
    return Difference(
        charge.order,
        format_lazy(words, charge=charge.pk),
        about=charge.processor_charge_id,
        note=note,
    )


def _unknown(listed: Iterable[ListedCharge]) -> list[ListedCharge]:
    """Those that kept money and are none of our charges."""
    unrefunded = [one for one in listed if one.paid_minor > one.refunded_minor]
    ids = [one.id for one in unrefunded]
    rows = Charge.objects.filter(processor_charge_id__in=ids)
    known = set(rows.values_list("processor_charge_id", flat=True))
    return [one for one in unrefunded if one.id not in known]


def whose(order_id: str, customer_id: str) -> Order | None:
    """The order that is named, else the newest one of the customer there, as far as we know it."""
    if order_id:
        return Order.objects.filter(pk=order_id).first()
    if not customer_id:
        return None
    plans = Subscription.objects.filter(processor_customer_id=customer_id).values("pk")
    of_plan = Order.objects.filter(subscription__in=plans)
    orders = of_plan | Order.objects.filter(processor_customer_id=customer_id)
    return orders.order_by("-created_at", "-number").first()


def _asked_by_nobody(one: ListedCharge) -> Promise:
    words = _(
        "The payment processor charged {amount} on {at} ({charge}), and no order or renewal asked "
        "for it."
    )
    return format_lazy(
        words,
        amount=_money(one.paid_minor, one.currency),
        at=_moment(one.charged_at),
        charge=one.id,
    )
