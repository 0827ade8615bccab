"""When the processor is asked again."""

from datetime import datetime, timedelta

CHECKOUT_LIFETIME = timedelta(hours=2)


LOOK_AFTER_PERIOD = timedelta(minutes=2)  # the processor makes its invoice within moments


FIRST_LOOK = timedelta(minutes=1)


LAST_LOOK = timedelta(minutes=15)


DISPUTES_SEEN = timedelta(hours=1)


PENDING_LOOK = timedelta(hours=1)  # a bank takes days, and the processor's message tells


def next_look_at(*, created_at: datetime, now: datetime) -> datetime:
    """Return when to ask the processor again: after half the order's age, 1 to 15 minutes."""
    return now + min(max((now - created_at) / 2, FIRST_LOOK), LAST_LOOK)


def next_look_at_subscription(
    *, period_ends_at: datetime, in_step: bool, now: datetime
) -> datetime:
    """Return when to ask about a subscription again: when its period is over, soon while it is
    overdue or the processor has not yet heard what the customer said.
    """
    if in_step and now < period_ends_at:
        return period_ends_at + LOOK_AFTER_PERIOD
    return now + (LAST_LOOK if in_step else FIRST_LOOK)
