"""Incidents at the desk: true times, refusals that keep what was typed, and a case for each."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jewelrymodel.accounts.models import Membership
from jewelrymodel.incidents import queries
from jewelrymodel.incidents.models import Incident
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.models import Charge, Order
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.support import queries as support
from jewelrymodel.support.models import Case
from tests.support.outages import closed, opened
from tests.support.shop import Sandbox, now, settle, start

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def typed(at: datetime) -> str:
    """An instant as the field sends it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S")


def do(client: Client, incident: Incident, act: str, **sent: str) -> HttpResponse:
    return client.post(f"/desk/incidents/{incident.pk}/{act}", sent)


def words(client: Client, path: str) -> str:
    """What a page says, without its tags."""
    html = client.get(path, follow=True).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def error_of(answer: HttpResponse, field: str) -> str:
    """What stands beside the field."""
    found = re.search(rf'id="{field}_error">(.*?)</p>', answer.content.decode())
    return found[1].replace("&#x27;", "'") if found else ""


def test_the_true_end_is_entered_with_how_we_know_it(vera: Client) -> None:
    incident, ended = opened(), (now() - 30 * MINUTE).replace(microsecond=0)
    prefilled = re.search(
        r'name="ended_at" value="([^"]+)"',
        vera.get(f"/desk/incidents/{incident.pk}").content.decode(),
    )
    assert prefilled
    assert prefilled[1] >= typed(now() - MINUTE)
    answer = do(vera, incident, "close", ended_at=typed(ended), reason="The queue moves again")
    assert answer.status_code == 302
    incident.refresh_from_db()
    assert incident.ended_at == ended
    assert "Closed Vera Example The queue moves again" in words(
        vera, f"/desk/incidents/{incident.pk}"
    )


@pytest.mark.parametrize(
    ("minutes", "reason", "field", "told"),
    [
        (-30, "", "close_reason", "Enter how we know that it is over."),
        (-30, "   ", "close_reason", "Enter how we know that it is over."),
        (30, "Over", "close_ended_at", "The end can’t be in the future. Nothing was changed."),
        (-300, "Over", "close_ended_at", "The end must be after the start. Nothing was changed."),
    ],
)
def test_an_end_that_cant_be_is_refused_beside_its_field_and_what_was_typed_stays(
    vera: Client, minutes: int, reason: str, field: str, told: str
) -> None:
    incident, ended = opened(), typed(now() + minutes * MINUTE)
    answer = do(vera, incident, "close", ended_at=ended, reason=reason)
    assert answer.status_code == 422
    assert error_of(answer, field) == told
    assert f'value="{ended}"' in answer.content.decode()
    assert not reason.strip() or f'value="{reason}"' in answer.content.decode()
    assert queries.running() == [incident]


def test_a_page_grown_stale_says_so_and_keeps_what_was_typed(vera: Client) -> None:
    incident = closed(opened())
    answer = do(vera, incident, "close", ended_at=typed(now()), reason="I saw it too")
    assert answer.status_code == 422
    assert "This incident is already closed." in answer.content.decode()
    assert 'value="I saw it too"' in answer.content.decode()


def test_an_opening_that_is_refused_keeps_what_was_typed(vera: Client) -> None:
    opened()
    sent = {"feature": "studio", "title": "Looks are slow", "reason": "Two mails"}
    refused = ((0, "id_feature", "has an open incident"), (1, "id_started_at", "in the future"))
    for later, field, told in refused:
        at = typed(now() + timedelta(hours=later))
        answer = vera.post("/desk/incidents/open", sent | {"started_at": at})
        assert answer.status_code == 422
        assert told in error_of(answer, field)
        assert 'value="Looks are slow"' in answer.content.decode()
        assert f'value="{at}"' in answer.content.decode()
    assert Incident.objects.count() == 1


