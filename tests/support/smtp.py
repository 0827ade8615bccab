"""A mail server of our own on a free loopback port."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from jewelrymodel.infra.smtp import listener


@contextmanager
def smtp_listening(now: Callable[[], datetime]) -> Iterator[int]:
    """Run the listener on a free loopback port, and give that port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = listener(port, now)
    server.start()
    try:
        yield port
    finally:
        server.stop()
