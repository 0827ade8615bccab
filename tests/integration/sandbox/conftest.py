"""One sandbox process and one webhook receiver for all these tests; each test starts empty."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from tests.support.processor import Receiver, Sandbox, free_port, start, stop


@pytest.fixture(scope="session")
def receiver() -> Iterator[Receiver]:
    """A webhook receiver on a port of its own."""
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(kept.take(body, self.headers["Stripe-Signature"]))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        kept.url = f"http://127.0.0.1:{server.server_port}/hook"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield kept
        server.shutdown()


@pytest.fixture(scope="session")
def running(receiver: Receiver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One sandbox process for the run."""
    db, port = tmp_path_factory.mktemp("sandbox") / "sandbox.sqlite", free_port()
    process = start(db, port, receiver.url)
    url = f"http://127.0.0.1:{port}"
    with httpx.Client(base_url=url, trust_env=False, timeout=20) as http:
        yield Sandbox(url, db, receiver, http)
    stop(process)


@pytest.fixture
def sandbox(running: Sandbox) -> Sandbox:
    """The sandbox, with nothing in it and nothing wrong with it."""
    running.receiver.status = 200
    running.panel("webhooks/flush", wait_s=3)
    running.panel("reset")
    running.receiver.forged = 0
    running.receiver.events.clear()
    return running
