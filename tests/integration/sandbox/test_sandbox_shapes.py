"""Every object has the fields that the SDK's types declare, and none that they don't."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stripe._object_classes import get_object_class

from .conftest import Sandbox


def declared(kind: type) -> dict[str, str]:
    """The fields of an SDK class with their annotations, as written."""
    return {
        name: str(note)
        for name, note in kind.__annotations__.items()
        if name != "OBJECT_NAME" and not name.startswith("_")
    }


def disagreements(kind: type, doc: dict[str, Any], path: str) -> Iterator[str]:
    """Fields that are required and absent, or present and unknown, down through inner objects."""
    fields = declared(kind)
    for name, note in fields.items():
        if name not in doc and not any(word in note for word in ("Optional[", "NoneType")):
            yield f"{path}.{name} is required"
    for name, value in doc.items():
        if name not in fields and name != "object":
            yield f"{path}.{name} is not declared"
        inner = kind._inner_class_types.get(name)  # type: ignore[attr-defined] # SDK's own map
        for item in value if isinstance(value, list) else [value]:
            if inner and isinstance(item, dict):
                yield from disagreements(inner, item, f"{path}.{name}")
            elif isinstance(item, dict) and isinstance(item.get("object"), str):
                yield from of_object(item, f"{path}.{name}")


def of_object(doc: dict[str, Any], path: str) -> Iterator[str]:
    """The same for an object that names its class; lists are looked through."""
    if doc["object"] == "list":
        for item in doc["data"]:
            yield from of_object(item, path)
    else:
        yield from disagreements(get_object_class("V1", doc["object"]), doc, path)


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
