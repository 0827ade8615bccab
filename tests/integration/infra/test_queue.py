"""Deferred work is part of the transaction that asked for it, in the worker too."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.testing import InMemoryConnector

from jewelrymodel.infra import queue

pytestmark = pytest.mark.django_db


class Undone(Exception):
    """Something went wrong after the work was deferred."""


def waiting() -> list[str]:
    return list(ProcrastinateJob.objects.values_list("task_name", flat=True))


@transaction.atomic
def defer_and_fail() -> None:
    queue.defer("infra.nothing")
    assert waiting() == ["infra.nothing"]
    raise Undone


def test_work_that_was_deferred_is_undone_with_its_transaction() -> None:
    with pytest.raises(Undone):
        defer_and_fail()
    assert waiting() == []


def test_the_workers_own_connection_is_not_used_for_deferring() -> None:
    """The worker replaces the app's connector: a job by that one would outlive a rollback."""
    connector = InMemoryConnector()
    with app.replace_connector(connector):
        with pytest.raises(Undone):
            defer_and_fail()
        assert (waiting(), connector.jobs) == ([], {})
        assert queue.defer("infra.nothing", once_key="once")
        assert not queue.defer("infra.nothing", once_key="once")
    assert waiting() == ["infra.nothing"]


NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def set_jobs(*, status: str, worker_id: int | None = None) -> None:
    """Write on every job, which Procrastinate's own models don't let us."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = %s, worker_id = %s", [status, worker_id]
        )


def worker_seen(at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id", [at]
        )
        return int(cursor.fetchone()[0])


def test_a_job_whose_worker_died_runs_again_and_one_that_runs_is_left_alone() -> None:
    queue.defer("infra.nothing")
    set_jobs(status="doing", worker_id=worker_seen(NOW - timedelta(seconds=20)))
    assert queue.revive(machine_now=NOW) == 0
    assert queue.revive(machine_now=NOW + timedelta(minutes=2)) == 1
    assert queue.revive(machine_now=NOW + timedelta(minutes=2)) == 0
    assert ProcrastinateJob.objects.get().status == "todo"
    set_jobs(status="doing", worker_id=None)  # its worker was tidied away
    assert queue.revive(machine_now=NOW) == 1


def test_a_job_that_fails_is_put_back_later_each_time_and_then_left_to_a_person() -> None:
    queue.defer("infra.nothing")
    waits = []
    while not queue.given_up():
        set_jobs(status="failed")
        if queue.revive(machine_now=NOW):
            waits.append(ProcrastinateJob.objects.get().scheduled_at - NOW)
    assert len(waits) == queue.MOST_ATTEMPTS
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    assert waits[-1] == timedelta(hours=1)


def test_a_job_with_a_key_is_its_sweepers() -> None:
    queue.defer("infra.nothing", once_key="once")
    set_jobs(status="failed")
    assert queue.revive(machine_now=NOW) == 0
