"""Reading the audit record."""

from collections.abc import Collection
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from jewelrymodel.audit.models import AuditEntry, SecurityEvent
from jewelrymodel.audit.statuses import SecurityEventKind


def entries_about(*, subject: str) -> list[AuditEntry]:
    """Return what was done to *subject* (``<kind>:<id>``), oldest first."""
    return list(AuditEntry.objects.filter(subject=subject).order_by("happened_at", "id"))


def entries_by(
    *, actor: str, action: str, subject_prefix: str, since: datetime
) -> list[AuditEntry]:
    """Return what *actor* did since then to subjects that begin so, oldest first."""
    rows = AuditEntry.objects.filter(subject__startswith=subject_prefix, happened_at__gt=since)
    return list(rows.filter(actor=actor, action=action).order_by("happened_at", "id"))


def newest_about(*, subject: str) -> AuditEntry | None:
    """Return what was done last to *subject* (``<kind>:<id>``), None where nothing was."""
    return AuditEntry.objects.filter(subject=subject).order_by("-happened_at", "-id").first()


def latest(
    *, limit: int, before: str = "", begins: Collection[str] = (), actor: str = ""
) -> list[AuditEntry]:
    """Return the latest entries, newest first: older than the id *before*, of actions that begin
    with one of *begins*, by one *actor*. Ids sort by time, so no page costs more than another.
    """
    rows = AuditEntry.objects.order_by("-id")
    if before:
        rows = rows.filter(pk__lt=before)
    if begins:
        rows = rows.filter(reduce(or_, (Q(action__startswith=begin) for begin in begins)))
    if actor:
        rows = rows.filter(actor=actor)
    return list(rows[:limit])


def security_events(
    *, limit: int, before: int | None = None, kind: str = "", user_id: int | None = None
) -> list[SecurityEvent]:
    """Return what happened at doors, newest first: older than the id *before*, of one *kind*, with
    one person.
    """
    rows = SecurityEvent.objects.order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if kind:
        rows = rows.filter(kind=kind)
    if user_id is not None:
        rows = rows.filter(user_id=user_id)
    return list(rows[:limit])


def has_signed_in(*, user_ids: QuerySet[Any, Any], network: str) -> bool:
    """Return whether one of these people has signed in from *network* lately: within
    SECURITY_EVENTS_KEPT_DAYS. *user_ids* is a query of ids, so that nobody costs as much as
    somebody.
    """
    rows = SecurityEvent.objects.filter(kind=SecurityEventKind.SIGNED_IN, network=network)
    return rows.filter(user_id__in=user_ids).exists()
