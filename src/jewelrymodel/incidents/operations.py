"""Writes: opening, closing, correcting, withdrawing an incident; each audited with its reason."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from jewelrymodel.audit import operations as audit
from jewelrymodel.generation.queries import failure_counts
from jewelrymodel.incidents import queries
from jewelrymodel.incidents.models import Incident, IncidentProposal, ProposalState
from jewelrymodel.incidents.rules import failure_rates
from jewelrymodel.incidents.rules.failure_rates import Counts
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id

LONGEST_AGO = timedelta(days=92)
"""What is older is more likely a slip than an outage that nobody has noticed yet."""


class IncidentRefused(CodedError):
    """This can't be done to the incident. Nothing was changed."""


class AlreadyOpen(IncidentRefused):
    """This feature has an open incident. Close it, or correct it, before opening another."""


class NotRunning(IncidentRefused):
    """This incident is over already. Correct it, if its end is wrong."""


class Withdrawn(IncidentRefused):
    """This incident was withdrawn. It counts for nothing, and stays as it is."""


class NotWithdrawn(IncidentRefused):
    """This incident stands, so what it paid is right. Nothing was changed."""


class AlreadyReviewed(IncidentRefused):
    """A colleague has reviewed what this incident paid. Nothing was changed."""


class ProposalDecided(IncidentRefused):
    """A colleague has decided this proposal. Nothing was changed."""


class BadTimes(IncidentRefused):
    """An incident starts in the past and ends after it started. Nothing was changed."""


class StartsLater(BadTimes):
    """It can't start in the future. Nothing was changed."""


class StartsLongAgo(BadTimes):
    """It can't have started more than 92 days ago: look at the year. Nothing was changed."""


class EndsLater(BadTimes):
    """It can't end in the future. Nothing was changed."""


class EndsFirst(BadTimes):
    """It ends after it started. Nothing was changed."""


def open_incident(
    *,
    feature: str,
    title: str,
    note: str,
    started_at: datetime,
    actor: Actor,
    reason: str,
    now: datetime,
    proposal_id: str = "",
) -> Incident:
    """Return the new incident on *feature*; raises AlreadyOpen, BadTimes and ProposalDecided.

    *proposal_id* names the proposal that a person took it from.
    """
    _refuse_bad_times(started_at, None, now)
    try:
        with transaction.atomic():
            incident = Incident.objects.create(
                id=new_id("inc", now=now),
                feature=feature,
                title=title,
                note=note,
                started_at=started_at,
                opened_by=str(actor),
                created_at=now,
            )
            _record(incident, "incident.opened", actor, reason, now)
            if proposal_id:
                _decide(
                    _waiting(proposal_id),
                    ProposalState.TAKEN,
                    action="incident_proposal.taken",
                    actor=actor,
                    reason=reason,
                    now=now,
                    incident=incident,
                )
    except IntegrityError as refused:
        raise AlreadyOpen from refused
    return incident


def close_incident(
    *, incident_id: str, ended_at: datetime, actor: Actor, reason: str, now: datetime
) -> Incident:
    """Return the incident with its end; raises BadTimes, NotRunning and Withdrawn."""
    with transaction.atomic():
        incident = _standing(incident_id)
        if incident.ended_at is not None:
            raise NotRunning
        _refuse_bad_times(incident.started_at, ended_at, now)
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
    actor: Actor,
    reason: str,
    now: datetime,
) -> Incident:
    """Return the incident with other words or times; the audit keeps what it was.

    Without an end it runs again. Raises BadTimes, AlreadyOpen and Withdrawn.
    """
    _refuse_bad_times(started_at, ended_at, now)
    try:
        with transaction.atomic():
            incident = _standing(incident_id)
            former_words = _in_words(incident)
            incident.title, incident.note = title, note
            incident.started_at, incident.ended_at = started_at, ended_at
            incident.save()
            _record(incident, "incident.corrected", actor, f"{reason} (was {former_words})", now)
    except IntegrityError as refused:
        raise AlreadyOpen from refused
    return incident


def withdraw_incident(*, incident_id: str, actor: Actor, reason: str, now: datetime) -> Incident:
    """Return the incident, which counts for nothing from now on; raises Withdrawn.

    What was decided while it stood, stays decided.
    """
    with transaction.atomic():
        incident = _standing(incident_id)
        incident.withdrawn_at = now
        incident.save(update_fields=["withdrawn_at"])
        _record(incident, "incident.withdrawn", actor, reason, now)
    return incident


