"""Advisory locks by key: work that two workers may begin at once, and that only one may do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

_LOCK = "SELECT pg_advisory_lock(hashtextextended(%s, 0))"
_UNLOCK = "SELECT pg_advisory_unlock(hashtextextended(%s, 0))"


@contextmanager
def locked_in_transaction(key: str) -> Iterator[None]:
    """Hold *key* until the block ends; who comes meanwhile waits, and then finds what was done.

    For mails that are sent before it is noted that they were: no row is locked meanwhile. Nobody
    turns away, because the later one may have news that the earlier one hadn't read.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        yield


@contextmanager
def locked(key: str) -> Iterator[None]:
    """Hold *key* as ``locked_in_transaction`` does, without a transaction: what was written stays,
    also after an error. For calls to others whose refusal has to be noted.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [key])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(_UNLOCK, [key])
