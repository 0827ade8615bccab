"""Reads: which outages there were, and how long they touched what someone had paid for.

A withdrawn incident counts nowhere; only the desk still sees it.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.generation.queries import failure_counts
from jewelrymodel.generation.statuses import GeneratorName
from jewelrymodel.incidents.models import Incident, IncidentProposal, ProposalState
from jewelrymodel.incidents.rules import failure_rates, outage_minutes
from jewelrymodel.incidents.rules.failure_rates import Counts
from jewelrymodel.kernel.period import Period

PAYMENTS_REVIEWED = "incident.payments_reviewed"
"""What the record says when somebody has reviewed what a withdrawn incident had paid."""


def _standing() -> QuerySet[Incident]:
    return Incident.objects.filter(withdrawn_at__isnull=True)


def outages(*, features: Collection[str], within: Period, now: datetime) -> list[Incident]:
    """Return the incidents on *features* that reach into *within*, oldest first."""
    reaches = Q(ended_at__isnull=True) | Q(ended_at__gt=within.starts_at)
    rows = _standing().filter(
        reaches, feature__in=features, started_at__lt=min(within.ends_at, now)
    )
    return list(rows.order_by("started_at", "id"))


def affected_minutes(*, features: Collection[str], paid: Period, now: datetime) -> int:
    """Return for how many minutes of *paid* one of *features* was down (clause 6.3, edge 10).

    An outage that still runs counts up to *now*.
    """
    incidents = outages(features=features, within=paid, now=now)
    spans = [Period(one.started_at, one.ended_at or now) for one in incidents]
    return outage_minutes.affected_minutes(spans, paid)


def recent(*, limit: int = 20) -> list[Incident]:
    """Return the newest incidents, those that still run first."""
    ended = _standing().filter(ended_at__isnull=False).order_by("-started_at")
    return [*running()[::-1], *ended[:limit]]


def running() -> list[Incident]:
    """Return the incidents that still run, oldest first."""
    return list(_standing().filter(ended_at__isnull=True).order_by("started_at", "id"))


def withdrawn(*, limit: int = 20) -> list[Incident]:
    """Return those that were withdrawn, for the desk, newest first."""
    rows = Incident.objects.filter(withdrawn_at__isnull=False)
    return list(rows.order_by("-started_at")[:limit])


def incident(*, incident_id: str) -> Incident:
    """Return one incident, withdrawn or not, for the desk; raises Incident.DoesNotExist."""
    return Incident.objects.get(pk=incident_id)


def is_down(*, feature: str) -> bool:
    """Return whether an incident on *feature* runs."""
    return _standing().filter(feature=feature, ended_at__isnull=True).exists()


def proposals() -> list[IncidentProposal]:
    """Return the proposals that wait for a person, oldest first."""
    rows = IncidentProposal.objects.filter(state=ProposalState.OPEN)
    return list(rows.order_by("proposed_at", "id"))


def proposal(*, proposal_id: str) -> IncidentProposal | None:
    """Return a proposal that waits for a person; None where there is none of that id."""
    rows = IncidentProposal.objects.filter(state=ProposalState.OPEN)
    return rows.filter(pk=proposal_id).first()


def decided_since(time: timedelta, *, now: datetime) -> set[str]:
    """Return the providers about which a person decided within *time* before *now*."""
    rows = IncidentProposal.objects.filter(decided_at__gt=now - time)
    return set(rows.values_list("provider", flat=True))


def counts(
    window: timedelta, *, now: datetime, machine_now: datetime
) -> Iterator[tuple[str, tuple[Counts, Counts]]]:
    """Yield each provider with its attempts in the *window* up to now, and in the time before."""
    begins, moment = machine_now - window, timedelta(microseconds=1)
    recent = failure_counts.ended_attempts(since=begins, before=machine_now + moment)
    usual = failure_counts.ended_attempts(since=begins - failure_rates.USUAL, before=begins)
    for provider, numbers in recent.items():
        yield provider, (Counts(*numbers), Counts(*usual.get(provider, (0, 0))))
    begins = now - window
    ours = failure_counts.ended_images(since=begins, before=now + moment)
    before = failure_counts.ended_images(since=begins - failure_rates.USUAL, before=begins)
    yield GeneratorName.EMBEDDED.value, (Counts(*ours), Counts(*before))


def is_reviewed(*, incident_id: str) -> bool:
    """Return whether somebody has reviewed what a withdrawn incident had paid."""
    entries = AuditEntry.objects.filter(subject=f"incident:{incident_id}")
    return entries.filter(action=PAYMENTS_REVIEWED).exists()


def withdrawn_unreviewed() -> list[Incident]:
    """Return the withdrawn incidents of which nobody has reviewed what they paid, oldest first.

    Whether one paid anything is for who asks.
    """
    reviewed = AuditEntry.objects.filter(
        subject=Concat(Value("incident:"), OuterRef("pk")), action=PAYMENTS_REVIEWED
    )
    rows = Incident.objects.filter(~Exists(reviewed), withdrawn_at__isnull=False)
    return list(rows.order_by("withdrawn_at", "id"))


def history(*, incident_id: str) -> list[AuditEntry]:
    """Return what was done to an incident and why, oldest first."""
    entries = AuditEntry.objects.filter(subject=f"incident:{incident_id}")
    return list(entries.order_by("happened_at", "id"))
