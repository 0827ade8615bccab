"""What a night's attestation and a proof cost: ``python bench/attestation.py 100000``.

A database of its own is filled with so many accounts (10,000 unless told), a lot each, by plain
SQL. The first attestation reads all of them; the second, after one in twenty got credits again, is
what a night costs. Beside it: the same number of leaves hashed and nothing else.
"""

import sys
from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

from ledger import NOW, cluster, prepare

T = TypeVar("T")
_ACCOUNTS = """
INSERT INTO accounts_account (id, name, created_at, country, buyer_capacity)
  SELECT 'many_' || n, 'Shop ' || n, %(now)s, '', 'consumer'
  FROM generate_series(1, %(accounts)s) n;
INSERT INTO ledger_wallet (account_id) SELECT 'many_' || n FROM generate_series(1, %(accounts)s) n
"""
_GRANTS = """
INSERT INTO ledger_lot (id, account_id, source, source_ref, quantity, paid_minor, currency,
    created_at, available, held)
  SELECT %(lot)s || n, 'many_' || n, 'package_order', %(lot)s || n, 10, 990, 'USD', %(now)s, 10, 0
  FROM generate_series(1, %(accounts)s, %(step)s) n;
INSERT INTO ledger_movement (account_id, operation, idempotency_key, fingerprint, cause_kind,
    cause_id, happened_at, lot_id, available_after, held_after, suspended_after)
  SELECT 'many_' || n, 'grant', %(lot)s || n, repeat('a', 64), 'order', 'order_' || n, %(now)s,
    %(lot)s || n, %(after)s, 0, 0 FROM generate_series(1, %(accounts)s, %(step)s) n;
INSERT INTO ledger_transfer (id, account_id, movement_id, from_kind, from_lot_id, to_kind,
    to_lot_id, quantity, from_offset, value_minor)
  SELECT 't' || lot_id, account_id, id, 'issued', lot_id, 'lot', lot_id, 10, 0, 990
  FROM ledger_movement WHERE lot_id LIKE %(lot)s || '%%';
"""


def fill(sql: str, **values: int | str) -> None:
    """Write rows as the product does, with its constraints set aside meanwhile."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in sql.split(";\n"):
            if statement.strip():
                cursor.execute(statement, {"now": NOW, **values})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def timed(what: str, work: Callable[[], T]) -> T:
    """Do *work*, and print how long it took."""
    began = perf_counter()
    done = work()
    print(f"{what:48} {perf_counter() - began:7.2f} s")
    return done


def main(accounts: int) -> None:
    """Print the seconds of two nights, of a proof, and of its verification."""
    with cluster():
        prepare(1)
        from jewelrymodel.attestation import operations, queries
        from jewelrymodel.attestation.rules import proof_file, sum_tree

        fill(_ACCOUNTS, accounts=accounts)
        fill(_GRANTS, accounts=accounts, step=1, lot="a", after=10)
        timed(f"first attestation of {accounts:,} accounts", lambda: operations.attest(now=NOW))
        fill(_GRANTS, accounts=accounts, step=20, lot="b", after=20)
        timed("a night: one in twenty got credits", lambda: operations.attest(now=NOW))
        timed(
            "leaves and tree alone, from memory",
            lambda: sum_tree.levels([sum_tree.leaf(b"%d" % n, 10) for n in range(accounts)]),
        )
        proof = timed("a proof", lambda: queries.account_proof(account_id="many_1"))
        proven = timed("verifying it", lambda: proof_file.prove(proof))
        assert proven.history.credits == 20, proven.history


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
