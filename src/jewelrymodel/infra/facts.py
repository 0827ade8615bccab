"""Upward news: a low app says what happened, ``config`` says which tasks want to know."""

from django.conf import settings

from jewelrymodel.infra import queue


class UnknownFact(LookupError):
    """This fact has no entry in the map from facts to tasks."""


def emit(name: str, *, subject_id: str) -> None:
    """Defer every task that ``FACT_TASKS`` maps to the fact *name*, in the caller's transaction.

    Each task is called with ``subject_id``. Raises UnknownFact when nobody declared the fact.
    """
    try:
        task_names: tuple[str, ...] = settings.FACT_TASKS[name]
    except KeyError:
        raise UnknownFact(name) from None
    for task_name in task_names:
        queue.defer(task_name, subject_id=subject_id)
