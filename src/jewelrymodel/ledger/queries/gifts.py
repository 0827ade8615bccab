"""What was given to whom, and what waits for a second approval."""

from jewelrymodel.ledger.models import CreditGift
from jewelrymodel.ledger.movement_kinds import GiftState


def gifts_waiting() -> list[CreditGift]:
    """Return the gifts that wait for a second approval, with their accounts, oldest first."""
    rows = CreditGift.objects.filter(state=GiftState.PENDING_APPROVAL).select_related("account")
    return list(rows.order_by("asked_at", "id"))


def newest_gifts(*, limit: int) -> list[CreditGift]:
    """Return at most *limit* gifts that wait no more, with account and lot, newest first."""
    rows = CreditGift.objects.exclude(state=GiftState.PENDING_APPROVAL)
    return list(rows.select_related("account", "lot").order_by("-asked_at", "-id")[:limit])
