"""Subscriptions: bought on the card page, renewed by the clock, declined, canceled, taken back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import stripe

from tests.support.processor import DAY_S, Sandbox, subscribe


def test_a_subscription_starts_with_a_paid_invoice_that_leads_to_its_charge(
    sandbox: Sandbox,
) -> None:
    bought = subscribe(sandbox)
    assert (bought.status, bought.metadata["account"]) == ("active", "7")
    invoice = bought.latest_invoice
    assert isinstance(invoice, stripe.Invoice)
    assert (invoice.status, invoice.billing_reason, invoice.amount_paid) == (
        "paid",
        "subscription_create",
        2900,
    )
    payments = sandbox.api.invoices.retrieve(invoice.id, {"expand": ["payments"]}).payments.data
    intent = sandbox.api.payment_intents.retrieve(payments[0].payment.payment_intent)
    assert intent.amount_received == 2900
    found = sandbox.api.invoice_payments.list(
        {"payment": {"type": "payment_intent", "payment_intent": intent.id}}
    )
    assert [payment.invoice for payment in found.data] == [invoice.id]
    sandbox.receiver.wait_for("invoice.paid")


def test_the_clock_renews_once_for_each_period(sandbox: Sandbox) -> None:
    bought = subscribe(sandbox)
    first_end = bought["items"]["data"][0]["current_period_end"]
    sandbox.panel("clock", offset_s=first_end - bought.created + 40 * DAY_S)
    renewed = sandbox.api.subscriptions.retrieve(bought.id)
    invoices = sandbox.api.invoices.list({"subscription": bought.id}).data
    assert [invoice.billing_reason for invoice in invoices] == [
        "subscription_cycle",
        "subscription_cycle",
        "subscription_create",
    ]
    assert [invoice.created for invoice in invoices][1] == first_end
    item = renewed["items"]["data"][0]
    start, now = item["current_period_start"], sandbox.http.get("/_sandbox/clock").json()["now"]
    assert start <= now < item["current_period_end"]
    assert datetime.fromtimestamp(start, UTC) > datetime.fromtimestamp(first_end, UTC)


def test_a_declined_renewal_is_past_due_until_it_is_paid(sandbox: Sandbox) -> None:
    bought = subscribe(sandbox)
    sandbox.panel("faults", decline_renewals=1)
    sandbox.panel("clock", offset_s=31 * DAY_S + 60)
    assert sandbox.api.subscriptions.retrieve(bought.id).status == "past_due"
    sandbox.receiver.wait_for("invoice.payment_failed")
    invoice = sandbox.api.invoices.list({"status": "open"}).data[0]
    assert invoice.next_payment_attempt is not None
    assert sandbox.api.invoices.pay(invoice.id).status == "paid"
    assert sandbox.api.subscriptions.retrieve(bought.id).status == "active"


def test_a_renewal_that_is_never_paid_ends_the_subscription(sandbox: Sandbox) -> None:
    bought = subscribe(sandbox)
    sandbox.panel("faults", decline_renewals=-1)
    sandbox.panel("clock", offset_s=50 * DAY_S)
    ended = sandbox.api.subscriptions.retrieve(bought.id)
    assert (ended.status, ended.cancellation_details.reason) == ("canceled", "payment_failed")


@pytest.mark.clause("3.3", "3.5")
def test_canceling_keeps_the_paid_period_and_can_be_taken_back(sandbox: Sandbox) -> None:
    bought = subscribe(sandbox)
    change = sandbox.api.subscriptions.update
    canceled = change(bought.id, {"cancel_at_period_end": True})
    item = bought["items"]["data"][0]
    assert (canceled.status, canceled.cancel_at) == ("active", item["current_period_end"])
    assert change(bought.id, {"cancel_at_period_end": False}).cancel_at is None
    change(bought.id, {"cancel_at_period_end": True})
    sandbox.panel("clock", offset_s=32 * DAY_S)
    assert sandbox.api.subscriptions.retrieve(bought.id).status == "canceled"
    assert len(sandbox.api.invoices.list().data) == 1
    assert sandbox.api.subscriptions.list().data == []
    assert len(sandbox.api.subscriptions.list({"status": "all"}).data) == 1


def test_canceling_at_once_ends_it_once(sandbox: Sandbox) -> None:
    bought = subscribe(sandbox)
    assert sandbox.api.subscriptions.cancel(bought.id).status == "canceled"
    with pytest.raises(stripe.InvalidRequestError):
        sandbox.api.subscriptions.cancel(bought.id)
    sandbox.receiver.wait_for("customer.subscription.deleted")


def test_a_renewals_invoice_is_a_draft_for_an_hour_and_then_collected(sandbox: Sandbox) -> None:
    bought = subscribe(sandbox)
    ends = bought["items"]["data"][0]["current_period_end"]
    sandbox.panel("clock", offset_s=ends - bought.created + 1_800)
    (draft,) = sandbox.api.invoices.list({"status": "draft"}).data
    assert (draft.number, draft.status_transitions.finalized_at, draft.auto_advance) == (
        None,
        None,
        True,
    )
    assert draft.automatically_finalizes_at == draft.created + 3_600
    assert sandbox.api.subscriptions.retrieve(bought.id).status == "active"
    with pytest.raises(stripe.InvalidRequestError):
        sandbox.api.invoices.pay(draft.id)
    sandbox.panel("clock", offset_s=ends - bought.created + 3_700)
    paid = sandbox.api.invoices.retrieve(draft.id)
    assert (paid.status, paid.status_transitions.finalized_at) == ("paid", ends + 3_600)
    assert paid.number.endswith("-0002")
    sandbox.receiver.wait_for("invoice.finalized", times=2)


def test_a_draft_can_be_finalized_by_hand_and_is_left_when_its_subscription_ends(
    sandbox: Sandbox,
) -> None:
    bought = subscribe(sandbox)
    sandbox.panel("clock", offset_s=31 * DAY_S)
    sandbox.panel("faults", draft_invoice_s=7_200)
    (draft,) = sandbox.api.invoices.list({"status": "paid", "limit": 1}).data
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sandbox.api.invoices.finalize_invoice(draft.id)
    assert refused.value.code == "invoice_not_editable"
    ends = sandbox.api.subscriptions.retrieve(bought.id)["items"]["data"][0]["current_period_end"]
    sandbox.panel("clock", offset_s=ends - bought.created + 60)
    (draft,) = sandbox.api.invoices.list({"status": "draft"}).data
    sandbox.api.subscriptions.cancel(bought.id)
    left = sandbox.api.invoices.retrieve(draft.id)
    assert (left.status, left.auto_advance, left.automatically_finalizes_at) == (
        "draft",
        False,
        None,
    )
    opened = sandbox.api.invoices.finalize_invoice(draft.id)
    assert (opened.status, opened.amount_remaining) == ("open", 2900)
    sandbox.panel("clock", offset_s=ends - bought.created + 3 * 3_600)
    assert sandbox.api.invoices.retrieve(draft.id).status == "open", "nobody collects it"
