"""How long a provider is left alone after it said not now."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

SHORTEST, LONGEST = timedelta(seconds=1), timedelta(minutes=5)
_FIRST_S = 2.0


def wait_after(header: str, *, tries: int, jitter: float, now: datetime) -> timedelta:
    """Return the wait that a Retry-After *header* asks for (RFC 9110, 10.2.3: seconds or a date),
    else a doubling one by how often it was tried; within SHORTEST and LONGEST.

    *jitter*, 0 to 1, lengthens it by up to a half, so that workers don't come back together.
    """
    asked = _asked_for(header.strip(), now)
    wait = asked if asked is not None else timedelta(seconds=_FIRST_S * 2 ** min(tries, 8))
    return min(max(wait * (1 + jitter / 2), SHORTEST), LONGEST)


def _asked_for(header: str, now: datetime) -> timedelta | None:
    if header.replace(".", "", 1).isdecimal() and len(header) < 10:
        return timedelta(seconds=float(header))
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max((until if until.tzinfo else until.replace(tzinfo=UTC)) - now, timedelta())
