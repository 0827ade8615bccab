"""Life cycles of a task (submit, lease, keep the output, settle) beside the same rows by pgbench.

Run with ``python bench/life_cycle.py [cycles] [rounds]`` (``-v`` lists the statements): on an
embedded cluster of its own, durable as in production. Both write the same rows of the same tables
in the same four commits, with every constraint and trigger, each client for an account of its own;
pgbench (from the wheel that the server is in) with prepared statements and without reading anything
first. They take turns, each round at 1, 2 and 8 clients; a client of ours is a process.
"""

import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from ledger import NOW, cluster, prepare

CLIENTS = (1, 2, 8)
LOOK = "packshot"
# Each line a statement, each BEGIN and END a commit: what a cycle writes, and nothing else.
_SCRIPT = r"""
\set n random(1, 1000000000000000)
\set a :client_id
BEGIN;
INSERT INTO generation_task (id, account_id, photo_id, status, generator, provider_handle,
  cutout_key,
  kind, size_mm, edge_px, options, hold_id, credits_held, reason_code, reason_detail, former_reason,
  idempotency_key, created_at, fence, lost_leases, step, steps)
  VALUES ('t' || :n, 'acc_' || :a, 'photo_' || :a, 'queued', 'embedded', '',
  'cutouts/acc/photo.png',
  'pendant', 20, 1536, '{}', 'h' || :n, 1, '', '{}', '', 'k' || :n, now(), 0, 0, '', '[]');
INSERT INTO generation_task_item (id, task_id, position, look_id, aspect, adjustment, credits,
  state,
  late, reason_code, reason_detail, former_reason)
  VALUES ('i' || :n, 't' || :n, 0, 'white', '1:1', '{}', 1, 'waiting', false, '', '{}', '');
INSERT INTO ledger_hold (id, account_id, subject, quantity, state, captured, created_at)
  VALUES ('h' || :n, 'acc_' || :a, 't' || :n, 1, 'held', 0, now());
UPDATE ledger_lot SET available = available - 1, held = held + 1 WHERE id = 'lot_' || :a
  RETURNING quantity - available - held AS gone \gset
INSERT INTO ledger_hold_line (account_id, hold_id, position, lot_id, quantity)
  VALUES ('acc_' || :a, 'h' || :n, 0, 'lot_' || :a, 1);
INSERT INTO ledger_movement (account_id, operation, idempotency_key, fingerprint, cause_kind,
  cause_id,
  happened_at, hold_id, available_after, held_after, suspended_after)
  VALUES ('acc_' || :a, 'hold', 'hold-t' || :n, repeat('a', 64), 'task', 't' || :n, now(),
  'h' || :n,
  1, 1, 0);
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, queueing_lock, args)
  VALUES ('studio', 'generation.run', 0, 'generation.run-t' || :n, '{"task_id": "task"}');
END;
BEGIN;
UPDATE generation_task SET fence = 1, lease_until_at = now(), status = 'running', started_at = now()
  WHERE id = 't' || :n;
END;
BEGIN;
UPDATE generation_task_item SET state = 'delivered' WHERE id = 'i' || :n;
INSERT INTO generation_asset (id, account_id, item_id, image_key, view_key, sha256, look_hash,
  width_px, height_px, fidelity, check_version, alt_text, alterations, declared_parts, generator,
  settings, cost_micros, created_at)
  VALUES ('a' || :n, 'acc_' || :a, 'i' || :n, 'assets/acc/' || :n || '.png',
  'assets/acc/' || :n || '.jpg',
  repeat('a', 64), 1, 1536, 1536, '{"passed": true}', '1', '', '[]', '[]', 'embedded', '{}', 0,
  now());
END;
BEGIN;
UPDATE ledger_hold SET state = 'captured', captured = 1, resolved_at = now() WHERE id = 'h' || :n;
UPDATE ledger_lot SET held = held - 1 WHERE id = 'lot_' || :a;
INSERT INTO ledger_movement (account_id, operation, idempotency_key, fingerprint, cause_kind,
  cause_id,
  happened_at, hold_id, available_after, held_after, suspended_after)
  VALUES ('acc_' || :a, 'capture', 'settle-t' || :n, repeat('a', 64), 'task', 't' || :n, now(),
  'h' || :n, 1, 1, 0) RETURNING id AS m \gset
INSERT INTO ledger_transfer (id, account_id, movement_id, from_kind, from_lot_id, to_kind,
  to_lot_id,
  quantity, from_offset, value_minor)
  VALUES ('tr' || :n, 'acc_' || :a, :m, 'lot', 'lot_' || :a, 'consumed', 'lot_' || :a, 1, :gone, 0);
UPDATE generation_task SET status = 'succeeded', credits_charged = 1, finished_at = now(),
  lease_until_at = NULL, fence = 2 WHERE id = 't' || :n;
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args, scheduled_at)
  VALUES ('default', 'generation.tell_ending', 0, '{"task_id": "task"}', now());
END;
"""
_KNOWN_LOTS = (
    "UPDATE ledger_lot SET id = 'lot_' || substr(account_id, 5)",
    "UPDATE ledger_transfer SET from_lot_id = 'lot_' || substr(account_id, 5),"
    " to_lot_id = 'lot_' || substr(account_id, 5)",
    "UPDATE ledger_movement SET lot_id = 'lot_' || substr(account_id, 5) WHERE lot_id IS NOT NULL",
)


