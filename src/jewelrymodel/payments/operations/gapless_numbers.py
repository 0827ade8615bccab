"""Numbers without gaps: taken in the transaction that uses them, so a rollback gives them back."""

from django.db import connection

from jewelrymodel.payments.number_series import Series

_TAKE = """
INSERT INTO payments_counter AS c (series, last) VALUES (%s, 1)
ON CONFLICT (series) DO UPDATE SET last = c.last + 1
RETURNING last
"""


def take_number(series: Series) -> int:
    """Return the next number of *series*; others wait until the caller's transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [series])
        return int(cursor.fetchone()[0])
