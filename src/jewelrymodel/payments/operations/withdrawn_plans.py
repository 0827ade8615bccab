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
    """End the plan now where *order* paid its running period, or the difference to a larger plan
    within it, and no other order of that period keeps money; else let it renew no more.

    Whoever paid for a later period, or for a larger plan within this one, keeps what they paid for:
    the plan then ends with its period. In the caller's transaction, which holds the order's row;
    what follows at the processor is a task.
    """
    ours = _plan_of(order.pk)
    if ours is None:
        return
    runs = ours.period_starts_at < now < ours.period_ends_at
    if runs and _pays_alone(order, ours):
        ours.period_ends_at = ours.next_look_at = now
        ours.save(update_fields=["period_ends_at", "next_look_at"])
        queue.defer("payments.follow_subscription", subscription_id=ours.pk)
    stop_renewing(ours, actor=WITHDRAWN, reason=_REASON, now=now)


def _pays_alone(order: Order, ours: Subscription) -> bool:
    """Whether the order is of the plan's running period, and no other one of it keeps money."""
    of_period = ours.orders.filter(period_starts_at__gte=ours.period_starts_at)
    others = of_period.exclude(pk=order.pk).filter(charges__kept_minor__gt=0)
    return of_period.filter(pk=order.pk).exists() and not others.exists()


def _plan_of(order_id: str) -> Subscription | None:
    plans = Subscription.objects.exclude(state=SubscriptionState.CANCELED)
    return plans.select_for_update(of=("self",)).filter(orders=order_id).first()
