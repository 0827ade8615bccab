"""Webhooks of every kind: verified by the caller, stored once, answered, processed by a task.

Each message is tried by itself: its next attempt is put off before the attempt begins, so that one
that fails, or kills its worker, stands behind all others. After MOST_ATTEMPTS it is parked for a
person, who sends it again or sets it aside.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from jewelrymodel.infra import queue
from jewelrymodel.infra.models import InboxMessage
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id

MOST_ATTEMPTS = 8  # over about two hours
LONGEST_WAIT = timedelta(hours=1)
WHILE_AWAY = timedelta(minutes=2)


@dataclass(frozen=True)
class InboxSummary:
    """When the newest message came (None: none ever did), how many wait, and how many for us."""

    newest_at: datetime | None
    waiting: int
    parked: int


class NotParked(CodedError):
    """This message waits for nobody any more: it was handled meanwhile. Nothing was changed."""


def receive(
    *,
    source: str,
    external_id: str,
    payload: dict[str, Any],
    task_name: str,
    now: datetime,
    outcome: str = "",
) -> tuple[InboxMessage, bool]:
    """Store a verified message and defer *task_name* with its id; return (message, was it new?).

    A repetition returns the first message and, while that waits, nudges its task again. With an
    *outcome* nothing is left to do, as with what is not ours: it is stored as processed.
    """
    with transaction.atomic():
        message, created = InboxMessage.objects.get_or_create(
            source=source,
            external_id=external_id,
            defaults={
                "id": new_id("msg", now=now),
                "payload": payload,
                "received_at": now,
                "next_attempt_at": now,
                "processed_at": now if outcome else None,
                "outcome": outcome,
            },
        )
        if message.processed_at is None and message.parked_at is None:
            _nudge(message.id, task_name)
    return message, created


def summary(*, source: str) -> InboxSummary:
    """Return how the messages of *source* come in."""
    messages = InboxMessage.objects.filter(source=source)
    newest = messages.order_by("-id").values_list("received_at", flat=True).first()  # ids grow
    unprocessed = messages.filter(processed_at=None)
    return InboxSummary(
        newest_at=newest,
        waiting=unprocessed.filter(parked_at=None).count(),
        parked=unprocessed.filter(parked_at__isnull=False).count(),
    )


def begin(*, message_id: str, now: datetime) -> InboxMessage | None:
    """Return the message for an attempt, its next one put off already; None where none is due.

    One whose last attempts never ended, because each killed its worker, is parked instead.
    """
    with transaction.atomic():
        message = _waiting(message_id)
        if message is None or (message.attempts and message.next_attempt_at > now):
            return None
        if message.attempts >= MOST_ATTEMPTS:
            _park(message, message.last_error or "its last attempt did not end", now)
            return None
        message.attempts += 1
        message.next_attempt_at = now + back_off(message.attempts)
        message.save(update_fields=["attempts", "next_attempt_at"])
    return message


def back_off(attempts: int) -> timedelta:
    """Return how long after its so-manieth attempt a message is tried again."""
    return min(timedelta(minutes=2 ** (attempts - 1)), LONGEST_WAIT)


def put_off(*, message_id: str, now: datetime) -> None:
    """Take an attempt back that could not be made: nobody was there to be asked."""
    with transaction.atomic():
        message = _waiting(message_id)
        if message is not None:
            message.attempts, message.next_attempt_at = message.attempts - 1, now + WHILE_AWAY
            message.save(update_fields=["attempts", "next_attempt_at"])


def fail(*, message_id: str, error: str, now: datetime) -> None:
    """Note why an attempt failed; after the last one the message is parked."""
    with transaction.atomic():
        message = _waiting(message_id)
        if message is None:
            return
        message.last_error = error
        if message.attempts >= MOST_ATTEMPTS:
            _park(message, error, now)
        else:
            message.save(update_fields=["last_error"])


def mark_processed(*, message_id: str, outcome: str, now: datetime) -> None:
    """Note what became of a message; the first outcome stays."""
    InboxMessage.objects.filter(pk=message_id, processed_at__isnull=True).update(
        processed_at=now, outcome=outcome, parked_at=None
    )


def waiting(*, source: str, due_before: datetime, limit: int) -> list[str]:
    """Return the ids of messages from *source* that are due for an attempt, longest due first."""
    left = InboxMessage.objects.filter(
        source=source,
        processed_at__isnull=True,
        parked_at__isnull=True,
        next_attempt_at__lt=due_before,
    )
    return list(left.order_by("next_attempt_at").values_list("id", flat=True)[:limit])


def parked(*, source: str) -> list[InboxMessage]:
    """Return the messages from *source* that wait for a person, longest first."""
    rows = InboxMessage.objects.filter(source=source, parked_at__isnull=False)
    return list(rows.order_by("parked_at"))


def unpark(*, message_id: str, task_name: str, now: datetime) -> InboxMessage:
    """Return a parked message with all its attempts before it again; raises NotParked."""
    with transaction.atomic():
        message = _parked(message_id)
        message.parked_at, message.attempts, message.next_attempt_at = None, 0, now
        message.save(update_fields=["parked_at", "attempts", "next_attempt_at"])
        _nudge(message.id, task_name)
    return message


def set_aside(*, message_id: str, outcome: str, now: datetime) -> InboxMessage:
    """Return a parked message, ended by a person with that *outcome*; raises NotParked."""
    with transaction.atomic():
        message = _parked(message_id)
        message.parked_at, message.processed_at, message.outcome = None, now, outcome
        message.save(update_fields=["parked_at", "processed_at", "outcome"])
    return message


def _waiting(message_id: str) -> InboxMessage | None:
    rows = InboxMessage.objects.select_for_update().filter(pk=message_id)
    return rows.filter(processed_at__isnull=True, parked_at__isnull=True).first()


def _parked(message_id: str) -> InboxMessage:
    rows = InboxMessage.objects.select_for_update()
    message = rows.filter(pk=message_id, parked_at__isnull=False).first()
    if message is None:
        raise NotParked(message=message_id)
    return message


def _park(message: InboxMessage, error: str, now: datetime) -> None:
    message.parked_at, message.last_error = now, error
    message.save(update_fields=["parked_at", "last_error"])


def _nudge(message_id: str, task_name: str) -> None:
    queue.defer(task_name, once_key=f"{task_name}:{message_id}", message_id=message_id)
