"""An outage's requests approved together: few clicks, each its own decision, outliers apart."""

import re
from datetime import timedelta
from typing import cast

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from jewelrymodel.accounts.models import Membership
from jewelrymodel.incidents.models import Incident
from jewelrymodel.payments.models import Order, Refund
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case, CaseEntry, CaseGround, ConfirmedDecision
from jewelrymodel.support.statuses import CaseState, ConfirmationState
from jewelrymodel.web.desk.affected_periods import AffectedPeriod
from jewelrymodel.web.desk.alike_requests import ReviewedRequest, sorted_apart
from tests.support.desk import join, read, shown, wait_until_decided
from tests.support.outages import closed, opened
from tests.support.shop import Sandbox, at_the_desk, register, settle, start

pytestmark = pytest.mark.django_db
MANY = 52
MOST_CLICKS = 6


def months(sandbox: Sandbox, count: int) -> list[Order]:
    """A paid month for each of so many sellers."""
    orders = []
    for n in range(count):
        checkout = start(register(f"s{n}@rings.example"), sku="bench", key=f"month-{n}")
        sandbox.pay(checkout.url)
        orders.append(settle(checkout.order))
    return orders


def outage(orders: list[Order], hours: int = 9) -> Incident:
    """The first hours that all of these months share."""
    begun = max(one.period_starts_at for one in orders if one.period_starts_at)
    return closed(opened(since=begun), at=begun + timedelta(hours=hours))


def page_of(incident: Incident) -> str:
    return f"/desk/incidents/{incident.pk}/review"


def chosen(page: str) -> list[str]:
    return re.findall(r'name="chosen" value="([^"]+)" checked', page)


def letters() -> dict[str, int]:
    """How many letters of a person each case has."""
    rows = CaseEntry.objects.filter(kind="message_out", author__startswith="user:")
    return {pk: rows.filter(case=pk).count() for pk in rows.values_list("case", flat=True)}


def test_52_periods_are_decided_in_at_most_six_clicks(vera: Client, sandbox: Sandbox) -> None:
    incident = outage(months(sandbox, MANY))
    clicks = ["Incidents", "the incident"]
    assert f"/desk/incidents/{incident.pk}/requests" in read(vera, f"/desk/incidents/{incident.pk}")
    clicks += ["Open a request for each"]
    answer = vera.post(f"/desk/incidents/{incident.pk}/requests", follow=True)
    assert f'href="{page_of(incident)}"' in answer.content.decode()
    clicks += ["Review the open requests together"]
    page = read(vera, page_of(incident))
    assert len(chosen(page)) == MANY
    clicks += ["I have reviewed these recommendations", "Approve the chosen requests"]
    sent = {"chosen": chosen(page), "sure": "on"}
    assert vera.post(f"/desk/incidents/{incident.pk}/approve", sent).status_code == 302
    assert len(clicks) <= MOST_CLICKS
    assert not DecisionRecord.objects.exists(), "for ten seconds it can be undone"
    assert len(wait_until_decided()) == MANY
    assert DecisionRecord.objects.values("subject_id").distinct().count() == MANY
    assert set(letters().values()) == {1}
    assert len(letters()) == MANY
    assert set(Case.objects.values_list("state", flat=True)) == {CaseState.DECIDED}
    assert f"{MANY} requests are decided." in read(vera, page_of(incident))


def test_what_differs_stands_apart_and_is_never_approved_with_the_others(
    vera: Client, sandbox: Sandbox
) -> None:
    orders = months(sandbox, 5)
    incident = outage(orders)
    vera.post(f"/desk/incidents/{incident.pk}/requests")
    wrote, own, several, *_alike = (Case.objects.get(subject_id=one.pk) for one in orders)
    operations.receive_message(case_id=wrote.pk, text="And my photos?", now=wrote.opened_at)
    join(own, "Vera")
    CaseGround.objects.create(
        case=several,
        category="other",
        subject_kind="account",
        added_by="user:1",
        added_at=several.opened_at,
    )
    page = read(vera, page_of(incident))
    alike, apart = page.split("To review one by one")
    assert len(chosen(page)) == 2
    for case, why in (
        (wrote, "The customer wrote"),
        (own, "You belong to this account yourself"),
        (several, "It has several categories"),
    ):
        assert case.pk not in alike
        assert re.search(rf"{case.label}</a>.*?{why}", apart)
    theirs = {"chosen": chosen(read(at_the_desk("Arun Example"), page_of(incident))), "sure": "on"}
    assert vera.post(f"/desk/incidents/{incident.pk}/approve", theirs).status_code == 422
    forged = {"chosen": [f"{wrote.pk}:x"], "sure": "on"}
    assert vera.post(f"/desk/incidents/{incident.pk}/approve", forged).status_code == 422
    assert not ConfirmedDecision.objects.exists()


def test_nothing_is_approved_over_a_message_that_nobody_read(
    vera: Client, sandbox: Sandbox
) -> None:
    orders = months(sandbox, 2)
    incident = outage(orders)
    base = f"/desk/incidents/{incident.pk}"
    vera.post(f"{base}/requests")
    sent = {"chosen": chosen(read(vera, page_of(incident))), "sure": "on"}
    wrote, other = (Case.objects.get(subject_id=one.pk) for one in orders)
    operations.receive_message(case_id=wrote.pk, text="Money, please.", now=wrote.opened_at)
    told = vera.post(f"{base}/approve", sent, follow=True).content.decode()
    assert "1 request has a new message and wasn’t approved." in told
    assert [one.case_id for one in ConfirmedDecision.objects.all()] == [other.pk]
    assert wrote.label in told.split("To review one by one")[1]


