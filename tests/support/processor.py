"""The payment processor's sandbox as its clients see it, and a receiver of its webhooks."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import stripe

DAY_S = 86_400


def monthly() -> list[dict[str, Any]]:
    """The line of a monthly plan for 29.00."""
    price = {
        "currency": "usd",
        "unit_amount": 2900,
        "product_data": {"name": "Monthly plan"},
        "recurring": {"interval": "month"},
    }
    return [{"price_data": price, "quantity": 1}]


def subscribe(sandbox: Sandbox) -> stripe.Subscription:
    """A monthly plan, paid at checkout."""
    session = sandbox.session(
        mode="subscription",
        line_items=monthly(),
        subscription_data={"metadata": {"account": "7"}},
    )
    assert sandbox.card(session.url, "4242424242424242").status_code == 303
    paid = sandbox.api.checkout.sessions.retrieve(
        session.id, {"expand": ["subscription.latest_invoice"]}
    )
    assert (paid.payment_status, paid.payment_intent) == ("paid", None)
    bought: stripe.Subscription = paid.subscription
    return bought


SECRET = "whsec_of_these_tests"


CARD = {
    "expiry": "12 / 34",
    "cvc": "123",
    "name": "Ada Example",
    "email": "ada@shop.example",
    "country": "DE",
}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Receiver:
    """Takes webhooks; `status` is what it answers, `events` what was rightly signed."""

    url: str = ""
    status: int = 200
    events: list[stripe.Event] = field(default_factory=list)
    forged: int = 0

    def take(self, body: bytes, signature: str) -> int:
        """Keep a delivery; the status to answer with."""
        try:
            event = stripe.Webhook.construct_event(body, signature, SECRET)
        except stripe.SignatureVerificationError:
            self.forged += 1
            return 400
        if self.status == 200:
            self.events.append(event)
        return self.status

    def types(self) -> list[str]:
        """The names of the events that arrived, in order."""
        return [event.type for event in self.events]

    def wait_for(self, name: str, times: int = 1, within_s: float = 6) -> None:
        """Wait until an event of this name arrived so often."""
        end = time.monotonic() + within_s
        while self.types().count(name) < times:
            assert time.monotonic() < end, f"{name} did not arrive; there is {self.types()}"
            time.sleep(0.02)


@dataclass
class Sandbox:
    """The running sandbox as its clients see it."""

    url: str
    db: Path
    receiver: Receiver
    http: httpx.Client

    def client(self, retries: int = 0, key: str = "sk_test_sandbox_tests") -> stripe.StripeClient:
        """The official SDK, pointed here."""
        return stripe.StripeClient(
            key, base_addresses={"api": self.url}, max_network_retries=retries
        )

    @property
    def api(self) -> Any:
        """The SDK's services."""
        return self.client().v1

    def panel(self, path: str, **sent: Any) -> dict[str, Any]:
        """Tell the fault panel something."""
        answer = self.http.post(f"/_sandbox/{path}", json=sent)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def session(self, amount: int = 2000, **more: Any) -> stripe.checkout.Session:
        """A fresh checkout session over one inline price."""
        price = {"currency": "usd", "unit_amount": amount, "product_data": {"name": "300 credits"}}
        created: stripe.checkout.Session = self.api.checkout.sessions.create(
            {
                "mode": "payment",
                "line_items": [{"price_data": price, "quantity": 1}],
                "success_url": "http://127.0.0.1:9/thanks?session={CHECKOUT_SESSION_ID}",
                "cancel_url": "http://127.0.0.1:9/back",
                "customer_email": "ada@shop.example",
                **more,
            }
        )
        return created

    def card(self, url: str | None, number: str, **more: str) -> httpx.Response:
        """Send the card page's form."""
        return self.http.post(url or "", data={**CARD, "number": number, **more})

    def paid(self, number: str = "4242424242424242", **more: Any) -> stripe.Charge:
        """A charge that went through, from session to card page."""
        session = self.session(**more)
        assert self.card(session.url, number).status_code == 303
        intent = self.api.checkout.sessions.retrieve(
            session.id, {"expand": ["payment_intent.latest_charge"]}
        ).payment_intent
        charge: stripe.Charge = intent.latest_charge
        return charge


def stop(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM) -> None:
    """End a sandbox, the server's worker included: alone it would go on and hold the port."""
    os.killpg(process.pid, how)
    process.wait(timeout=10)


def start(db: Path, port: int, webhook_url: str) -> subprocess.Popen[bytes]:
    """Start a sandbox and wait until it answers."""
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        f"{sys.executable} -m granian --interface asgi --no-ws --workers 1 --log-level warning"
        f" --host 127.0.0.1 --port {port} jewelrymodel.sandbox.asgi:app".split(),
        env=os.environ
        | {
            "SANDBOX_DB": str(db),
            "SANDBOX_WEBHOOK_URL": webhook_url,
            "SANDBOX_WEBHOOK_SECRET": SECRET,
            "SANDBOX_PUBLIC_URL": url,
        },
        start_new_session=True,
    )
    for _ in range(400):
        try:
            httpx.get(f"{url}/_sandbox/health", trust_env=False).raise_for_status()
            return process
        except httpx.TransportError:
            assert process.poll() is None, "the sandbox did not start"
            time.sleep(0.05)
    raise AssertionError("the sandbox did not answer in 20 seconds")
