"""``jewelrymodel worker``: do the deferred work, each queue with its own number of hands."""

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from procrastinate.connector import BaseConnector
from procrastinate.contrib.django import app as the_app
from procrastinate.contrib.django.django_connector import DjangoConnector

from jewelrymodel.config import database_wait
from jewelrymodel.config.components import HEART
from jewelrymodel.config.queue_lanes import QUEUES, assign, served
from jewelrymodel.infra import outgoing_mail_state
from jewelrymodel.infra.database_outage import outage_of

POLLING_INTERVAL_S = 0.5
"""How long a job may wait beside an idle worker.

The queue library clears its wake-up after it has looked, so a job that comes while it looks is
found by polling only (findings/procrastinate_wakeup.sh), as is one whose time has come. One look
for all lanes wakes those that have something to do: each lane's own would cost a worker that has
nothing to do six times as much; what that costs is measured by bench/lanes.py.
"""
LANES_OWN_INTERVAL_S = 5.0
"""How often a lane looks by itself, should the one look for all be held up."""
_WAKE = """
SELECT lane, pg_notify('procrastinate_queue_v1#' || lane, '{"type": "job_inserted", "job_id": 0}')
FROM unnest(%(lanes)s::text[]) AS lane
WHERE EXISTS (
  SELECT FROM procrastinate_jobs WHERE queue_name = lane AND status = 'todo'
  AND (scheduled_at IS NULL OR scheduled_at <= now())
)
"""
"""Says to each lane with a job that is due what the library says of a job that was inserted."""
_GRACE_S = 5
_BEAT_S = 2
_DATABASE_WENT_AWAY = 1
_WENT_AWAY = "the database went away (%s); a worker begins anew"

log = logging.getLogger(__name__)


def run(queues: list[str] | None = None) -> int:
    """Work on *queues* (all of ours unless given) until told to stop; raises UnknownQueue.

    Jobs that run then get a few seconds; a task that is cut off is taken over when its lease ends.
    """
    lanes = served(queues)
    database_wait.require_ours(meanwhile=_beat_once)
    the_app.perform_import_paths()  # type: ignore[no-untyped-call]  # the library's
    assign(the_app)
    try:
        asyncio.run(_work(lanes))
    except Exception as problem:
        if not (outage := outage_of(problem)):
            raise
        log.warning(_WENT_AWAY, outage)
        return _DATABASE_WENT_AWAY
    return 0


async def _work(queues: list[str]) -> None:
    connector = the_app.connector
    assert isinstance(connector, DjangoConnector)  # noqa: S101  what the contrib app always has
    # A thread for every hand: the loop's own few would let money wait for a picture's after all.
    threads = ThreadPoolExecutor(sum(QUEUES[queue] for queue in queues) + 1)
    asyncio.get_running_loop().set_default_executor(threads)
    beating = asyncio.create_task(_beat())
    with the_app.replace_connector(connector.get_worker_connector()) as app:
        async with app.open_async():
            await _until_stopped(
                [
                    asyncio.create_task(_wake(app.connector, queues)),
                    *(
                        asyncio.create_task(
                            app.run_worker_async(
                                queues=[queue],
                                name=queue,
                                concurrency=QUEUES[queue],
                                fetch_job_polling_interval=LANES_OWN_INTERVAL_S,
                                shutdown_graceful_timeout=_GRACE_S,
                                install_signal_handlers=False,
                                delete_jobs="successful",
                                task_middleware=[_note_mail_failures],
                            )
                        )
                        for queue in queues
                    ),
                ]
            )

    del beating  # kept so long: the loop itself holds no task
    os._exit(0)  # a job's thread can't be stopped; another worker takes its task over


def _note_mail_failures(call_next: Callable[[], Any], _context: object, _worker: object) -> Any:
    """Run a task, in its thread, and then note what kept the mail server from taking its mail."""
    with outgoing_mail_state.failures_noted():
        return call_next()


async def _wake(connector: BaseConnector, lanes: list[str]) -> None:
    """Look for jobs of all *lanes* at once, and wake the lanes that have one that is due."""
    while True:
        await connector.execute_query_async(_WAKE, lanes=lanes)
        await asyncio.sleep(POLLING_INTERVAL_S)


async def _beat() -> None:
    """Beat as long as this process's loop runs: the supervisor ends it when it doesn't."""
    while True:
        _beat_once()
        await asyncio.sleep(_BEAT_S)


def _beat_once() -> None:
    if heart := os.environ.get(HEART):
        Path(heart).touch()


async def _until_stopped(workers: list[asyncio.Task[None]]) -> None:
    """Wait for a signal, or for a worker that breaks; then stop them all.

    A worker that broke (the database went away) ends the process: whoever started it starts it
    anew, and it waits for the database. A job that was cut off is taken over as a killed one's is.
    """
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait([waiting, *workers], return_when=asyncio.FIRST_COMPLETED)
    broken = [task for task in workers if task.done()]
    for task in [waiting, *workers]:
        task.cancel()
    await asyncio.gather(waiting, *workers, return_exceptions=True)
    for task in broken:
        if outage := outage_of(task.exception()):
            log.warning(_WENT_AWAY, outage)
            os._exit(_DATABASE_WENT_AWAY)  # as below, and nothing is left to close
        task.result()
