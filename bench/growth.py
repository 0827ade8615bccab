"""Growth: the same questions to small books and to large ones, in one run.

Run with ``python bench/growth.py [transfers]`` (300,000 unless told; 3,000,000 need some GB of
disk): on an embedded cluster of its own. Rows are made by the database, as the product writes them,
with its constraints set aside meanwhile; ``ledger verify`` says afterwards that they hold. One
account has a twentieth of all; a sixth of all holds are of tasks. Each question is asked at 10,000
transfers and at the end, and what takes more than 1.2 times as long is marked.
"""

import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

from ledger import NOW, cluster, prepare

SMALL, ACCOUNTS, SHARE_OF_TASKS = 10_000, 500, 6
LARGEST = "acc_0"
# One cycle is a hold, its line, its movement; the capture's movement and its transfer.
_CYCLES = """
CREATE TEMP TABLE cycle ON COMMIT DROP AS
SELECT n, CASE WHEN n %% 20 = 0 THEN 'acc_0' ELSE 'acc_' || n %% %(accounts)s END AS account_id,
  %(now)s - interval '360 days' * (1 - n::float / %(until)s) AS at,
  (SELECT max(id) + 1 FROM ledger_movement) - 2 * %(since)s AS base
FROM generate_series(%(since)s + 1, %(until)s) AS n;
CREATE TEMP TABLE numbered ON COMMIT DROP AS
SELECT cycle.*, lot.id AS lot_id, lot.quantity - lot.available AS gone,
  row_number() OVER (PARTITION BY cycle.account_id ORDER BY n)::int AS rank, lot.available
FROM cycle JOIN ledger_lot lot ON lot.account_id = cycle.account_id;
INSERT INTO ledger_hold (id, account_id, subject, quantity, state, captured, created_at,
    resolved_at)
  SELECT 'h' || n, account_id, 'task_' || n, 1, 'captured', 1, at,
    at + interval '20 s' FROM numbered;
INSERT INTO ledger_hold_line (account_id, hold_id, position, lot_id, quantity)
  SELECT account_id, 'h' || n, 0, lot_id, 1 FROM numbered;
INSERT INTO ledger_movement (id, account_id, operation, idempotency_key, fingerprint, cause_kind,
  cause_id, happened_at, hold_id, available_after, held_after, suspended_after)
  SELECT base + n * 2 + is_end, account_id, CASE is_end WHEN 0 THEN 'hold' ELSE 'capture' END,
    CASE is_end WHEN 0 THEN 'hold:task_' ELSE 'settle:task_' END || n, repeat('a', 64), 'task',
    'task_' || n, at + is_end * interval '20 s', 'h' || n, available - rank, 1 - is_end, 0
  FROM numbered, generate_series(0, 1) AS is_end;
INSERT INTO ledger_transfer (id, account_id, movement_id, from_kind, from_lot_id, to_kind,
    to_lot_id,
  quantity, from_offset, value_minor)
  SELECT 'tr' || n, account_id, base + n * 2 + 1, 'lot', lot_id, 'consumed', lot_id, 1,
    gone + rank - 1, 0 FROM numbered;
UPDATE ledger_lot SET available = ledger_lot.available - used.many
  FROM (SELECT lot_id, max(rank) AS many FROM numbered GROUP BY lot_id) AS used
  WHERE used.lot_id = ledger_lot.id;
SELECT setval('ledger_movement_id_seq', (SELECT max(id) FROM ledger_movement));
"""
_TASKS = """
CREATE TEMP TABLE ended ON COMMIT DROP AS
SELECT *, 'task_' || n AS task_id, split_part(account_id, '_', 2) AS of FROM numbered
WHERE n %% %(share)s = 0;
INSERT INTO generation_task (id, account_id, photo_id, status, generator, provider_handle,
  cutout_key, kind, size_mm, edge_px, options, hold_id, credits_held, credits_charged, reason_code,
  reason_detail, former_reason, idempotency_key, created_at, started_at, finished_at, seen_at,
    fence,
  lost_leases, step, steps)
  SELECT task_id, account_id, 'photo_' || of, 'succeeded', 'embedded', '', 'c', 'pendant', 20, 1536,
    '{}', 'h' || n, 1, 1, '', '{}', '', task_id, at, at, at + interval '20 s', at + interval '30 s',
    2, 0, '', '[]' FROM ended;
INSERT INTO generation_task_item (id, task_id, position, look_id, aspect, adjustment, credits,
    state,
  late, reason_code, reason_detail, former_reason)
  SELECT 'item_' || n, task_id, 0, 'packshot', '1:1', '{}', 1, 'delivered', false, '', '{}', ''
  FROM ended;
INSERT INTO generation_asset (id, account_id, item_id, image_key, view_key, sha256, look_hash,
  width_px, height_px, fidelity, check_version, alt_text, alterations, declared_parts, generator,
  settings, cost_micros, created_at)
  SELECT 'asset_' || n, account_id, 'item_' || n, 'a/' || n || '.png', 'a/' || n || '.jpg',
    repeat('a', 64), n, 1536, 1536, '{"passed": true}', '1', '', '[]', '[]', 'embedded', '{}', 0,
    at + interval '20 s' FROM ended;
"""


