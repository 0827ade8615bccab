"""Beginning beside a database that is away: what serves waits for it, and then asks if it is ours.

A machine that starts may have its database up last, and one that is restarted takes its time. Who
gave up meanwhile would be started again and again, each time with all that a start costs.
"""

import logging
import time
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, connection

from jewelrymodel.config import database_checks
from jewelrymodel.infra.database_outage import is_away

_PAUSE_S = 0.5
_SAID_AGAIN_S = 30

log = logging.getLogger(__name__)


def require_ours(*, meanwhile: Callable[[], object] = lambda: None) -> None:
    """Wait until the database answers, then ask what ``database_checks.require_ours`` asks.

    *meanwhile* is called twice a second. Raises what that raises, but not that it is away.
    """
    said_s = -float(_SAID_AGAIN_S)
    while problem := outage():
        if time.monotonic() - said_s >= _SAID_AGAIN_S:
            said_s = time.monotonic()
            log.warning("waiting for the database: %s", " ".join(str(problem).split()))
        meanwhile()
        time.sleep(_PAUSE_S)


def outage() -> Exception | None:
    """Return what says that the database is away; None once it is there and ours.

    Raises DemoRefused, NotSetUp or KeyMissing where this process must not serve it.
    """
    try:
        database_checks.require_ours()
    except (OperationalError, InterfaceError) as problem:
        if not is_away(problem):
            raise
        connection.close()
        return problem
    return None
