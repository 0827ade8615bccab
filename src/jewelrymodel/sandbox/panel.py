"""The fault panel: what the sandbox holds and sent, its clock, and what it shall do wrong.

Each address answers JSON to programs and goes back to the page when a form was sent.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from jewelrymodel.sandbox import clock, dashboard, events, faults, scheduled_events
from jewelrymodel.sandbox.api_call import Answer
from jewelrymodel.sandbox.encodings import Doc, public
from jewelrymodel.sandbox.errors import Refused, invalid
from jewelrymodel.sandbox.hosted_pages import page
from jewelrymodel.sandbox.resources import (
    disputes,
    early_fraud_warnings,
    payment_intents,
    webhook_endpoints,
)
from jewelrymodel.sandbox.settings import SandboxSettings
from jewelrymodel.sandbox.store import Store, Tx, erase, forget_saved, restore, save

_SHOWN = 40
_WORDS = ("reason", "outcome", "how", "behavior", "field", "word")


class Panel:
    """The panel over one store."""

    def __init__(self, store: Store, settings: SandboxSettings) -> None:
        self._store = store
        self._settings = settings

    def routes(self) -> list[Route]:
        """Its addresses."""
        return [
            Route("/_sandbox/", self._page),
            Route("/_sandbox/health", self._serve(lambda _sent: {"status": "up"})),
            Route("/_sandbox/faults", self._serve(self._faults), methods=["GET", "POST"]),
            Route("/_sandbox/clock", self._serve(self._clock), methods=["GET", "POST"]),
            Route("/_sandbox/reset", self._serve(self._reset), methods=["POST"]),
            Route("/_sandbox/save", self._serve(self._save), methods=["POST"]),
            Route("/_sandbox/restore", self._serve(self._restore), methods=["POST"]),
            Route("/_sandbox/webhooks", self._serve(self._webhooks)),
            Route("/_sandbox/webhooks/flush", self._flush, methods=["POST"]),
            Route("/_sandbox/events/{id}/resend", self._serve(self._resend), methods=["POST"]),
            Route("/_sandbox/charges/{id}/dispute", self._serve(self._dispute), methods=["POST"]),
            Route("/_sandbox/charges/{id}/warning", self._serve(self._warn), methods=["POST"]),
            Route("/_sandbox/charges/{id}/repeat", self._serve(self._repeat), methods=["POST"]),
            Route("/_sandbox/disputes/{id}/decide", self._serve(self._decide), methods=["POST"]),
            self._act("/_sandbox/charges/{id}/refund", dashboard.refund),
            self._act("/_sandbox/subscriptions/{id}/cancel", dashboard.cancel),
            self._act("/_sandbox/subscriptions/{id}/resume", dashboard.resume),
            self._act("/_sandbox/subscriptions/{id}/pause", dashboard.pause),
            self._act("/_sandbox/subscriptions/{id}/unpause", dashboard.unpause),
            self._act("/_sandbox/invoices/{id}/settle", dashboard.settle_invoice),
            self._act("/_sandbox/customers/{id}/delete", dashboard.delete_customer),
            self._act("/_sandbox/events/foreign", dashboard.foreign_events),
            self._act("/_sandbox/objects/{id}/say", dashboard.say),
        ]

    def _serve(self, act: Callable[[Doc], Doc]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            try:
                sent = {**await _sent(request), **request.path_params}
                answer = await run_in_threadpool(act, sent)
            except Refused as refusal:
                return JSONResponse(refusal.doc("panel"), refusal.status)
            return _back(request) or JSONResponse(answer)

        return endpoint

    def _act(self, path: str, act: Callable[[Tx, Doc], Answer]) -> Route:
        """An address at which one act of the dashboard is done."""

        def done(sent: Doc) -> Doc:
            with self._store.transaction() as tx:
                answer = act(tx, sent)
                if isinstance(answer, Refused):
                    raise answer
                return public(answer)

        return Route(path, self._serve(done), methods=["POST"])

    def _faults(self, sent: Doc) -> Doc:
        with self._store.transaction() as tx:
            return asdict(faults.change(tx.conn, sent) if sent else faults.read(tx.conn))

    def _clock(self, sent: Doc) -> Doc:
        with self._store.transaction() as tx:
            if sent:
                clock.set_offset(tx.conn, _whole(sent, "offset_s"))
        done = scheduled_events.run_due(self._store)
        with self._store.transaction() as tx:
            return {"offset_s": clock.offset_s(tx.conn), "now": tx.now, "jobs_done": done}

    def _reset(self, _sent: Doc) -> Doc:
        with self._store.transaction() as tx:
            erase(tx.conn)
            forget_saved(tx.conn)
            webhook_endpoints.configure(
                tx, self._settings.webhook_url, self._settings.webhook_secret
            )
        return {"status": "empty"}

    def _save(self, _sent: Doc) -> Doc:
        with self._store.transaction() as tx:
            save(tx.conn)
        return {"status": "saved"}

    def _restore(self, _sent: Doc) -> Doc:
        with self._store.transaction() as tx:
            if not restore(tx.conn):
                raise invalid("restore", "Nothing was saved.")
        return {"status": "restored"}

    def _webhooks(self, _sent: Doc) -> Doc:
        with self._store.transaction() as tx:
            return {"data": _deliveries(tx)}

    def _resend(self, sent: Doc) -> Doc:
        with self._store.transaction() as tx:
            return {"queued": events.queue_again(tx, sent["id"])}

    def _dispute(self, sent: Doc) -> Doc:
        with self._store.transaction() as tx:
            dispute = disputes.open_dispute(
                tx,
                sent["id"],
                str(sent.get("reason", "fraudulent")),
                inquiry=sent.get("inquiry") is True,
            )
            return public(dispute)

    def _decide(self, sent: Doc) -> Doc:
        with self._store.transaction() as tx:
            outcome = str(sent.get("outcome", ""))
            turns = {"escalated": disputes.escalate, "appealed": disputes.appeal}
            if outcome in turns:
                return public(turns[outcome](tx, sent["id"]))
            return public(disputes.decide(tx, sent["id"], outcome))

    def _warn(self, sent: Doc) -> Doc:
        with self._store.transaction() as tx:
            return public(early_fraud_warnings.warn(tx, sent["id"]))

    def _repeat(self, sent: Doc) -> Doc:
        with self._store.transaction() as tx:
            return public(payment_intents.repeat(tx, sent["id"]))

    async def _flush(self, request: Request) -> Response:
        """Send at once what waits; with `wait_s`, answer when it is tried or that time is over."""
        sent = await _sent(request)
        waiting = await run_in_threadpool(self._hurry)
        end = clock.real_time() + float(sent.get("wait_s", 0))
        left = waiting
        while left and clock.real_time() < end:
            await asyncio.sleep(0.05)
            left = await run_in_threadpool(self._untried)
        return _back(request) or JSONResponse({"queued": waiting, "left": left})

    def _hurry(self) -> int:
        with self._store.transaction() as tx:
            return tx.conn.execute(
                "UPDATE deliveries SET due = ?, held = 0 WHERE state = 'pending'",
                (clock.sandbox_time(tx.conn),),
            ).rowcount

    def _untried(self) -> int:
        with self._store.transaction() as tx:
            row = tx.conn.execute(
                "SELECT count(*) FROM deliveries WHERE state = 'pending' AND due <= ?",
                (clock.sandbox_time(tx.conn),),
            ).fetchone()
            return int(row[0])

    async def _page(self, _request: Request) -> Response:
        return await run_in_threadpool(self._render)

    def _render(self) -> Response:
        with self._store.transaction() as tx:
            return page(
                "panel.html",
                now=tx.now,
                offset_s=clock.offset_s(tx.conn),
                faults=asdict(faults.read(tx.conn)),
                sessions=tx.recent("checkout.session", _SHOWN),
                events=_events(tx),
                charges=[charge for charge in tx.recent("charge", _SHOWN) if charge["paid"]],
                disputes=tx.recent("dispute", _SHOWN),
                subscriptions=tx.recent("subscription", _SHOWN),
                invoices=[one for one in tx.recent("invoice", _SHOWN) if one["status"] != "paid"],
                reasons=disputes.REASONS,
                outcomes=("escalated", "appealed", *disputes.OUTCOMES),
            )


def _deliveries(tx: Tx) -> list[Doc]:
    cursor = tx.conn.execute(
        "SELECT id, event_id, endpoint_id, state, forged, attempts, last_status, last_error"
        " FROM deliveries ORDER BY id DESC LIMIT 1000"
    )
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _events(tx: Tx) -> list[Doc]:
    by_event: dict[str, list[Doc]] = {}
    for delivery in _deliveries(tx):
        by_event.setdefault(delivery["event_id"], []).append(delivery)
    recent = tx.recent("event", _SHOWN)
    return [{**event, "deliveries": by_event.get(event["id"], [])} for event in recent]


async def _sent(request: Request) -> Doc:
    if request.method == "GET":
        return {}
    if _is_form(request):
        return {key: _typed(key, str(value)) for key, value in (await request.form()).items()}
    body = await request.body()
    try:
        sent = json.loads(body or b"{}")
    except ValueError as problem:
        raise invalid("body", "The body has to be JSON.") from problem
    if not isinstance(sent, dict):
        raise invalid("body", "The body has to be a JSON object.")
    return sent


def _typed(name: str, value: str) -> Any:
    if name in _WORDS:
        return value
    default = {**asdict(faults.Faults()), "inquiry": False, "offset_s": 0}.get(name, 0)
    if isinstance(default, str):
        return value
    if isinstance(default, bool):
        return value == "true"
    try:
        return float(value) if isinstance(default, float) else int(value)
    except ValueError as problem:
        raise invalid(name, f"{name} has to be a number.") from problem


def _whole(sent: Doc, name: str) -> int:
    value = sent.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise invalid(name, f"{name} has to be a whole number of seconds.")
    return value


def _is_form(request: Request) -> bool:
    kind = request.headers.get("content-type", "")
    return kind.startswith("application/x-www-form-urlencoded")


def _back(request: Request) -> Response | None:
    if request.method == "POST" and _is_form(request):
        return RedirectResponse("/_sandbox/", 303)
    return None
