"""Keeping a lease alive while the work that it is for goes on."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, connection

from jewelrymodel.generation import operations
from jewelrymodel.generation.lease import Lease
from jewelrymodel.generation.limits import HEARTBEAT_S

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Clock:
    """The two clocks that a worker is handed: the product's, and the machine's for leases."""

    now: Callable[[], datetime]
    machine_now: Callable[[], datetime]
    sleep: Callable[[float], None] = time.sleep


@contextmanager
def heartbeat(lease: Lease, clock: Clock, *, every_s: float = HEARTBEAT_S) -> Iterator[None]:
    """Renew *lease* from a thread of its own until the block ends or the lease is lost."""
    stop = threading.Event()
    thread = threading.Thread(
        target=_beat, args=(lease, clock, every_s, stop), name=f"lease {lease.subject_id}"
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _beat(lease: Lease, clock: Clock, every_s: float, stop: threading.Event) -> None:
    """A missed beat is no end: the next one may come through before the lease runs out."""
    try:
        while not stop.wait(every_s):
            try:
                operations.renew(lease=lease, machine_now=clock.machine_now())
            except operations.FenceLost:
                return
            except DatabaseError as error:
                logger.warning("lease of %s not renewed: %s", lease.subject_id, error)
                connection.close()
    finally:
        connection.close()
