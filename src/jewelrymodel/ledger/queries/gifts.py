"""What was given to whom, and what waits for a second approval."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum

from jewelrymodel.ledger.models import CreditGift
from jewelrymodel.ledger.movement_kinds import GiftState


@dataclass(frozen=True)
class GiftTotals:
    """How many credits were given, and how many of these were taken back."""

    given: int
    taken_back: int


def gifts_waiting(*, account_ids: list[str] | None = None) -> list[CreditGift]:
    """Return the gifts that wait for a second approval, with their accounts, oldest first.

    Those of *account_ids* only, where these are given.
    """
    rows = _of(account_ids).filter(state=GiftState.PENDING_APPROVAL).select_related("account")
    return list(rows.order_by("asked_at", "id"))


def gifts_answered(*, account_ids: list[str] | None = None) -> QuerySet[CreditGift]:
    """Return the gifts that wait no more, with account and lot, newest first.

    Those of *account_ids* only, where these are given.
    """
    rows = _of(account_ids).exclude(state=GiftState.PENDING_APPROVAL)
    return rows.select_related("account", "lot").order_by("-asked_at", "-id")


def gift_totals(*, account_ids: list[str] | None = None) -> GiftTotals:
    """Return the totals of all gifts, or of those of *account_ids*."""
    given = Q(state__in=(GiftState.GIVEN, GiftState.UNDONE))
    sums = _of(account_ids).aggregate(
        given=Sum("quantity", filter=given, default=0), taken_back=Sum("taken_back", default=0)
    )
    return GiftTotals(**sums)


def _of(account_ids: list[str] | None) -> QuerySet[CreditGift]:
    rows = CreditGift.objects.all()
    return rows if account_ids is None else rows.filter(account_id__in=account_ids)
