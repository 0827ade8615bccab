"""Bank debits: told of at once, paid or returned days later."""

from __future__ import annotations

import pytest
import stripe

from tests.support.object_shapes import of_object
from tests.support.processor import DAY_S, Sandbox, monthly


def begin(sandbox: Sandbox, method: str, **more: object) -> stripe.checkout.Session:
    session = sandbox.session(**more)
    answer = sandbox.http.post(session.url or "", data={"method": method})
    assert answer.status_code == 303
    found: stripe.checkout.Session = sandbox.api.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge"]}
    )
    return found


@pytest.mark.parametrize(
    ("method", "ending", "status", "intent", "charge"),
    [
        ("us_bank_account", "succeeded", "paid", "succeeded", "succeeded"),
        ("us_bank_account_fails", "failed", "unpaid", "requires_payment_method", "failed"),
    ],
)
def test_a_debit_is_on_its_way_for_days(
    sandbox: Sandbox, method: str, ending: str, status: str, intent: str, charge: str
) -> None:
    session = begin(sandbox, method)
    assert (session.status, session.payment_status) == ("complete", "unpaid")
    assert session.payment_intent.status == "processing"
    pending = session.payment_intent.latest_charge
    assert (pending.status, pending.paid, pending.balance_transaction) == ("pending", False, None)
    assert list(of_object(session.to_dict(), "session")) == []
    sandbox.panel("clock", offset_s=5 * DAY_S + 1)
    sandbox.receiver.wait_for(f"checkout.session.async_payment_{ending}")
    ended = sandbox.api.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge"]}
    )
    assert (ended.status, ended.payment_status) == ("complete", status)
    assert (ended.payment_intent.status, ended.payment_intent.latest_charge.status) == (
        intent,
        charge,
    )
    assert {"payment_intent.processing", "charge.pending"} <= set(sandbox.receiver.types())


@pytest.mark.parametrize(
    ("method", "invoice", "status"),
    [("us_bank_account", "paid", "active"), ("us_bank_account_fails", "open", "past_due")],
)
def test_a_subscription_is_active_while_its_first_debit_is_on_its_way(
    sandbox: Sandbox, method: str, invoice: str, status: str
) -> None:
    session = begin(sandbox, method, mode="subscription", line_items=monthly())
    subscription = sandbox.api.subscriptions.retrieve(session.subscription)
    assert subscription.status == "active"
    (first,) = sandbox.api.invoices.list().data
    (link,) = sandbox.api.invoice_payments.list({"invoice": first.id, "status": "open"}).data
    assert (first.status, link.payment.type) == ("open", "payment_intent")
    sandbox.panel("clock", offset_s=5 * DAY_S + 1)
    assert sandbox.api.invoices.retrieve(first.id).status == invoice
    assert sandbox.api.subscriptions.retrieve(subscription.id).status == status
    assert len(sandbox.api.invoice_payments.list({"invoice": first.id}).data) == 1


def test_a_debit_takes_only_its_own_currency(sandbox: Sandbox) -> None:
    session = sandbox.session()
    assert "SEPA" not in sandbox.http.get(session.url or "").text
    answer = sandbox.http.post(session.url or "", data={"method": "sepa_debit"})
    assert answer.status_code == 422