def load(since: int, until: int) -> float:
    """Write the cycles numbered above *since* up to *until*; return the seconds that it took."""
    from django.db import connection, transaction

    began = perf_counter()
    values: dict[str, Any] = {
        "since": since, "until": until, "accounts": ACCOUNTS, "now": NOW, "share": SHARE_OF_TASKS
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in (_CYCLES + _TASKS).split(";\n"):
            if statement.strip():
                cursor.execute(statement, values if "%" in statement else None)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return perf_counter() - began


def questions() -> dict[str, Callable[[], object]]:
    """What is asked of both sizes, by its name."""
    from django.contrib.auth import get_user_model
    from django.test import Client
    from life_cycle import life_cycle

    from jewelrymodel.accounts.models import Membership
    from jewelrymodel.ledger import operations as books
    from jewelrymodel.support.reconcilers.checks import CHECKS

    def client(account_id: str) -> Client:
        user = get_user_model().objects.create(email=f"{account_id}@rings.example")
        Membership.objects.create(user=user, account_id=account_id, role="owner", joined_at=NOW)
        visitor = Client(headers={"host": "localhost"})
        visitor.force_login(user)
        return visitor

    def page(visitor: Client, address: str) -> Callable[[], object]:
        def ask() -> None:
            answer = visitor.get(address)
            assert answer.status_code == 200, (address, answer.status_code)

        return ask

    numbers = iter(range(10**9))
    largest, usual = client(LARGEST), client("acc_7")
    asked: dict[str, Callable[[], object]] = {}
    for who, visitor in (("largest", largest), ("usual", usual)):
        for address in ("/credits", "/library", "/studio", "/billing", "/requests"):
            asked[f"{address} of the {who} account"] = page(visitor, address)
    asked["an image of the largest account"] = lambda: life_cycle(0, f"growth-{next(numbers)}")
    asked["an image of a usual account"] = lambda: life_cycle(7, f"growth-{next(numbers)}")
    for check in CHECKS:
        asked[f"check {check.name}"] = lambda check=check: list(check.find(NOW))  # type: ignore[misc]
    asked["ledger verify, since the last time"] = lambda: books.verify_newest(machine_now=NOW)
    return asked


def medians(asked: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the median seconds of each question, of *rounds* that take turns."""
    from jewelrymodel.payments.gateway import ProcessorDown

    took: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(rounds + 1):
        for name, ask in asked.items():
            began = perf_counter()
            try:
                ask()
            except (ProcessorDown, ValueError):  # no processor and no edition in this cluster
                took[name].append(float("nan"))
                continue
            took[name].append(perf_counter() - began)
    return {name: median(times[1:]) for name, times in took.items()}


def main(transfers: int, rounds: int = 5) -> None:
    """Load, ask, load more, ask again; print what a question takes at both sizes."""
    with cluster():
        prepare(ACCOUNTS)
        from django.core.management import call_command
        from django.db import connection
        from life_cycle import world

        world(ACCOUNTS)
        call_command("collectstatic", interactive=False, verbosity=0)
        from jewelrymodel.ledger import operations as books

        print(f"{SMALL:,} transfers: loaded in {load(0, SMALL):.0f} s", flush=True)
        asked = questions()
        small = medians(asked, rounds)
        print(f"{transfers:,} transfers: loaded in {load(SMALL, transfers):.0f} s", flush=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            print(f"{cursor.fetchone()[0] / 1e9:.1f} GB")
        began = perf_counter()
        found = books.verify(machine_now=NOW)
        print(f"ledger verify, all of it: {perf_counter() - began:.1f} s, {len(found)} disagree")
        large = medians(asked, rounds)
        for name in asked:
            ratio = large[name] / small[name]
            mark = "  <-- grows" if ratio > 1.2 and large[name] > 0.005 else ""
            print(
                f"{small[name] * 1e3:8.1f} {large[name] * 1e3:8.1f} ms  x{ratio:5.2f}  {name}{mark}"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300_000)
