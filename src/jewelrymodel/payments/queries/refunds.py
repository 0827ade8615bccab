"""Reads about refunds."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet, Sum

from jewelrymodel.payments.models import Charge, ChargeDispute, Refund
from jewelrymodel.payments.statuses import (
    OPEN_REFUNDS,
    DisputeStatus,
    PayoutWay,
    RefundOrigin,
    RefundState,
    TransferObstacle,
)


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


def transfer_obstacle(refund: Refund, charge: Charge) -> TransferObstacle | None:
    """Return why a refund of a charge must not be sent by bank transfer now; None where it may.

    An inquiry counts as well: its bank doesn't see the transfer, and may take the money next.
    """
    if refund.amount_minor > charge.kept_minor:
        return TransferObstacle.LESS_KEPT
    disputes = ChargeDispute.objects.filter(charge=charge)
    if disputes.exclude(status__in=DisputeStatus.closed()).exists():
        return TransferObstacle.DISPUTED
    return None


def paid_back_beyond(*, charges: Collection[Charge] | None = None) -> dict[str, int]:
    """Return by charge, of all or of some, how much more than was paid has left, in minor units, as
    a bank transfer went besides what was refunded there or lost in a dispute.
    """
    went = Refund.objects.filter(way=PayoutWay.TRANSFER, state=RefundState.SUCCEEDED)
    went = went if charges is None else went.filter(charge__in=charges)
    by_hand = went.values("charge")
    refunded = _sums(Refund.objects.filter(charge__in=by_hand, state=RefundState.SUCCEEDED))
    lost = _sums(ChargeDispute.objects.filter(charge__in=by_hand, lost_at__isnull=False))
    paid = dict(Charge.objects.filter(pk__in=refunded).values_list("pk", "paid_minor"))
    beyond = {one: refunded[one] + lost.get(one, 0) - paid[one] for one in paid}
    return {one: amount for one, amount in beyond.items() if amount > 0}


def _sums(rows: QuerySet[Refund] | QuerySet[ChargeDispute]) -> dict[str, int]:
    sums = rows.values("charge").annotate(sum=Sum("amount_minor")).order_by()
    return dict(sums.values_list("charge", "sum"))


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
