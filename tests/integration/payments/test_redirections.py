"""An answer of the processor that leads elsewhere is followed nowhere."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import stripe
from pytest_django import Settings

from jewelrymodel.payments.adapters.stripe_client import client

KEY = "sk_" + "test_straight"


class Elsewhere(BaseHTTPRequestHandler):
    """Leads every request to another path, and answers well there."""

    asked: list[str]

    def do_GET(self) -> None:
        """Answer a reading or, by the name below, a writing request."""
        type(self).asked.append(self.path)
        is_led = not self.path.startswith("/elsewhere")
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b"{}" if is_led else b'{"id": "cus_1", "object": "customer"}'
        self.send_response(307 if is_led else 200)
        if is_led:
            self.send_header("Location", f"/elsewhere{self.path}")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def asked(settings: Settings) -> Iterator[list[str]]:
    """Which paths a processor was asked that redirects."""
    Elsewhere.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.STRIPE_API_BASE = f"http://127.0.0.1:{server.server_port}"
        settings.STRIPE_SECRET_KEY = KEY
        yield Elsewhere.asked
        server.shutdown()


def test_neither_what_reads_nor_what_writes_is_led_elsewhere(asked: list[str]) -> None:
    with pytest.raises(stripe.StripeError):
        client().v1.customers.retrieve("cus_1")
    with pytest.raises(stripe.StripeError):
        client().v1.customers.create({"email": "ida@rings.example"})
    assert set(asked) == {"/v1/customers/cus_1", "/v1/customers"}
