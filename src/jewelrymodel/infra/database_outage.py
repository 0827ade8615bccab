"""Whether an error says that the database is away: it restarts, or nobody reaches it.

What it refused for a reason of its own (a deadlock, a lock that took too long, a full disk) isn't
that, and neither is a mistake of ours. That it refuses who we are, or has no such database, ends
no page differently; who begins says so and ends, since waiting mends nothing.
"""

import re

from django.db import InterfaceError, OperationalError
from psycopg import errors

RETRY_AFTER_S = 5
"""When who was turned away may come again: a server that shuts down in order is back by then."""
_AWAY = (
    errors.AdminShutdown,
    errors.CrashShutdown,
    errors.CannotConnectNow,
    errors.TooManyConnections,
)
_CONNECTION = "08"  # the class of SQLSTATE for a connection that broke (PostgreSQL, appendix A)
_REFUSAL = re.compile(
    r"FATAL:\s+[^\n]*(?:authentication failed|pg_hba\.conf|not permitted to log in"
    r"|permission denied for database|(?:role|database) \"[^\n]*\" does not exist)"
    r"|no password supplied"
)
"""What a server, and libpq for it, says of a name, a password, a rule or a database that is wrong.

Who isn't connected yet gets no SQLSTATE, only these words (classes 28 and 3D). Words that aren't
known, such as those of a server that speaks another language, count as an outage: it is waited for.
"""


def is_away(problem: BaseException | None) -> bool:
    """Return whether *problem*, or what it followed, is that the database can't be reached."""
    return outage_of(problem) is not None


def outage_of(problem: BaseException | None) -> BaseException | None:
    """Return the error, of *problem* and what it followed, that says so; None where none does."""
    while problem is not None and not _says_away(problem):
        problem = problem.__cause__ or problem.__context__
    return problem


def refusal_of(problem: BaseException | None) -> str:
    """Return, on one line, how the server refuses whoever connects; "" where it doesn't.

    The password isn't in it: neither the server nor libpq repeats one.
    """
    words = " ".join(str(outage_of(problem) or "").split())
    return words if _REFUSAL.search(words) else ""


def _says_away(problem: BaseException) -> bool:
    """An error that the server didn't send has no SQLSTATE: the connection itself failed.

    An interface that is used wrongly has none either, such as a cursor that is closed: only the
    connection counts.
    """
    if isinstance(problem, InterfaceError | errors.InterfaceError):
        return "connection" in str(problem)
    if isinstance(problem, OperationalError):  # Django's
        return problem.__cause__ is None  # where it wraps the server's word, that one is asked
    if isinstance(problem, _AWAY):
        return True
    if not isinstance(problem, errors.OperationalError):
        return False
    return problem.sqlstate is None or problem.sqlstate.startswith(_CONNECTION)
