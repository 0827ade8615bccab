"""Leases: one worker at a time, and whoever is slow finds its writes refused."""

from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from jewelrymodel.generation.lease import Lease
from jewelrymodel.generation.limits import BATCH_PRIORITY, LEASE
from jewelrymodel.generation.models import Leased, Photo, Task
from jewelrymodel.generation.statuses import (
    PHOTO_OPEN,
    GeneratorName,
    PhotoStatus,
    TaskStatus,
)
from jewelrymodel.infra import prepared, queue
from jewelrymodel.kernel.errors import CodedError

RUN_TASK = "generation.run"
CUT_PHOTO = "generation.cut_out"
LATE_TASK = "generation.collect_late"
OWN_QUEUE = "studio"
HOSTED_QUEUE = "hosted"
RETOUCHING_QUEUE = "retouching"
L = TypeVar("L", bound=Leased)
# As ``_taken`` does it, in the one statement that it takes.
_LEASE_TASK = """
UPDATE generation_task
SET fence = fence + 1, lost_leases = lost_leases + (lease_until_at IS NOT NULL)::int,
    lease_until_at = %s, status = 'running', started_at = coalesce(started_at, %s)
WHERE id = %s AND status IN ('queued', 'running')
    AND (lease_until_at IS NULL OR lease_until_at <= %s)
RETURNING fence
"""


class NotLeasable(CodedError):
    """Somebody else works on this now, or it is finished."""


class FenceLost(CodedError):
    """Somebody else has taken this over; nothing was written."""


def lease_task(*, task_id: str, now: datetime, machine_now: datetime) -> Lease:
    """Take the task for LEASE and return the lease; raises NotLeasable."""
    taken = prepared.rows(_LEASE_TASK, (machine_now + LEASE, now, task_id, machine_now))
    if not taken:
        raise NotLeasable
    ((fence,),) = taken
    return Lease(task_id, fence)


def lease_photo(*, photo_id: str, machine_now: datetime) -> Lease:
    """Take a photo that is not deleted for LEASE and return the lease; raises NotLeasable."""
    with transaction.atomic():
        rows = Photo.live.select_for_update(of=("self",))
        photo = rows.filter(pk=photo_id, status__in=PHOTO_OPEN).first()
        photo = _taken(photo, machine_now)
        photo.status = PhotoStatus.CUTTING
        photo.step, photo.steps = "", []
        photo.save(update_fields=[*_LEASE_FIELDS, "status", "step", "steps"])
    return Lease(photo.id, photo.fence)


_LEASE_FIELDS = ("fence", "lost_leases", "lease_until_at")


def _taken(row: L | None, machine_now: datetime) -> L:
    """Give *row* the next fence; a lease that ran out was lost and is counted."""
    if row is None or (row.lease_until_at and row.lease_until_at > machine_now):
        raise NotLeasable
    row.lost_leases += row.lease_until_at is not None
    row.fence += 1
    row.lease_until_at = machine_now + LEASE
    return row


def held_task(lease: Lease) -> QuerySet[Task]:
    """Return the task, as long as the lease is worth something."""
    return Task.objects.filter(pk=lease.subject_id, fence=lease.fence, status=TaskStatus.RUNNING)


def held_photo(lease: Lease) -> QuerySet[Photo]:
    """Return the photo, as long as the lease is worth something."""
    return Photo.objects.filter(pk=lease.subject_id, fence=lease.fence, status=PhotoStatus.CUTTING)


def renew(*, lease: Lease, machine_now: datetime) -> None:
    """Prolong a lease on a task or a photo; raises FenceLost."""
    until = machine_now + LEASE
    if not held_task(lease).update(lease_until_at=until) and not held_photo(lease).update(
        lease_until_at=until
    ):
        raise FenceLost


