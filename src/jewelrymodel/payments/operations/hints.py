"""Following a hint from the processor: which object may have changed, and who looks at it."""

from collections.abc import Callable, Mapping
from datetime import datetime

from jewelrymodel.payments.models import Order
from jewelrymodel.payments.operations.settling import settle_order

Hint = Mapping[str, str]
Follower = Callable[[Hint, datetime], str]


def follow_hint(hint: Hint, *, now: datetime) -> str:
    """Fetch again what the hint names and settle it; returns what became of it, in a word.

    What the hint claims is never believed. Raises ProcessorDown and ProcessorRefused.
    """
    follower = FOLLOWERS.get(hint.get("object", ""), _settle_named_order)
    return follower(hint, now)


def _settle_named_order(hint: Hint, now: datetime) -> str:
    try:
        return str(settle_order(order_id=hint.get("order_id", ""), now=now).state)
    except Order.DoesNotExist:
        return "no order of ours"


FOLLOWERS: dict[str, Follower] = {}
"""By the processor's word for the object's kind; any other kind is about the order it names."""