def world(accounts: int) -> None:
    """Prices, and an approved photo for each account; pgbench's accounts have lots of known ids."""
    from django.db import connection

    from jewelrymodel.catalog.operations import publish_credit_price
    from jewelrymodel.catalog.products import Work
    from jewelrymodel.generation.models import Photo, Piece
    from jewelrymodel.kernel.actors import Actor

    for work, price in ((Work.IMAGE, 1), (Work.PREVIEW, 0)):
        publish_credit_price(
            work=work, quantity=price, effective_from_at=NOW, now=NOW,
            actor=Actor.system("command-line"), reason="what a bench costs",
        )  # fmt: skip
    for n in range(accounts):
        account = {"account_id": f"acc_{n}", "created_at": NOW}
        piece = Piece.objects.create(id=f"piece_{n}", **account)
        Photo.objects.create(
            id=f"photo_{n}", piece=piece, status="approved", original_key="o", view_key="v",
            sha256="0" * 64, width_px=64, height_px=64, cutout_key="cutouts/acc/photo.png",
            kind="pendant", size_mm=20, approved_at=NOW, **account,
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # as if they were granted so
        for statement in _KNOWN_LOTS:
            cursor.execute(statement)
    connection.close()


def life_cycle(account: int, key: str) -> None:
    """One image from the seller's click to the charge, without drawing it."""
    import numpy as np

    from jewelrymodel.generation import operations
    from jewelrymodel.generation.adapters.image_files import StoredImage
    from jewelrymodel.generation.gateway import Measured, Output, Refusal
    from jewelrymodel.generation.statuses import Reason

    task = operations.submit(
        account_id=f"acc_{account}", photo_id=f"photo_{account}", look_ids=[LOOK],
        generator="embedded", idempotency_key=key, now=NOW,
    )  # fmt: skip
    lease = operations.lease_task(task_id=task.id, now=NOW, machine_now=NOW)
    operations.keep_output(
        lease=lease, position=0, now=NOW,
        stored=StoredImage(f"assets/{key}.png", f"assets/{key}.jpg", "0" * 64, 1536, 1536),
        output=Output(np.zeros((64, 64, 3), np.uint8), Measured({}, passed=True), (), {}),
    )  # fmt: skip
    over = Refusal(Reason.NOT_DELIVERED)
    operations.settle(lease=lease, leftover=over, now=NOW, machine_now=NOW)


def client(account: int, cycles: int, barrier: Barrier, out: "Queue[tuple[float, float]]") -> None:
    """Be one client: *cycles* life cycles, once all are ready."""
    import django

    django.setup()
    run = f"{os.getpid()}"
    for n in range(5):
        life_cycle(account, f"{run}-warm-{n}")
    barrier.wait()
    began, worked = perf_counter(), process_time()
    for n in range(cycles):
        life_cycle(account, f"{run}-{n}")
    out.put((perf_counter() - began, process_time() - worked))


def ours(clients: int, cycles: int) -> tuple[float, float]:
    """Return cycles a second of all *clients*, and seconds of Python for each cycle."""
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(clients)
    out: Queue[tuple[float, float]] = spawn.Queue()
    all_of_them = [
        spawn.Process(target=client, args=(n, cycles, barrier, out)) for n in range(clients)
    ]
    for one in all_of_them:
        one.start()
    took = [out.get(timeout=600) for _ in all_of_them]
    for one in all_of_them:
        one.join()
    longest = max(wall for wall, _ in took)
    return clients * cycles / longest, sum(cpu for _, cpu in took) / clients / cycles


def pgbench(clients: int, cycles: int, script: Path) -> float:
    """Return cycles a second of all *clients*, as pgbench counts them."""
    from jewelrymodel.infra.postgres import binaries

    address = os.environ["DATABASE_URL"]
    said = subprocess.run(
        [str(binaries() / "pgbench"), "-n", "-M", "prepared", "-f", str(script), "-c", str(clients),
         "-j", str(min(clients, 2)), "-t", str(cycles), address],
        check=True, stdout=subprocess.PIPE, text=True,
    ).stdout  # fmt: skip
    rate = re.search(r"tps = ([0-9.]+)", said)
    assert rate, said
    assert "failed transactions: 0 (" in said, said
    return float(rate[1])


def asked(sql: str) -> int:
    """Return the one number that *sql* answers, on a connection that is closed again."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        (number,) = cursor.fetchone()
    connection.close()
    return int(number)


@contextmanager
def script_file() -> Iterator[Path]:
    """The pgbench script as a file that goes away."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(_SCRIPT)
        file.flush()
        yield Path(file.name)


def count_statements() -> None:
    """Print which statements a cycle sends, its transactions' own apart."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for n in range(2):
        with CaptureQueriesContext(connection) as sent:
            life_cycle(0, f"counted-{os.getpid()}-{n}")
    bounds = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    texts = [one["sql"] for one in sent.captured_queries]
    real = [sql for sql in texts if not sql.startswith(bounds)]
    if "-v" in sys.argv:
        print(*(" ".join(sql.split())[:230] for sql in texts), sep="\n")
    print(f"{len(real)} statements a cycle, {len(texts)} with BEGIN, COMMIT and savepoints")
    connection.close()


def compare(cycles: int, rounds: int, clients: tuple[int, ...], script: Path) -> None:
    """Print both rates in turn at each number of clients, as medians of *rounds*."""
    position = "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"
    for many in clients:
        ratios: list[float] = []
        wal: list[float] = []
        python: list[float] = []
        rates: list[tuple[float, float]] = []
        for _ in range(rounds):
            theirs = pgbench(many, cycles, script)
            before = asked(position)
            rate, cpu = ours(many, cycles)
            wal.append((asked(position) - before) / (cycles + 5) / many)
            python.append(cpu)
            rates.append((rate, theirs))
            ratios.append(rate / theirs)
        print(
            f"{many} clients: {median(ratios):.2f} of pgbench "
            f"({median(r for r, _ in rates):.0f} and {median(t for _, t in rates):.0f} a second), "
            f"{median(python) * 1000:.1f} ms of Python, {median(wal) / 1000:.1f} kB of WAL a cycle",
            flush=True,
        )


def main(cycles: int, rounds: int, clients: tuple[int, ...]) -> None:
    """Print what a cycle sends, and the ratio of both rates at each number of clients."""
    with cluster(), script_file() as script:
        prepare(8)
        world(8)
        count_statements()
        compare(cycles, rounds, clients, script)


if __name__ == "__main__":
    numbers = [int(a) for a in sys.argv[1:] if a.isdigit()]
    cycles, rounds = (numbers + [300, 3][len(numbers) :])[:2]
    main(cycles, rounds, clients=CLIENTS)
