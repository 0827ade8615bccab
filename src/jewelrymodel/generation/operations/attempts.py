"""Requests to providers that nobody will look at again are closed in the books."""

from datetime import datetime

from jewelrymodel.generation.adapters import attempt_book
from jewelrymodel.generation.adapters.provider import NoPicture
from jewelrymodel.generation.models import Attempt
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