def test_a_correction_needs_its_reason_and_keeps_what_stood_there(vera: Client) -> None:
    incident = closed(opened())
    assert incident.ended_at is not None
    since = (incident.started_at - 10 * MINUTE).replace(microsecond=0)
    sent = {
        "title": "Looks came late",
        "note": "A disk was full.",
        "started_at": typed(since),
        "ended_at": typed(incident.ended_at),
    }
    answer = do(vera, incident, "correct", **sent, reason="")
    assert answer.status_code == 422
    assert error_of(answer, "correct_reason") == "Enter a reason."
    assert 'value="Looks came late"' in answer.content.decode()
    assert do(vera, incident, "correct", **sent, reason="The log says so").status_code == 302
    before, incident = incident, Incident.objects.get()
    assert (incident.title, incident.note) == ("Looks came late", "A disk was full.")
    assert (incident.started_at, incident.ended_at) == (since, before.ended_at), (
        "to the microsecond"
    )
    said = words(vera, f"/desk/incidents/{incident.pk}")
    assert (
        f"The log says so (was Generating is down: {before.started_at:%-d %b %Y, %H:%M:%S}" in said
    )


def test_a_mistake_is_withdrawn_with_its_reason_and_leaves_the_status_page(vera: Client) -> None:
    incident = opened()
    assert "Generating is down" in words(Client(), "/status")
    answer = do(vera, incident, "withdraw", reason="")
    assert (answer.status_code, error_of(answer, "withdraw_reason")) == (
        422,
        "Enter a reason.",
    )
    assert do(vera, incident, "withdraw", reason="A false alarm").status_code == 302
    assert "Generating is down" not in words(Client(), "/status")
    assert "No outages recorded" in words(Client(), "/status")
    assert re.search(r"Generating is down .* Withdrawn", words(vera, "/desk/incidents"))
    said = words(vera, f"/desk/incidents/{incident.pk}")
    assert "Withdrawn Vera Example A false alarm" in said
    assert "Is it over?" not in said
    assert do(vera, incident, "close", ended_at=typed(now()), reason="x").status_code == 422


def test_an_instant_that_is_none_is_told_in_our_words(vera: Client) -> None:
    incident = opened()
    for at, told in (("", "Enter a date and a time"), ("soon", "such as 2026-05-14")):
        answer = do(vera, incident, "close", ended_at=at, reason="Over")
        assert answer.status_code == 422
        assert told in error_of(answer, "close_ended_at")


def test_what_no_button_says_is_not_done(vera: Client) -> None:
    assert do(vera, opened(), "delete").status_code == 404


@pytest.fixture
def month(sandbox: Sandbox, seller: Membership) -> Order:
    """A month of a plan, paid and delivered."""
    checkout = start(seller, sku="bench")
    sandbox.pay(checkout.url)
    return settle(checkout.order)


@pytest.fixture
def outage(month: Order) -> Incident:
    """The first hour of that month."""
    assert month.period_starts_at is not None
    begun = month.period_starts_at
    return closed(opened(since=begun), at=begun + timedelta(hours=1))


def test_cases_are_counted_and_linked_and_offered_once(
    vera: Client, outage: Incident, month: Order
) -> None:
    path = f"/desk/incidents/{outage.pk}"
    assert "None yet" in words(vera, path)
    do(vera, outage, "requests")
    said, case = words(vera, path), Case.objects.get()
    assert "1 request was opened." in said
    assert (case.label in said, "Each has a request" in said) == (True, True)
    assert f'href="/desk/cases/{case.pk}"' in vera.get(path).content.decode()
    assert "Open a request for each" not in said
    do(vera, outage, "requests")
    assert "No requests were opened. 1 billing period already had one." in words(vera, path)
    assert Case.objects.get() == case


def test_an_outage_after_the_last_one_was_answered_gets_a_case_of_its_own(
    vera: Client, outage: Incident, month: Order
) -> None:
    do(vera, outage, "requests")
    begun = outage.ended_at + timedelta(hours=1) if outage.ended_at else now()
    later = closed(opened(since=begun), at=begun + timedelta(hours=1))
    do(vera, later, "requests")
    assert Case.objects.count() == 1, "the one that is open speaks for both"
    Case.objects.update(state="decided")
    do(vera, later, "requests")
    do(vera, later, "requests")
    assert Case.objects.count() == 2


def test_an_outage_that_became_known_after_the_answer_gets_a_case_too(
    vera: Client, outage: Incident, month: Order
) -> None:
    """It began before the case was opened; nobody knew of it when that was decided."""
    do(vera, outage, "requests")
    Case.objects.update(state="decided")
    noticed = closed(opened(since=month.period_starts_at))
    said = words(vera, f"/desk/incidents/{noticed.pk}")
    assert "None yet" in said
    assert month.account.name.replace("'", "&#x27;") in said
    do(vera, noticed, "requests")
    assert Case.objects.count() == 2


