"""Deferring work by name, in the transaction of the row that needs it.

The row is the truth and the job only a nudge: the queue's own retries are off, and each app's
sweeper defers again what was lost. What no row asks for, because it only tells somebody something,
is put back here.
"""

from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Count, Max, Q
from procrastinate import App
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.types import JSONValue
from psycopg.types.json import Jsonb

from jewelrymodel.infra import prepared

DEFAULT = "default"
MOST_ATTEMPTS = 24  # the queue counts a run and its being put back: twelve runs, over some hours
DEAD_AFTER = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=1)
# As the queue library inserts a job, whose triggers wake a worker, but one that waits already under
# the same key is no error: no savepoint is needed, and nothing is rolled back.
_DEFER = """
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, queueing_lock, args, scheduled_at)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING
RETURNING id
"""
_WAITING_SINCE = """
SELECT first.queue_name,
  coalesce(first.scheduled_at, (SELECT min(at) FROM procrastinate_events
    WHERE job_id = first.id AND type IN ('deferred', 'deferred_for_retry')), now())
FROM procrastinate_jobs AS first
WHERE first.id IN (
  SELECT min(id) FROM procrastinate_jobs
  WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= %s) GROUP BY queue_name)
"""


@cache
def _deferring() -> App:
    """An app of our own that only puts jobs back, always over Django's connection.

    The worker gives the tasks' app a connector of its own; by that one, a job would be back before
    its transaction has ended, and stay when it is rolled back.
    """
    return App(connector=DjangoConnector(alias=DEFAULT_DB_ALIAS))


def defer(
    task_name: str,
    *,
    queue: str | None = None,
    once_key: str | None = None,
    schedule_at: datetime | None = None,
    priority: int = 0,
    **arguments: JSONValue,
) -> bool:
    """Defer *task_name* with *arguments* inside the caller's transaction.

    It waits in its own lane (``TASK_QUEUES``) unless *queue* names another, behind all that have a
    higher *priority* there. Returns False when a job with the same *once_key* is already waiting
    (and defers nothing); without a key nothing is refused.
    """
    lane = queue or settings.TASK_QUEUES.get(task_name, DEFAULT)
    return bool(
        prepared.rows(_DEFER, (lane, task_name, priority, once_key, Jsonb(arguments), schedule_at))
    )


def revive(*, machine_now: datetime) -> int:
    """Put back jobs that were lost, and return how many.

    A job whose worker died runs again at once; one that failed waits longer each time, and after
    MOST_ATTEMPTS it is left for a person. Jobs with a key are their sweeper's. Every task of ours
    may run twice.
    """
    unkeyed = ProcrastinateJob.objects.filter(queueing_lock=None, attempts__lt=MOST_ATTEMPTS)
    gone = Q(worker=None) | Q(worker__last_heartbeat__lt=machine_now - DEAD_AFTER)
    lost = [(job, machine_now) for job in unkeyed.filter(gone, status="doing")]
    lost += [(job, machine_now + _wait(job.attempts)) for job in unkeyed.filter(status="failed")]
    for job, at in lost:
        _deferring().job_manager.retry_job_by_id(job.pk, retry_at=at)
    return len(lost)


def given_up() -> int:
    """Return how many jobs failed so often that they are no longer put back."""
    rows = ProcrastinateJob.objects.filter(queueing_lock=None, attempts__gte=MOST_ATTEMPTS)
    return rows.filter(status="failed").count()


def foremost(lane: str, *, at_most: int) -> int | None:
    """Return the highest priority, of those that are *at_most* so high, of what waits in *lane*."""
    rows = ProcrastinateJob.objects.filter(
        queue_name=lane, status="todo", scheduled_at=None, priority__lte=at_most
    )
    highest: int | None = rows.aggregate(highest=Max("priority"))["highest"]
    return highest


def waiting_keys(task_name: str) -> set[str]:
    """Return the keys of the jobs of *task_name* that wait: another with one would be refused."""
    rows = ProcrastinateJob.objects.filter(task_name=task_name, status="todo")
    return {key for key in rows.values_list("queueing_lock", flat=True) if key}


def waiting(*, machine_now: datetime) -> dict[str, int]:
    """Return how many jobs are due in each queue that has any."""
    due = Q(scheduled_at=None) | Q(scheduled_at__lte=machine_now)
    rows = ProcrastinateJob.objects.filter(due, status="todo").values_list("queue_name")
    return dict(rows.annotate(Count("pk")).order_by("queue_name"))


def waiting_since(*, machine_now: datetime) -> dict[str, datetime]:
    """Return since when the job of each queue that was deferred first is due; only of those that
    have one. One row a queue is looked at, however many wait.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WAITING_SINCE, [machine_now])
        return dict(cursor.fetchall())


def _wait(attempts: int) -> timedelta:
    return min(timedelta(minutes=2 ** (attempts // 2)), _LONGEST_WAIT)
