"""Counts uses in a window, across processes and hosts: one upsert in the database."""

import hashlib
from datetime import datetime, timedelta

from django.db import connection

from jewelrymodel.infra.models import RateWindow
from jewelrymodel.kernel.errors import CodedError

_COUNT = """
INSERT INTO infra_rate_window AS w (key, count, expires_at) VALUES (%s, 1, %s)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN w.expires_at <= %s THEN 1 ELSE w.count + 1 END,
  expires_at = CASE WHEN w.expires_at <= %s THEN excluded.expires_at ELSE w.expires_at END
RETURNING count, expires_at
"""


_LONGEST_KEY = 200


class TooOften(CodedError):
    """That was tried too often. Nothing happened and nothing was charged; please wait a little."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(retry_after_s=retry_after_s)
        self.retry_after_s = retry_after_s


def count_or_refuse(key: str, *, limit: int, window_s: int, now: datetime) -> int:
    """Count one use of *key* and return how many of *limit* are left in this window.

    Raises TooOften (with ``retry_after_s``) for every use beyond *limit* within *window_s*.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [_kept(key), now + timedelta(seconds=window_s), now, now])
        count, expires_at = cursor.fetchone()
    if count > limit:
        raise TooOften(max(1, int((expires_at - now).total_seconds())))
    return int(limit - count)


def _kept(key: str) -> str:
    """The key as its column holds it: an email address in it may be longer than that."""
    return key if len(key) <= _LONGEST_KEY else hashlib.sha256(key.encode()).hexdigest()


def forget_expired(*, now: datetime) -> int:
    """Delete windows that are over; return how many."""
    return RateWindow.objects.filter(expires_at__lte=now).delete()[0]
