"""What somebody ends at the dashboard: invoices in each way, and customers."""

from __future__ import annotations

import pytest
import stripe

from tests.support.processor import DAY_S, Sandbox, subscribe


def declined(sandbox: Sandbox) -> tuple[stripe.Subscription, stripe.Invoice]:
    bought = subscribe(sandbox)
    sandbox.panel("faults", decline_renewals=1)
    sandbox.panel("clock", offset_s=31 * DAY_S + 7_200)
    (invoice,) = sandbox.api.invoices.list({"status": "open"}).data
    return bought, invoice


@pytest.mark.parametrize(
    ("how", "status", "event"),
    [
        ("void", "void", "invoice.voided"),
        ("uncollectible", "uncollectible", "invoice.marked_uncollectible"),
        ("paid_out_of_band", "paid", "invoice.paid"),
        ("credit_note", "paid", "invoice.paid"),
    ],
)
def test_an_open_invoice_ends_in_each_way_and_nothing_is_tried_again(
    sandbox: Sandbox, how: str, status: str, event: str
) -> None:
    bought, invoice = declined(sandbox)
    assert sandbox.panel(f"invoices/{invoice.id}/settle", how=how)["status"] == status
    assert sandbox.api.subscriptions.retrieve(bought.id).status == "active"
    sandbox.receiver.wait_for(event, times=2 if status == "paid" else 1)
    sandbox.panel("clock", offset_s=45 * DAY_S)
    left = sandbox.api.invoices.retrieve(invoice.id, {"expand": ["amount_paid_off_stripe"]})
    is_elsewhere = how == "paid_out_of_band"
    assert (left.status, bool(left.amount_paid_off_stripe)) == (status, is_elsewhere)
    paid = [one for one in sandbox.api.charges.list().data if one.paid]
    assert len(paid) == 1
    with pytest.raises(stripe.InvalidRequestError):
        sandbox.api.invoices.pay(invoice.id)


def test_a_paid_invoice_can_not_be_voided(sandbox: Sandbox) -> None:
    paid = subscribe(sandbox).latest_invoice
    for end in (sandbox.api.invoices.void_invoice, sandbox.api.invoices.mark_uncollectible):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            end(paid.id)
        assert refused.value.code == "invoice_not_editable"


def test_a_customer_is_deleted_with_what_they_subscribed_to(sandbox: Sandbox) -> None:
    bought = subscribe(sandbox)
    assert sandbox.api.customers.delete(bought.customer).deleted
    sandbox.receiver.wait_for("customer.deleted")
    assert sandbox.api.subscriptions.retrieve(bought.id).status == "canceled"
    left = sandbox.api.customers.retrieve(bought.customer)
    assert left.deleted
    with pytest.raises(stripe.InvalidRequestError):
        sandbox.api.customers.delete(bought.customer)


def test_the_panel_has_a_button_for_each(sandbox: Sandbox) -> None:
    bought, invoice = declined(sandbox)
    html = sandbox.http.get("/_sandbox/").text
    for address in (
        f"/_sandbox/invoices/{invoice.id}/settle",
        f"/_sandbox/customers/{bought.customer}/delete",
        f"/_sandbox/subscriptions/{bought.id}/pause",
    ):
        assert address in html
    sent = sandbox.http.post(f"/_sandbox/invoices/{invoice.id}/settle", data={"how": "void"})
    assert sent.status_code == 303
    paused = sandbox.http.post(
        f"/_sandbox/subscriptions/{bought.id}/pause", data={"behavior": "keep_as_draft"}
    )
    assert paused.status_code == 303
    kept = sandbox.api.subscriptions.retrieve(bought.id).pause_collection
    assert kept.behavior == "keep_as_draft"
