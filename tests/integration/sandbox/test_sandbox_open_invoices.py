"""Renewals that are declined or want authentication, and the pages at which they are paid."""

from __future__ import annotations

import pytest
import stripe

from tests.support.object_shapes import of_object
from tests.support.processor import DAY_S, Sandbox, monthly

GOOD, DECLINED = "4242424242424242", "4000000000000002"
ALWAYS_ASKS, ASKED_AT_SETUP = "4000002760003184", "4000002500003155"


def subscribed(sandbox: Sandbox, number: str) -> stripe.Subscription:
    session = sandbox.session(mode="subscription", line_items=monthly())
    step = sandbox.card(session.url, number)
    if "/c/authenticate/" in step.headers["location"]:
        sandbox.http.post(step.headers["location"], data={"act": "confirm"})
    paid = sandbox.api.checkout.sessions.retrieve(session.id, {"expand": ["subscription"]})
    bought: stripe.Subscription = paid.subscription
    return bought


def open_invoice(sandbox: Sandbox) -> stripe.Invoice:
    (invoice,) = sandbox.api.invoices.list({"status": "open"}).data
    found: stripe.Invoice = invoice
    return found


def test_a_declined_renewal_is_paid_on_its_hosted_page_by_another_card(sandbox: Sandbox) -> None:
    bought = subscribed(sandbox, GOOD)
    sandbox.panel("faults", decline_renewals=1)
    sandbox.panel("clock", offset_s=31 * DAY_S + 7_200)
    page = open_invoice(sandbox).hosted_invoice_url
    assert "USD 29.00" in sandbox.http.get(page or "").text
    assert sandbox.card(page, DECLINED).status_code == 402
    assert sandbox.card(page, GOOD).status_code == 303
    assert "This invoice is paid" in sandbox.http.get(page or "").text
    assert sandbox.api.subscriptions.retrieve(bought.id).status == "active"
    again = sandbox.card(page, GOOD)
    assert "Nothing is left to pay" in again.text
    assert len([one for one in sandbox.api.charges.list().data if one.paid]) == 2


@pytest.mark.parametrize(
    ("act", "status", "state"),
    [("confirm", "active", "paid"), ("fail", "past_due", "open")],
)
def test_a_card_that_always_asks_wants_its_owner_at_the_renewal(
    sandbox: Sandbox, act: str, status: str, state: str
) -> None:
    bought = subscribed(sandbox, ALWAYS_ASKS)
    sandbox.panel("clock", offset_s=31 * DAY_S + 7_200)
    invoice = open_invoice(sandbox)
    assert sandbox.api.subscriptions.retrieve(bought.id).status == "past_due"
    sandbox.receiver.wait_for("invoice.payment_action_required")
    sandbox.receiver.wait_for("invoice.payment_failed")
    (link,) = sandbox.api.invoice_payments.list(
        {"invoice": invoice.id, "status": "open", "expand": ["data.payment.payment_intent"]}
    ).data
    assert link.payment.payment_intent.status == "requires_action"
    step = sandbox.http.get(invoice.hosted_invoice_url or "").headers["location"]
    sandbox.http.post(step, data={"act": act})
    assert sandbox.api.subscriptions.retrieve(bought.id).status == status
    assert sandbox.api.invoices.retrieve(invoice.id).status == state


def test_a_card_that_was_asked_at_its_setup_renews_by_itself(sandbox: Sandbox) -> None:
    bought = subscribed(sandbox, ASKED_AT_SETUP)
    sandbox.panel("clock", offset_s=31 * DAY_S + 7_200)
    assert sandbox.api.subscriptions.retrieve(bought.id).status == "active"
    assert sandbox.api.invoices.list({"status": "open"}).data == []


def test_the_portal_replaces_the_card_for_what_comes(sandbox: Sandbox) -> None:
    bought = subscribed(sandbox, ALWAYS_ASKS)
    session = sandbox.api.billing_portal.sessions.create(
        {
            "customer": bought.customer,
            "return_url": "http://127.0.0.1:9/billing",
            "flow_data": {"type": "payment_method_update"},
        }
    )
    assert list(of_object(session.to_dict(), "portal")) == []
    assert sandbox.card(session.url, "4111").status_code == 422
    done = sandbox.card(session.url, GOOD)
    assert (done.status_code, done.headers["location"]) == (303, "http://127.0.0.1:9/billing")
    sandbox.panel("clock", offset_s=31 * DAY_S + 7_200)
    assert sandbox.api.subscriptions.retrieve(bought.id).status == "active"
    with pytest.raises(stripe.InvalidRequestError):
        sandbox.api.billing_portal.sessions.create({"customer": bought.customer})
