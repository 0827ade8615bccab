"""Every object has the fields that the SDK's types declare, and none that they don't."""

from __future__ import annotations

from typing import Any

import stripe

from tests.support.object_shapes import declared, is_required, of_object
from tests.support.processor import Sandbox, subscribe


def test_what_is_answered_is_what_the_types_declare(sandbox: Sandbox) -> None:
    sandbox.panel("faults", delay_webhooks_s=60)
    charge = sandbox.paid(customer_email=None, customer_creation="always")
    sandbox.panel(f"charges/{charge.id}/warning")
    sandbox.api.refunds.create({"charge": charge.id, "amount": 500})
    sandbox.panel(f"charges/{charge.id}/dispute", reason="duplicate")
    price = {
        "currency": "usd",
        "unit_amount": 900,
        "product_data": {"name": "Plan"},
        "recurring": {"interval": "month"},
    }
    session = sandbox.session(
        mode="subscription", line_items=[{"price_data": price, "quantity": 1}]
    )
    sandbox.card(session.url, "4000000000000002")
    sandbox.card(session.url, "4000002760003184")
    lists = (
        "balance_transactions charges checkout/sessions customers disputes events invoices"
        " invoice_payments payment_intents prices products radar/early_fraud_warnings refunds"
        " subscriptions webhook_endpoints"
    )
    step = sandbox.http.get(session.url or "").headers["location"]
    waiting = sandbox.api.payment_intents.list().data[0].to_dict()
    sandbox.http.post(step, data={"act": "confirm"})
    found = list(of_object(waiting, "waiting"))
    for name in lists.split():
        answer = sandbox.http.get(
            f"/v1/{name}?limit=100", headers={"Authorization": "Bearer sk_test_sandbox_1"}
        ).json()
        assert answer["data"], name
        found += of_object(answer, name)
    method = sandbox.api.payment_methods.retrieve(charge.payment_method).to_dict()
    found += of_object(method, "payment_method")
    found += of_object(sandbox.api.balance.retrieve().to_dict(), "balance")
    assert not found, "\n".join(sorted(set(found)))


def test_what_is_missing_or_too_much_is_seen_also_inside(sandbox: Sandbox) -> None:
    """The comparison itself: each key that the types require, one after another."""
    charge = sandbox.paid().to_dict()
    assert not list(of_object(charge, "charge"))
    needed = [
        name
        for name, note in declared(stripe.Charge).items()
        if is_required(note) and name != "object"
    ]
    assert len(needed) >= 14
    for name in needed:
        less = {key: value for key, value in charge.items() if key != name}
        assert list(of_object(less, "charge")) == [f"charge.{name} is required"]
    inner = charge["billing_details"] | {"shoe_size": 44}
    more = charge | {"billing_details": inner}
    assert list(of_object(more, "charge")) == ["charge.billing_details.shoe_size is not declared"]


def test_what_is_kept_nowhere_has_its_shape_too(sandbox: Sandbox) -> None:
    bought = subscribe(sandbox)
    flow: Any = {"customer": bought.customer, "flow_data": {"type": "payment_method_update"}}
    portal = sandbox.api.billing_portal.sessions.create(flow)
    deleted = sandbox.api.customers.delete(bought.customer)
    assert not list(of_object(portal.to_dict(), "portal"))
    assert deleted.to_dict() == {"id": bought.customer, "object": "customer", "deleted": True}
