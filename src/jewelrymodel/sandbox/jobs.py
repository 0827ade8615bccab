"""What the sandbox does by itself when its time comes, each thing in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable

from jewelrymodel.sandbox.resources import refunds, sessions
from jewelrymodel.sandbox.store import Store, Tx

Job = Callable[[Tx, str], None]


def _expire_session(tx: Tx, session_id: str) -> None:
    session = tx.need("checkout.session", session_id)
    if session["status"] == "open":
        sessions.expired(tx, session)


JOBS: dict[str, Job] = {
    "refund:fails": refunds.fail,
    "refund:pends": refunds.settle,
    "session:expire": _expire_session,
}


def run_due(store: Store) -> int:
    """Do everything that is due, oldest first and at its own instant; returns how much it was."""
    done = 0
    while _run_one(store):
        done += 1
    return done


def _run_one(store: Store) -> bool:
    with store.transaction() as tx:
        row = tx.conn.execute(
            "SELECT id, due, name, subject FROM jobs WHERE due <= ? ORDER BY due, id LIMIT 1",
            (tx.now,),
        ).fetchone()
        if row is None:
            return False
        job_id, due, name, subject = row
        tx.conn.execute("DELETE FROM jobs WHERE id = ?", (job_id,))
        tx.now = due
        JOBS[name](tx, subject)
        return True
