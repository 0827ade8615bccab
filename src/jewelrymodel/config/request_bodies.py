"""Slow senders hold some of the threads that serve pages, never all of them.

A thread that reads a body can't be interrupted: eight senders of a byte a second each stopped a
site of eight threads, its health page included. A proxy can take bodies in whole before it passes
them on, as nginx does; this is for a service without such a one.
"""

import threading
from collections.abc import Callable, Iterable
from typing import Any

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
KEPT_FREE = 2
"""Threads that no body ever holds: for pages, and for health."""
PATIENCE_S = 0.5
PLAIN = (
    ("Content-Type", "text/plain; charset=utf-8"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cache-Control", "no-store"),
)
"""What Django would have said of an answer that it never sees (ASVS 5, 3.4)."""
_BUSY = b"Too many uploads are under way. Please try again in a moment.\n"


class _Body:
    """A request's body; *done* is called once all of it was read."""

    def __init__(self, stream: Any, length: int | None, done: Callable[[], None]) -> None:
        self._stream, self._left, self._done = stream, length, done

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, as the server's own stream does."""
        return self._counted(self._stream.read(size))

    def readline(self, size: int = -1) -> bytes:
        """Return the next line, as the server's own stream does."""
        return self._counted(self._stream.readline(size))

    def _counted(self, data: bytes) -> bytes:
        if self._left is not None:
            self._left -= len(data)
        if not data or (self._left is not None and self._left <= 0):
            self._done()
        return data


def bounded(application: Application, *, threads: int) -> Application:
    """Return *application*, in which bodies that are still coming hold all but KEPT_FREE threads.

    Who would hold one more is asked to come again (503) after PATIENCE_S. A body that is there
    holds its place for as long as it takes to read it: milliseconds.
    """
    places = threading.BoundedSemaphore(max(threads - KEPT_FREE, 1))

    def answer(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        if not environ.get("HTTP_TRANSFER_ENCODING") and length in ("", "0"):
            return application(environ, start_response)
        if not places.acquire(timeout=PATIENCE_S):
            head = [*PLAIN, ("Retry-After", "5"), ("Connection", "close")]
            start_response("503 Service Unavailable", head)
            return [_BUSY]
        done = _once(places.release)
        many = int(length) if length.isdigit() else None
        environ["wsgi.input"] = _Body(environ["wsgi.input"], many, done)
        try:
            return application(environ, start_response)
        finally:
            done()

    return answer


def _once(work: Callable[[], None]) -> Callable[[], None]:
    """Return what does *work* the first time it is called."""
    left = [work]

    def call() -> None:
        if left:
            left.pop()()

    return call
