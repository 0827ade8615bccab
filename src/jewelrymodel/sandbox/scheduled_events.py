"""What the sandbox does by itself when its time comes, each thing in a transaction of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable

from jewelrymodel.sandbox import hosted_payment
from jewelrymodel.sandbox.errors import Refused
from jewelrymodel.sandbox.resources import (
    checkout_sessions,
    disputes,
    early_fraud_warnings,
    plan_changes,
    refunds,
    subscriptions,
)
from jewelrymodel.sandbox.store import Store, Tx

log = logging.getLogger(__name__)

Job = Callable[[Tx, str], None]


def _expire_session(tx: Tx, session_id: str) -> None:
    session = tx.need("checkout.session", session_id)
    if session["status"] == "open":
        checkout_sessions.expired(tx, session)


def _dispute(reason: str, *, inquiry: bool = False) -> Job:
    def job(tx: Tx, charge_id: str) -> None:
        disputes.open_dispute(tx, charge_id, reason, inquiry=inquiry)

    return job


def _warn(tx: Tx, charge_id: str) -> None:
    early_fraud_warnings.warn(tx, charge_id)


def _collect(tx: Tx, invoice_id: str) -> None:
    subscriptions.collect(tx, invoice_id)


JOBS: dict[str, Job] = {
    "refund:fails": refunds.fail,
    "refund:pends": refunds.settle,
    "session:expire": _expire_session,
    "subscription:renew": subscriptions.renew,
    "subscription:cancel": subscriptions.fall_due,
    "subscription:pending_update": plan_changes.fall_due,
    "invoice:advance": subscriptions.advance,
    "invoice:collect": _collect,
    "debit:end": hosted_payment.end_debit,
    "dispute:due": disputes.fall_due,
    # What some test cards bring about by themselves.
    "dispute:fraudulent": _dispute("fraudulent"),
    "dispute:product_not_received": _dispute("product_not_received"),
    "inquiry:fraudulent": _dispute("fraudulent", inquiry=True),
    "warning:made_with_stolen_card": _warn,
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
        tx.conn.execute("SAVEPOINT job")
        try:
            JOBS[name](tx, subject)
        except Refused as refusal:
            # What it was for has changed meanwhile, such as a charge that was refunded first.
            log.info("Left undone: %s %s: %s", name, subject, refusal)
            tx.conn.execute("ROLLBACK TO job")
        except Exception:
            # One that stumbles must not keep all that come after it from being done.
            log.exception("Left undone: %s %s", name, subject)
            tx.conn.execute("ROLLBACK TO job")
        return True
