"""One at a time: what two workers may begin at once, and only one shall do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def alone(key: str) -> Iterator[None]:
    """Hold *key* until the block ends; who comes meanwhile waits, and then finds what was done.

    For mails that are sent before it is noted that they were: no row is locked meanwhile. Nobody
    turns away, because the later one may have news that the earlier one hadn't read.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        yield
