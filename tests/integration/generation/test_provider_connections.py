"""A paid request goes on a connection of its own."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from jewelrymodel.generation.adapters.provider import ProviderAccess
from jewelrymodel.generation.adapters.provider_http import ProviderHttp
from tests.support.providers import access


@pytest.fixture
def impatient_url() -> Iterator[str]:
    """A server that offers to keep a connection and leaves the second request on it unanswered."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        answered = 0

        def do_POST(self) -> None:
            if self.answered:
                self.close_connection = True
                return
            self.answered += 1
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_words: object) -> None:
            """Keep the test's output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_no_paid_request_meets_a_connection_that_is_being_closed(impatient_url: str) -> None:
    provider = ProviderHttp(ProviderAccess(**access(impatient_url, "openai")), {})
    for _ in range(3):
        assert provider.submit("/images", json={}).is_success
