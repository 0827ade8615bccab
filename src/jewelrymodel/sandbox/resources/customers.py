"""Customers."""

from __future__ import annotations

from jewelrymodel.sandbox.api_call import Call, page
from jewelrymodel.sandbox.encodings import Doc
from jewelrymodel.sandbox.errors import Refused, no_such
from jewelrymodel.sandbox.events import emit
from jewelrymodel.sandbox.ids import new_id, random_text
from jewelrymodel.sandbox.request_params import Params
from jewelrymodel.sandbox.resources import subscriptions
from jewelrymodel.sandbox.store import Tx

_TEXTS = ("email", "name", "phone", "description")
_ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")


def make(tx: Tx, *, email: str | None = None, name: str | None = None) -> Doc:
    """A new customer, not announced yet."""
    return tx.insert(
        {
            "id": new_id("customer"),
            "object": "customer",
            "address": None,
            "balance": 0,
            "created": tx.now,
            "currency": None,
            "default_source": None,
            "delinquent": False,
            "description": None,
            "discount": None,
            "email": email,
            "invoice_prefix": random_text(8).upper(),
            "invoice_settings": {
                "custom_fields": None,
                "default_payment_method": None,
                "footer": None,
                "rendering_options": None,
            },
            "livemode": False,
            "metadata": {},
            "name": name,
            "next_invoice_sequence": 1,
            "phone": None,
            "preferred_locales": [],
            "shipping": None,
            "tax_exempt": "none",
            "test_clock": None,
            "_deleted": False,
        }
    )


def create(call: Call) -> Doc:
    """`POST /v1/customers`"""
    customer = make(call.tx)
    _apply(customer, call.params)
    call.tx.save(customer)
    emit(call.tx, "customer.created", customer)
    return customer


def update(call: Call) -> Doc:
    """`POST /v1/customers/:id`"""
    customer = call.subject("customer")
    before = {key: customer[key] for key in (*_TEXTS, "address", "metadata", "tax_exempt")}
    _apply(customer, call.params)
    call.tx.save(customer)
    changed = {key: value for key, value in before.items() if customer[key] != value}
    emit(call.tx, "customer.updated", customer, previous=changed)
    return customer


def retrieve(call: Call) -> Doc:
    """`GET /v1/customers/:id`; of a deleted one little is left"""
    customer = call.subject("customer")
    return _stub(customer) if customer["_deleted"] else customer


def listing(call: Call) -> Doc:
    """`GET /v1/customers`: those that weren't deleted"""
    email = call.params.text("email")
    return page(call, "customer", {"email": email} if email else {}, unlike={"_deleted": True})


def delete(call: Call) -> Doc:
    """`DELETE /v1/customers/:id`: for good; what it subscribed to ends at once"""
    customer = call.subject("customer")
    if customer["_deleted"]:
        raise no_such("customer", customer["id"])
    subscriptions.end_of_customer(call.tx, customer["id"])
    customer = call.subject("customer") | {"_deleted": True}
    emit(call.tx, "customer.deleted", call.tx.save(customer))
    return _stub(customer)


def require_currency(customer: Doc, currency: str) -> None:
    """Refuse a customer who was billed in another currency before, as the processor does."""
    if customer["currency"] not in (None, currency):
        raise Refused(
            "You cannot combine currencies on a single customer. This customer has had a "
            f"subscription, coupon, or invoice item with currency {customer['currency']}"
        )


def tie_to_currency(tx: Tx, customer_id: str, currency: str) -> None:
    """The first subscription of a customer ties them to its currency, for good."""
    customer = tx.need("customer", customer_id)
    if customer["currency"] is None:
        tx.save(customer | {"currency": currency})


def _stub(customer: Doc) -> Doc:
    return {"id": customer["id"], "object": "customer", "deleted": True}


def _apply(customer: Doc, params: Params) -> None:
    for name in _TEXTS:
        if name in params:
            customer[name] = params.text(name)
    if "address" in params:
        address = params.inner("address")
        customer["address"] = address and {key: address.text(key) for key in _ADDRESS}
    customer["tax_exempt"] = params.choice(
        "tax_exempt", ("none", "exempt", "reverse"), customer["tax_exempt"]
    )
    customer["metadata"] = params.metadata(customer["metadata"])
    params.accept("preferred_locales")
