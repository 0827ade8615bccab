"""Writes: opening, closing and correcting an incident; each audited with its reason."""

from datetime import datetime

from django.db import IntegrityError, transaction

from jewelrymodel.audit import operations as audit
from jewelrymodel.incidents.models import Incident
from jewelrymodel.kernel.ids import new_id


class AlreadyOpen(Exception):
    """This feature has an open incident. Close it, or correct it, before opening another."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class BadTimes(ValueError):
    """An incident starts in the past and ends after it started. Nothing was changed."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


def open_incident(
    *,
    feature: str,
    title: str,
    note: str,
    started_at: datetime,
    actor: str,
    reason: str,
    now: datetime,
) -> Incident:
    """Return the new incident on *feature*; raises AlreadyOpen and BadTimes."""
    if started_at > now:
        raise BadTimes
    try:
        with transaction.atomic():
            incident = Incident.objects.create(
                id=new_id("inc", now=now),
                feature=feature,
                title=title,
                note=note,
                started_at=started_at,
                opened_by=actor,
                created_at=now,
            )
            _record(incident, "incident.opened", actor, reason, now)
    except IntegrityError as refused:
        raise AlreadyOpen from refused
    return incident


def close_incident(
    *, incident_id: str, ended_at: datetime, actor: str, reason: str, now: datetime
) -> Incident:
    """Return the incident with its end; raises BadTimes."""
    with transaction.atomic():
        incident = Incident.objects.select_for_update().get(pk=incident_id)
        if not incident.started_at < ended_at <= now:
            raise BadTimes
        incident.ended_at = ended_at
        incident.save(update_fields=["ended_at"])
        _record(incident, "incident.closed", actor, reason, now)
    return incident


def correct_incident(
    *,
    incident_id: str,
    title: str,
    note: str,
    started_at: datetime,
    ended_at: datetime | None,
    actor: str,
    reason: str,
    now: datetime,
) -> Incident:
    """Return the incident with other words or times; the audit keeps what it was. BadTimes."""
    with transaction.atomic():
        incident = Incident.objects.select_for_update().get(pk=incident_id)
        if started_at > now or (ended_at and not started_at < ended_at <= now):
            raise BadTimes
        before = f"{incident.started_at.isoformat()} – {incident.ended_at or 'running'}"
        incident.title, incident.note = title, note
        incident.started_at, incident.ended_at = started_at, ended_at
        incident.save()
        _record(incident, "incident.corrected", actor, f"{reason} (was {before})", now)
    return incident


def _record(incident: Incident, action: str, actor: str, reason: str, now: datetime) -> None:
    audit.record(
        actor=actor,
        action=action,
        subject=f"incident:{incident.pk}",
        reason=reason,
        account_id="",
        now=now,
    )
