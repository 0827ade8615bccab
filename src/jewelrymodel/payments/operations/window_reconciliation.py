"""Our books beside the processor's over any window of time: a day of it in memory at once."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from jewelrymodel.payments.adapters.stripe_refunds import refunds
from jewelrymodel.payments.gateway import ProcessorDown
from jewelrymodel.payments.models import ChargeDispute, Order
from jewelrymodel.payments.operations.customer_reconciliation import (
    CustomerProblem,
    compare_customers,
)
from jewelrymodel.payments.operations.disputes import is_mirrored, mirror_or_book
from jewelrymodel.payments.operations.reconciliation import (
    Comparison,
    Difference,
    compare_charges,
    compare_refunds,
)
from jewelrymodel.payments.operations.subscription_reconciliation import compare_subscriptions

SLICE = timedelta(days=1)
log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What became of something that differed: the books agree now, a person has to look, it is
    about nothing of ours, or it is worth knowing and nothing follows.
    """

    MENDED = "mended"
    DIFFERS = "differs"
    NOT_OURS = "not_ours"
    NOTED = "noted"


@dataclass(frozen=True)
class WindowRow:
    """Something that differed when it was looked at: of which day, its kind and the processor's id.

    The *difference* is what a case says of it; None where there is nothing to say, or no order.
    *order* is whose it is, where no case says so.
    """

    day: datetime
    kind: str
    processor_id: str
    outcome: Outcome
    difference: Difference | None = None
    order: Order | None = None


def reconcile_window(*, since: datetime, before: datetime, now: datetime) -> Iterator[WindowRow]:
    """Yield what differed between *since* and *before*, mended where only its news was lacking.

    Charges, refunds and disputes by the instant at which the processor made them, day by day, so
    that a year takes no more memory than its busiest day; then the subscriptions that live there
    now, in pages; and customers day by day at last, so that a key without the right to read them
    (``customer_read``) still compares all money. What differs after the look isn't put into a case
    here. Raises ProcessorDown, and ProcessorRefused where something can't be listed: begin again
    from the last day that was told.
    """
    for starts_at, ends_at in _days(since, before):
        charges = compare_charges(since=starts_at, before=ends_at, now=now)
        yield from _rows(starts_at, "charge", charges)
        refunded = compare_refunds(since=starts_at, before=ends_at, now=now)
        yield from _rows(starts_at, "refund", refunded)
        yield from _disputes(starts_at, ends_at, now)
    for page in compare_subscriptions(now=now):
        yield from _rows(now, "subscription", page)
    for starts_at, ends_at in _days(since, before):
        yield from _customers(starts_at, ends_at, now)


def _days(since: datetime, before: datetime) -> Iterator[tuple[datetime, datetime]]:
    while since < before:
        ends_at = min(since + SLICE, before)
        yield since, ends_at
        since = ends_at


def _rows(day: datetime, kind: str, comparison: Comparison) -> Iterator[WindowRow]:
    left = {one.about: one for one in comparison.differences}
    for processor_id in dict.fromkeys([*comparison.looked_at, *left]):
        difference = left.get(processor_id)
        outcome = Outcome.DIFFERS if difference else Outcome.MENDED
        yield WindowRow(day, kind, processor_id, outcome, difference)


def _customers(since: datetime, before: datetime, now: datetime) -> Iterator[WindowRow]:
    """A deleted one is made anew by its next payment; a doubled one is only worth knowing."""
    for odd in compare_customers(since=since, before=before, now=now):
        outcome = Outcome.MENDED if odd.is_settled else Outcome.DIFFERS
        if odd.problem is CustomerProblem.DOUBLED:
            outcome = Outcome.NOTED
        if odd.problem is CustomerProblem.UNKNOWN:
            outcome = Outcome.NOT_OURS
        yield WindowRow(since, f"customer {odd.problem}", odd.id, outcome, order=odd.order)


def _disputes(since: datetime, before: datetime, now: datetime) -> Iterator[WindowRow]:
    """Those that the processor lists, and those of ours that it doesn't."""
    listed = {one.id: one for one in refunds().list_disputes_since(since, before)}
    ours = ChargeDispute.objects.filter(processor_dispute_id__in=listed)
    known = {one.processor_dispute_id: one for one in ours}
    for processor_dispute in listed.values():
        mirrored = known.get(processor_dispute.id)
        if mirrored is not None and is_mirrored(mirrored, processor_dispute):
            continue
        outcome = Outcome.DIFFERS
        try:
            is_ours = mirror_or_book(processor_dispute, now) is not None
            outcome = Outcome.MENDED if is_ours else Outcome.NOT_OURS
        except ProcessorDown:
            raise
        except Exception:
            log.exception("dispute %s could not be mirrored", processor_dispute.id)
        yield WindowRow(since, "dispute", processor_dispute.id, outcome)
    of_then = ChargeDispute.objects.filter(opened_at__gte=since, opened_at__lt=before)
    for one in of_then.exclude(processor_dispute_id__in=listed).order_by("opened_at"):
        yield WindowRow(since, "dispute", one.processor_dispute_id, Outcome.DIFFERS)
