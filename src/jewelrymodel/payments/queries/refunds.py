"""Reads about refunds."""

from datetime import datetime

from django.db.models import Q

from jewelrymodel.payments.models import (
    Refund,
)
from jewelrymodel.payments.statuses import OPEN_REFUNDS, PayoutWay, RefundOrigin, RefundState


def refund(*, refund_id: str) -> Refund:
    """Return one refund with its charge and order; raises Refund.DoesNotExist."""
    return Refund.objects.select_related("charge__order").get(pk=refund_id)


def refunds(*, account_id: str) -> list[Refund]:
    """Return the account's refunds with their orders, newest first."""
    rows = Refund.objects.filter(account_id=account_id).select_related("charge__order")
    return list(rows.order_by("-created_at", "-id"))


def a_refund_failed(*, charge_id: str) -> bool:
    """Return whether a refund of a charge that the processor was asked for came back, or never
    could be made.
    """
    asked = Refund.objects.filter(charge=charge_id, way=PayoutWay.PROCESSOR)
    return asked.filter(state=RefundState.FAILED).exists()


def refunds_to_look_at(*, now: datetime, since: datetime, limit: int) -> list[str]:
    """Return the ids of refunds due for another look: open ones, and those made after *since*.

    A refund that succeeded is still looked at: a bank may send it back days later (edge 15).
    """
    due = Refund.objects.filter(next_look_at__lte=now)
    due = due.filter(Q(state__in=OPEN_REFUNDS) | Q(created_at__gte=since))
    return list(due.order_by("next_look_at").values_list("id", flat=True)[:limit])


def refunds_waiting() -> int:
    """Return how many refunds the processor hasn't made yet."""
    return Refund.objects.filter(state__in=OPEN_REFUNDS).count()


def refunds_refused(*, before: datetime) -> set[str]:
    """Return the ids of refunds that the processor has not made since then, whatever it said."""
    waiting = Refund.objects.filter(state__in=OPEN_REFUNDS, refused_since_at__lt=before)
    return set(waiting.values_list("id", flat=True))


def foreign_refunds_stuck(*, before: datetime) -> list[Refund]:
    """Return the refunds that were made at the processor and have had something in their way since
    then, oldest first.
    """
    rows = Refund.objects.filter(origin=RefundOrigin.PROCESSOR, state__in=OPEN_REFUNDS)
    stuck = rows.filter(refused_since_at__lt=before).select_related("charge__order")
    return list(stuck.order_by("refused_since_at", "pk"))


def foreign_refunds_failed(*, since: datetime) -> list[Refund]:
    """Return the refunds that were made at the processor, and failed or were canceled since then,
    oldest first.
    """
    ended = (RefundState.FAILED, RefundState.CANCELED)
    rows = Refund.objects.filter(origin=RefundOrigin.PROCESSOR, state__in=ended)
    failed = rows.filter(settled_at__gte=since).select_related("charge__order")
    return list(failed.order_by("settled_at"))


def refund_records(*, since: datetime) -> list[Refund]:
    """Return the refunds that were meant since then, by id, with what never changes of them."""
    rows = Refund.objects.filter(created_at__gte=since).order_by("id")
    fields = ("account_id", "charge_id", "decision_id", "amount_minor", "currency", "created_at")
    return list(rows.only("id", *fields))