def test_a_slip_of_the_year_is_no_outage(vera: Client) -> None:
    long_ago = typed(now() - timedelta(days=400))
    sent = {"feature": "studio", "title": "Down", "started_at": long_ago, "reason": "A log"}
    answer = vera.post("/desk/incidents/open", sent)
    assert answer.status_code == 422
    assert "check the year" in error_of(answer, "id_started_at")
    assert not Incident.objects.exists()


def test_a_month_whose_money_is_back_gets_no_case(
    vera: Client, outage: Incident, month: Order
) -> None:
    charge = Charge.objects.get(order=month)
    refund = payments.intend_refund(
        account_id=month.account_id,
        charge_id=charge.pk,
        amount_minor=charge.kept_minor,
        decision_id="dec_all_of_it",
        reason="A first purchase.",
        revokes_credits=True,
        now=now(),
    )
    assert "None yet" in words(vera, f"/desk/incidents/{outage.pk}"), "not before it is"
    payments.follow_refund(refund_id=refund.pk, now=now())
    said = words(vera, f"/desk/incidents/{outage.pk}")
    assert "refunded" in said
    assert "Open a request for each" not in said
    do(vera, outage, "requests")
    assert not Case.objects.exists()
    assert "No requests were opened." in words(vera, f"/desk/incidents/{outage.pk}")


def test_a_withdrawn_one_opens_no_case_and_names_those_that_stand(
    vera: Client, outage: Incident, month: Order
) -> None:
    do(vera, outage, "requests")
    do(vera, outage, "withdraw", reason="Another service was down")
    said = words(vera, f"/desk/incidents/{outage.pk}")
    assert "These requests remain open" in said
    assert Case.objects.get().label in said
    assert do(vera, outage, "requests").status_code == 302
    assert Case.objects.count() == 1


def test_what_a_withdrawn_one_paid_is_a_task_until_somebody_has_reviewed_it(
    vera: Client, outage: Incident, month: Order
) -> None:
    """Customers keep it: nothing is taken back."""
    do(vera, outage, "requests")
    case = Case.objects.get()
    request = support.request_facts(case)
    assert request is not None
    decision = deciding.decide_by_machine(
        request=request, actor=Actor.system("self-check"), now=now()
    )
    deciding.carry_out(decision_id=decision.pk, now=now())
    kept = ledger.balance(month.account_id, now()).available
    assert "Withdrawn after they paid" not in words(vera, "/desk/incidents")
    assert do(vera, outage, "reviewed", reason="Too early").status_code == 422
    do(vera, outage, "withdraw", reason="Another service was down")
    assert "Withdrawn after they paid" in words(vera, "/desk/incidents")
    assert remedies.paid_for_incidents(since={outage.pk: outage.created_at}) == {outage.pk: 1}
    assert remedies.paid_for_incidents(since={outage.pk: now()}) == {}
    page = vera.get(f"/desk/incidents/{outage.pk}").content.decode()
    assert f"/desk/decisions/{decision.pk}" in page
    assert "nothing is taken back" in page
    assert do(vera, outage, "reviewed", reason="").status_code == 422
    assert do(vera, outage, "reviewed", reason="Two credits; fine").status_code == 302
    assert do(vera, outage, "reviewed", reason="Again").status_code == 422
    assert "Withdrawn after they paid" not in words(vera, "/desk/incidents")
    said = words(vera, f"/desk/incidents/{outage.pk}")
    assert "Payments reviewed Vera Example Two credits; fine" in said
    assert "Mark as reviewed" not in said
    assert ledger.balance(month.account_id, now()).available == kept > 0


def test_the_list_asks_no_more_of_many_withdrawn_ones_than_of_one(vera: Client) -> None:
    def withdrawn() -> int:
        do(vera, closed(opened()), "withdraw", reason="None")
        with CaptureQueriesContext(connection) as asked:
            vera.get("/desk/incidents")
        return len(asked)

    first, *_, last = (withdrawn() for _ in range(4))
    assert first == last


def test_one_that_paid_nothing_leaves_no_task(vera: Client, outage: Incident, month: Order) -> None:
    do(vera, outage, "withdraw", reason="Another service was down")
    assert "Withdrawn after they paid" not in words(vera, "/desk/incidents")
    assert "What it paid" not in words(vera, f"/desk/incidents/{outage.pk}")
