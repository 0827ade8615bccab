"""Incidents are proposed from what fails; a person opens or dismisses them, never a machine."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import operations as generation
from jewelrymodel.generation.statuses import GeneratorName
from jewelrymodel.incidents import operations, queries
from jewelrymodel.incidents.models import Incident, IncidentProposal, ProposalState
from jewelrymodel.kernel.actors import Actor
from tests.support import generation as studio
from tests.support.shop import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def broken(account: Account, vera: Client) -> IncidentProposal:
    """Twelve generations that failed a moment ago, and what is proposed."""
    fail(account, 12)
    (proposal,) = look()
    return proposal


@pytest.fixture
def account() -> Account:
    return studio.seller(quantity=100)


def fail(account: Account, times: int, *, key: str = "t") -> None:
    photo = studio.approve(studio.approved_photo(account))
    for number in range(times):
        task = studio.order(photo, key=f"{key}{number}", generator=GeneratorName.EMBEDDED)
        generation.give_up(task_id=task.pk, now=now(), machine_now=now())


def look() -> list[IncidentProposal]:
    return operations.propose_incidents(now=now(), machine_now=now())


def said(client: Client, path: str = "/desk/incidents") -> str:
    html = client.get(path, follow=True).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_a_few_failures_propose_nothing(account: Account) -> None:
    fail(account, 4)
    assert look() == []


def test_what_fails_is_proposed_once_with_its_numbers_and_published_nowhere(
    broken: IncidentProposal, account: Account, vera: Client
) -> None:
    assert (broken.attempts, broken.failures, broken.usual_attempts) == (12, 12, 0)
    fail(account, 2, key="more")
    (again,) = look()
    assert (again.pk, again.attempts) == (broken.pk, 14)
    assert not Incident.objects.exists()
    assert "Proposed" not in said(Client(), "/status")
    page = said(vera)
    assert "embedded: 14 of 14 failed within 15 minutes" in page


def test_it_is_dismissed_once_with_a_reason_and_not_proposed_at_once_again(
    broken: IncidentProposal, vera: Client
) -> None:
    address = f"/desk/incidents/proposals/{broken.pk}/dismiss"
    assert vera.post(address, {"reason": ""}).status_code == 422
    assert vera.post(address, {"reason": "One broken photo"}).status_code == 302
    assert vera.post(address, {"reason": "Again"}).status_code == 422
    broken.refresh_from_db()
    assert (broken.state, broken.reason) == (ProposalState.DISMISSED, "One broken photo")
    assert look() == []
    later = now() + timedelta(hours=4, minutes=1)
    assert operations.propose_incidents(now=later, machine_now=later) == []
    assert "Open an incident from it" not in said(vera)


def test_a_person_opens_it_and_nothing_more_is_proposed_meanwhile(
    broken: IncidentProposal, account: Account, vera: Client
) -> None:
    html = vera.get(f"/desk/incidents?proposal={broken.pk}").content.decode()
    assert f'value="{broken.pk}"' in html
    assert "12 of 12 failed" in html
    opened = {
        "feature": broken.feature,
        "title": "Generating is down",
        "started_at": broken.starts_at.strftime("%Y-%m-%dT%H:%M:%S"),
        "reason": "The renderer has no memory",
        "proposal": broken.pk,
    }
    assert vera.post("/desk/incidents/open", opened).status_code == 302
    broken.refresh_from_db()
    assert broken.state == ProposalState.TAKEN
    assert broken.incident == Incident.objects.get()
    assert queries.proposals() == []
    fail(account, 5, key="later")
    assert look() == []


def test_the_database_keeps_a_proposal_and_lets_only_a_person_decide(
    broken: IncidentProposal,
) -> None:
    rows = IncidentProposal.objects.filter(pk=broken.pk)
    machine = {"state": ProposalState.DISMISSED, "decided_by": "system:x", "decided_at": now()}
    for change in (machine, {"state": ProposalState.TAKEN}, {"failures": 99}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(Exception, match="append"), transaction.atomic():
        rows.delete()
    no = {"actor": Actor.user(1), "reason": "No", "now": now()}
    operations.dismiss_proposal(proposal_id=broken.pk, **no)
    with pytest.raises(operations.ProposalDecided):
        operations.dismiss_proposal(proposal_id=broken.pk, **no)