def test_undo_all_assesses_nothing_and_is_about_this_list_and_this_person(
    vera: Client, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = months(sandbox, 3)
    incident, arun = outage(orders), at_the_desk("Arun Example")
    base = f"/desk/incidents/{incident.pk}"
    vera.post(f"{base}/requests")
    listed, own, aruns = (Case.objects.get(subject_id=one.pk) for one in orders)
    for client, case in ((vera, own), (arun, aruns)):
        told = {"sure": "on", **shown(read(client, f"/desk/cases/{case.pk}"))}
        client.post(f"/desk/cases/{case.pk}/approve-recommendation", told)
    every = chosen(read(arun, page_of(incident)))
    arun.post(f"{base}/approve", {"chosen": every, "sure": "on"})
    assert ConfirmedDecision.objects.count() == 3
    page = read(vera, page_of(incident))
    assert "2 decisions are confirmed" in page
    assert aruns.label in page.split("To review one by one")[1]
    with monkeypatch.context() as patched:
        patched.setattr("jewelrymodel.remedies.operations.assess", lambda **_: 1 / 0)
        assert vera.post(f"{base}/undo").status_code == 302
    states = {one.case_id: one.state for one in ConfirmedDecision.objects.all()}
    undone, waits = ConfirmationState.UNDONE, ConfirmationState.PENDING
    assert states == {listed.pk: undone, own.pk: undone, aruns.pk: waits}


def test_another_remedy_and_a_much_larger_one_stand_apart() -> None:
    period, case = cast("AffectedPeriod", None), Case()
    usual = [ReviewedRequest(period, case, shape=("credits",), size=n) for n in (2, 2, 3, 4)]
    money = ReviewedRequest(period, case, shape=("money",), size=2)
    large = ReviewedRequest(period, case, shape=("credits",), size=10)
    known = ReviewedRequest(period, case, shape=("money",), why_apart="The customer wrote")
    alike, apart = sorted_apart([money, *usual, large, known])
    assert alike == usual
    assert [one.why_apart for one in apart] == [
        "Another remedy or clause than the others",
        "Much larger than the others",
        "The customer wrote",
    ]


def test_a_large_one_waits_for_its_own_look(
    vera: Client, sandbox: Sandbox, settings: Settings
) -> None:
    settings.SECOND_APPROVAL_LIMIT_MINOR = 1
    settings.SECOND_APPROVAL_LIMIT_CREDITS = 0
    incident = outage(months(sandbox, 2))
    vera.post(f"/desk/incidents/{incident.pk}/requests")
    page = read(vera, page_of(incident))
    assert chosen(page) == []
    assert page.count("It needs a second approval") == 2


def test_all_are_undone_with_one_click_and_a_tick_is_needed(vera: Client, sandbox: Sandbox) -> None:
    incident = outage(months(sandbox, 3))
    base = f"/desk/incidents/{incident.pk}"
    vera.post(f"{base}/requests")
    every = chosen(read(vera, page_of(incident)))
    for sent in ({"sure": "on"}, {"chosen": every}):
        assert vera.post(f"{base}/approve", sent).status_code == 422
    two = {"chosen": every[:2], "sure": "on"}
    assert vera.post(f"{base}/approve", two).status_code == 302
    assert vera.post(f"{base}/approve", two).status_code == 302
    assert ConfirmedDecision.objects.count() == 2, "a second click confirms nothing"
    assert "2 decisions are confirmed" in read(vera, page_of(incident))
    answer = vera.post(f"{base}/undo", follow=True)
    assert "2 approvals undone." in answer.content.decode()
    assert wait_until_decided() == []
    states = set(ConfirmedDecision.objects.values_list("state", flat=True))
    assert states == {ConfirmationState.UNDONE}
    assert not DecisionRecord.objects.exists()
    assert not Refund.objects.exists()
    assert len(chosen(read(vera, page_of(incident)))) == 3, "they can be approved after all"


def test_facts_that_moved_stop_one_and_none_of_the_others(vera: Client, sandbox: Sandbox) -> None:
    orders = months(sandbox, 3)
    incident = outage(orders)
    base = f"/desk/incidents/{incident.pk}"
    vera.post(f"{base}/requests")
    sent = {"chosen": chosen(read(vera, page_of(incident))), "sure": "on"}
    assert vera.post(f"{base}/approve", sent).status_code == 302
    charge = orders[0].charges.get()
    sandbox.panel(f"charges/{charge.processor_charge_id}/refund")
    assert len(wait_until_decided()) == 2
    page = read(vera, page_of(incident))
    assert queries.case(case_id=Case.objects.get(subject_id=orders[0].pk).pk).is_open
    assert "The facts have changed" in page.split("To review one by one")[1]


def test_an_incident_without_requests_says_so(vera: Client, seller: Membership) -> None:
    assert "No open requests" in read(vera, page_of(opened()))
    assert mail.outbox == []
