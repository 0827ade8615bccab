"""The stand-in as a program of its own, as others would start it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx
import stripe

from tests.support.processor import Receiver, free_port, stop

JEWELRYMODEL = Path(sys.executable).with_name("jewelrymodel")


def test_it_serves_the_api_and_its_pages_with_nothing_but_a_file(
    tmp_path: Path, receiver: Receiver
) -> None:
    port, db = free_port(), tmp_path / "kept.sqlite3"
    options = ["--port", str(port), "--db", str(db), "--webhook-url", receiver.url]
    alone = {name: value for name, value in os.environ.items() if not name.startswith("SANDBOX_")}
    process = subprocess.Popen(
        [JEWELRYMODEL, "sandbox", *options], env=alone, cwd=tmp_path, start_new_session=True
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/_sandbox/health", process)
        client = stripe.StripeClient("sk_test_sandbox_x", base_addresses={"api": url})
        price = {"currency": "usd", "unit_amount": 500, "product_data": {"name": "Thing"}}
        session = client.v1.checkout.sessions.create(
            {
                "mode": "payment",
                "line_items": [{"price_data": price, "quantity": 1}],  # type: ignore[typeddict-item]  # a plain dict
                "success_url": "http://127.0.0.1:9/",
            }
        )
        assert str(session.url).startswith(f"{url}/c/pay/")
        assert db.is_file()
    finally:
        stop(process)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(400):
        try:
            httpx.get(address, trust_env=False).raise_for_status()
            return
        except httpx.TransportError:
            assert process.poll() is None, "it did not start"
            time.sleep(0.05)
    raise AssertionError("it did not answer in 20 seconds")
