"""One line of the log for each message: what a stranger sent can't write lines of its own.

ASVS 5, 16.4.1. Times are UTC (``TIME_ZONE``), with their offset.
"""

import logging
from typing import Any

from jewelrymodel.infra.database_outage import outage_of

_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
_TIME = "%Y-%m-%dT%H:%M:%S%z"


class OneLine(logging.Formatter):
    """Writes what would begin a line, or steer a terminal, as its escape; a traceback follows.

    None follows where the database was away: it is no mistake of the code that met it, and a busy
    site would fill its log with the same hundred lines.
    """

    def __init__(self) -> None:
        super().__init__(_FORMAT, _TIME)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  the library's name
        """Return the record as one printable line."""
        return escaped(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802  the library's name
        """Return the traceback, set in: none of its lines can be taken for one of the log."""
        if outage := outage_of(ei[1]):
            return _set_in(f"the database is away: {' '.join(str(outage).split())}")
        return _set_in(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:  # noqa: N802  the library's name
        """Return where the code was, set in as a traceback is."""
        return _set_in(super().formatStack(stack_info))


def _set_in(lines: str) -> str:
    return "\n".join(f"  {escaped(line)}" for line in lines.splitlines())


def escaped(text: str) -> str:
    """Return *text* with each character that isn't printed as its escape, as Python spells it."""
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in text
    )
