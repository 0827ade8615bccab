"""When credits expire, and until when those stay that come back after their lot expired."""

from datetime import datetime, timedelta


def is_expired(expires_at: datetime | None, at: datetime) -> bool:
    """Return whether credits with this expiry can no longer be reserved at the instant *at*."""
    return expires_at is not None and expires_at <= at


def continued_until(
    remaining_life: timedelta | None, now: datetime, *, at_least: timedelta
) -> datetime | None:
    """Return when credits that come back into an expired lot expire (edge 1)."""
    return None if remaining_life is None else now + max(remaining_life, at_least)
