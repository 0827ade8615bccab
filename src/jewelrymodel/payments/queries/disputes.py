"""Reads about the processor's disputes, as they were last mirrored."""

from collections.abc import Iterable
from datetime import datetime

from jewelrymodel.payments.models import (
    ChargeDispute,
)
from jewelrymodel.payments.statuses import DisputeStatus


def disputes(*, account_id: str) -> list[ChargeDispute]:
    """Return the account's disputes with their orders, newest first."""
    rows = ChargeDispute.objects.filter(account_id=account_id)
    return list(rows.select_related("charge__order").order_by("-opened_at"))


def all_disputes() -> list[ChargeDispute]:
    """Return every dispute with its order and account, those that are open first, soonest due."""
    rows = ChargeDispute.objects.select_related("charge__order", "account")
    rows = rows.order_by("due_by_at", "-opened_at")
    return sorted(rows, key=lambda one: not one.is_open)


def disputing_accounts(*, account_ids: Iterable[str]) -> set[str]:
    """Return those of these accounts that have a dispute which the bank hasn't decided."""
    rows = ChargeDispute.objects.filter(account_id__in=set(account_ids))
    undecided = rows.exclude(status__in=DisputeStatus.closed())
    return set(undecided.values_list("account_id", flat=True))


def dispute(*, dispute_id: str) -> ChargeDispute:
    """Return one dispute with its order and account; raises ChargeDispute.DoesNotExist."""
    return ChargeDispute.objects.select_related("charge__order", "account").get(pk=dispute_id)


def disputes_to_look_at(*, now: datetime, limit: int) -> list[str]:
    """Return the processor's ids of undecided disputes due for a look, longest due first."""
    closed = DisputeStatus.closed()
    due = ChargeDispute.objects.filter(next_look_at__lte=now).exclude(status__in=closed)
    return list(due.order_by("next_look_at").values_list("processor_dispute_id", flat=True)[:limit])
