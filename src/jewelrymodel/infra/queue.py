"""Deferring work by name, in the transaction of the row that needs it.

The row is the truth and the job only a nudge: the queue's own retries are off, and each app's
sweeper defers again what was lost.
"""

from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.types import JSONValue


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
    job = app.configure_task(
        task_name, queue=queue, queueing_lock=once_key, schedule_at=schedule_at
    )
    try:
        with transaction.atomic():
            job.defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True
