"""What another plan brings within a period that is paid, and how long its price holds."""

from datetime import datetime, timedelta

QUOTE_HOLDS = timedelta(minutes=30)
"""So long what a change costs may be agreed to as it was shown: the difference is of that instant,
so it grows no smaller meanwhile."""

UNSENT_AFTER = timedelta(minutes=2)
"""So long a request to the processor may be on its way, its repeat included; what isn't seen there
by then was never asked for."""

CHANGE_LOOK = timedelta(minutes=5)
"""So often a change is looked at whose payment isn't known yet, or waits for its customer."""


def credits_of_change(
    *,
    before: int,
    after: int,
    prorated_at: datetime,
    period_starts_at: datetime,
    period_ends_at: datetime,
) -> int:
    """Return the credits that another plan brings for the rest of a paid period: the share of the
    difference that is left of the period, rounded up; none where the plan has no more of them.

    What came with the period stays (clause 3.5), so the difference is all that is bought.

    >>> from datetime import UTC
    >>> june = datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
    >>> half = datetime(2026, 6, 16, tzinfo=UTC)
    >>> credits_of_change(before=60, after=250, prorated_at=half,
    ...                   period_starts_at=june[0], period_ends_at=june[1])
    95
    """
    whole = int((period_ends_at - period_starts_at).total_seconds())
    left = int((period_ends_at - prorated_at).total_seconds())
    return max(-(-(after - before) * left // whole), 0)
