"""Work over many rows: what goes wrong with one row is no reason to leave the others."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import InterfaceError, OperationalError

T = TypeVar("T")

log = logging.getLogger(__name__)


def attempt_each(rows: Iterable[T], act: Callable[[T], object], *, doing: str) -> int:
    """Do *act* for every row; return how many it failed for, each logged as *doing* it.

    A sweeper comes again, and meets the same first row each time: without this, that row would keep
    all behind it waiting for ever. Raises what says that the database is away: it is so for all.
    """
    failed = 0
    for row in rows:
        try:
            act(row)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("%s failed for %s", doing, row)
            failed += 1
    return failed
