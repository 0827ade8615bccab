"""Checkout sessions: what is sold, to whom, and where the payer goes afterwards."""

from __future__ import annotations

from jewelrymodel.sandbox import automatic_tax
from jewelrymodel.sandbox.api_call import Call
from jewelrymodel.sandbox.encodings import Doc, list_of
from jewelrymodel.sandbox.errors import Refused, invalid, no_such
from jewelrymodel.sandbox.events import emit
from jewelrymodel.sandbox.ids import new_id
from jewelrymodel.sandbox.request_params import Params
from jewelrymodel.sandbox.resources import customers, line_items, payment_intents
from jewelrymodel.sandbox.store import Tx
from jewelrymodel.sandbox.tax_and_discounts import NO_RATES
from jewelrymodel.sandbox.wallets import BY_TYPE

LIFE_S = 86_400
LEAST_LIFE_S = 1_800
# Parameters that change how the real page looks or what else it offers, not what is paid.
_LOOKS = (
    "allow_promotion_codes",
    "branding_settings",
    "custom_text",
    "locale",
    "payment_method_collection",
    "payment_method_types",
    "submit_type",
)


def create(call: Call) -> Doc:
    """`POST /v1/checkout/sessions` (modes payment and subscription, the hosted page)"""
    tx, params = call.tx, call.params
    mode = params.choice("mode", ("payment", "subscription"), "payment") or "payment"
    params.choice("ui_mode", ("hosted_page", "hosted"))
    params.accept(*_LOOKS)
    items = line_items.read(tx, params, mode)
    automatic = automatic_tax.asked_for(tx, params, items)
    total = sum(item["amount_total"] for item in items)
    currency = items[0]["currency"]
    amount = payment_intents.check_amount(total, "line_items", currency)
    session = _shape(tx, mode, currency, amount)
    session |= {
        "_line_items": items,
        "_intent_data": _intent_data(params),
        "_subscription_data": _subscription_data(params),
        "client_reference_id": params.text("client_reference_id"),
        "metadata": params.metadata(),
        "success_url": _url(params, "success_url", needed=True),
        "cancel_url": _url(params, "cancel_url"),
        "expires_at": _expires_at(tx, params),
    }
    _set_customer(tx, session, params)
    _set_tax(session, params, automatic)
    tx.schedule(session["expires_at"], "session:expire", session["id"])
    return tx.insert(session)


def update(call: Call) -> Doc:
    """`POST /v1/checkout/sessions/:id`: its metadata"""
    session = call.subject("checkout.session")
    session["metadata"] = call.params.metadata(session["metadata"])
    return call.tx.save(session)


def expire(call: Call) -> Doc:
    """`POST /v1/checkout/sessions/:id/expire`; only an open one."""
    session = call.subject("checkout.session")
    if session["status"] != "open":
        raise Refused(
            f"Only open sessions can be expired; this one is {session['status']}.", param="session"
        )
    return expired(call.tx, session)


def expired(tx: Tx, session: Doc) -> Doc:
    """An open session that can no longer be paid, nor the intent that it had begun."""
    session |= {"status": "expired", "url": None}
    intent = tx.get(session["_intent"]) if session["_intent"] else None
    if intent:
        payment_intents.abandon(tx, intent)
    emit(tx, "checkout.session.expired", tx.save(session))
    return session


def items(call: Call) -> Doc:
    """`GET /v1/checkout/sessions/:id/line_items`"""
    call.params.accept("limit")
    return list_of(call.path, call.subject("checkout.session")["_line_items"])


def _set_tax(session: Doc, params: Params, automatic: Doc | None) -> None:
    if automatic is None:
        params.accept("billing_address_collection", "customer_update")
        return
    session["_rates"] = {**session["_rates"], "automatic": automatic}
    automatic_tax.require_updates(session, params)
    session["automatic_tax"] = {
        "enabled": True,
        "liability": {"type": "self"},
        "provider": "stripe",
        "status": "requires_location_inputs",
    }
    session["billing_address_collection"] = params.choice(
        "billing_address_collection", ("auto", "required"), "auto"
    )
    if automatic["collects_ids"]:
        session["tax_id_collection"] = {"enabled": True, "required": "never"}


def _url(params: Params, name: str, *, needed: bool = False) -> str | None:
    url = params.needed(name) if needed else params.text(name)
    if url and not url.startswith(("http://", "https://")):
        raise Refused(f"Not a valid URL: {url}", code="url_invalid", param=name)
    return url


def _expires_at(tx: Tx, params: Params) -> int:
    at = params.integer("expires_at", tx.now + LIFE_S) or 0
    # A minute of grace, for clocks that differ.
    if not tx.now + LEAST_LIFE_S - 60 <= at <= tx.now + LIFE_S + 60:
        raise invalid("expires_at", "expires_at has to be from 30 minutes to 24 hours ahead.")
    return at


def _intent_data(params: Params) -> Doc:
    data = params.inner("payment_intent_data")
    if data is None:
        return {}
    names = ("description", "receipt_email", "statement_descriptor", "statement_descriptor_suffix")
    return {
        **{name: data.text(name) for name in names},
        "metadata": data.metadata(),
        "setup_future_usage": data.choice("setup_future_usage", ("off_session", "on_session")),
    }


def _subscription_data(params: Params) -> Doc:
    data = params.inner("subscription_data")
    if data is None:
        return {}
    data.accept("billing_mode")
    return {"metadata": data.metadata(), "description": data.text("description")}


def _set_customer(tx: Tx, session: Doc, params: Params) -> None:
    session["customer_email"] = params.text("customer_email")
    session["customer"] = params.text("customer")
    if session["customer"]:
        if session["customer_email"]:
            raise invalid("customer_email", "Send customer or customer_email, not both.")
        customer = tx.need("customer", session["customer"], param="customer", status=400)
        if customer["_deleted"]:
            raise no_such("customer", customer["id"], param="customer", status=400)
        if session["mode"] == "subscription":
            customers.require_currency(customer, session["currency"])
    if session["mode"] == "payment" and not session["customer"]:
        session["customer_creation"] = params.choice(
            "customer_creation", ("always", "if_required"), "if_required"
        )


def _shape(tx: Tx, mode: str, currency: str, total: int) -> Doc:
    session_id = new_id("checkout.session")
    return {
        "id": session_id,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": False},
        "after_expiration": None,
        "allow_promotion_codes": None,
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": None,
        "client_secret": None,
        "collected_information": None,
        "consent": None,
        "consent_collection": None,
        "created": tx.now,
        "currency": currency,
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": {
            "after_submit": None,
            "shipping_address": None,
            "submit": None,
            "terms_of_service_acceptance": None,
        },
        "customer_creation": None,
        "customer_details": None,
        "discounts": [],
        "invoice": None,
        "invoice_creation": None,
        "livemode": False,
        "locale": None,
        "mode": mode,
        "origin_context": None,
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "if_required" if mode == "payment" else "always",
        "payment_method_configuration_details": None,
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card", *BY_TYPE],
        "payment_status": "unpaid",
        "permissions": None,
        "phone_number_collection": {"enabled": False},
        "recovered_from": None,
        "saved_payment_method_options": None,
        "setup_intent": None,
        "shipping_address_collection": None,
        "shipping_cost": None,
        "shipping_options": [],
        "status": "open",
        "submit_type": None,
        "subscription": None,
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{tx.public_url}/c/pay/{session_id}",
        "wallet_options": None,
        "_intent": None,
        "_rates": dict(NO_RATES),
    }
