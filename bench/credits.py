"""The credits page of an account with 41,000 movements, beside one with 600, in the same run.

Run with ``python bench/credits.py [rounds]``: on an embedded cluster of its own. A page reads fifty
lines and some hundred instants of the chart, so the ratio stays near one.
"""

import sys
from statistics import median
from time import perf_counter

from ledger import NOW, cluster, prepare

SMALL, LARGE = 600, 41_000
_LIFE = """
    insert into ledger_movement (account_id, operation, idempotency_key, fingerprint, cause_kind,
        cause_id, happened_at, available_after, held_after, suspended_after)
    select %(account_id)s, 'revoke', 'bench_' || n, '', 'order', 'bench',
        %(now)s - (%(count)s - n) * interval '10 minutes', n %% 500, 0, 0
    from generate_series(1, %(count)s) as n
"""


def main(rounds: int) -> None:
    """Load both accounts, look at both pages in turn, and print the medians."""
    with cluster():
        small, large = prepare(2)
        from django.contrib.auth import get_user_model
        from django.core.management import call_command
        from django.db import connection
        from django.test import Client

        from jewelrymodel.accounts.models import Membership

        call_command("collectstatic", interactive=False, verbosity=0)
        sizes = {small: SMALL, large: LARGE}
        clients = {}
        with connection.cursor() as cursor:
            cursor.execute("set session_replication_role = replica")  # rows as if written long ago
            for account_id, size in sizes.items():
                cursor.execute(_LIFE, {"account_id": account_id, "count": size, "now": NOW})
            cursor.execute("set session_replication_role = origin")
            cursor.execute("analyze")
        for account_id in sizes:
            user = get_user_model().objects.create(email=f"{account_id}@rings.example")
            Membership.objects.create(user=user, account_id=account_id, role="owner", joined_at=NOW)
            clients[account_id] = Client(headers={"host": "localhost"})
            clients[account_id].force_login(user)
        took: dict[str, list[float]] = {account_id: [] for account_id in sizes}
        for _ in range(rounds):
            for account_id, client in clients.items():
                began = perf_counter()
                page = client.get("/credits")
                took[account_id].append(perf_counter() - began)
                assert page.status_code == 200, page.status_code
                assert len(page.content) < 100_000
        fast, slow = median(took[small]), median(took[large])
        print(f"{SMALL:6,} movements: {fast * 1000:7.1f} ms")
        print(f"{LARGE:6,} movements: {slow * 1000:7.1f} ms, {slow / fast:.2f} times as long")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
