"""An incident that is still open may be a false alarm: nothing is paid for it before it is over."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.incidents import operations as incidents
from jewelrymodel.incidents.models import Incident
from jewelrymodel.infra import clock
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments.models import Order
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import operations as support
from jewelrymodel.support import queries
from jewelrymodel.support.models import Case, ConfirmedDecision
from tests.support.desk import read, shown
from tests.support.outages import TOLD, closed, opened
from tests.support.shop import Sandbox, now, settle, start

pytestmark = [pytest.mark.django_db, pytest.mark.clause("6.3")]
SENTENCE = "incident is still open"


def later() -> datetime:
    """Five hours after the month was paid."""
    return now() + timedelta(hours=5)


@pytest.fixture
def month(sandbox: Sandbox, seller: Membership, monkeypatch: pytest.MonkeyPatch) -> Order:
    """A month of a plan that was paid five hours ago, as the pages tell the time."""
    checkout = start(seller, sku="bench")
    sandbox.pay(checkout.url)
    order = settle(checkout.order)
    monkeypatch.setattr(clock, "now", later)
    return order


@pytest.fixture
def alarm(month: Order) -> Incident:
    """Something rang; nobody has said yet what it was."""
    return opened(since=month.period_starts_at)


def settle_it(client: Client, month: Order) -> int:
    """What the self-check's button does."""
    sent = {"category": "outage", "order": month.pk, "do": "settle"}
    return client.post("/requests/new", sent).status_code


def test_the_self_check_pays_nothing_for_it(
    client: Client, seller: Membership, month: Order, alarm: Incident
) -> None:
    """R19: a false alarm could be paid before the incident was withdrawn."""
    client.force_login(seller.user)
    before = ledger.balance(month.account_id, later()).available
    page = read(client, f"/requests/new?category=outage&order={month.pk}")
    assert 'value="settle"' not in page
    assert "This outage isn’t over yet" in page
    assert settle_it(client, month) == 200
    assert not DecisionRecord.objects.exists()
    assert ledger.balance(month.account_id, later()).available == before
    incidents.withdraw_incident(incident_id=alarm.pk, now=later(), **TOLD)
    assert settle_it(client, month) == 200
    assert not DecisionRecord.objects.exists()


def test_it_is_made_good_once_it_is_over(
    client: Client, seller: Membership, month: Order, alarm: Incident
) -> None:
    client.force_login(seller.user)
    closed(alarm, at=alarm.started_at + timedelta(hours=2))
    assert settle_it(client, month) == 302
    assert DecisionRecord.objects.get().remedies.get().credits


def test_a_person_reads_why_and_is_refused_too(
    vera: Client, seller: Membership, month: Order, alarm: Incident
) -> None:
    vera.post(f"/desk/incidents/{alarm.pk}/requests")
    case = Case.objects.get()
    page = read(vera, f"/desk/cases/{case.pk}")
    assert SENTENCE in page
    assert "approve-recommendation" not in page
    assert SENTENCE in read(vera, f"/desk/incidents/{alarm.pk}/review")
    request = queries.request_facts(case)
    assert request is not None
    told = {"sure": "on", **shown(page), "read_up_to": "0"}
    told["signature"] = deciding.assess(request=request, now=later()).signature
    answer = vera.post(f"/desk/cases/{case.pk}/approve-recommendation", told)
    assert answer.status_code == 409
    assert not ConfirmedDecision.objects.exists()


def test_one_that_is_opened_again_within_the_ten_seconds_is_not_paid(
    vera: Client, seller: Membership, month: Order, alarm: Incident
) -> None:
    incident = closed(alarm, at=alarm.started_at + timedelta(hours=2))
    vera.post(f"/desk/incidents/{alarm.pk}/requests")
    case = Case.objects.get()
    page = read(vera, f"/desk/cases/{case.pk}")
    told = {"sure": "on", **shown(page)}
    assert vera.post(f"/desk/cases/{case.pk}/approve-recommendation", told).status_code == 302
    incidents.correct_incident(
        incident_id=incident.pk,
        title=incident.title,
        note="",
        started_at=incident.started_at,
        ended_at=None,
        now=later(),
        **TOLD,
    )
    row = ConfirmedDecision.objects.get()
    support.carry_out_confirmed(confirmed_id=row.pk, now=row.due_at)
    assert not DecisionRecord.objects.exists()
    case.refresh_from_db()
    assert case.is_open
