"""Portal sessions: a page at which a customer replaces the card that their subscriptions charge."""

from __future__ import annotations

from jewelrymodel.sandbox.api_call import Call
from jewelrymodel.sandbox.encodings import Doc
from jewelrymodel.sandbox.errors import invalid
from jewelrymodel.sandbox.events import emit
from jewelrymodel.sandbox.ids import new_id
from jewelrymodel.sandbox.store import Tx


def create(call: Call) -> Doc:
    """`POST /v1/billing_portal/sessions`, for the flow `payment_method_update` alone"""
    params = call.params
    customer = params.needed("customer")
    call.tx.need("customer", customer, param="customer", status=400)
    params.accept("locale")
    flow = params.inner("flow_data")
    if flow is None or flow.choice("type", ("payment_method_update",)) is None:
        raise invalid("flow_data", "This sandbox stands in for payment_method_update only.")
    session_id = new_id("billing_portal.session")
    return call.tx.insert(
        {
            "id": session_id,
            "object": "billing_portal.session",
            "configuration": "bpc_sandbox",
            "created": call.tx.now,
            "customer": customer,
            "customer_account": None,
            "flow": {
                "after_completion": {
                    "hosted_confirmation": None,
                    "redirect": None,
                    "type": "portal_homepage",
                },
                "customer_update": None,
                "subscription_cancel": None,
                "subscription_pause": None,
                "subscription_update": None,
                "subscription_update_confirm": None,
                "type": "payment_method_update",
            },
            "livemode": False,
            "locale": None,
            "on_behalf_of": None,
            "return_url": params.text("return_url"),
            "url": f"{call.tx.public_url}/c/portal/{session_id}",
        }
    )


def replace_method(tx: Tx, customer_id: str, method: Doc) -> None:
    """Make a card the customer's, and that of every subscription that had one of its own."""
    customer = tx.need("customer", customer_id)
    customer["invoice_settings"] |= {"default_payment_method": method["id"]}
    emit(tx, "payment_method.attached", method)
    emit(tx, "customer.updated", tx.save(customer), previous={})
    for one in tx.find("subscription", customer=customer_id):
        if one["status"] != "canceled" and one["default_payment_method"]:
            before, one["default_payment_method"] = one["default_payment_method"], method["id"]
            previous = {"default_payment_method": before}
            emit(tx, "customer.subscription.updated", tx.save(one), previous=previous)
