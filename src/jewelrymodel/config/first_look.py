"""Pages that begin beside a database that is away: no request meets one that isn't known as ours.

The first look is taken when the pages are loaded. Where nobody answers then, each request looks
again, and is asked to come again (503) until one gets an answer; health says what is down, and the
log what is waited for.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any

from jewelrymodel.config import database_checks, database_wait
from jewelrymodel.config.request_bodies import PLAIN, Application, Environ
from jewelrymodel.infra.database_outage import RETRY_AFTER_S

_HEALTH = "/healthz"
_REFUSED = (*database_checks.NOT_OURS, database_wait.DatabaseRefused)
_AWAY = b"The database isn't answering yet. Please try again in a few seconds.\n"


def once_ours(application: Application) -> Application:
    """Return *application* behind that look; ends the process where the database isn't ours."""
    look = _Look()
    try:
        look.is_done()
    except _REFUSED as refused:
        sys.exit(f"jewelrymodel: {refused}")

    def answer(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("PATH_INFO") == _HEALTH or look.is_done_or_ends():
            return application(environ, start_response)
        head = [*PLAIN, ("Retry-After", str(RETRY_AFTER_S))]
        start_response("503 Service Unavailable", head)
        return [_AWAY]

    return answer


class _Look:
    """Whether the database was seen to be ours; once it was, nobody looks again."""

    def __init__(self) -> None:
        self._is_ours = False
        self._one_looks = threading.Lock()
        self._notice = database_wait.Notice()

    def is_done(self) -> bool:
        """Return whether it is ours, looking where nobody has seen it.

        Raises NOT_OURS and DatabaseRefused; says in the log that it is waited for.
        """
        if not self._is_ours and self._one_looks.acquire(blocking=False):
            try:
                outage = database_wait.outage()
                if outage:
                    self._notice.say(outage)
                self._is_ours = outage is None
            finally:
                self._one_looks.release()
        return self._is_ours

    def is_done_or_ends(self) -> bool:
        """Return the same; where it is another's or refuses us, the process says so and ends."""
        try:
            return self.is_done()
        except _REFUSED as refused:
            print(f"jewelrymodel: {refused}", file=sys.stderr, flush=True)
            os._exit(1)  # a thread that serves can't end its process otherwise
