"""Writing the audit record: rows are added, never changed."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from jewelrymodel.audit.models import AuditEntry, SecurityEvent
from jewelrymodel.audit.statuses import SecurityEventKind
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id

_COUNT = """
INSERT INTO audit_security_event AS e
  (kind, user_id, network, about, hour_at, last_at, times)
VALUES (%s, %s, %s, %s, %s, %s, 1)
ON CONFLICT (hour_at, kind, user_id, network, about)
DO UPDATE SET times = e.times + 1, last_at = greatest(e.last_at, excluded.last_at)
"""


class IncompleteAuditEntry(CodedError):
    """An audit entry names an action and a subject."""


def record(
    *,
    actor: Actor,
    action: str,
    subject: str,
    reason: str,
    account_id: str,
    now: datetime,
    actor_label: str = "",
) -> AuditEntry:
    """Note, in the caller's transaction, that *actor* did *action* to *subject*, and why.

    *actor_label* is what a reader should see for *actor* where its text doesn't say it;
    *subject* is ``<kind>:<id>``; *account_id* is "" where no account is concerned. Raises
    IncompleteAuditEntry.
    """
    if not (action and subject):
        raise IncompleteAuditEntry(action=action, subject=subject)
    return AuditEntry.objects.create(
        id=new_id("aud", now=now),
        account_id=account_id,
        actor=str(actor),
        actor_label=actor_label,
        action=action,
        subject=subject,
        reason=reason,
        happened_at=now,
    )


def note_security_event(
    *, kind: SecurityEventKind, user_id: int | None, network: str, about: str, now: datetime
) -> None:
    """Count what happened at a door; *user_id* None where it was nobody whom we know."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    row: list[str | int | datetime] = [str(kind), user_id or 0, network, about[:80], hour, now]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, row)


def forget_security_events(*, now: datetime) -> int:
    """Remove what happened at doors SECURITY_EVENTS_KEPT_DAYS ago; return how many rows went."""
    before = now - timedelta(days=settings.SECURITY_EVENTS_KEPT_DAYS)
    return SecurityEvent.objects.filter(hour_at__lt=before).delete()[0]


def forget_person(*, user_id: int) -> None:
    """Remove what happened at doors with this person."""
    SecurityEvent.objects.filter(user_id=user_id).delete()
