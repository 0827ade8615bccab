"""Charges: one attempt to take money, successful or not."""

from __future__ import annotations

from jewelrymodel.sandbox.api_call import Call
from jewelrymodel.sandbox.encodings import Doc
from jewelrymodel.sandbox.events import emit
from jewelrymodel.sandbox.ids import new_id
from jewelrymodel.sandbox.resources import balance
from jewelrymodel.sandbox.store import Tx
from jewelrymodel.sandbox.test_card_numbers import Decline
from jewelrymodel.sandbox.wallets import BY_TYPE


def make(tx: Tx, intent: Doc, method: Doc, decline: Decline | None) -> Doc:
    """Charge a method, or record that it was declined; announces `charge.succeeded`/`failed`."""
    charge = _shape(tx, intent, method, decline)
    if decline is None:
        _to_balance(tx, charge)
    tx.insert(charge)
    emit(tx, "charge.failed" if decline else "charge.succeeded", charge)
    return charge


def begin(tx: Tx, intent: Doc, method: Doc) -> Doc:
    """A bank debit that is on its way: neither paid nor returned; announces `charge.pending`."""
    charge = tx.insert(_shape(tx, intent, method, None) | {"status": "pending", "paid": False})
    emit(tx, "charge.pending", charge)
    return charge


def end(tx: Tx, charge_id: str, decline: Decline | None) -> None:
    """A bank debit is paid, or returned; announces `charge.succeeded`/`failed`."""
    charge = tx.need("charge", charge_id)
    if decline is None:
        charge |= {"status": "succeeded", "paid": True}
        _to_balance(tx, charge)
    else:
        charge |= {
            "status": "failed",
            "failure_code": decline.code,
            "failure_message": decline.message,
            "outcome": _outcome(decline),
        }
    emit(tx, "charge.failed" if decline else "charge.succeeded", tx.save(charge))


def _to_balance(tx: Tx, charge: Doc) -> None:
    movement = balance.record(
        tx,
        kind="charge",
        source=charge,
        amount=charge["amount"],
        fee=balance.fee_for(charge["amount"]),
        description=charge["description"],
    )
    charge["balance_transaction"] = movement["id"]


def update(call: Call) -> Doc:
    """`POST /v1/charges/:id`"""
    charge, params = call.subject("charge"), call.params
    charge["metadata"] = params.metadata(charge["metadata"])
    if "description" in params:
        charge["description"] = params.text("description")
    if details := params.inner("fraud_details"):
        charge["fraud_details"] = {
            "user_report": details.choice("user_report", ("fraudulent", "safe"))
        }
    emit(call.tx, "charge.updated", charge, previous={})
    return call.tx.save(charge)


def _shape(tx: Tx, intent: Doc, method: Doc, decline: Decline | None) -> Doc:
    return {
        "id": new_id("charge"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0 if decline else intent["amount"],
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": "SANDBOX",
        "captured": decline is None,
        "created": tx.now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": decline.code if decline else None,
        "failure_message": decline.message if decline else None,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "on_behalf_of": None,
        "outcome": _outcome(decline),
        "paid": decline is None,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": _details(method, intent["amount"]),
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source": None,
        "source_transfer": None,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": "failed" if decline else "succeeded",
        "transfer_data": None,
        "transfer_group": None,
    }


def _outcome(decline: Decline | None) -> Doc:
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "declined_by_network" if decline else "approved_by_network",
        "reason": decline.decline_code if decline else None,
        "risk_level": "normal",
        "risk_score": 11,
        "seller_message": "The bank declined." if decline else "Payment complete.",
        "type": "issuer_declined" if decline else "authorized",
    }


def _details(method: Doc, amount: int) -> Doc:
    """Only what the method's type is about: no `card` where no card paid."""
    kind = method["type"]
    of_kind = _card(method, amount) if kind == "card" else BY_TYPE[kind].charged
    return {kind: of_kind, "type": kind}


def _card(method: Doc, amount: int) -> Doc:
    card = method["card"]
    shared = (
        "brand",
        "checks",
        "country",
        "exp_month",
        "exp_year",
        "fingerprint",
        "funding",
        "last4",
    )
    return {
        **{key: card[key] for key in shared},
        "amount_authorized": amount,
        "authorization_code": None,
        "installments": None,
        "mandate": None,
        "network": card["brand"],
        "network_transaction_id": None,
        "regulated_status": card["regulated_status"],
        "three_d_secure": None,
        "wallet": None,
    }
