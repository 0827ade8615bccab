"""The cache of the library that signs people in: counts of attempts, kept in the database."""

from datetime import datetime

from django.core.cache.backends.db import DatabaseCache
from django.db import connections
from django.db.backends.utils import CursorWrapper


class AttemptCounts(DatabaseCache):
    """Keeps each count until it expires: however many others come, none pushes another out.

    Django's own removes a third of everything where there is too much of it, and so would forget
    who has tried passwords all night as soon as somebody else makes a few hundred other keys.
    """

    def _cull(self, db: str, cursor: CursorWrapper, now: datetime, num: int) -> None:
        """Remove what has expired, and nothing else."""
        connection = connections[db]
        table = connection.ops.quote_name(self._table)  # type: ignore[attr-defined]  # untyped
        cursor.execute(
            f"DELETE FROM {table} WHERE expires < %s",  # noqa: S608  the table is a setting's
            [connection.ops.adapt_datetimefield_value(now.replace(microsecond=0))],
        )
