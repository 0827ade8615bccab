"""One at a time: what two workers may begin at once, and only one shall do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def alone(key: str) -> Iterator[bool]:
    """Yield whether nobody else is at *key* now; it is held until the block ends.

    For mails that are sent before it is noted that they were: no row is locked meanwhile, and who
    finds the key taken leaves it to whoever holds it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        yield bool(cursor.fetchone()[0])
