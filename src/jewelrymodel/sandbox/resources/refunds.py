"""Refunds: never more than is left of a charge, never of a disputed one, each settled once."""

from __future__ import annotations

from jewelrymodel.sandbox import faults
from jewelrymodel.sandbox.api_call import Call
from jewelrymodel.sandbox.encodings import Doc
from jewelrymodel.sandbox.errors import Refused, invalid, missing
from jewelrymodel.sandbox.events import emit
from jewelrymodel.sandbox.ids import new_id
from jewelrymodel.sandbox.resources import (
    balance,
    disputes,
    early_fraud_warnings,
    payment_intents,
    payment_methods,
)
from jewelrymodel.sandbox.store import Tx

_REASONS = ("duplicate", "fraudulent", "requested_by_customer")


def create(call: Call) -> Doc:
    """`POST /v1/refunds`; raises `Refused` when the charge cannot give back that much."""
    tx, params = call.tx, call.params
    charge = _charge(call)
    amount = _amount(tx, charge, params.integer("amount", least=1))
    if code := faults.read(tx.conn).refuse_refunds:
        raise Refused(f"This refund cannot be made now ({code}).", code=code)
    fate = _fate(tx, charge)
    refund = _shape(tx, charge, amount, "pending" if fate == "pends" else "succeeded")
    refund["reason"] = params.choice("reason", _REASONS)
    refund["metadata"] = params.metadata()
    movement = balance.record(tx, kind="refund", source=refund, amount=-amount)
    refund["balance_transaction"] = movement["id"]
    tx.insert(refund)
    _book(tx, charge, amount)
    emit(tx, "refund.created", refund)
    emit(tx, "charge.refunded", charge)
    if fate != "succeeds":
        delay_s = faults.read(tx.conn).refund_delay_s
        tx.schedule(tx.now + delay_s, f"refund:{fate}", refund["id"])
    return refund


def update(call: Call) -> Doc:
    """`POST /v1/refunds/:id`: its metadata"""
    refund = call.subject("refund")
    refund["metadata"] = call.params.metadata(refund["metadata"])
    emit(call.tx, "refund.updated", refund, previous={})
    return call.tx.save(refund)


def settle(tx: Tx, refund_id: str) -> None:
    """A pending refund reaches the card."""
    refund = tx.need("refund", refund_id)
    refund |= {"status": "succeeded", "pending_reason": None}
    emit(tx, "refund.updated", tx.save(refund), previous={"status": "pending"})


def fail(tx: Tx, refund_id: str) -> None:
    """The bank sends a refund back: the money is ours again and the charge is refundable again."""
    refund = tx.need("refund", refund_id)
    before = refund["status"]
    movement = balance.record(tx, kind="refund_failure", source=refund, amount=refund["amount"])
    refund |= {
        "status": "failed",
        "failure_reason": "expired_or_canceled_card",
        "failure_balance_transaction": movement["id"],
    }
    _book(tx, tx.need("charge", refund["charge"]), -refund["amount"])
    tx.save(refund)
    emit(tx, "refund.failed", refund)
    emit(tx, "refund.updated", refund, previous={"status": before})
    emit(tx, "charge.refund.updated", refund, previous={"status": before})


def _charge(call: Call) -> Doc:
    charge_id, intent_id = call.params.text("charge"), call.params.text("payment_intent")
    if intent_id:
        intent = call.tx.need("payment_intent", intent_id, param="payment_intent", status=400)
        if intent["status"] != "succeeded":
            raise Refused(
                f"This PaymentIntent ({intent_id}) does not have a successful charge to refund.",
                param="payment_intent",
            )
        if charge_id not in (None, intent["latest_charge"]):
            raise invalid("charge", "The charge does not belong to the payment intent.")
        charge_id = intent["latest_charge"]
    if charge_id is None:
        raise missing("charge")
    charge = call.tx.need("charge", charge_id, param="charge", status=400)
    if not charge["paid"]:
        raise Refused(f"Charge {charge_id} was not paid.", code="charge_not_refundable")
    return charge


def _amount(tx: Tx, charge: Doc, asked: int | None) -> int:
    left: int = charge["amount_captured"] - charge["amount_refunded"]
    if left == 0:
        raise Refused(
            f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded"
        )
    disputes = tx.find("dispute", charge=charge["id"])
    if any(not dispute["is_charge_refundable"] for dispute in disputes):
        raise Refused(
            f"Charge {charge['id']} is disputed, so it cannot be refunded.", code="charge_disputed"
        )
    if asked is not None and asked > left:
        raise Refused(
            f"Refund amount ({asked}) is greater than unrefunded amount on charge ({left})",
            param="amount",
        )
    return payment_intents.check_steps(asked or left, "amount", charge["currency"])


def _fate(tx: Tx, charge: Doc) -> str:
    if faults.take(tx.conn, "fail_refunds"):
        return "fails"
    if faults.take(tx.conn, "pending_refunds"):
        return "pends"
    return payment_methods.means_of(tx.need("payment_method", charge["payment_method"])).refund


def _book(tx: Tx, charge: Doc, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    tx.save(charge)
    if charge["refunded"]:
        early_fraud_warnings.settle(tx, charge)
        disputes.close_inquiries(tx, charge)


def _shape(tx: Tx, charge: Doc, amount: int, status: str) -> Doc:
    return {
        "id": new_id("refund"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": tx.now,
        "currency": charge["currency"],
        "customer": charge["customer"],
        "destination_details": _destination(charge["payment_method_details"]["type"]),
        "failure_balance_transaction": None,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "pending_reason": "processing" if status == "pending" else None,
        "reason": None,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": status,
        "transfer_reversal": None,
    }


def _destination(method_type: str) -> Doc:
    if method_type != "card":
        return {"type": method_type}
    reference = {"reference_status": "pending", "reference_type": "acquirer_reference_number"}
    return {"card": {**reference, "type": "refund"}, "type": "card"}
