"""How a worker is set up: hands and threads for every lane, and a look at the queue in between."""

import asyncio
from typing import Any

import pytest
from procrastinate import App

from jewelrymodel.config.commands import worker
from jewelrymodel.config.queue_lanes import QUEUES

pytestmark = pytest.mark.django_db


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


def test_an_idle_lane_looks_again_soon(begun: list[dict[str, Any]]) -> None:
    """The library loses wake-ups: findings/procrastinate_wakeup.sh."""
    begin()
    assert {lane["fetch_job_polling_interval"] for lane in begun} == {worker.POLLING_INTERVAL_S}
    assert worker.POLLING_INTERVAL_S <= 0.5


def test_no_lane_waits_for_anothers_hands_or_threads(begun: list[dict[str, Any]]) -> None:
    begin()
    assert {lane["queues"][0]: lane["concurrency"] for lane in begun} == QUEUES
    assert {lane["threads"] >= sum(QUEUES.values()) for lane in begun} == {True}
