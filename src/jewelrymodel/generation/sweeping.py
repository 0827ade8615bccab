"""The sweeper: rows that nobody works on get a job again, or an end."""

import logging

from django.db import transaction

from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.heartbeat import Clock
from jewelrymodel.generation.values import MAX_LOST_LEASES

logger = logging.getLogger(__name__)


def sweep(clock: Clock) -> None:
    """Nudge every open row without a living lease; past the limit, end it and release.

    It only writes rows and jobs: a generator that hangs can't keep it.
    """
    _sweep_tasks(clock)
    _sweep_photos(clock)
    for task_id in queries.owed_late():
        with transaction.atomic():
            operations.nudge_late(task_id)


def _sweep_tasks(clock: Clock) -> None:
    now = clock.machine_now()
    for task in queries.unleased_tasks(machine_now=now):
        lost = task.lost_leases + (task.lease_until_at is not None)
        if lost < MAX_LOST_LEASES:
            with transaction.atomic():
                operations.nudge_task(task)
            continue
        try:
            operations.give_up(task_id=task.id, now=clock.now(), machine_now=now)
        except operations.FenceLost:
            logger.info("%s was taken up after all", task.id)


def _sweep_photos(clock: Clock) -> None:
    now = clock.machine_now()
    for photo in queries.unleased_photos(machine_now=now):
        lost = photo.lost_leases + (photo.lease_until_at is not None)
        if lost < MAX_LOST_LEASES:
            with transaction.atomic():
                operations.nudge_photo(photo.id)
            continue
        try:
            operations.give_up_photo(photo_id=photo.id, machine_now=now)
        except operations.FenceLost:
            logger.info("%s was taken up after all", photo.id)
