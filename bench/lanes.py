"""How long a job waits for a worker: back to back, and behind two hundred pictures.

Run with ``python bench/lanes.py``: the real worker, as a process of its own, on an embedded durable
cluster. Once as one queue with the queue library's own polling (how it was), once in lanes. A
picture is a sleep of PICTURE_S here: nothing of its own work is measured. Times are the database's:
from the deferring transaction to the job's first statement.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from ledger import cluster

PICTURES = 200
PICTURE_S = 1.0
WEBHOOKS = 40
BACK_TO_BACK = 120
IDLE_S = 30
BEFORE, NOW = "one queue, 5 s", "lanes"


def main() -> None:
    """Print what each way costs whoever waits, and what an idle worker costs."""
    with cluster():
        prepare()
        for layout in (BEFORE, NOW):
            with worker(layout) as process:
                show(f"{layout}: {BACK_TO_BACK} jobs back to back", back_to_back(layout))
                show(f"{layout}: webhooks behind {PICTURES} pictures", behind_pictures(layout))
                clear()
                print(f"{layout}: idle, {idle_share(process.pid):.2f} % of a core", flush=True)


def prepare() -> None:
    """Migrate, and make the table that says when a job was taken."""
    setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    execute("create table taken (number text primary key, at timestamptz not null)")
    execute("create table asked (number text primary key, at timestamptz not null)")


def setup() -> None:
    """Have Django ready."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jewelrymodel.config.settings")
    django.setup()


def execute(sql: str, *values: str | list[str]) -> list[tuple[object, ...]]:
    """Run one statement; return its rows, if it has any."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def worker(layout: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process in *layout*, once it works."""
    process = subprocess.Popen([sys.executable, str(Path(__file__)), "--worker", layout])
    try:
        defer(layout, "payments.process_event", "first")
        wait_for_jobs()
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def work(layout: str) -> None:
    """Be the worker: the real one, with stand-ins for what its jobs do."""
    setup()
    from procrastinate.contrib.django import app

    from jewelrymodel.config import queue_lanes
    from jewelrymodel.config.commands import worker as ours

    app.perform_import_paths()  # type: ignore[no-untyped-call]  # the library's own
    app.periodic_registry.periodic_tasks.clear()
    app.tasks["payments.process_event"].func = note_taken
    app.tasks["generation.run"].func = draw
    if layout == BEFORE:
        queue_lanes.QUEUES.clear()
        queue_lanes.QUEUES.update({"default": 4, "studio": 1})
        ours.POLLING_INTERVAL_S = 5.0
    asyncio.run(ours._work(list(queue_lanes.QUEUES)))


def draw(task_id: str) -> None:
    """Take as long as a picture."""
    time.sleep(PICTURE_S)


def note_taken(message_id: str) -> None:
    """Write down that this job is worked on now, by the database's clock."""
    execute("insert into taken values (%s, clock_timestamp()) on conflict do nothing", message_id)


def defer(layout: str, task: str, number: str) -> None:
    """Ask for a job, as the product does, and note when."""
    from django.db import transaction

    from jewelrymodel.infra import queue

    own_lane = "hosted" if task == "generation.run" else None
    name = "task_id" if task == "generation.run" else "message_id"
    with transaction.atomic():
        lane = "default" if layout == BEFORE else own_lane
        arguments: dict[str, Any] = {"queue": lane, name: number}
        queue.defer(task, **arguments)
        execute("insert into asked values (%s, clock_timestamp()) on conflict do nothing", number)


def back_to_back(layout: str) -> list[float]:
    """Ask for each job as soon as the one before was taken; return how long each waited, in s."""
    numbers = [f"{layout} {n}" for n in range(BACK_TO_BACK)]
    for number in numbers:
        defer(layout, "payments.process_event", number)
        while not execute("select 1 from taken where number = %s", number):
            time.sleep(0.002)
    return waits(numbers)


def behind_pictures(layout: str) -> list[float]:
    """Ask for webhooks while pictures wait; return how long each webhook waited, in s."""
    for picture in range(PICTURES):
        defer(layout, "generation.run", f"{layout} picture {picture}")
    numbers = [f"{layout} webhook {n}" for n in range(WEBHOOKS)]
    for number in numbers:
        defer(layout, "payments.process_event", number)
        time.sleep(0.1)
    while len(found := waits(numbers)) < WEBHOOKS:
        time.sleep(0.5)
    return found


def waits(numbers: list[str]) -> list[float]:
    """How long each of *numbers* that was taken had waited, in s."""
    rows = execute(
        "select extract(epoch from taken.at - asked.at) from taken join asked using (number) "
        "where number = any(%s)",
        numbers,
    )
    return [float(str(seconds)) for (seconds,) in rows]


def wait_for_jobs() -> None:
    """Wait until no job is left."""
    while execute("select 1 from procrastinate_jobs where status in ('todo', 'doing') limit 1"):
        time.sleep(0.05)


def clear() -> None:
    """Forget the pictures that still wait."""
    execute("delete from procrastinate_jobs where status = 'todo'")
    wait_for_jobs()


def idle_share(pid: int) -> float:
    """Return what an idle worker takes, with its share of the database, in percent of a core."""
    before = cpu_s(pid)
    time.sleep(IDLE_S)
    return 100 * (cpu_s(pid) - before) / IDLE_S


def cpu_s(pid: int) -> float:
    """The processor time of *pid* and of the database's processes for it so far, in s."""
    theirs = execute("select pid from pg_stat_activity where pid <> pg_backend_pid()")
    ticks = 0
    for one in (pid, *(int(str(row[0])) for row in theirs)):
        try:
            words = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(words[11]) + int(words[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def show(title: str, seconds: list[float]) -> None:
    """Print the median, the 95th percentile and the longest, in ms."""
    p95 = quantiles(seconds, n=20)[-1]
    words = (f"{1000 * value:.0f}" for value in (median(seconds), p95, max(seconds)))
    print(f"{title}: median {next(words)}, p95 {next(words)}, longest {next(words)} ms", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        work(sys.argv[2])
    else:
        main()
