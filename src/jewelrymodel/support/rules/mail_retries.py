"""When a message that the mail server didn't take is tried again (RFC 5321, 4.5.4.1)."""

from datetime import timedelta

GIVEN_UP_AFTER = timedelta(days=5)
_STEPS = (
    (timedelta(hours=1), timedelta(minutes=1)),
    (timedelta(days=1), timedelta(minutes=30)),
    (GIVEN_UP_AFTER, timedelta(hours=2)),
)
"""Until which age of the message, how often: a server that asks for patience (greylisting) gets it
within minutes, and one that is away for days isn't asked by each waiting message each minute.
"""
_LOOK = timedelta(minutes=1)  # how often it is asked whether it is time


def is_time_to_retry(age: timedelta) -> bool:
    """Return whether a message of this age is tried in this minute; for the last time when it is
    so old that it is given up.
    """
    for until, step in _STEPS:
        if age < until:
            return age % step < _LOOK
    return True
