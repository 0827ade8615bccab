"""Webhooks of every kind: verified by the caller, stored once, answered, processed by a task."""

from datetime import datetime
from typing import Any

from django.db import transaction

from jewelrymodel.infra import queue
from jewelrymodel.infra.models import InboxMessage
from jewelrymodel.kernel.ids import new_id


def receive(
    *, source: str, external_id: str, payload: dict[str, Any], task_name: str, now: datetime
) -> tuple[InboxMessage, bool]:
    """Store a verified message and defer *task_name* with its id; return (message, was it new?).

    A repetition returns the first message and, while that is unprocessed, nudges its task again.
    """
    with transaction.atomic():
        message, created = InboxMessage.objects.get_or_create(
            source=source,
            external_id=external_id,
            defaults={"id": new_id("msg", now=now), "payload": payload, "received_at": now},
        )
        if message.processed_at is None:
            queue.defer(task_name, once_key=f"{task_name}:{message.id}", message_id=message.id)
    return message, created


def mark_processed(*, message_id: str, outcome: str, now: datetime) -> None:
    """Note what became of a message; the first outcome stays."""
    InboxMessage.objects.filter(pk=message_id, processed_at__isnull=True).update(
        processed_at=now, outcome=outcome
    )


def waiting(*, source: str, received_before: datetime, limit: int) -> list[str]:
    """Return the ids of messages from *source* that nothing has processed yet, oldest first."""
    left = InboxMessage.objects.filter(
        source=source, processed_at__isnull=True, received_at__lt=received_before
    )
    return list(left.order_by("received_at").values_list("id", flat=True)[:limit])
