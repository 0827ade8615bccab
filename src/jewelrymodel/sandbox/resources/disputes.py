"""Disputes: opened by the panel or a test card, answered with evidence, won, lost or closed."""

from __future__ import annotations

from jewelrymodel.sandbox.api_call import Call
from jewelrymodel.sandbox.encodings import Doc
from jewelrymodel.sandbox.errors import Refused, invalid
from jewelrymodel.sandbox.events import emit
from jewelrymodel.sandbox.ids import new_id
from jewelrymodel.sandbox.request_params import Params
from jewelrymodel.sandbox.resources import balance, early_fraud_warnings
from jewelrymodel.sandbox.store import Tx
from jewelrymodel.sandbox.wallets import disputed

FEE = 1_500
ANSWER_WITHIN_S = 7 * 86_400
FIELD_LIMIT = 20_000
TOGETHER_LIMIT = 150_000
REASONS = (
    "credit_not_processed",
    "duplicate",
    "fraudulent",
    "general",
    "product_not_received",
    "product_unacceptable",
    "subscription_canceled",
    "unrecognized",
)
OUTCOMES = ("won", "lost", "warning_closed", "prevented")
_ANSWERABLE = ("needs_response", "warning_needs_response")
_TEXTS = (
    "access_activity_log",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
)


