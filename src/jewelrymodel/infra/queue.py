"""Deferring work by name, in the transaction of the row that needs it.

The row is the truth and the job only a nudge: the queue's own retries are off, and each app's
sweeper defers again what was lost.
"""

from datetime import datetime
from functools import cache

from django.db import DEFAULT_DB_ALIAS, transaction
from procrastinate import App
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.types import JSONValue


@cache
def _deferring() -> App:
    """An app of our own that only defers, always over Django's connection.

    The worker gives the tasks' app a connector of its own; deferring by that one, a job would be
    there before its transaction has ended, and stay when it is rolled back.
    """
    return App(connector=DjangoConnector(alias=DEFAULT_DB_ALIAS))


def defer(
    task_name: str,
    *,
    queue: str = "default",
    once_key: str | None = None,
    schedule_at: datetime | None = None,
    **arguments: JSONValue,
) -> bool:
    """Defer *task_name* with *arguments* inside the caller's transaction.

    Returns False when a job with the same *once_key* is already waiting (and defers nothing).
    The savepoint keeps that refusal from spoiling the caller's transaction.
    """
    job = _deferring().configure_task(
        task_name, queue=queue, queueing_lock=once_key, schedule_at=schedule_at
    )
    try:
        with transaction.atomic():
            job.defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True