def propose_incidents(*, now: datetime, machine_now: datetime) -> list[IncidentProposal]:
    """Return the proposals that stand after a look at what failed lately; nothing is published.

    Requests to providers are counted by the machine's clock, images of our own by ours. Of a
    feature with a running incident nothing is proposed, nor of a provider for some hours after a
    person decided about it. A proposal that stands gets the newest numbers.
    """
    if queries.is_down(feature=failure_counts.FEATURE):
        return []
    quiet = queries.decided_since(failure_rates.WINDOWS[-1], now=now)
    unusual: dict[str, tuple[timedelta, Counts, Counts]] = {}
    for window in failure_rates.WINDOWS:
        for provider, (recent, usual) in queries.counts(window, now=now, machine_now=machine_now):
            if provider not in quiet and failure_rates.is_unusual(recent, usual):
                unusual.setdefault(provider, (window, recent, usual))
    return [_propose(provider, *numbers, now) for provider, numbers in unusual.items()]


def dismiss_proposal(
    *, proposal_id: str, actor: Actor, reason: str, now: datetime
) -> IncidentProposal:
    """Return the proposal, dismissed with a reason; raises ProposalDecided."""
    with transaction.atomic():
        return _decide(
            _waiting(proposal_id),
            ProposalState.DISMISSED,
            action="incident_proposal.dismissed",
            actor=actor,
            reason=reason,
            now=now,
        )


def _propose(
    provider: str, window: timedelta, recent: Counts, usual: Counts, now: datetime
) -> IncidentProposal:
    """Two at once make one: the database lets one be open."""
    numbers = {
        "starts_at": now - window,
        "ends_at": now,
        "attempts": recent.attempts,
        "failures": recent.failures,
        "usual_attempts": usual.attempts,
        "usual_failures": usual.failures,
    }
    proposal, _is_new = IncidentProposal.objects.update_or_create(
        feature=failure_counts.FEATURE,
        provider=provider,
        state=ProposalState.OPEN,
        defaults=numbers,
        create_defaults={**numbers, "id": new_id("inp", now=now), "proposed_at": now},
    )
    return proposal


def _waiting(proposal_id: str) -> IncidentProposal:
    """The proposal, locked; one that was decided is never decided again."""
    proposal = IncidentProposal.objects.select_for_update().get(pk=proposal_id)
    if proposal.state != ProposalState.OPEN:
        raise ProposalDecided
    return proposal


def _decide(
    proposal: IncidentProposal,
    state: ProposalState,
    *,
    action: str,
    actor: Actor,
    reason: str,
    now: datetime,
    incident: Incident | None = None,
) -> IncidentProposal:
    proposal.state, proposal.incident = state, incident
    proposal.decided_by, proposal.decided_at, proposal.reason = str(actor), now, reason
    proposal.save()
    audit.record(
        actor=actor,
        action=action,
        subject=f"incident_proposal:{proposal.pk}",
        reason=reason,
        account_id="",
        now=now,
    )
    return proposal


def note_payments_reviewed(
    *, incident_id: str, actor: Actor, reason: str, now: datetime
) -> Incident:
    """Return a withdrawn incident, of which somebody has reviewed what it paid; nothing is taken.

    Raises NotWithdrawn, and AlreadyReviewed where it was reviewed before.
    """
    with transaction.atomic():
        incident = Incident.objects.select_for_update().get(pk=incident_id)
        if incident.withdrawn_at is None:
            raise NotWithdrawn
        if queries.is_reviewed(incident_id=incident.pk):
            raise AlreadyReviewed
        _record(incident, queries.PAYMENTS_REVIEWED, actor, reason, now)
    return incident


def _standing(incident_id: str) -> Incident:
    """The incident, locked; a withdrawn one is never written again."""
    incident = Incident.objects.select_for_update().get(pk=incident_id)
    if incident.withdrawn_at is not None:
        raise Withdrawn
    return incident


def _refuse_bad_times(started_at: datetime, ended_at: datetime | None, now: datetime) -> None:
    if started_at > now:
        raise StartsLater
    if started_at < now - LONGEST_AGO:
        raise StartsLongAgo(days=LONGEST_AGO.days)
    if ended_at and ended_at > now:
        raise EndsLater
    if ended_at and ended_at <= started_at:
        raise EndsFirst


def _in_words(incident: Incident) -> str:
    begun = f"{incident.started_at:%-d %b %Y, %H:%M:%S}"
    end = f"{incident.ended_at:%-d %b %Y, %H:%M:%S}" if incident.ended_at else "running"
    noted = f", {incident.note}" if incident.note else ""
    return f"{incident.title}: {begun} – {end}{noted}"


def _record(incident: Incident, action: str, actor: Actor, reason: str, now: datetime) -> None:
    audit.record(
        actor=actor,
        action=action,
        subject=f"incident:{incident.pk}",
        reason=reason,
        account_id="",
        now=now,
    )
