"""Another price for a subscription: previewed, prorated, paid at once, later, or never."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.support.object_shapes import of_object
from tests.support.processor import DAY_S, Sandbox, subscribe

ASKS_ALWAYS = "4000002760003184"


class Changing:
    """A monthly plan for 29.00 that is to cost 59.00."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox, self.bought = sandbox, subscribe(sandbox)
        self.item = self.bought["items"]["data"][0]
        self.begin, self.end = self.item["current_period_start"], self.item["current_period_end"]
        self.price = sandbox.api.prices.create(
            {
                "currency": "usd",
                "unit_amount": 5900,
                "recurring": {"interval": "month"},
                "lookup_key": "larger",
                "product_data": {"name": "Larger plan"},
            }
        )

    def wanted(self, at: int | None = None) -> dict[str, Any]:
        items = [{"id": self.item["id"], "price": self.price.id}]
        if at is None:
            return {"items": items, "proration_behavior": "none"}
        return {"items": items, "proration_behavior": "always_invoice", "proration_date": at}

    def preview(self, at: int | None = None) -> stripe.Invoice:
        shown: stripe.Invoice = self.sandbox.api.invoices.create_preview(
            {"subscription": self.bought.id, "subscription_details": self.wanted(at)}
        )
        return shown

    def change(self, at: int) -> stripe.Subscription:
        sent = {**self.wanted(at), "payment_behavior": "pending_if_incomplete"}
        changed: stripe.Subscription = self.sandbox.api.subscriptions.update(self.bought.id, sent)
        return changed

    def seen(self) -> stripe.Subscription:
        found: stripe.Subscription = self.sandbox.api.subscriptions.retrieve(
            self.bought.id, {"expand": ["latest_invoice"]}
        )
        return found

    def go(self, at: int) -> None:
        self.sandbox.panel("clock", offset_s=at - self.bought.created)


@pytest.fixture
def changing(sandbox: Sandbox) -> Changing:
    return Changing(sandbox)


def _price(subscription: stripe.Subscription) -> int:
    return int(subscription["items"]["data"][0]["price"]["unit_amount"])


def test_what_a_preview_says_is_what_is_charged(changing: Changing) -> None:
    half = (changing.begin + changing.end) // 2
    shown = changing.preview(half)
    assert [line.amount for line in shown.lines.data] == [-1450, 2950]
    details = [line.parent.subscription_item_details for line in shown.lines.data]
    assert [one.proration for one in details] == [True, True]
    assert (shown.total, shown.amount_due, shown.billing_reason) == (
        1500,
        1500,
        "subscription_update",
    )
    assert not list(of_object(shown.to_dict(), "preview"))
    assert len(changing.sandbox.api.invoices.list().data) == 1  # it is kept nowhere
    changed = changing.change(half)
    assert (_price(changed), changed.pending_update, changed.status) == (5900, None, "active")
    invoice = changing.seen().latest_invoice
    assert isinstance(invoice, stripe.Invoice)
    assert (invoice.status, invoice.amount_paid, invoice.billing_reason) == (
        "paid",
        1500,
        "subscription_update",
    )
    changing.go(changing.end + 7200)
    newest = changing.sandbox.api.invoices.list({"limit": 1}).data[0]
    assert (newest.amount_paid, newest.created) == (5900, changing.end)


def test_a_preview_without_proration_is_of_the_next_period(changing: Changing) -> None:
    shown = changing.preview()
    (line,) = shown.lines.data
    assert (shown.total, line.period.start) == (5900, changing.end)
    changing.sandbox.api.subscriptions.update(changing.bought.id, changing.wanted())
    assert _price(changing.seen()) == 5900
    assert len(changing.sandbox.api.invoices.list().data) == 1
    changing.go(changing.end + 7200)
    assert changing.sandbox.api.invoices.list({"limit": 1}).data[0].amount_paid == 5900


