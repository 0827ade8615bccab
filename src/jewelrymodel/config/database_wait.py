"""Beginning beside a database that is away: what serves waits for it, and then asks if it is ours.

A machine that starts may have its database up last, and one that is restarted takes its time. Who
gave up meanwhile would be started again and again, each time with all that a start costs.
"""

import logging
import time
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, connection

from jewelrymodel.config import database_checks
from jewelrymodel.infra.database_outage import is_away, refusal_of

_PAUSE_S = 0.5
_SAID_AGAIN_S = 30

log = logging.getLogger(__name__)


class DatabaseRefused(Exception):
    """The database takes no connection of ours, and waiting changes nothing; says what it said."""


class Notice:
    """Says what is waited for, at most twice a minute."""

    def __init__(self) -> None:
        self._said_s = -float(_SAID_AGAIN_S)

    def say(self, problem: Exception) -> None:
        """Log *problem*, unless one was logged just now."""
        if time.monotonic() - self._said_s >= _SAID_AGAIN_S:
            self._said_s = time.monotonic()
            log.warning("waiting for the database: %s", " ".join(str(problem).split()))


def require_ours(*, meanwhile: Callable[[], object] = lambda: None) -> None:
    """Wait until the database answers, then ask what ``database_checks.require_ours`` asks.

    *meanwhile* is called twice a second. Raises what that raises, but not that it is away, and
    DatabaseRefused.
    """
    notice = Notice()
    while problem := outage():
        notice.say(problem)
        meanwhile()
        time.sleep(_PAUSE_S)


def outage() -> Exception | None:
    """Return what says that the database is away; None once it is there and ours.

    Raises DemoRefused, NotSetUp or KeyMissing where this process must not serve it, and
    DatabaseRefused where it takes no connection with our name, password or address.
    """
    try:
        database_checks.require_ours()
    except (OperationalError, InterfaceError) as problem:
        if not is_away(problem):
            raise
        connection.close()
        if refusal := refusal_of(problem):
            raise DatabaseRefused(
                f"the database refuses this service: {refusal}; see DATABASE_URL"
            ) from problem
        return problem
    return None
