"""An incident is closed once, corrected openly, withdrawn for good, and never deleted."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from jewelrymodel.incidents import operations, queries
from jewelrymodel.incidents.models import Incident
from jewelrymodel.incidents.operations import (
    AlreadyOpen,
    BadTimes,
    EndsFirst,
    EndsLater,
    NotRunning,
    StartsLater,
    Withdrawn,
)
from jewelrymodel.kernel.period import Period
from tests.support.outages import TOLD, closed, opened
from tests.support.shop import now

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def withdraw(incident: Incident) -> Incident:
    return operations.withdraw_incident(incident_id=incident.pk, now=now(), **TOLD)


def minutes(incident: Incident) -> int:
    paid = Period(incident.started_at - HOUR, incident.started_at + 9 * HOUR)
    return queries.affected_minutes(features=["studio"], paid=paid, now=now())


def test_what_was_withdrawn_counts_for_nothing_and_stays() -> None:
    incident = closed(opened())
    assert minutes(incident) == 60
    withdraw(incident)
    assert minutes(incident) == 0
    assert queries.recent() == []
    assert queries.withdrawn() == [incident]
    assert queries.incident(incident_id=incident.pk).ended_at == incident.ended_at
    last = queries.history(incident_id=incident.pk)[-1]
    assert (last.action, last.reason, last.actor) == (
        "incident.withdrawn",
        "An alarm",
        "system:test",
    )


def test_one_that_was_withdrawn_while_it_ran_makes_room_for_the_real_one() -> None:
    withdraw(opened())
    assert queries.running() == []
    real = opened()
    assert queries.running() == [real]
    with pytest.raises(AlreadyOpen):
        opened()


def test_nothing_changes_a_withdrawn_one_and_nothing_deletes_any() -> None:
    incident = withdraw(opened())
    with pytest.raises(Withdrawn):
        withdraw(incident)
    with pytest.raises(Withdrawn):
        closed(incident)
    with pytest.raises(IntegrityError, match="what is written there stays"), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(title="Nothing happened")
    with pytest.raises(IntegrityError, match="what is written there stays"), transaction.atomic():
        opened().delete()


def test_an_incident_is_closed_once_and_then_corrected() -> None:
    incident = closed(opened())
    with pytest.raises(NotRunning):
        closed(incident, at=now())


@pytest.mark.parametrize(
    ("started_h", "ended_h", "refusal"),
    [(1, None, StartsLater), (-2, 1, EndsLater), (-2, -3, EndsFirst), (-2, -2, EndsFirst)],
)
def test_times_that_cant_be_are_refused_by_name(
    started_h: int, ended_h: int | None, refusal: type[BadTimes]
) -> None:
    at, incident = now(), opened()
    with pytest.raises(refusal):
        operations.correct_incident(
            incident_id=incident.pk,
            title="Down",
            note="",
            started_at=at + started_h * HOUR,
            ended_at=None if ended_h is None else at + ended_h * HOUR,
            now=at,
            **TOLD,
        )
    incident.refresh_from_db()
    assert incident.title == "Generating is down"


def test_a_correction_that_would_make_two_run_is_refused() -> None:
    over = closed(opened())
    opened()
    with pytest.raises(AlreadyOpen):
        operations.correct_incident(
            incident_id=over.pk,
            title=over.title,
            note="",
            started_at=over.started_at,
            ended_at=None,
            now=now(),
            **TOLD,
        )
