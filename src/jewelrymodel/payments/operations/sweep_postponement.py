"""The next look at a row is put off before it is looked at: a row that can't be dealt with, or that
kills its worker, stands behind all others and keeps none of them waiting."""

from datetime import datetime, timedelta

from jewelrymodel.payments import rules
from jewelrymodel.payments.models import ChargeDispute, Order, Refund, Subscription
from jewelrymodel.payments.statuses import UNSETTLED_STATES, OrderState

_LONGEST = timedelta(hours=1)


def postpone_order(*, order_id: str, now: datetime) -> None:
    """Put off the next look at an order that may still be paid, or whose money isn't known."""
    looked_at = Order.objects.filter(
        pk=order_id, state__in=(*UNSETTLED_STATES, OrderState.REQUIRES_REVIEW)
    )
    for created_at in looked_at.values_list("created_at", flat=True):
        looked_at.update(next_look_at=rules.next_look_at(created_at=created_at, now=now))


def postpone_confirmation(*, order_id: str, now: datetime) -> None:
    """Put off the next attempt to mail a receipt: after half the time since the delivery."""
    waiting = Order.objects.filter(pk=order_id, confirmed_at__isnull=True)
    for delivered_at in waiting.exclude(delivered_at=None).values_list("delivered_at", flat=True):
        waiting.update(next_confirm_at=_half_as_old(delivered_at, now))


def postpone_subscription(*, subscription_id: str, now: datetime) -> None:
    """Put off the next look at a subscription."""
    Subscription.objects.filter(pk=subscription_id).update(next_look_at=now + rules.FIRST_LOOK)


def postpone_refund(*, refund_id: str, now: datetime) -> None:
    """Put off the next look at a refund: after half its age."""
    rows = Refund.objects.filter(pk=refund_id)
    for created_at in rows.values_list("created_at", flat=True):
        rows.update(next_look_at=_half_as_old(created_at, now))


def postpone_dispute(*, processor_dispute_id: str, now: datetime) -> None:
    """Put off the next look at a dispute."""
    rows = ChargeDispute.objects.filter(processor_dispute_id=processor_dispute_id)
    rows.update(next_look_at=now + rules.DISPUTES_SEEN)


def _half_as_old(since: datetime | None, now: datetime) -> datetime:
    age = now - (since or now)
    return now + min(max(age / 2, rules.FIRST_LOOK), _LONGEST)
