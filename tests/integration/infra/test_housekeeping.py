"""What is kept for a while only goes when its term is over, and not before."""

import os
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils.html import escape
from procrastinate.contrib.django.models import ProcrastinateJob

from jewelrymodel.accounts.roles import StaffRole
from jewelrymodel.config import retention
from jewelrymodel.config.queue_lanes import TASK_QUEUES
from jewelrymodel.infra import clock, housekeeping, queue, rate_limiter, storage
from jewelrymodel.infra.models import RateWindow
from tests.support.shop import at_the_desk

pytestmark = pytest.mark.django_db
DOCUMENT = Path(__file__).resolve().parents[3] / "docs/operations.md"


def job(status: str, *, days_ago: float, key: str | None = None) -> int:
    """A job in that state since then, whose worker is gone."""
    queue.defer("infra.nothing", once_key=key)
    made: int = ProcrastinateJob.objects.latest("pk").pk
    with connection.cursor() as cursor:
        change = "update procrastinate_jobs set status = %s where id = %s"
        cursor.execute(change, [status, made])
        change = (
            "update procrastinate_events set at = now() - %s * interval '1 day' where job_id = %s"
        )
        cursor.execute(change, [days_ago, made])
    return made


@pytest.mark.parametrize(
    ("status", "key", "term_days"),
    [("failed", None, 30), ("failed", "key", 1), ("doing", "key", 1), ("cancelled", None, 1)],
)
def test_a_job_that_nobody_works_on_goes_after_its_term(
    status: str, key: str | None, term_days: float
) -> None:
    now = clock.real_now()
    young = job(status, days_ago=term_days - 0.1, key=key)
    assert (housekeeping.jobs_over(machine_now=now), housekeeping.clear_jobs(machine_now=now)) == (
        0,
        0,
    )
    later = now + timedelta(days=0.2)
    assert housekeeping.jobs_over(machine_now=later) == 1
    assert housekeeping.clear_jobs(machine_now=later) == 1
    assert not ProcrastinateJob.objects.filter(pk=young).exists()


@pytest.mark.parametrize(("status", "key"), [("todo", None), ("todo", "key"), ("doing", None)])
def test_what_waits_and_what_is_put_back_stays(status: str, key: str | None) -> None:
    job(status, days_ago=400, key=key)
    assert housekeeping.clear_jobs(machine_now=clock.real_now()) == 0


def test_counters_and_cached_values_go_once_they_are_over() -> None:
    now = clock.real_now()
    rate_limiter.count_or_refuse("over", limit=5, window_s=60, now=now - timedelta(minutes=2))
    rate_limiter.count_or_refuse("runs", limit=5, window_s=60, now=now)
    cache.set("over", 1, timeout=60)
    cache.set("runs", 1, timeout=6000)
    done = housekeeping.clear(machine_now=now + timedelta(minutes=10), now=now)
    assert done == {"jobs": 0, "counters": 1, "cached values": 1}
    assert [one.key for one in RateWindow.objects.all()] == ["runs"]
    assert cache.get("runs") == 1


def test_a_limit_isnt_put_out_by_what_others_count() -> None:
    cache.set("sign-ins", 9, timeout=6000)
    for number in range(320):  # at 300 entries a third of all went
        cache.set(f"other{number}", 1, timeout=6000)
    assert cache.get("sign-ins") == 9


def aged(key: str, at: datetime) -> None:
    os.utime(settings.MEDIA_ROOT / key, (at.timestamp(), at.timestamp()))


def test_files_that_can_be_made_anew_and_halves_go(tmp_path: Path) -> None:
    settings.MEDIA_ROOT.mkdir(exist_ok=True)
    now = clock.real_now()
    kept = ["photos/acc_h/old.png", "exports/acc_h/a/young.zip", "photos/acc_h/.young.partial"]
    gone = ["exports/acc_h/a/old.zip", "previews/acc_h/p/old.webp", "photos/acc_h/.old.partial"]
    for key in kept + gone:
        storage.put(key, b"a file")
        aged(key, now - timedelta(days=31 if "old" in key else 0.9))
    assert housekeeping.clear_files(machine_now=now) == len(gone)
    assert [storage.exists(key) for key in kept + gone] == [True] * 3 + [False] * 3
    for key in kept:
        storage.delete(key)


def test_the_document_has_every_term_and_each_has_a_task() -> None:
    assert retention.table() in DOCUMENT.read_text()
    assert {one.task for one in retention.terms()} - set(TASK_QUEUES) == {""}


def test_each_task_of_the_table_notes_what_it_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the task itself, as the worker runs it: the page at the desk reads these notes."""
    monkeypatch.setattr("jewelrymodel.generation.tasks.close_old_connections", lambda: None)
    RateWindow.objects.create(key="over", count=1, expires_at=clock.now() - timedelta(days=1))
    before = clock.real_now()
    tasks = {one.task for one in retention.terms()} - {""}
    for name in tasks:
        room, _, task = name.partition(".")
        getattr(import_module(f"jewelrymodel.{room}.tasks"), task)(timestamp=0)
    runs = housekeeping.runs()
    assert set(runs) == tasks
    assert all(one.ended_at >= before for one in runs.values())
    assert runs["infra.clear"].removed == 1
    assert runs["support.purge_deleted"].removed == 0
    housekeeping.note_run("infra.clear", removed=5, kept=2, machine_now=before)
    again = housekeeping.runs()["infra.clear"]
    assert (again.removed, again.kept, again.ended_at) == (5, 2, before)


def test_the_desk_shows_each_term_with_its_reason_and_its_last_run() -> None:
    olga = at_the_desk(role=StaffRole.OPERATOR)
    assert "Not yet" in olga.get("/desk/retention").text
    now = clock.real_now()
    housekeeping.note_run("infra.clear", removed=3, kept=1, machine_now=now - timedelta(days=3))
    housekeeping.note_run("privacy.sweep", removed=7, machine_now=now)
    page = olga.get("/desk/retention").text
    for one in retention.terms():
        assert escape(one.what) in page
        assert one.why
        assert escape(one.why) in page
    assert "3 removed" in page
    assert "(1 has to wait)" in page
    assert page.count("Late: is a worker running?") == 1
    assert "7 removed" in page
    assert "Counted above" in page
    assert at_the_desk("Arun", role=StaffRole.AGENT).get("/desk/retention").status_code == 404
