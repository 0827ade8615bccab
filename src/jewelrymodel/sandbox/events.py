"""Events: what happened, kept for the list and queued for every endpoint that wants it."""

from __future__ import annotations

from jewelrymodel.sandbox import clock, faults
from jewelrymodel.sandbox.encodings import Doc, public
from jewelrymodel.sandbox.ids import new_id
from jewelrymodel.sandbox.store import Tx

API_VERSION = "2026-10-28.endive"


def emit(tx: Tx, name: str, doc: Doc, previous: Doc | None = None) -> Doc:
    """Record an event about a document as it stands now, and queue its deliveries."""
    return announce(tx, name, doc, previous)


def announce(
    tx: Tx,
    name: str,
    doc: Doc,
    previous: Doc | None = None,
    *,
    livemode: bool = False,
    account: str = "",
) -> Doc:
    """As ``emit``; also in another mode, or of a connected *account*, whose objects aren't ours."""
    endpoints = [e for e in tx.find("webhook_endpoint", status="enabled") if _wants(e, name)]
    data: Doc = {"object": public(doc)}
    if previous is not None:
        data["previous_attributes"] = previous
    event = tx.insert(
        {
            "id": new_id("event"),
            "object": "event",
            **({"account": account} if account else {}),
            "api_version": API_VERSION,
            "created": tx.now,
            "data": data,
            "livemode": livemode,
            "pending_webhooks": len(endpoints),
            "request": {"id": tx.request_id, "idempotency_key": tx.idempotency_key},
            "type": name,
        }
    )
    if endpoints:
        _queue(tx, event["id"], [endpoint["id"] for endpoint in endpoints])
    return event


def queue_again(tx: Tx, event_id: str) -> int:
    """Queue an event once more for every endpoint, faults aside. Returns how many."""
    event = tx.need("event", event_id)
    wanted = [e for e in tx.find("webhook_endpoint", status="enabled") if _wants(e, event["type"])]
    for endpoint in wanted:
        _insert(tx, event_id, endpoint["id"], due=clock.sandbox_time(tx.conn))
    return len(wanted)


def _wants(endpoint: Doc, name: str) -> bool:
    return "*" in endpoint["enabled_events"] or name in endpoint["enabled_events"]


def _queue(tx: Tx, event_id: str, endpoint_ids: list[str]) -> None:
    wrong = faults.read(tx.conn)
    now = clock.sandbox_time(tx.conn)
    dropped = faults.take(tx.conn, "drop_webhooks")
    due = now + wrong.delay_webhooks_s
    if wrong.reorder_webhooks:
        due += wrong.reorder_window_s
        tx.conn.execute("UPDATE deliveries SET due = ? WHERE state = 'pending' AND held", (due,))
    for endpoint_id in endpoint_ids:
        for _ in range(1 if dropped else 1 + max(wrong.repeat_webhooks, 0)):
            _insert(
                tx,
                event_id,
                endpoint_id,
                due=due,
                state="dropped" if dropped else "pending",
                held=wrong.reorder_webhooks,
            )


def _insert(
    tx: Tx,
    event_id: str,
    endpoint_id: str,
    *,
    due: float,
    state: str = "pending",
    held: bool = False,
) -> None:
    tx.conn.execute(
        "INSERT INTO deliveries (event_id, endpoint_id, due, state, held) VALUES (?, ?, ?, ?, ?)",
        (event_id, endpoint_id, due, state, held),
    )
