"""Orders that wait for a person: how they come there, and when their money ends that."""

from datetime import datetime

from jewelrymodel.audit import operations as audit
from jewelrymodel.infra import events
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments.models import Charge, Order
from jewelrymodel.payments.operations.subscription_cancellation import leave_with_month
from jewelrymodel.payments.rules.holds import Hold
from jewelrymodel.payments.statuses import HoldReason, OrderState

HELD_FIELDS = ("state", "held_code", "held_detail", "closed_at")


def hold(order: Order, why: Hold, *, actor: Actor, now: datetime) -> None:
    """Let an order wait for a person, and say *why*; the caller holds it and saves it.

    Its case is opened at once, so that the customer hears of it before they ask.
    """
    order.state, order.closed_at = OrderState.REQUIRES_REVIEW, None
    order.held_code, order.held_detail = why.reason, dict(why.detail)
    note_review(order, "order.held", why.stored, actor=actor, now=now)
    events.emit("order.held", subject_id=order.pk)


def close(order: Order, reason: str, *, actor: Actor, now: datetime) -> None:
    """End a held order of which no money is kept; its plan renews no more. The caller holds it.

    The database refuses where money is kept (migration 0014).
    """
    order.state, order.closed_at, order.session_url = OrderState.CLOSED, now, ""
    order.save(update_fields=["state", "closed_at", "session_url"])
    note_review(order, "order.closed", reason, actor=actor, now=now)
    leave_with_month(order, actor=actor, reason=f"{order.label} was closed: {reason}", now=now)


def follow_money(order: Order, *, actor: Actor, now: datetime) -> None:
    """Close a held order whose money all went back, and open it again where a refund failed.

    The caller holds the order and has booked its charges.
    """
    keeps = Charge.objects.filter(order=order, kept_minor__gt=0).exists()
    if order.state == OrderState.REQUIRES_REVIEW and not keeps:
        close(order, "all of its money was refunded", actor=actor, now=now)
    elif order.state == OrderState.CLOSED and keeps:
        hold(order, Hold(HoldReason.REFUND_FAILED), actor=actor, now=now)
        order.save(update_fields=HELD_FIELDS)


def note_review(order: Order, action: str, reason: str, *, actor: Actor, now: datetime) -> None:
    """Write down who did what to an order, and why."""
    audit.record(
        actor=actor,
        action=action,
        subject=f"order:{order.pk}",
        reason=reason,
        account_id=order.account_id,
        now=now,
    )
