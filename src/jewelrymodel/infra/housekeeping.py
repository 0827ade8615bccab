"""What is kept for a while only, and nobody else clears: jobs, counters, cached values, files that
can be made anew.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection

from jewelrymodel.infra import rate_limiter, storage
from jewelrymodel.infra.models import HousekeepingRun
from jewelrymodel.infra.storage_places import PLACES
from jewelrymodel.infra.whole_files import PARTIAL

GIVEN_UP_KEPT = timedelta(days=30)
"""How long a job that failed for good can still be looked at, in the worker's log as well."""
KEYED_KEPT = timedelta(days=1)
"""A job with a key is its sweeper's: another was deferred long ago."""
HALVES_KEPT = timedelta(days=1)
"""A file that was half written by a process that died."""
REMADE_KEPT = timedelta(days=30)
"""Previews and downloads in other sizes: who asks again gets one that is made anew."""

_OVER = """
FROM procrastinate_jobs AS job WHERE (
  status = 'failed' AND (SELECT max(at) FROM procrastinate_events WHERE job_id = job.id)
    < CASE WHEN queueing_lock IS NULL THEN %(given_up)s ELSE %(keyed)s END
) OR (
  status = 'doing' AND queueing_lock IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM procrastinate_workers WHERE id = job.worker_id
      AND last_heartbeat > %(keyed)s)
  AND (SELECT max(at) FROM procrastinate_events WHERE job_id = job.id) < %(keyed)s
) OR (
  status IN ('succeeded', 'cancelled', 'aborted')
    AND (SELECT max(at) FROM procrastinate_events WHERE job_id = job.id) < %(keyed)s
)
"""


def clear(*, machine_now: datetime, now: datetime) -> dict[str, int]:
    """Remove the rows whose term is over, and return how many of each kind."""
    return {
        "jobs": clear_jobs(machine_now=machine_now),
        "counters": rate_limiter.forget_expired(now=now),
        "cached values": clear_cache(machine_now=machine_now),
    }


def note_run(task: str, *, removed: int, machine_now: datetime, kept: int = 0) -> None:
    """Note that *task* looked at all whose term is over: how many of it were *removed*, and how
    many were *kept* for now, as something about them is undecided or failed.
    """
    HousekeepingRun.objects.update_or_create(
        task=task, defaults={"ended_at": machine_now, "removed": removed, "kept": kept}
    )


def runs() -> dict[str, HousekeepingRun]:
    """Return the last run of each task."""
    return {one.task: one for one in HousekeepingRun.objects.all()}


def clear_jobs(*, machine_now: datetime) -> int:
    """Remove jobs that nobody works on any more; return how many."""
    return _execute("DELETE " + _OVER, _terms(machine_now))


def jobs_over(*, machine_now: datetime) -> int:
    """Return how many jobs are kept longer than they should be."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) " + _OVER, _terms(machine_now))
        return int(cursor.fetchone()[0])


def clear_cache(*, machine_now: datetime) -> int:
    """Remove cached values that are over; return how many."""
    return _execute("DELETE FROM infra_cache WHERE expires < %(now)s", {"now": machine_now})


def clear_files(*, machine_now: datetime) -> int:
    """Remove halves of files, and what can be made anew and is old; return how many."""
    halves, remade = machine_now - HALVES_KEPT, machine_now - REMADE_KEPT
    many = sum(_in_tree(place, lambda folder: _halves(folder, halves)) for place in PLACES)
    for place in ("exports", "previews"):
        many += _in_tree(place, lambda folder: storage.delete_under(folder, before=remade))
    return many


def _halves(folder: str, before: datetime) -> int:
    return storage.delete_under(folder, beginning=".", ending=PARTIAL, before=before)


def _in_tree(folder: str, work: Callable[[str], int]) -> int:
    """Do *work* in *folder* and below it; return the sum of what it returns."""
    folder = f"{folder.rstrip('/')}/"
    return work(folder) + sum(_in_tree(folder + name, work) for name in storage.folders(folder))


def _terms(machine_now: datetime) -> dict[str, datetime]:
    return {"given_up": machine_now - GIVEN_UP_KEPT, "keyed": machine_now - KEYED_KEPT}


def _execute(statement: str, parameters: dict[str, datetime]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