def test_what_is_declined_changes_nothing_until_it_is_paid(changing: Changing) -> None:
    changing.sandbox.panel("faults", decline_renewals=1)
    changed = changing.change(changing.begin)
    pending = changed.pending_update
    assert pending is not None
    assert (_price(changed), changed.status) == (2900, "active")
    assert pending.expires_at - changing.bought.created in range(82_800, 82_900)
    invoice = changing.seen().latest_invoice
    assert isinstance(invoice, stripe.Invoice)
    assert (invoice.status, invoice.next_payment_attempt) == ("open", None)
    assert changing.sandbox.card(invoice.hosted_invoice_url, "4242424242424242").status_code == 303
    assert (_price(changing.seen()), changing.seen().pending_update) == (5900, None)
    changing.sandbox.receiver.wait_for("customer.subscription.pending_update_applied")


@pytest.mark.parametrize("how", ["waits", "void", "again", "cancel"])
def test_a_change_that_is_not_paid_is_discarded(changing: Changing, how: str) -> None:
    changing.sandbox.panel("faults", decline_renewals=1)
    invoice_id = changing.change(changing.begin).latest_invoice
    if how == "waits":
        changing.go(changing.begin + DAY_S)
    elif how == "void":
        changing.sandbox.api.invoices.void_invoice(invoice_id)
    elif how == "again":
        changing.sandbox.api.subscriptions.update(changing.bought.id, changing.wanted())
    else:
        changing.sandbox.api.subscriptions.cancel(changing.bought.id)
    assert changing.sandbox.api.invoices.retrieve(invoice_id).status == "void"
    assert changing.seen().pending_update is None
    assert _price(changing.seen()) == (5900 if how == "again" else 2900)
    changing.sandbox.receiver.wait_for("customer.subscription.pending_update_expired")


def test_a_card_that_asks_leaves_the_change_waiting_for_its_owner(changing: Changing) -> None:
    customer = changing.bought.customer
    flow: Any = {"customer": customer, "flow_data": {"type": "payment_method_update"}}
    portal = changing.sandbox.api.billing_portal.sessions.create(flow)
    changing.sandbox.card(portal.url, ASKS_ALWAYS)
    changed = changing.change(changing.begin)
    assert changed.pending_update is not None
    invoice = changing.sandbox.api.invoices.retrieve(changed.latest_invoice)
    step = changing.sandbox.http.get(invoice.hosted_invoice_url).headers["location"]
    changing.sandbox.http.post(step, data={"act": "confirm"})
    assert _price(changing.seen()) == 5900


def test_what_it_does_not_stand_in_for_is_refused(changing: Changing) -> None:
    api, at = changing.sandbox.api, changing.begin
    refused: list[dict[str, Any]] = [
        changing.wanted(at),  # applied whether or not it is paid
        {**changing.wanted(at), "proration_behavior": "create_prorations"},
        {**changing.wanted(changing.end + 1), "payment_behavior": "pending_if_incomplete"},
        {
            **changing.wanted(at),
            "payment_behavior": "pending_if_incomplete",
            "metadata": {"order": "1"},
        },
        {
            **changing.wanted(changing.end - 60),  # less than the smallest charge
            "payment_behavior": "pending_if_incomplete",
        },
    ]
    for sent in refused:
        with pytest.raises(stripe.InvalidRequestError):
            api.subscriptions.update(changing.bought.id, sent)
    assert (_price(changing.seen()), len(api.invoices.list().data)) == (2900, 1)


def test_a_price_is_found_by_its_lookup_key_and_made_once(changing: Changing) -> None:
    found = changing.sandbox.api.prices.list({"lookup_keys": ["larger"]}).data
    assert [one.id for one in found] == [changing.price.id]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        changing.sandbox.api.prices.create(
            {
                "currency": "usd",
                "unit_amount": 100,
                "lookup_key": "larger",
                "product_data": {"name": "Another"},
            }
        )
    assert "already uses that lookup key" in str(refused.value)
