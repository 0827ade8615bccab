"""A plan whose contract was withdrawn from ends at once: nothing renews, and its period is over."""

from datetime import datetime

from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments.models import Order, Subscription
from jewelrymodel.payments.operations.subscription_cancellation import stop_renewing
from jewelrymodel.payments.statuses import SubscriptionState

_REASON = "the contract was withdrawn from"


def end_withdrawn_plan(order: Order, *, actor: Actor, now: datetime) -> None:
    """End the plan that *order* began, now; what follows at the processor is a task of its own.

    In the caller's transaction, which holds the order's row; the plan's row is locked. Of an order
    without a plan, and of one that has ended, nothing is changed.
    """
    plans = Subscription.objects.exclude(state=SubscriptionState.CANCELED)
    ours = plans.select_for_update().filter(pk=order.subscription_id).first()
    if ours is None or not ours.period_starts_at < now < ours.period_ends_at:
        return
    ours.period_ends_at = ours.next_look_at = now
    ours.save(update_fields=["period_ends_at", "next_look_at"])
    stop_renewing(ours, actor=actor, reason=_REASON, now=now)
