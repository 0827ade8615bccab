"""Webhook endpoints: who is told about what, and the secret that signs it."""

from __future__ import annotations

from jewelrymodel.sandbox.api_call import Call
from jewelrymodel.sandbox.encodings import Doc
from jewelrymodel.sandbox.errors import invalid, missing
from jewelrymodel.sandbox.events import API_VERSION
from jewelrymodel.sandbox.ids import new_id, random_text
from jewelrymodel.sandbox.store import Tx

CONFIGURED = "we_configured"


def configure(tx: Tx, url: str, secret: str) -> None:
    """Make the endpoint that the settings name, or bring it up to date."""
    configured = tx.get(CONFIGURED)
    if not url:
        if configured:
            tx.save({**configured, "status": "disabled"})
        return
    endpoint = _shape(tx, CONFIGURED, url, ["*"], secret)
    if configured:
        tx.save(endpoint)
    else:
        tx.insert(endpoint)


def create(call: Call) -> Doc:
    """`POST /v1/webhook_endpoints`; only this answer shows the secret."""
    params = call.params
    events = params.texts("enabled_events")
    if not events:
        raise missing("enabled_events")
    params.accept("api_version")
    secret = f"whsec_{random_text(32)}"
    endpoint = _shape(call.tx, new_id("webhook_endpoint"), _url(call), events, secret)
    endpoint["description"] = params.text("description")
    endpoint["metadata"] = params.metadata()
    call.tx.insert(endpoint)
    return {**endpoint, "secret": secret}


def update(call: Call) -> Doc:
    """`POST /v1/webhook_endpoints/:id`"""
    endpoint, params = call.subject("webhook_endpoint"), call.params
    if "url" in params:
        endpoint["url"] = _url(call)
    if "enabled_events" in params:
        endpoint["enabled_events"] = params.texts("enabled_events")
    if "disabled" in params:
        endpoint["status"] = "disabled" if params.flag("disabled") else "enabled"
    if "description" in params:
        endpoint["description"] = params.text("description")
    endpoint["metadata"] = params.metadata(endpoint["metadata"])
    return call.tx.save(endpoint)


def delete(call: Call) -> Doc:
    """`DELETE /v1/webhook_endpoints/:id`; what still waited for it is given up."""
    endpoint = call.subject("webhook_endpoint")
    call.tx.conn.execute("DELETE FROM objects WHERE id = ?", (endpoint["id"],))
    call.tx.conn.execute(
        "UPDATE deliveries SET state = 'failed', last_error = 'endpoint deleted'"
        " WHERE endpoint_id = ? AND state = 'pending'",
        (endpoint["id"],),
    )
    return {"id": endpoint["id"], "object": "webhook_endpoint", "deleted": True}


def _url(call: Call) -> str:
    url = call.params.needed("url")
    if not url.startswith(("http://", "https://")):
        raise invalid("url", "Invalid URL: it has to start with http:// or https://.")
    return url


def _shape(tx: Tx, endpoint_id: str, url: str, events: list[str], secret: str) -> Doc:
    return {
        "id": endpoint_id,
        "object": "webhook_endpoint",
        "api_version": API_VERSION,
        "application": None,
        "created": tx.now,
        "description": None,
        "enabled_events": events,
        "livemode": False,
        "metadata": {},
        "status": "enabled",
        "url": url,
        "_secret": secret,
    }
