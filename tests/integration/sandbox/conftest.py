"""One sandbox process and one webhook receiver for all these tests; each test starts empty."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from jewelrymodel.sandbox.encodings import public
from tests.support.object_shapes import of_object
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
def sandbox(running: Sandbox) -> Iterator[Sandbox]:
    """The sandbox, with nothing in it and nothing wrong with it; whatever a test has made of it is
    what the SDK's types declare.
    """
    running.receiver.status = 200
    running.panel("webhooks/flush", wait_s=3)
    running.panel("reset")
    running.receiver.forged = 0
    running.receiver.events.clear()
    yield running
    assert not _misshapen(running)


def _misshapen(sandbox: Sandbox) -> list[str]:
    """What any object that it holds lacks, or has too much, by the SDK's types."""
    with closing(sqlite3.connect(sandbox.db)) as conn:
        docs = [public(json.loads(body)) for (body,) in conn.execute("SELECT body FROM objects")]
    ids = {doc["id"] for doc in docs}
    ours = [one for one in docs if one["object"] != "event" or one["data"]["object"]["id"] in ids]
    return sorted({words for doc in ours for words in of_object(doc, doc["object"])})
