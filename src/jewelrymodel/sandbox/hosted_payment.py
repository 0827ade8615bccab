"""A payer's acts on the hosted page: try a card, pass or fail the authentication.

Whatever is clicked twice, a session is paid once: the transaction decides, and the database holds
one paid charge an intent.
"""

from __future__ import annotations

from dataclasses import dataclass

from jewelrymodel.sandbox import tax_and_discounts
from jewelrymodel.sandbox.encodings import Doc
from jewelrymodel.sandbox.errors import Refused
from jewelrymodel.sandbox.events import emit
from jewelrymodel.sandbox.resources import (
    customers,
    payment_intents,
    payment_methods,
    subscriptions,
)
from jewelrymodel.sandbox.store import Tx


@dataclass(frozen=True)
class Payer:
    """What the payer typed, without the number."""

    name: str
    email: str
    country: str
    expires: tuple[int, int]
    tax_ids: tuple[Doc, ...] = ()


def try_means(tx: Tx, session: Doc, means: payment_methods.Means, payer: Payer) -> Refused | None:
    """Charge the session's total to a card or wallet. Returns the decline, if it was declined.

    A session that is paid already, or waits for its authentication, is left as it is.
    """
    if session["status"] != "open" or awaits_authentication(tx, session):
        return None
    _ensure_customer(tx, session, payer)
    tax_and_discounts.tax_payer(tx, session, payer.country, list(payer.tax_ids))
    details = payment_methods.billing(name=payer.name, email=payer.email, country=payer.country)
    method = payment_methods.make(
        tx, means, expires=payer.expires, details=details, customer=session["customer"]
    )
    session["_payer"] = {
        "name": payer.name,
        "email": payer.email,
        "country": payer.country,
        "tax_ids": list(payer.tax_ids),
    }
    intent = _intent(tx, session)
    return _settle(tx, session, intent, payment_intents.pay(tx, intent, method))


def authenticate(tx: Tx, intent: Doc, *, passed: bool) -> Refused | None:
    """The payer confirmed with the bank, or did not; a second click changes nothing."""
    if intent["status"] != "requires_action":
        return None
    if not passed:
        return payment_intents.fail_authentication(tx, intent)
    method = tx.need("payment_method", intent["payment_method"])
    declined = payment_intents.pay(tx, intent, method, authenticated=True)
    session = session_of(tx, intent)
    if session is None and intent["_invoice"]:
        subscriptions.authenticated(tx, intent, declined)
    return _settle(tx, session, intent, declined) if session else declined


def session_of(tx: Tx, intent: Doc) -> Doc | None:
    """The checkout session that an intent pays, if it was begun by one."""
    return next(iter(tx.find("checkout.session", _intent=intent["id"])), None)


def awaits_authentication(tx: Tx, session: Doc) -> Doc | None:
    """The session's intent, if it waits for the payer to authenticate."""
    intent = tx.get(session["_intent"]) if session["_intent"] else None
    return intent if intent and intent["status"] == "requires_action" else None


def success_address(session: Doc) -> str:
    """Where a payer who has paid goes."""
    url: str = session["success_url"]
    return url.replace("{CHECKOUT_SESSION_ID}", session["id"])


def _ensure_customer(tx: Tx, session: Doc, payer: Payer) -> None:
    wanted = session["mode"] == "subscription" or session["customer_creation"] == "always"
    if session["customer"] is None and wanted:
        customer = customers.make(tx, email=payer.email, name=payer.name)
        emit(tx, "customer.created", customer)
        session["customer"] = customer["id"]
    if session["_rates"]["automatic"] and session["customer"]:  # what its address taxed it by
        customer = tx.need("customer", session["customer"])
        address = payment_methods.billing(country=payer.country)["address"]
        tx.save(customer | {"address": address})


def _intent(tx: Tx, session: Doc) -> Doc:
    if session["_intent"]:
        return tx.need("payment_intent", session["_intent"])
    details = dict(session["_intent_data"])
    if session["mode"] == "subscription":
        details = {"description": "Subscription creation", "setup_future_usage": "off_session"}
    intent = payment_intents.make(
        tx,
        amount=session["amount_total"],
        currency=session["currency"],
        customer=session["customer"],
        details=details,
    )
    session["_intent"] = intent["id"]
    if session["mode"] == "payment":
        session["payment_intent"] = intent["id"]
    return intent


def end_debit(tx: Tx, intent_id: str) -> None:
    """A bank debit ends: what it was to pay, an invoice or a session, is paid or isn't."""
    intent = tx.need("payment_intent", intent_id)
    if intent["status"] != "processing":
        return
    declined = payment_intents.end_debit(tx, intent)
    subscriptions.debit_ended(tx, intent, declined)
    if session := session_of(tx, intent):
        session["payment_status"] = "unpaid" if declined else "paid"
        ending = "failed" if declined else "succeeded"
        emit(tx, f"checkout.session.async_payment_{ending}", tx.save(session))


def _settle(tx: Tx, session: Doc, intent: Doc, declined: Refused | None) -> Refused | None:
    if declined is None and intent["status"] in ("succeeded", "processing"):
        if session["mode"] == "subscription":
            customers.tie_to_currency(tx, session["customer"], session["currency"])
            subscriptions.start(tx, session, intent)
        session |= {
            "status": "complete",
            "payment_status": "paid" if intent["status"] == "succeeded" else "unpaid",
            "url": None,
            "customer_details": _customer_details(session["_payer"]),
        }
        emit(tx, "checkout.session.completed", session)
    tx.save(session)
    return declined


def _customer_details(payer: Doc) -> Doc:
    return {
        "address": payment_methods.billing(country=payer["country"])["address"],
        "business_name": None,
        "email": payer["email"],
        "individual_name": None,
        "name": payer["name"],
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": payer["tax_ids"],
    }
