"""One API request from headers to answer: key checked, faults tried, done once, answered."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jewelrymodel.sandbox import faults, idempotency, key_permissions, routes
from jewelrymodel.sandbox.api_call import Call
from jewelrymodel.sandbox.encodings import Doc, decode_form
from jewelrymodel.sandbox.errors import Refused
from jewelrymodel.sandbox.events import API_VERSION
from jewelrymodel.sandbox.expansion import render
from jewelrymodel.sandbox.ids import random_text
from jewelrymodel.sandbox.request_params import Params
from jewelrymodel.sandbox.store import Store


@dataclass(frozen=True)
class Request:
    """An HTTP request below `/v1`; header names in small letters."""

    method: str
    path: str
    query: str
    body: str
    headers: Mapping[str, str]


@dataclass
class Reply:
    """The answer. `hang_s` keeps the caller waiting so long before it is sent (a fault)."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)
    hang_s: float = 0.0


def answer(store: Store, request: Request, key_prefix: str) -> Reply:
    """Answer one request; never raises `Refused`."""
    request_id = f"req_{random_text(14)}"
    try:
        secret = _check_key(request.headers.get("authorization", ""), key_prefix)
        _strike_before(store, request, secret)
        reply = _act_once(store, request, request_id)
    except Refused as refusal:
        reply = Reply(refusal.status, refusal.doc(request_id))
    reply.headers |= {
        "Request-Id": request_id,
        "Stripe-Version": request.headers.get("stripe-version", API_VERSION),
    }
    if key := request.headers.get("idempotency-key"):
        reply.headers["Idempotency-Key"] = key
    return reply


def _check_key(authorization: str, prefix: str) -> str:
    """Return the key; raises `Refused` for one that is none of ours."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "basic":
        try:
            value = base64.b64decode(value).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            value = ""
    if not value:
        raise Refused("You did not provide an API key (Authorization: Bearer …).", status=401)
    if not value.startswith(prefix):
        shown = f"{value[:7]}…{value[-4:]}" if len(value) > 16 else "…"
        raise Refused(f"Invalid API Key provided: {shown}", status=401)
    return value


def _strike_before(store: Store, request: Request, secret: str) -> None:
    with store.transaction() as tx:
        now = faults.read(tx.conn)
        broken = faults.take(tx.conn, "server_errors")
    if now.down:
        raise Refused("The sandbox plays dead (fault: down).", status=503, kind="api_error")
    if broken:
        raise Refused("The sandbox fails on purpose.", status=500, kind="api_error")
    key_permissions.check(now, secret, request.method, request.path)


def _act_once(store: Store, request: Request, request_id: str) -> Reply:
    params = decode_form(request.body if request.method == "POST" else request.query)
    key = request.headers.get("idempotency-key") if request.method == "POST" else None
    if key is None:
        return _act(store, request, params, request_id, None)
    print_ = idempotency.fingerprint(request.method, request.path, params)
    if earlier_answer := idempotency.claim(store, key, print_):
        return Reply(earlier_answer[0], earlier_answer[1], {"Idempotent-Replayed": "true"})
    try:
        return _act(store, request, params, request_id, key)
    except Refused as refusal:
        if not refusal.before_acting:
            with store.transaction() as tx:
                idempotency.keep(tx, key, refusal.status, refusal.doc(request_id))
        raise
    finally:
        idempotency.give_up(store, key)


def _act(store: Store, request: Request, params: Doc, request_id: str, key: str | None) -> Reply:
    route = routes.find(request.method, request.path.removeprefix("/v1"))
    if route is None:
        raise Refused(
            f"Unrecognized request URL ({request.method}: {request.path})."
            " This sandbox may not stand in for it.",
            status=404,
        )
    handler, object_id = route
    expand = params.pop("expand", [])
    asked = Params(params)
    with store.transaction(request_id=request_id, key=key) as tx:
        result = handler(Call(tx, asked, request.path, object_id))
        asked.finish()
        if isinstance(result, Refused):
            reply = Reply(result.status, result.doc(request_id))
        else:
            reply = Reply(200, render(tx, result, expand if isinstance(expand, list) else [expand]))
        if key:
            idempotency.keep(tx, key, reply.status, reply.body)
        if request.method == "POST" and faults.take(tx.conn, "timeouts_after_acting"):
            reply.hang_s = faults.read(tx.conn).timeout_s
    return reply


def encoded(body: dict[str, Any]) -> bytes:
    """The body as it goes over the wire."""
    return json.dumps(body, indent=2, ensure_ascii=False).encode()
