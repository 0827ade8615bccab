"""What the desk's lists tell before anything is opened, and the pages that they lead to."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jewelrymodel.accounts.models import Membership
from jewelrymodel.disputes.models import DisputeWork
from jewelrymodel.payments.models import ChargeDispute, Order
from jewelrymodel.payments.statuses import DisputeStatus
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case
from jewelrymodel.support.operations.sender_confirmation import confirmation_link
from jewelrymodel.web.desk import queue
from tests.support.bank import Bank
from tests.support.desk import open_case, read
from tests.support.inbound_email import arrive, letter, newest
from tests.support.shop import Sandbox, charge_again, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(sandbox: Sandbox, seller: Membership) -> Bank:
    """A buyer and their bank."""
    return Bank(sandbox, seller)


def vera_id() -> int:
    return get_user_model().objects.get(email="vera@desk.example").pk


def beginning(case: Case) -> str:
    return queries.last_messages([case])[case.pk].beginning


def is_new(case: Case) -> bool:
    return queries.last_messages([case])[case.pk].unanswered


def test_a_row_begins_as_the_customers_newest_message_does(vera: Client, case: Case) -> None:
    assert "I did not use it." in read(vera, "/desk")
    operations.receive_message(case_id=case.pk, text="Are you\n\nthere? " + "ring " * 30, now=now())
    told = beginning(case)
    assert told.startswith("Are you there? ring ring")
    assert len(told) == 80
    assert told.endswith("…")
    assert told in read(vera, "/desk")


def test_a_message_is_new_until_a_person_writes_back(vera: Client, case: Case) -> None:
    badge = "badge badge--info"
    assert is_new(case), "an acknowledgement is no answer"
    assert f'{badge}">New<' in read(vera, "/desk")
    operations.add_note(case_id=case.pk, text="To do", user_id=vera_id(), now=now())
    assert is_new(case), "a note is no answer"
    operations.reply(case_id=case.pk, text="We look.", user_id=vera_id(), now=now())
    assert not is_new(case)
    assert f'{badge}">New<' not in read(vera, "/desk")
    operations.receive_message(case_id=case.pk, text="Thank you", now=now())
    assert is_new(case)


def test_however_many_rows_their_words_are_two_queries(
    vera: Client, order: Order, seller: Membership
) -> None:
    cases = [open_case(order, seller) for _ in range(3)]
    with CaptureQueriesContext(connection) as asked:
        assert len(queries.last_messages(cases)) == 3
    assert len(asked) == 2, "what is merged into them, and what was written in all of these"


def test_whose_turn_it_is_and_whose_case_it_is_are_two_things(vera: Client, case: Case) -> None:
    assert ">Us<" in read(vera, "/desk")
    vera.post(f"/desk/cases/{case.pk}/assign")
    assert ">Us · Vera<" in read(vera, "/desk")
    operations.ask(case_id=case.pk, text="Which order?", user_id=vera_id(), now=now())
    assert ">Customer · Vera<" in read(vera, "/desk")


def test_who_proved_their_address_and_has_no_account_is_called_so(vera: Client) -> None:
    arrive(letter("nobody@else.example", "Help", "It did not arrive"))
    vera.post(f"/desk/cases/{newest().pk}/assign")
    assert "not verified" in read(vera, "/desk")
    operations.confirm_sender(token=confirmation_link(newest()).rpartition("/")[2], now=now())
    page = read(vera, "/desk")
    assert "no account" in page
    assert "not verified" not in page


def test_an_order_tells_of_its_disputes(vera: Client, bank: Bank) -> None:
    order = bank.buy()
    page = f"/desk/orders/{order.pk}"
    assert "Disputed" not in read(vera, page)
    work = bank.dispute(order)
    text = read(vera, page)
    assert ">Disputed<" in text
    assert f'<a href="/desk/disputes/{work.pk}">dispute</a> $39.00' in text
    assert "our response is needed" in text
    bank.decide(work, "lost")
    text = read(vera, page)
    assert "lost: the customer was refunded by the bank" in text
    assert ">Disputed<" not in text


def test_every_word_of_the_processors_for_a_dispute_has_words(vera: Client, bank: Bank) -> None:
    work = bank.dispute(bank.buy())
    told = set()
    for status in DisputeStatus:
        lost_at = now() if status == DisputeStatus.LOST else None
        ChargeDispute.objects.update(status=status, lost_at=lost_at)
        page = read(vera, f"/desk/disputes/{work.pk}")
        told.add(page.partition("Status</dt>")[2].partition("</dd>")[0])
    assert len(told) == len(DisputeStatus)


def test_open_disputes_come_first_and_the_nearest_deadline_first(vera: Client, bank: Bank) -> None:
    works = [bank.dispute(bank.buy(key=f"key-of-page-{n}")) for n in range(4)]
    labels = [one.dispute.charge.order.label for one in works]
    for work, days in zip(works, (9, 2, 1, 1), strict=True):
        due = now() + timedelta(days=days)
        ChargeDispute.objects.filter(pk=work.pk).update(
            due_by_at=due, opened_at=now() + timedelta(minutes=works.index(work))
        )
    for work in works[2:]:
        ChargeDispute.objects.filter(pk=work.pk).update(status=DisputeStatus.WON)
    page = read(vera, "/desk/disputes")
    order = [labels[1], labels[0], ">Decided<", labels[3], labels[2]]
    places = [page.index(one) for one in order]
    assert places == sorted(places)


def test_a_dispute_says_where_it_is_answered_and_what_the_customer_wrote(
    vera: Client, bank: Bank, seller: Membership
) -> None:
    order = bank.buy()
    work = bank.dispute(order)
    page = f"/desk/disputes/{work.pk}"
    text = read(vera, page)
    assert "Respond to the bank at the payment processor, not here." in text
    assert "Customer requests" not in text
    case = open_case(order, seller)
    assert f'<a href="/desk/cases/{case.pk}">{case.label}</a>' in read(vera, page)
    bank.decide(work, "won")
    assert "not here" not in read(vera, page)


def advice(vera: Client, work: DisputeWork) -> str:
    page = read(vera, f"/desk/disputes/{work.pk}")
    return page.partition('<div class="notice stack stack--tight"> <p>')[2].partition("</p>")[0]


def test_the_headline_says_so_where_facts_speak_for_both(vera: Client, bank: Bank) -> None:
    """A charge that brought something, of an order charged twice: one fact for each side."""
    order = bank.buy()
    charge_again(bank.sandbox, order)
    charge = order.charges.earliest("charged_at", "id")
    opened = bank.sandbox.panel(
        f"charges/{charge.processor_charge_id}/dispute", reason="duplicate", inquiry=False
    )
    assert advice(vera, bank.hear(opened["id"])).startswith("Accept: one fact supports")


def test_limits_are_amounts(vera: Client) -> None:
    page = read(vera, "/desk/policy")
    for amount in ("50.00", "200.00"):
        assert f"{amount} in the charge’s currency" in page


def test_an_account_knows_its_plan_requests_and_disputes(
    vera: Client, bank: Bank, seller: Membership
) -> None:
    page = f"/desk/customers/{seller.account_id}"
    seen = vera.get(page).context
    assert (seen["plans"], seen["cases"], seen["disputes"]) == ([], [], [])
    order = bank.buy("bench")
    case, work = open_case(order, seller), bank.dispute(order)
    seen = vera.get(page).context
    assert [one.pk for one in seen["plans"]] == [order.subscription_id]
    assert seen["cases"] == [(case, "Unused credits or time")]
    assert seen["disputes"] == [(work.dispute, "product not received", "our response is needed")]
    assert "Dispute: product not received, our response is needed" in read(vera, page)


def test_the_queue_shows_every_request_on_pages_with_their_total(
    order: Order, seller: Membership, vera: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "ROWS_OF_A_PAGE", 2)
    made = [open_case(order, seller) for _ in range(5)]
    pages = [vera.get("/desk", {"page": n, "state": "open"}) for n in (1, 2, 3)]
    shown = [row.case for page in pages for row in page.context["rows"]]
    assert [one.pk for one in shown] == [one.pk for one in queries.queue(state="open")]
    assert {one.pk for one in made} == {one.pk for one in shown}
    first, last = pages[0].content.decode(), pages[2].content.decode()
    assert "5 requests" in first
    assert "state=open" in first.split('rel="next"')[0].rsplit("<a", 1)[1], "filters stay"
    assert 'rel="prev"' not in first
    assert 'rel="next"' not in last


def test_a_page_of_the_queue_reads_only_its_own_requests(
    order: Order, seller: Membership, vera: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "ROWS_OF_A_PAGE", 2)
    for _ in range(2):
        open_case(order, seller)
    vera.get("/desk")
    with CaptureQueriesContext(connection) as few:
        vera.get("/desk")
    for _ in range(5):
        open_case(order, seller)
    with CaptureQueriesContext(connection) as many:
        answer = vera.get("/desk")
    assert len(answer.context["rows"]) == 2
    assert len(many) == len(few)