def open_dispute(tx: Tx, charge_id: str, reason: str, *, inquiry: bool = False) -> Doc:
    """Dispute a charge, or (an inquiry) only ask about it; raises `Refused` if that cannot be.

    A chargeback takes what is left of the charge and the fee at once; an inquiry takes nothing.
    """
    charge = tx.need("charge", charge_id, param="charge", status=400)
    left = charge["amount_captured"] - charge["amount_refunded"]
    if not charge["paid"] or charge["disputed"] or left == 0:
        raise Refused(f"Charge {charge_id} cannot be disputed.", param="charge")
    if reason not in REASONS:
        raise invalid("reason", f"The reason has to be one of {', '.join(REASONS)}.")
    dispute = _shape(tx, charge, left, reason, inquiry=inquiry)
    if not inquiry:
        dispute["balance_transactions"] = [_withdraw(tx, dispute)]
    tx.insert(dispute)
    charge["disputed"] = True
    early_fraud_warnings.settle(tx, tx.save(charge))
    emit(tx, "charge.dispute.created", dispute)
    tx.schedule(tx.now + ANSWER_WITHIN_S, "dispute:due", dispute["id"])
    if not inquiry:
        emit(tx, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def decide(tx: Tx, dispute_id: str, outcome: str) -> Doc:
    """The bank decides, or changes its mind later: won gives the amount back, lost keeps it.

    The fee of a received dispute stays paid either way.
    """
    dispute = tx.need("dispute", dispute_id)
    inquiry = dispute["status"].startswith("warning_")
    if outcome not in OUTCOMES or (outcome == "warning_closed") != inquiry:
        raise invalid("outcome", f"This dispute cannot end as {outcome}.")
    if outcome == "prevented" and dispute["status"] not in ("needs_response", "under_review"):
        raise invalid("outcome", f"What is decided can't be prevented: {dispute['status']}.")
    withdrawn = -sum(item["amount"] for item in dispute["balance_transactions"])
    dispute |= {"status": outcome, "is_charge_refundable": inquiry or outcome == "prevented"}
    if outcome in ("won", "prevented") and withdrawn > 0:
        dispute["balance_transactions"].append(_book(tx, dispute, withdrawn, fee=0))
        emit(tx, "charge.dispute.funds_reinstated", dispute)
    if outcome == "lost" and withdrawn == 0:
        dispute["balance_transactions"].append(_withdraw(tx, dispute))
        emit(tx, "charge.dispute.funds_withdrawn", dispute)
    emit(tx, "charge.dispute.closed", tx.save(dispute))
    return dispute


def appeal(tx: Tx, dispute_id: str) -> Doc:
    """What the bank decided against the seller is appealed; no money moves until it is decided."""
    dispute = tx.need("dispute", dispute_id)
    if dispute["status"] != "lost":
        raise Refused(f"This dispute is {dispute['status']}, not lost.", param="id")
    dispute["status"] = "appeal_under_review"
    emit(tx, "charge.dispute.updated", tx.save(dispute), previous={})
    return dispute


def escalate(tx: Tx, dispute_id: str) -> Doc:
    """An inquiry becomes a chargeback: the same dispute, but now the money is taken."""
    dispute = tx.need("dispute", dispute_id)
    if not dispute["status"].startswith("warning_"):
        raise Refused(f"This dispute is {dispute['status']}, not an inquiry.", param="id")
    if card := dispute["payment_method_details"].get("card"):
        card["case_type"] = "chargeback"
    dispute |= {"status": "needs_response", "is_charge_refundable": False}
    dispute["evidence_details"]["due_by"] = tx.now + ANSWER_WITHIN_S
    dispute["balance_transactions"].append(_withdraw(tx, dispute))
    tx.schedule(tx.now + ANSWER_WITHIN_S, "dispute:due", dispute_id)
    emit(tx, "charge.dispute.updated", tx.save(dispute), previous={})
    emit(tx, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def fall_due(tx: Tx, dispute_id: str) -> None:
    """Nobody answered in time: a chargeback is lost, an inquiry is closed."""
    dispute = tx.need("dispute", dispute_id)
    if dispute["status"] not in _ANSWERABLE or dispute["evidence_details"]["due_by"] > tx.now:
        return
    dispute["evidence_details"]["past_due"] = True
    tx.save(dispute)
    decide(tx, dispute_id, "lost" if dispute["status"] == "needs_response" else "warning_closed")


def close_inquiries(tx: Tx, charge: Doc) -> None:
    """A charge was refunded in full, so nobody asks about it any more."""
    for dispute in tx.find("dispute", charge=charge["id"]):
        if dispute["status"] in ("warning_needs_response", "warning_under_review"):
            decide(tx, dispute["id"], "warning_closed")


def update(call: Call) -> Doc:
    """`POST /v1/disputes/:id`: evidence, submitted at once unless `submit=false`"""
    dispute, params = call.subject("dispute"), call.params
    submit = params.flag("submit", True)
    dispute["metadata"] = params.metadata(dispute["metadata"])
    if evidence := params.inner("evidence"):
        _stage(dispute, evidence)
        if submit:
            _submit(dispute)
    emit(call.tx, "charge.dispute.updated", dispute, previous={})
    return call.tx.save(dispute)


def close(call: Call) -> Doc:
    """`POST /v1/disputes/:id/close`: accept it; that cannot be taken back."""
    dispute = call.subject("dispute")
    if dispute["status"] not in _ANSWERABLE:
        raise Refused(f"This dispute is {dispute['status']}: it cannot be closed.", param="id")
    inquiry = dispute["status"] == "warning_needs_response"
    return decide(call.tx, dispute["id"], "warning_closed" if inquiry else "lost")


def _stage(dispute: Doc, params: Params) -> None:
    if dispute["status"] not in _ANSWERABLE:
        raise Refused(f"This dispute is {dispute['status']}: evidence is no longer taken.")
    params.accept("enhanced_evidence")
    evidence = dispute["evidence"]
    for name in _TEXTS:
        if name in params:
            sent = params.raw(name)
            if not isinstance(sent, str) or len(sent) > FIELD_LIMIT:
                raise invalid(params.name(name), f"Evidence has up to {FIELD_LIMIT} characters.")
            evidence[name] = sent or None
    if sum(len(evidence[name] or "") for name in _TEXTS) > TOGETHER_LIMIT:
        raise invalid("evidence", f"Evidence has up to {TOGETHER_LIMIT} characters together.")
    dispute["evidence_details"]["has_evidence"] = any(evidence[name] for name in _TEXTS)


def _submit(dispute: Doc) -> None:
    warned = dispute["status"] == "warning_needs_response"
    dispute["status"] = "warning_under_review" if warned else "under_review"
    dispute["evidence_details"]["submission_count"] += 1
    dispute["evidence_details"]["submission_method"] = "manual"


def _withdraw(tx: Tx, dispute: Doc) -> Doc:
    return _book(tx, dispute, -dispute["amount"], fee=FEE)


def _book(tx: Tx, dispute: Doc, amount: int, *, fee: int) -> Doc:
    words = f"Chargeback {'withdrawal' if amount < 0 else 'reversal'} for {dispute['charge']}"
    return balance.record(
        tx, kind="adjustment", source=dispute, amount=amount, fee=fee, description=words
    )


def _shape(tx: Tx, charge: Doc, amount: int, reason: str, *, inquiry: bool) -> Doc:
    return {
        "id": new_id("dispute"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": tx.now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(_TEXTS), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": tx.now + ANSWER_WITHIN_S,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": inquiry,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": _method(charge["payment_method_details"], inquiry=inquiry),
        "reason": reason,
        "status": "warning_needs_response" if inquiry else "needs_response",
    }


def _method(charged: Doc, *, inquiry: bool) -> Doc:
    card = charged.get("card")
    if card is None:
        return disputed(charged["type"])
    return {
        "card": {
            "brand": card["brand"],
            "case_type": "inquiry" if inquiry else "chargeback",
            "network": card["network"],
            "network_reason_code": None,
        },
        "type": "card",
    }
