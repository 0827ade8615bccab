"""The processor's messages: each tried by itself, and brought back or set aside by a person."""

import logging
from datetime import datetime

from django.db import transaction

from jewelrymodel.audit import operations as audit
from jewelrymodel.infra import webhook_inbox
from jewelrymodel.infra.models import InboxMessage
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.payments.gateway import ProcessorDown
from jewelrymodel.payments.operations.event_dispatch import handle_event

INBOX = "stripe"
PROCESS = "payments.process_event"
_ERROR = 500

log = logging.getLogger(__name__)


def process_message(*, message_id: str, now: datetime) -> bool:
    """Settle what a message hints at; return whether it is processed now. Never raises.

    While the processor is away it waits; any other failure counts, and the last one parks it.
    """
    message = webhook_inbox.begin(message_id=message_id, now=now)
    if message is None:
        return False
    try:
        outcome = handle_event(message.payload, now=now)
    except ProcessorDown as problem:
        log.warning("message %s has to wait: %s", message_id, problem.why)
        webhook_inbox.put_off(message_id=message_id, now=now)
        return False
    except Exception as problem:  # whatever it is, it is this message's own and blocks no other
        log.exception("message %s could not be processed", message_id)
        kind = "" if isinstance(problem, CodedError) else f"{type(problem).__name__}: "
        webhook_inbox.fail(message_id=message_id, error=f"{kind}{problem}"[:_ERROR], now=now)
        return False
    webhook_inbox.mark_processed(message_id=message_id, outcome=outcome, now=now)
    return True


@transaction.atomic
def retry_message(*, message_id: str, user_id: int, reason: str, now: datetime) -> InboxMessage:
    """Return a parked message, which is tried again from the start; raises NotParked."""
    message = webhook_inbox.unpark(message_id=message_id, task_name=PROCESS, now=now)
    _note(message, "message.retried", user_id, reason, now)
    return message


@transaction.atomic
def dismiss_message(*, message_id: str, user_id: int, reason: str, now: datetime) -> InboxMessage:
    """Return a parked message, set aside because a person says so; raises NotParked."""
    message = webhook_inbox.set_aside(
        message_id=message_id, outcome=f"set aside: {reason}", now=now
    )
    _note(message, "message.dismissed", user_id, reason, now)
    return message


def _note(message: InboxMessage, action: str, user_id: int, reason: str, now: datetime) -> None:
    audit.record(
        actor=Actor.user(user_id),
        action=action,
        subject=f"message:{message.pk}",
        reason=reason,
        account_id="",
        now=now,
    )
