"""The sweeper: rows that nobody works on get a job again, or an end."""

import logging
from collections.abc import Set
from datetime import datetime

from django.db import transaction

from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.lease_heartbeat import Clock
from jewelrymodel.generation.limits import MAX_LOST_LEASES
from jewelrymodel.generation.models import Photo, Task
from jewelrymodel.infra import queue, storage
from jewelrymodel.infra.row_isolation import attempt_each

logger = logging.getLogger(__name__)


def sweep(clock: Clock) -> None:
    """Nudge every open row without a living lease; past the limit, end it and release.

    It only writes rows and jobs: a generator that hangs can't keep it. Whose job waits already is
    left alone: of a batch that can be hundreds, and each would be refused.
    """
    now = clock.machine_now()
    waiting = queue.waiting_keys(operations.RUN_TASK) | queue.waiting_keys(operations.CUT_PHOTO)
    tasks = queries.unleased_tasks(machine_now=now)
    attempt_each(tasks, lambda task: _sweep_task(task, clock, now, waiting), doing="sweeping")
    photos = queries.unleased_photos(machine_now=now)
    attempt_each(photos, lambda photo: _sweep_photo(photo, now, waiting), doing="sweeping")
    attempt_each(queries.owed_late(), _nudge_late, doing="asking for what is late")
    operations.close_attempts(machine_now=now)


def _nudge_late(task_id: str) -> None:
    with transaction.atomic():
        operations.nudge_late(task_id)


def _sweep_task(task: Task, clock: Clock, machine_now: datetime, waiting: Set[str]) -> None:
    lost = task.lost_leases + (task.lease_until_at is not None)
    if lost < MAX_LOST_LEASES:
        if operations.task_key(task) not in waiting:
            with transaction.atomic():
                operations.nudge_task(task)
        return
    try:
        operations.give_up(task_id=task.id, now=clock.now(), machine_now=machine_now)
    except operations.FenceLost:
        logger.info("%s was taken up after all", task.id)


def _sweep_photo(photo: Photo, machine_now: datetime, waiting: Set[str]) -> None:
    lost = photo.lost_leases + (photo.lease_until_at is not None)
    if lost < MAX_LOST_LEASES:
        if operations.photo_key(photo) not in waiting:
            with transaction.atomic():
                operations.nudge_photo(photo)
        return
    try:
        operations.give_up_photo(photo_id=photo.id, machine_now=machine_now)
    except operations.FenceLost:
        logger.info("%s was taken up after all", photo.id)
    else:
        storage.delete(queries.outline_key(photo))
