"""The loop that sends webhooks: signed, retried with growing pauses, resumed after a restart."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import math
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby

import httpx

from jewelrymodel.sandbox import clock, faults, scheduled_events
from jewelrymodel.sandbox.encodings import Doc
from jewelrymodel.sandbox.store import Store

# Seconds until the next attempt: quick at first, then as patient as the processor (about 3 days).
BACKOFF_S = (1, 3, 10, 60, 600, 3_600, 4 * 3_600, 12 * 3_600, 24 * 3_600, 30 * 3_600)
TIMEOUT_S = 10
POLL_S = 0.15

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parcel:
    """One delivery that is due."""

    delivery_id: int
    attempts: int
    event: Doc
    url: str
    secret: str
    endpoint_id: str


def sign(payload: str, secret: str, at: int) -> str:
    """The `Stripe-Signature` header: HMAC-SHA256 over "instant.payload"."""
    digest = hmac.new(secret.encode(), f"{at}.{payload}".encode(), sha256).hexdigest()
    return f"t={at},v1={digest}"


async def run(store: Store) -> None:
    """Do what is due and send what waits, until canceled.

    The file is asked again only once something was written to it, or something falls due: asking
    six times a second for nothing took most of what a sandbox at rest took of a processor.
    """
    async with httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False) as client:
        seen: object = None
        due = 0.0
        while True:
            if store.last_write is seen and clock.real_time() < due:
                await asyncio.sleep(POLL_S)
                continue
            seen = store.last_write  # before looking: what is written meanwhile is looked at again
            try:
                await asyncio.to_thread(scheduled_events.run_due, store)
                sent = await send_due(store, client)
                due = await asyncio.to_thread(_next_due, store)
            except Exception:  # a loop that dies would lose webhooks in silence
                log.exception("The sandbox's loop stumbled; it goes on in a second.")
                seen, sent = None, 0
                await asyncio.sleep(1)
            if not sent:
                await asyncio.sleep(POLL_S)


async def send_due(store: Store, client: httpx.AsyncClient) -> int:
    """Send everything that is due: in order to each endpoint, endpoints side by side."""
    parcels = await asyncio.to_thread(_due, store)
    lanes = [list(lane) for _, lane in groupby(parcels, key=lambda parcel: parcel.endpoint_id)]
    await asyncio.gather(*(_send_lane(store, client, lane) for lane in lanes))
    return len(parcels)


async def _send_lane(store: Store, client: httpx.AsyncClient, lane: list[Parcel]) -> None:
    for parcel in lane:
        await _send(store, client, parcel)


async def _send(store: Store, client: httpx.AsyncClient, parcel: Parcel) -> None:
    payload = json.dumps(parcel.event, indent=2)
    forged = await asyncio.to_thread(_prepare, store, parcel)
    if forged is None:
        return
    secret = "whsec_forged" if forged else parcel.secret
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (local sandbox)",
        "Stripe-Signature": sign(payload, secret, int(clock.real_time())),
    }
    status, error = None, None
    try:
        response = await client.post(parcel.url, content=payload, headers=headers)
        status = response.status_code
    except httpx.HTTPError as problem:
        error = type(problem).__name__
    await asyncio.to_thread(_note, store, parcel, status, error)


def _next_due(store: Store) -> float:
    """When the next job or delivery falls due, in seconds of real time; infinity for never."""
    with store.transaction() as tx:
        (due,) = tx.conn.execute(
            "SELECT min(due) FROM (SELECT min(due) AS due FROM jobs UNION ALL"
            " SELECT min(due) FROM deliveries WHERE state = 'pending')"
        ).fetchone()
        return math.inf if due is None else float(due) - clock.offset_s(tx.conn)


def _due(store: Store) -> list[Parcel]:
    with store.transaction() as tx:
        rows = tx.conn.execute(
            "SELECT d.id, d.attempts, e.body, w.body FROM deliveries d"
            " JOIN objects e ON e.id = d.event_id JOIN objects w ON w.id = d.endpoint_id"
            " WHERE d.state = 'pending' AND d.due <= ?"
            " ORDER BY d.endpoint_id, d.due, CASE d.held WHEN 1 THEN -d.id ELSE d.id END LIMIT 100",
            (clock.sandbox_time(tx.conn),),
        ).fetchall()
    parcels = []
    for delivery_id, attempts, event, raw in rows:
        target = json.loads(raw)
        parcels.append(
            Parcel(
                delivery_id,
                attempts,
                json.loads(event),
                target["url"],
                target["_secret"],
                target["id"],
            )
        )
    return parcels


def _prepare(store: Store, parcel: Parcel) -> bool | None:
    """Whether this attempt is to be forged; None when it is no longer wanted (a reset)."""
    with store.transaction() as tx:
        row = tx.conn.execute(
            "SELECT 1 FROM deliveries WHERE id = ? AND state = 'pending'", (parcel.delivery_id,)
        ).fetchone()
        if row is None:
            return None
        forged = faults.take(tx.conn, "forge_webhooks")
        tx.conn.execute(
            "UPDATE deliveries SET forged = ? WHERE id = ?", (forged, parcel.delivery_id)
        )
        return forged


def _note(store: Store, parcel: Parcel, status: int | None, error: str | None) -> None:
    arrived = status is not None and 200 <= status < 300
    with store.transaction() as tx:
        state, due = "delivered", clock.sandbox_time(tx.conn)
        if not arrived:
            spent = parcel.attempts >= len(BACKOFF_S)
            state = "failed" if spent else "pending"
            due += 0 if spent else BACKOFF_S[parcel.attempts]
        tx.conn.execute(
            "UPDATE deliveries SET state = ?, due = ?, attempts = attempts + 1,"
            " last_status = ?, last_error = ? WHERE id = ?",
            (state, due, status, error, parcel.delivery_id),
        )
        event = tx.get(parcel.event["id"])
        if arrived and event and event["pending_webhooks"]:
            tx.save({**event, "pending_webhooks": event["pending_webhooks"] - 1})
