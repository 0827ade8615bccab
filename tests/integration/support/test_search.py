"""The desk's search: what a mail names or a caller says leads to its page."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jewelrymodel.accounts import operations as accounts
from jewelrymodel.accounts.models import Membership
from jewelrymodel.ledger.models import Lot
from jewelrymodel.payments.models import Charge, ChargeDispute, Order, Receipt
from jewelrymodel.payments.statuses import DisputeStatus
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support.models import Case
from jewelrymodel.support.rules.email_references import tag
from jewelrymodel.web.desk.search import SHOWN
from tests.support.desk import decide, read
from tests.support.inbound_email import arrive, letter
from tests.support.shop import now, register

pytestmark = pytest.mark.django_db


def led_to(client: Client, text: str) -> str:
    """The page that a search leads to; empty where it lists."""
    answer = client.get("/desk/search", {"q": text})
    assert answer.status_code in (200, 302), text
    return answer.headers.get("Location", "")


def listed(client: Client, text: str) -> str:
    answer = client.get("/desk/search", {"q": text})
    assert answer.status_code == 200, answer.headers.get("Location")
    return " ".join(answer.content.decode().split())


def account_named(name: str, email: str) -> Membership:
    return accounts.register(email=email, password=None, account_name=name, now=now())


def test_numbers_lead_to_what_they_count(vera: Client, case: Case, order: Order) -> None:
    request, bought = f"/desk/cases/{case.pk}", f"/desk/orders/{order.pk}"
    receipt = Receipt.objects.get(order=order)
    assert receipt.label.startswith("RCP-0")
    for text, page in (
        (case.label, request),
        (case.label.lower(), request),
        (f" {case.number} ", request),
        (f"R-{case.number}", request),
        (f"Re: your request {tag(case.number, case.thread_key)}", request),
        (order.label, bought),
        (f"It is about {order.label.lower()}, please", bought),
        (receipt.label, bought),
    ):
        assert led_to(vera, text) == page, text
    assert led_to(vera, "RCP-000999") == ""
    assert led_to(vera, "9" * 40) == ""


def test_a_number_that_is_of_two_kinds_is_asked_back(
    vera: Client, case: Case, order: Order
) -> None:
    Case.objects.filter(pk=case.pk).update(number=order.number)
    page = listed(vera, str(order.number))
    assert f"/desk/cases/{case.pk}" in page
    assert f"/desk/orders/{order.pk}" in page


def test_our_ids_lead_to_the_page_that_shows_them(vera: Client, case: Case, order: Order) -> None:
    decide(vera, case, kind="partial_refund", amount="2")
    decision = DecisionRecord.objects.get()
    (charge,) = order.charges.all()
    (refund,) = charge.refunds.all()
    bought = f"/desk/orders/{order.pk}"
    for text, page in (
        (order.pk, bought),
        (f"order:{order.pk}", bought),
        (charge.pk, bought),
        (refund.pk, bought),
        (Receipt.objects.get().pk, bought),
        (Lot.objects.get().pk, bought),
        (case.pk, f"/desk/cases/{case.pk}"),
        (decision.pk, f"/desk/decisions/{decision.pk}"),
        (decision.remedies.get().pk, f"/desk/decisions/{decision.pk}"),
        (order.account_id, f"/desk/customers/{order.account_id}"),
    ):
        assert led_to(vera, text) == page, text
        assert vera.get(page).status_code == 200
    for nothing in ("ord_nothing", "xyz_nothing", "lot_nothing"):
        assert led_to(vera, nothing) == "", nothing


def test_the_processors_ids_lead_there_too(vera: Client, order: Order) -> None:
    (charge,) = Charge.objects.all()
    dispute = ChargeDispute.objects.create(
        id="dsp_1",
        account_id=order.account_id,
        charge=charge,
        processor_dispute_id="du_1",
        status=DisputeStatus.NEEDS_RESPONSE,
        is_inquiry=False,
        reason="general",
        amount_minor=3900,
        currency="USD",
        charge_refundable=False,
        opened_at=now(),
        seen_at=now(),
        next_look_at=now(),
    )
    for text in (charge.processor_charge_id, charge.processor_intent_id, order.session_id):
        assert led_to(vera, text or "") == f"/desk/orders/{order.pk}", text
    for text in ("du_1", "dsp_1"):
        assert led_to(vera, text) == f"/desk/disputes/{dispute.pk}"


def test_people_are_found_by_their_address_and_how_it_begins(
    vera: Client, seller: Membership
) -> None:
    page = f"/desk/customers/{seller.account_id}"
    assert led_to(vera, "ADA@rings.example") == page
    assert led_to(vera, "ada@ri") == page
    other = account_named("Longer", "ada@rings.example.org")
    assert led_to(vera, "ada@rings.example") == page, "a whole address is one person's"
    both = listed(vera, "ada@rings.ex")
    assert page in both
    assert f"/desk/customers/{other.account_id}" in both
    assert "ada@rings.example.org" in both


def test_senders_without_an_account_are_found_by_their_mails(vera: Client) -> None:
    arrive(letter("nobody@else.example", "Help", "It did not arrive"))
    case = Case.objects.get()
    assert led_to(vera, "nobody@else.example") == f"/desk/cases/{case.pk}"
    arrive(letter("nobody@other.example", "Again", "Still nothing"))
    page = listed(vera, "nobody@")
    assert "Help It did not arrive" in page
    assert "Again Still nothing" in page


def test_an_account_is_found_by_any_part_of_its_name(vera: Client, seller: Membership) -> None:
    assert led_to(vera, "DA'S RIN") == f"/desk/customers/{seller.account_id}"


def test_signs_that_sql_knows_are_only_signs(vera: Client, seller: Membership) -> None:
    odd = account_named("100% gold_leaf", "odd@else.example")
    for text in ("%", "100%", "_", "gold_leaf", "100% GOLD_"):
        assert led_to(vera, text) == f"/desk/customers/{odd.account_id}", text
    for text in ("%a", "a_a@", "ad_'s", "\\", "' OR 1=1 --", "%%"):
        assert led_to(vera, text) == "", text


def test_of_each_kind_so_many_are_shown_and_it_is_said(vera: Client) -> None:
    for n in range(SHOWN + 1):
        register(f"seller{n}@rings.example")
    page = listed(vera, "Ada")
    assert page.count("/desk/customers/") == SHOWN
    assert f"Only the first {SHOWN} are shown." in page
    assert "Only" not in listed(vera, "seller1")


def test_the_work_does_not_grow_with_what_is_found(vera: Client) -> None:
    counts = []
    for n in range(6):
        register(f"seller{n}@rings.example")
        arrive(letter(f"seller{n}@else.example", "Help", "It did not arrive"))
        with CaptureQueriesContext(connection) as asked:
            listed(vera, "seller")
        counts.append(len(asked))
    assert len(set(counts[1:])) == 1, counts


def test_nothing_found_says_what_can_be_searched_for(vera: Client) -> None:
    assert "No results." in listed(vera, "no such thing")
    for text in ("", "   "):
        page = listed(vera, text)
        assert "What you can search for" in page
        assert "No results" not in page


def test_the_field_is_on_every_page_and_keeps_what_was_typed(vera: Client, case: Case) -> None:
    for address in ("/desk", f"/desk/cases/{case.pk}", "/desk/disputes", "/desk/policy"):
        page = read(vera, address)
        assert 'role="search"' in page
        assert 'action="/desk/search"' in page
    assert 'value="&lt;b&gt;"' in listed(vera, "<b>")


def test_only_staff_search(case: Case, seller: Membership) -> None:
    customer = Client()
    customer.force_login(seller.user)
    assert customer.get("/desk/search", {"q": case.label}).status_code == 404
    assert Client().get("/desk/search", {"q": case.label})["Location"].startswith("/account/login/")
