"""How a worker is set up: hands and threads for every lane, and a look at the queue in between."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from procrastinate import App
from procrastinate.contrib.django import app as the_app
from procrastinate.contrib.django.django_connector import DjangoConnector

from jewelrymodel.config.commands import worker
from jewelrymodel.config.queue_lanes import QUEUES
from jewelrymodel.infra import clock

WAIT_S = 60


class Stopped(Exception):
    """The lane was begun; that is all that is asked here."""


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What each lane was begun with, and the most threads that there may be."""
    lanes: list[dict[str, Any]] = []

    async def begin(_app: App, **options: Any) -> None:
        threads = asyncio.get_running_loop()._default_executor  # type: ignore[attr-defined]
        lanes.append(options | {"threads": getattr(threads, "_max_workers", None)})
        await asyncio.sleep(0)
        raise Stopped

    monkeypatch.setattr(App, "run_worker_async", begin)
    return lanes


def begin() -> None:
    with pytest.raises(Stopped):
        asyncio.run(worker._work(list(QUEUES)))


@pytest.mark.django_db
def test_an_idle_lane_looks_again_soon(begun: list[dict[str, Any]]) -> None:
    """Should the one look for all lanes be held up."""
    begin()
    assert {lane["fetch_job_polling_interval"] for lane in begun} == {worker.LANES_OWN_INTERVAL_S}
    assert worker.LANES_OWN_INTERVAL_S <= 5


@pytest.mark.django_db
def test_one_look_finds_the_lanes_that_have_a_job_that_is_due() -> None:
    hour = timedelta(hours=1)
    ready = dict.fromkeys(("money", "mail"), clock.now() - hour) | {"hosted": None}
    for lane, at in (ready | {"studio": clock.now() + hour}).items():
        job(lane, scheduled_at=at)
    job("retouching", status="failed")
    with connection.cursor() as cursor:
        cursor.execute(worker._WAKE, {"lanes": list(QUEUES)})
        assert {lane for lane, _nothing in cursor.fetchall()} == ready.keys()


def test_a_job_whose_time_comes_beside_an_idle_worker_is_found_by_that_look(
    committing_db: None,
) -> None:
    """Its lane looks by itself within an hour only, as one does whose wake-up got lost
    (findings/procrastinate_wakeup.sh).
    """
    assert worker.POLLING_INTERVAL_S <= 0.5
    taken = asyncio.run(taken_by_an_idle_worker())
    assert taken == ["by the one look"]


async def taken_by_an_idle_worker() -> list[str]:
    """What a worker with one lane did of a job that came and wasn't due yet."""
    assert isinstance(the_app.connector, DjangoConnector)
    app, taken, done = App(connector=the_app.connector.get_worker_connector()), [], asyncio.Event()

    @app.task(name="take", queue="mail")
    async def take(word: str) -> None:
        taken.append(word)
        done.set()

    async with app.open_async():
        hour = 3600.0
        works = app.run_worker_async(
            queues=["mail"], fetch_job_polling_interval=hour, install_signal_handlers=False
        )
        tasks = [asyncio.create_task(works)]
        soon = take.configure(schedule_in={"seconds": 1})
        await soon.defer_async(word="by the one look")
        tasks.append(asyncio.create_task(worker._wake(app.connector, ["mail"])))
        waits = asyncio.create_task(done.wait())
        first = asyncio.FIRST_COMPLETED
        await asyncio.wait([waits, *tasks], timeout=WAIT_S, return_when=first)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return taken


def job(lane: str, **fields: Any) -> None:
    """A job of *lane*, as the queue library stores one."""
    names = ", ".join(["queue_name", "task_name", *fields])
    marks = ", ".join(["%s"] * (2 + len(fields)))
    with connection.cursor() as cursor:
        insert = f"INSERT INTO procrastinate_jobs ({names}) VALUES ({marks})"  # noqa: S608
        cursor.execute(insert, [lane, "nobody's", *fields.values()])


@pytest.mark.django_db
def test_no_lane_waits_for_anothers_hands_or_threads(begun: list[dict[str, Any]]) -> None:
    begin()
    assert {lane["queues"][0]: lane["concurrency"] for lane in begun} == QUEUES
    assert {lane["threads"] >= sum(QUEUES.values()) for lane in begun} == {True}
