"""Events go up: a low app says what happened, ``config`` says which tasks want to know."""

from django.conf import settings

from jewelrymodel.infra import queue
from jewelrymodel.kernel.errors import CodedError


class UnknownEvent(CodedError):
    """This event has no entry in the map from events to tasks."""


def emit(name: str, *, subject_id: str) -> None:
    """Defer every task that ``EVENT_TASKS`` maps to the event *name*, in the caller's transaction.

    Each task is called with ``subject_id``. Raises UnknownEvent when nobody declared the event.
    """
    try:
        task_names: tuple[str, ...] = settings.EVENT_TASKS[name]
    except KeyError:
        raise UnknownEvent(event=name) from None
    for task_name in task_names:
        queue.defer(task_name, subject_id=subject_id)
