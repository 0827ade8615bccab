"""Work done by a process of its own, which may be killed: a copy of the one that tests."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection


def in_a_child(work: Callable[[], object]) -> int:
    """Have *work* done by a child and return its number; it has a database connection of its own.

    How it ends is told by ``ended_by``; what it raises is written to its standard error.
    """
    connection.close()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        work()
        status = 0
    finally:
        os._exit(status)


def ended_by(pid: int) -> int:
    """Return which signal ended a child; 0 where it did its work, 1 where it failed."""
    _, status = os.waitpid(pid, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


@contextmanager
def child(work: Callable[[], object]) -> Iterator[int]:
    """Have *work* go on in a child until the block ends, which kills it."""
    pid = in_a_child(work)
    try:
        yield pid
    finally:
        os.kill(pid, signal.SIGKILL)
        ended_by(pid)
