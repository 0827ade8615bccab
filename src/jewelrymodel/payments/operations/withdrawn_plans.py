"""A plan that was withdrawn from: no renewal once that is stated, no period once refunded."""

from datetime import datetime

from jewelrymodel.infra import queue
from jewelrymodel.payments.models import Order, Subscription
from jewelrymodel.payments.models.subscriptions import WITHDRAWN
from jewelrymodel.payments.operations.subscription_cancellation import stop_renewing
from jewelrymodel.payments.statuses import SubscriptionState

_REASON = "the contract was withdrawn from"


def leave_withdrawn_plan(*, order_id: str, now: datetime) -> None:
    """Let the plan of the order renew no more; what is paid stays, whatever is refunded.

    In the caller's transaction; the plan's row is locked. Of an order without a plan, of a plan
    that has ended, and of one that renews no more, nothing is changed.
    """
    ours = _plan_of(order_id)
    if ours is not None:
        stop_renewing(ours, actor=WITHDRAWN, reason=_REASON, now=now)


def end_withdrawn_plan(order: Order, *, now: datetime) -> None:
    """End the plan now where *order* paid its running period, else let it renew no more.

    A later period was paid by another order, whose money stays, so its subscriber keeps it. In the
    caller's transaction, which holds the order's row; what follows at the processor is a task.
    """
    ours = _plan_of(order.pk)
    if ours is None:
        return
    is_paid_period = order.period_starts_at == ours.period_starts_at
    if is_paid_period and ours.period_starts_at < now < ours.period_ends_at:
        ours.period_ends_at = ours.next_look_at = now
        ours.save(update_fields=["period_ends_at", "next_look_at"])
        queue.defer("payments.follow_subscription", subscription_id=ours.pk)
    stop_renewing(ours, actor=WITHDRAWN, reason=_REASON, now=now)


def _plan_of(order_id: str) -> Subscription | None:
    plans = Subscription.objects.exclude(state=SubscriptionState.CANCELED)
    return plans.select_for_update(of=("self",)).filter(orders=order_id).first()
