"""Bodies that are slow to come leave threads for everybody else."""

import io
import threading
from collections.abc import Iterable
from typing import Any

import pytest

from jewelrymodel.config import request_bodies
from jewelrymodel.config.request_bodies import KEPT_FREE, bounded

THREADS = KEPT_FREE + 2


class Service:
    """An application that reads what it is sent, and holds on to it while *busy* is set."""

    def __init__(self) -> None:
        self.read = threading.Semaphore(0)
        self.go_on = threading.Event()
        self.application = bounded(self.answer, threads=THREADS)

    def answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("part"):
            environ["wsgi.input"].read(environ["part"])
            self.read.release()
            self.go_on.wait(60)
        start_response("200 OK", [])
        return [b"done"]

    def ask(self, body: bytes = b"", *, part: int = 0) -> str:
        """The status of a request of which *part* bytes are read before the work goes on."""
        said: list[str] = []
        environ = {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), "part": part}
        self.application(environ, lambda status, _head: said.append(status))
        return said[0][:3]

    def hold(self, body: bytes, part: int, many: int) -> list[threading.Thread]:
        """So *many* requests that go no further."""
        held = [
            threading.Thread(target=self.ask, args=(body,), kwargs={"part": part})
            for _ in range(many)
        ]
        for one in held:
            one.start()
            assert self.read.acquire(timeout=60)
        return held


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    monkeypatch.setattr(request_bodies, "PATIENCE_S", 0.01)
    return Service()


def test_slow_bodies_leave_threads_for_pages(service: Service) -> None:
    held = service.hold(b"half of it", 4, THREADS - KEPT_FREE)
    assert service.ask(b"one more") == "503"
    assert service.ask() == "200"
    service.go_on.set()
    for one in held:
        one.join(60)
    assert service.ask(b"one more") == "200"


def test_the_plain_refusal_is_as_guarded_as_a_page(service: Service) -> None:
    held = service.hold(b"half of it", 4, THREADS - KEPT_FREE)
    said: list[dict[str, str]] = []
    environ = {"CONTENT_LENGTH": "8", "wsgi.input": io.BytesIO(b"one more"), "part": 0}
    service.application(environ, lambda _status, head: said.append(dict(head)))
    service.go_on.set()
    for one in held:
        one.join(60)
    assert said[0]["X-Content-Type-Options"] == "nosniff"
    assert said[0]["Content-Type"] == "text/plain; charset=utf-8"
    assert "frame-ancestors 'none'" in said[0]["Content-Security-Policy"]


def test_a_body_that_is_there_holds_no_place_while_it_is_worked_on(service: Service) -> None:
    held = service.hold(b"all of it", 9, THREADS - KEPT_FREE)
    assert service.ask(b"one more") == "200"
    service.go_on.set()
    for one in held:
        one.join(60)


def test_what_breaks_gives_its_place_back(service: Service) -> None:
    def broken(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        raise OSError("the sender is gone")

    application = bounded(broken, threads=THREADS)
    for _ in range(THREADS + 1):
        with pytest.raises(OSError, match="gone"):
            application({"CONTENT_LENGTH": "5", "wsgi.input": io.BytesIO(b"")}, lambda *_: None)
