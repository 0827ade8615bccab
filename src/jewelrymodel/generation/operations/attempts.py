"""Requests to providers: looked at when the provider calls, closed when nobody looks any more."""

from datetime import datetime

from django.db import transaction

from jewelrymodel.generation.adapters import attempt_book
from jewelrymodel.generation.adapters.provider import NoPicture
from jewelrymodel.generation.models import Attempt
from jewelrymodel.generation.operations.leases import nudge_late, nudge_task
from jewelrymodel.generation.statuses import ATTEMPT_OPEN, TASK_OPEN, AttemptState


def close_attempts(*, machine_now: datetime) -> int:
    """End the open requests of tasks that are over and wait for nothing late; return how many.

    What a provider made of them is unknown; a file that came is paid for and was not needed.
    """
    left = Attempt.objects.filter(state__in=ATTEMPT_OPEN, item__task__late_until_at__isnull=True)
    rows = list(left.exclude(item__task__status__in=TASK_OPEN))
    for row in rows:
        came = row.state == AttemptState.RECEIVED
        state = AttemptState.STOPPED if came else AttemptState.UNKNOWN
        attempt_book.end(row, NoPicture(state, detail="the task is over"), machine_now)
    return len(rows)


def look_soon(*, attempt_id: str, request_id: str) -> bool:
    """Have a request looked at, whose provider says that it is done; return whether that helps.

    It doesn't where it is over, or its job isn't known yet: the next look comes by itself. The same
    hint may come often.
    """
    rows = Attempt.objects.filter(pk=attempt_id, request_id=request_id)
    row = rows.filter(state=AttemptState.RUNNING).select_related("item__task").first()
    if row is None:
        return False
    task = row.item.task
    with transaction.atomic():
        if task.status in TASK_OPEN:
            nudge_task(task)
        elif task.late_until_at:
            nudge_late(task.pk)
    return True
