"""Life cycles (hold → capture) per second, beside a plain balance update in the same run.

Run with ``python bench/ledger.py [threads] [seconds]``: on an embedded cluster of its own, durable
as in production. The ratio says what the ledger's guarantees cost on this machine.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from jewelrymodel.infra.postgres import EmbeddedPostgres, unprivileged

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CREDITS = 1_000_000


@contextmanager
def cluster() -> Iterator[None]:
    """Start a durable cluster in a fresh folder, migrate it, and remove it afterwards."""
    with tempfile.TemporaryDirectory(prefix="jm-bench-", ignore_cleanup_errors=True) as folder:
        root = Path(folder)
        root.chmod(0o711)  # our own folder: the database's user must pass through it
        postgres = EmbeddedPostgres(root / "pg", root / "run")
        postgres.prepare()
        server = subprocess.Popen(
            postgres.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            **unprivileged(),
        )  # fmt: skip
        try:
            postgres.wait_until_ready()
            os.environ |= {
                "DATABASE_URL": postgres.owner_url,
                "DATA_DIR": folder,
                "LOG_LEVEL": "ERROR",
            }
            yield
        finally:
            server.send_signal(2)
            server.wait(timeout=20)


def prepare(accounts: int) -> list[str]:
    """Migrate, make *accounts* with credits to burn and a plain balance; return their ids."""
    import django
    from django.core.management import call_command
    from django.db import connection

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jewelrymodel.config.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    from jewelrymodel.accounts.models import Account
    from jewelrymodel.ledger import operations
    from jewelrymodel.ledger.movement_kinds import LotSource

    ids = [f"acc_{number}" for number in range(accounts)]
    for account_id in ids:
        Account.objects.create(id=account_id, name="Bench", created_at=NOW)
        operations.grant(
            account_id=account_id, source=LotSource.PROMOTION, source_ref="bench",
            quantity=CREDITS, paid_minor=0, currency="", expires_at=None,
            idempotency_key="bench", now=NOW,
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE plain (account_id text PRIMARY KEY, balance int NOT NULL)")
        cursor.executemany("INSERT INTO plain VALUES (%s, %s)", [(i, CREDITS) for i in ids])
    return ids


def life_cycle(account_id: str, number: int) -> None:
    """Reserve one credit and spend it: two transactions, as a task does it."""
    from jewelrymodel.ledger import operations

    key = f"{account_id}-{number}"
    hold = operations.hold(
        account_id=account_id, quantity=1, subject=key, idempotency_key=key, now=NOW
    )
    operations.capture(hold_id=hold.id, quantity=1, idempotency_key=key, now=NOW)


def plain_update(account_id: str, number: int) -> None:
    """Take one off a number, in one transaction: what a ledger is weighed against."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE plain SET balance = balance - 1 WHERE account_id = %s AND balance >= 1",
            [account_id],
        )


def per_second(work: Callable[[str, int], None], ids: list[str], seconds: float) -> float:
    """Return how often *work* is done per second by one thread for each of *ids*."""
    from django.db import connection

    end = time.perf_counter() + seconds
    numbers = count()

    def run(account_id: str) -> int:
        done = 0
        while time.perf_counter() < end:
            work(account_id, next(numbers))
            done += 1
        connection.close()
        return done

    with ThreadPoolExecutor(len(ids)) as pool:
        return sum(pool.map(run, ids)) / seconds


def main(threads: int = 4, seconds: float = 5) -> None:
    """Print both rates and their ratio, for many accounts and for a single one."""
    with cluster():
        ids = prepare(threads)
        from jewelrymodel.ledger import queries

        for title, accounts in (("an account each", ids), ("one account", ids[:1] * threads)):
            plain = per_second(plain_update, accounts, seconds)
            ledger = per_second(life_cycle, accounts, seconds)
            print(
                f"{threads} threads, {title}: {ledger:.0f} life cycles/s, "
                f"{plain:.0f} plain updates/s, ratio 1:{plain / ledger:.1f}"
            )
        print(f"disagreements afterwards: {len(queries.verify())}")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3]))
