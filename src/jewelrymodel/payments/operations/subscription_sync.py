"""Following a subscription: what was said here goes to the processor, what it says comes here."""

import logging
from datetime import datetime

from jewelrymodel.payments.gateway import ProcessorBlocked, ProcessorRefused
from jewelrymodel.payments.models import Subscription
from jewelrymodel.payments.operations.plan_telling import drop_unpaid_change, tell_plan
from jewelrymodel.payments.operations.subscription_cancellation import tell_processor
from jewelrymodel.payments.operations.subscription_renewal import settle_subscription

log = logging.getLogger(__name__)


def follow_subscription(*, subscription_id: str, now: datetime) -> Subscription:
    """Return the subscription after both sides heard of each other's changes.

    A cancellation goes out first, whatever else fails (clause 3.2), and the look comes whatever
    became of it. A resume goes out only after a look: a cancellation made there since is the later
    word. Raises ProcessorDown, also as ProcessorBlocked, and ProcessorRefused.
    """
    ours = Subscription.objects.get(pk=subscription_id)
    if not ours.renews:
        try:
            tell_processor(subscription_id=ours.pk, now=now)
        except (ProcessorRefused, ProcessorBlocked) as refusal:  # has it ended? the look finds out
            log.warning("the processor does not cancel subscription %s: %s", ours.pk, refusal)
        drop_unpaid_change(subscription_id=ours.pk)
    settle_subscription(processor_subscription_id=ours.processor_subscription_id, now=now)
    tell_processor(subscription_id=ours.pk, now=now)
    tell_plan(subscription_id=ours.pk)
    return Subscription.objects.get(pk=subscription_id)
