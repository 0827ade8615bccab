"""Incidents as these tests need them."""

from datetime import datetime, timedelta

from jewelrymodel.incidents import operations
from jewelrymodel.incidents.models import Incident
from jewelrymodel.kernel.actors import Actor
from tests.support.shop import now

TOLD = {"actor": Actor.system("test"), "reason": "An alarm"}


def opened(*, since: datetime | None = None, feature: str = "studio") -> Incident:
    """An incident that runs; since two hours ago where nothing else is said."""
    since = since or now() - timedelta(hours=2)
    return operations.open_incident(
        feature=feature,
        title="Generating is down",
        note="",
        started_at=since,
        now=max(since, now()),
        **TOLD,
    )


def closed(incident: Incident, *, at: datetime | None = None) -> Incident:
    """The same, over; after an hour where nothing else is said."""
    at = at or incident.started_at + timedelta(hours=1)
    return operations.close_incident(
        incident_id=incident.pk, ended_at=at, now=max(at, now()), **TOLD
    )
