"""What a worker writes while a task runs."""

from datetime import datetime

from jewelrymodel.generation.lease import Lease
from jewelrymodel.generation.operations.leases import FenceLost, held_task


def note_asked(*, lease: Lease, machine_now: datetime) -> None:
    """Note since when the generator is asked; the first instant stays. Raises FenceLost."""
    held_task(lease).filter(asked_at__isnull=True).update(asked_at=machine_now)
    if not held_task(lease).exists():
        raise FenceLost


def note_progress(*, lease: Lease, machine_now: datetime) -> None:
    """Note that an image was settled: the next ones are waited for from now on, as long again."""
    held_task(lease).update(asked_at=machine_now)


def note_handle(*, lease: Lease, handle: str) -> None:
    """Keep the generator's handle before it is polled, so that a restart resumes with it.

    An empty handle forgets one that the generator doesn't know any more. Raises FenceLost.
    """
    if not held_task(lease).update(provider_handle=handle):
        raise FenceLost
