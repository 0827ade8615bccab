"""One sandbox process for these tests, and a letter box that keeps the webhooks it sends."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from pytest_django import Settings

from jewelrymodel.accounts.models import Membership
from tests.support.shop import SECRET, Letter, Sandbox, register


@pytest.fixture(scope="session")
def letter_box() -> Iterator[tuple[str, list[Letter]]]:
    """An address that takes webhooks, and those that came."""
    letters: list[Letter] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            letters.append(Letter(body, self.headers["Stripe-Signature"]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", letters
        server.shutdown()


def _start(db: Path, port: int, webhook_url: str) -> subprocess.Popen[bytes]:
    program = "granian --interface asgi --no-ws --workers 1 --log-level warning --host 127.0.0.1"
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            *program.split(),
            "--port",
            str(port),
            "jewelrymodel.sandbox.asgi:app",
        ],
        env=os.environ
        | {
            "SANDBOX_DB": str(db),
            "SANDBOX_WEBHOOK_URL": webhook_url,
            "SANDBOX_WEBHOOK_SECRET": SECRET,
            "SANDBOX_PUBLIC_URL": f"http://127.0.0.1:{port}",
        },
    )


@pytest.fixture(scope="session")
def running(
    letter_box: tuple[str, list[Letter]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sandbox]:
    """The sandbox's process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = _start(tmp_path_factory.mktemp("shop") / "sandbox.sqlite", port, letter_box[0])
    url = f"http://127.0.0.1:{port}"
    with httpx.Client(base_url=url, trust_env=False, timeout=20) as http:
        for _ in range(400):
            try:
                http.get("/_sandbox/health").raise_for_status()
                break
            except httpx.TransportError:
                assert process.poll() is None, "the sandbox did not start"
                time.sleep(0.05)
        yield Sandbox(url, http, letter_box[1])
    process.terminate()
    process.wait(timeout=10)


@pytest.fixture
def sandbox(running: Sandbox, settings: Settings) -> Sandbox:
    """The sandbox, empty and well, as the processor of our settings."""
    running.panel("webhooks/flush", wait_s=3)
    running.panel("reset")
    running.letters.clear()
    settings.STRIPE_API_BASE = running.url
    settings.STRIPE_SECRET_KEY = "sk_test_sandbox_tests"
    settings.STRIPE_WEBHOOK_SECRET = SECRET
    return running


@pytest.fixture
def terms(db: None) -> None:
    """The shipped refund policy, registered: the rooms' database is set up with it."""


@pytest.fixture
def seller(terms: None) -> Membership:
    """Somebody who buys."""
    return register()