def note_step(*, lease: Lease, step: str) -> None:
    """Show the customer which named step the work is at; raises FenceLost."""
    with transaction.atomic():
        row = (
            held_task(lease).select_for_update().first()
            or held_photo(lease).select_for_update().first()
        )
        if row is None:
            raise FenceLost
        if row.step != step:
            row.step, row.steps = step, list(dict.fromkeys([*row.steps, step]))
            row.save(update_fields=["step", "steps"])


def note_cutting_time(*, lease: Lease, seconds: float) -> None:
    """Keep how long a cutout took, for those who wait for the next ones."""
    held_photo(lease).update(cutting_s=seconds)


def park_task(*, lease: Lease, machine_now: datetime, wait: timedelta) -> None:
    """Give the task back for a while: a generator that takes its time doesn't block a worker.

    Raises FenceLost.
    """
    with transaction.atomic():
        task = held_task(lease).select_for_update().first()
        if task is None:
            raise FenceLost
        task.lease_until_at = None
        task.save(update_fields=["lease_until_at"])
        nudge_task(task, at=machine_now + wait)


def batch_turn(account_id: str) -> int:
    """Return the priority of the next job of a batch of this account's.

    Batches of several accounts go by turns: an account's next job stands as far behind the foremost
    one of all batches as it has jobs before it. Who comes while others' hundreds wait begins beside
    the first of them, neither behind all nor before all (start-time fair queuing: Goyal, Vin and
    Cheng, SIGCOMM 1996, with the foremost job's priority as the virtual time).
    """
    mine = {"account_id": account_id, "batch__isnull": False}
    photos = Photo.objects.filter(**mine, status=PhotoStatus.WAITING).count()
    tasks = Task.objects.filter(**mine, status=TaskStatus.QUEUED, finished_at=None).count()
    return _foremost_turn() - photos - tasks


def _foremost_turn() -> int:
    foremost = queue.foremost(OWN_QUEUE, at_most=BATCH_PRIORITY)
    return BATCH_PRIORITY if foremost is None else foremost


def nudge_task(task: Task, *, at: datetime | None = None, turn: int | None = None) -> None:
    """Have a worker look at the task; one waiting job is enough, the row is the truth.

    Our own renderer needs the studio's memory; a hosted generator's pictures have a lane apart.
    What was ordered of a batch lets all others go first, and comes in its *turn*: at once, where it
    had one before.
    """
    own = task.generator == GeneratorName.EMBEDDED
    queue.defer(
        RUN_TASK,
        queue=None if own else HOSTED_QUEUE,
        once_key=task_key(task),
        schedule_at=at,
        priority=_priority(is_of_batch=bool(task.batch_id), turn=turn),
        task_id=task.id,
    )


def nudge_late(task_id: str) -> None:
    """Have a worker ask for what a generator still owes a settled task."""
    queue.defer(LATE_TASK, once_key=f"{LATE_TASK}:{task_id}", task_id=task_id)


def _priority(*, is_of_batch: bool, turn: int | None) -> int:
    if not is_of_batch:
        return 0
    return _foremost_turn() if turn is None else turn


def nudge_photo(photo: Photo, *, turn: int | None = None) -> None:
    """Have a worker look at the photo.

    One that the network has answered for needs neither its memory nor its time, and doesn't wait
    behind images. The first cutout of a photo in a batch lets all others go first, nobody waits
    before its page; it comes in its *turn*, as a task does.
    """
    queue.defer(
        CUT_PHOTO,
        queue=RETOUCHING_QUEUE if photo.matte_key else None,
        once_key=photo_key(photo),
        priority=_priority(is_of_batch=bool(photo.batch_id and not photo.matte_key), turn=turn),
        photo_id=photo.id,
    )


def task_key(task: Task) -> str:
    """Return what the waiting job of a task is known by."""
    return f"{RUN_TASK}:{task.id}"


def photo_key(photo: Photo) -> str:
    """Return what the waiting job of a photo is known by."""
    return f"{CUT_PHOTO}:{photo.id}"
