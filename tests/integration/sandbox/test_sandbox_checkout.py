"""A payer on the hosted page, the shop on the official SDK, and what each of them sees."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import stripe

from tests.support.processor import Sandbox

OK = "4242 4242 4242 4242"


def test_a_paid_session_reads_paid_down_to_the_balance(sandbox: Sandbox) -> None:
    session = sandbox.session(
        client_reference_id="order-1",
        metadata={"order": "1"},
        payment_intent_data={"metadata": {"order": "1"}, "description": "300 credits"},
    )
    answer = sandbox.card(session.url, OK)
    assert answer.headers["location"] == f"http://127.0.0.1:9/thanks?session={session.id}"
    paid = sandbox.api.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge.balance_transaction", "line_items"]}
    )
    intent = paid.payment_intent
    charge = intent.latest_charge
    assert (paid.status, paid.payment_status, paid.amount_total) == ("complete", "paid", 2000)
    assert (paid.client_reference_id, paid.metadata["order"]) == ("order-1", "1")
    assert (intent.status, intent.metadata["order"], intent.amount_received) == (
        "succeeded",
        "1",
        2000,
    )
    assert (charge.paid, charge.payment_method_details.card.last4) == (True, "4242")
    assert (charge.balance_transaction.fee, charge.balance_transaction.net) == (88, 1912)
    assert paid.line_items.data[0].description == "300 credits"
    assert paid.customer_details.email == "ada@shop.example"


def test_the_page_says_that_no_real_money_moves_and_lists_the_test_numbers(
    sandbox: Sandbox,
) -> None:
    page = sandbox.http.get(sandbox.session().url or "")
    for words in ("no real money", "USD 20.00", OK, "4000 0000 0000 0002", "4000 0025 0000 3155"):
        assert words in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("4000000000000002", "generic_decline"),
        ("4000000000009995", "insufficient_funds"),
        ("4000000000000069", "expired_card"),
    ],
)
def test_a_declined_card_charges_nothing_and_another_card_can_follow(
    sandbox: Sandbox, number: str, reason: str
) -> None:
    session = sandbox.session()
    answer = sandbox.card(session.url, number)
    assert answer.status_code == 402
    assert "Nothing was charged" in answer.text
    reread = sandbox.api.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (reread.status, reread.payment_status) == ("open", "unpaid")
    assert reread.payment_intent.last_payment_error.decline_code == reason
    assert sandbox.card(session.url, OK).status_code == 303
    charges = sandbox.api.charges.list({"payment_intent": reread.payment_intent.id}).data
    assert [charge.paid for charge in charges] == [True, False]


def test_authentication_that_passes_pays(sandbox: Sandbox) -> None:
    session = sandbox.session()
    step = sandbox.card(session.url, "4000002500003155").headers["location"]
    assert step.startswith("/c/authenticate/pi_")
    assert sandbox.http.get(session.url or "").headers["location"] == step
    assert "Confirm with your bank" in sandbox.http.get(step).text
    intent = sandbox.api.payment_intents.list().data[0]
    assert (intent.status, intent.next_action.type) == ("requires_action", "redirect_to_url")
    assert sandbox.http.post(step, data={"act": "confirm"}).status_code == 303
    assert sandbox.http.post(step, data={"act": "confirm"}).status_code == 303
    assert len(sandbox.api.charges.list().data) == 1


def test_authentication_that_fails_charges_nothing(sandbox: Sandbox) -> None:
    session = sandbox.session()
    step = sandbox.card(session.url, "4000002500003155").headers["location"]
    answer = sandbox.http.post(step, data={"act": "fail"})
    assert answer.status_code == 402
    assert "authentication failed" in answer.text
    assert sandbox.api.charges.list().data == []
    assert sandbox.card(session.url, OK).status_code == 303


def test_a_form_sent_eight_times_at_once_charges_once(sandbox: Sandbox) -> None:
    session = sandbox.session()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: sandbox.card(session.url, OK), range(8)))
    assert {answer.headers.get("location") for answer in answers} == {
        f"http://127.0.0.1:9/thanks?session={session.id}"
    }
    assert len(sandbox.api.charges.list().data) == 1
    sandbox.receiver.wait_for("checkout.session.completed")
    assert sandbox.receiver.types().count("charge.succeeded") == 1


def test_a_number_that_is_not_published_is_refused_and_kept_nowhere(sandbox: Sandbox) -> None:
    session = sandbox.session()
    secret = "4111111111111111"
    answer = sandbox.card(session.url, secret)
    assert answer.status_code == 422
    assert "not one of the published test numbers" in answer.text
    assert secret not in answer.text
    sandbox.card(session.url, OK)
    with sqlite3.connect(sandbox.db) as conn:
        everything = "\n".join(conn.iterdump())
    assert secret not in everything
    assert "4242424242424242" not in everything


def test_each_wrong_field_is_named_with_a_link_to_it(sandbox: Sandbox) -> None:
    session = sandbox.session(customer_email=None)
    answer = sandbox.http.post(
        session.url or "", data={"number": OK, "expiry": "13/20", "cvc": "x", "email": "nobody"}
    )
    assert answer.status_code == 422
    for field in ("email", "expiry", "cvc", "name", "country"):
        assert f'href="#{field}"' in answer.text


def test_an_expired_session_takes_no_card(sandbox: Sandbox) -> None:
    session = sandbox.session()
    sandbox.api.checkout.sessions.expire(session.id)
    assert sandbox.card(session.url, OK).status_code == 410
    with pytest.raises(stripe.InvalidRequestError):
        sandbox.api.checkout.sessions.expire(session.id)
    sandbox.receiver.wait_for("checkout.session.expired")


def test_a_session_expires_by_itself_when_its_time_is_over(sandbox: Sandbox) -> None:
    session = sandbox.session()
    sandbox.panel("clock", offset_s=86_401)
    assert sandbox.api.checkout.sessions.retrieve(session.id).status == "expired"


def test_an_intent_that_the_shop_canceled_cannot_be_paid_any_more(sandbox: Sandbox) -> None:
    session = sandbox.session()
    sandbox.card(session.url, "4000000000000002")
    sandbox.api.payment_intents.cancel(sandbox.api.payment_intents.list().data[0].id)
    answer = sandbox.card(session.url, OK)
    assert answer.status_code == 409
    assert "cannot go on" in answer.text
    assert [charge.paid for charge in sandbox.api.charges.list().data] == [False]


def test_only_this_machine_is_served(sandbox: Sandbox) -> None:
    assert sandbox.http.get("/_sandbox/", headers={"Host": "evil.example"}).status_code == 403
    forged = {"Origin": "http://evil.example"}
    assert sandbox.http.post("/_sandbox/reset", headers=forged).status_code == 403
    page = sandbox.http.get("/_sandbox/")
    assert page.status_code == 200
    assert isinstance(page, httpx.Response)
