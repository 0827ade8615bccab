"""Invoices: what one period of a subscription costs, and the payment that settled it."""

from __future__ import annotations

from jewelrymodel.sandbox import faults, tax_and_discounts
from jewelrymodel.sandbox.api_call import Call
from jewelrymodel.sandbox.encodings import Doc
from jewelrymodel.sandbox.errors import Refused
from jewelrymodel.sandbox.events import emit
from jewelrymodel.sandbox.ids import new_id
from jewelrymodel.sandbox.resources import invoice_shapes, payment_intents
from jewelrymodel.sandbox.store import Tx

UNCOLLECTED = {"void": "void", "mark_uncollectible": "uncollectible", "keep_as_draft": "draft"}
_MOVED = {"void": "voided_at", "uncollectible": "marked_uncollectible_at"}
RETRIES_AFTER_S = (3 * 86_400, 5 * 86_400, 7 * 86_400)


def make(
    tx: Tx,
    subscription: Doc,
    *,
    reason: str,
    start: int,
    end: int,
    lines: list[Doc] | None = None,
) -> Doc:
    """A draft of what one period costs, or of these *lines*, announced as created."""
    invoice = tx.insert(draft(tx, subscription, new_id("invoice"), lines))
    invoice |= {"billing_reason": reason, "period_start": start, "period_end": end}
    emit(tx, "invoice.created", tx.save(invoice))
    return invoice


def draft(tx: Tx, subscription: Doc, invoice_id: str, lines: list[Doc] | None = None) -> Doc:
    """What such an invoice would be, with the subscription's tax and discount; it isn't kept."""
    if lines is None:
        lines = [invoice_shapes.line(subscription, one) for one in subscription["items"]["data"]]
    customer = tx.need("customer", subscription["customer"])
    invoice = invoice_shapes.shape(tx, invoice_id, subscription, customer, lines)
    tax_and_discounts.price_invoice(tx, invoice, subscription["_rates"])
    return invoice


def wait_as_draft(tx: Tx, invoice: Doc) -> None:
    """Leave a renewal's invoice open to changes for about an hour, as the processor does.

    Source: its documentation of subscription invoices ("draft for approximately one hour").
    """
    invoice["automatically_finalizes_at"] = tx.now + max(faults.read(tx.conn).draft_invoice_s, 0)
    tx.save(invoice)
    tx.schedule(invoice["automatically_finalizes_at"], "invoice:advance", invoice["id"])


def finalize(tx: Tx, invoice: Doc) -> Doc:
    """Give a draft its number and open it for payment; announced as finalized."""
    customer = tx.need("customer", invoice["customer"])
    invoice |= {
        "automatically_finalizes_at": None,
        "effective_at": tx.now,
        "hosted_invoice_url": f"{tx.public_url}/c/invoice/{invoice['id']}",
        "number": f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04d}",
        "status": "open",
        "status_transitions": {**invoice["status_transitions"], "finalized_at": tx.now},
    }
    customer["next_invoice_sequence"] += 1
    tx.save(customer)
    emit(tx, "invoice.finalized", tx.save(invoice))
    return invoice


def finalize_call(call: Call) -> Doc:
    """`POST /v1/invoices/:id/finalize`: a draft at once; with `auto_advance` it is collected too"""
    invoice = call.subject("invoice")
    if invoice["status"] != "draft":
        raise Refused("This invoice is already finalized.", code="invoice_not_editable")
    if "auto_advance" in call.params:
        invoice["auto_advance"] = call.params.flag("auto_advance")
    finalize(call.tx, invoice)
    if invoice["auto_advance"]:
        call.tx.schedule(call.tx.now, "invoice:collect", invoice["id"])
    return invoice


def void(call: Call) -> Doc:
    """`POST /v1/invoices/:id/void`: it was never owed"""
    return give_up(call.tx, call.subject("invoice"), "void", ("open", "uncollectible"))


def mark_uncollectible(call: Call) -> Doc:
    """`POST /v1/invoices/:id/mark_uncollectible`: it is owed, and nobody expects it any more"""
    return give_up(call.tx, call.subject("invoice"), "uncollectible", ("open",))


def give_up(tx: Tx, invoice: Doc, status: str, of: tuple[str, ...] = ("open",)) -> Doc:
    """Void an invoice or mark it uncollectible; refused unless it is in one of these states."""
    if invoice["status"] not in of:
        raise Refused(
            f"You can only pass in open invoices. This invoice isn't open: {invoice['status']}.",
            code="invoice_not_editable",
        )
    invoice |= {"status": status, "auto_advance": False, "next_payment_attempt": None}
    name = _MOVED[status]
    invoice["status_transitions"][name] = tx.now
    emit(tx, f"invoice.{name.removesuffix('_at')}", tx.save(invoice))
    return invoice


def settle_elsewhere(tx: Tx, invoice: Doc) -> Doc:
    """Somebody says that it was paid outside the processor: no payment, no charge."""
    return _settle_uncharged(tx, invoice, {"_paid_off": invoice["amount_due"]})


def credit(tx: Tx, invoice: Doc) -> Doc:
    """A credit note over all that is due: nothing is left to pay, and no money ever came.

    Source: its documentation of credit notes ("pre-payment": they reduce what is due).
    """
    credited = {"pre_payment_credit_notes_amount": invoice["amount_due"], "amount_due": 0}
    return _settle_uncharged(tx, invoice, credited)


def _settle_uncharged(tx: Tx, invoice: Doc, how: Doc) -> Doc:
    invoice |= how
    invoice |= {
        "amount_paid": invoice["amount_due"],
        "amount_remaining": 0,
        "auto_advance": False,
        "next_payment_attempt": None,
        "status": "paid",
        "status_transitions": {**invoice["status_transitions"], "paid_at": tx.now},
    }
    emit(tx, "invoice.paid", tx.save(invoice))
    return invoice


def stop_collecting(tx: Tx, subscription_id: str) -> None:
    """What isn't paid when a subscription ends isn't collected by itself any more."""
    for status in ("draft", "open"):
        for invoice in tx.find("invoice", _subscription=subscription_id, status=status):
            if not invoice["auto_advance"]:
                continue
            invoice |= {
                "auto_advance": False,
                "automatically_finalizes_at": None,
                "next_payment_attempt": None,
            }
            emit(tx, "invoice.updated", tx.save(invoice), previous={"auto_advance": True})


def collect(
    tx: Tx, invoice: Doc, method: Doc | None = None, *, is_present: bool = False
) -> Refused | None:
    """Charge the subscription's card for an open invoice, or another *method*; returns the decline
    if it was one.

    Where its owner *is_present*, a card may ask them to authenticate: the invoice stays open then.
    """
    details = invoice["parent"]["subscription_details"]
    subscription = tx.need("subscription", details["subscription"])
    intent = tx.get(invoice["_intent"]) if invoice["_intent"] else None
    if intent is None:
        intent = payment_intents.make(
            tx,
            amount=invoice["amount_due"],
            currency=invoice["currency"],
            customer=invoice["customer"],
            details={"description": "Subscription update", "_invoice": invoice["id"]},
        )
    if method is None:
        method = tx.need("payment_method", subscription["default_payment_method"])
    declined = payment_intents.pay(tx, intent, method, off_session=not is_present)
    invoice |= {"_intent": intent["id"], "attempted": True}
    invoice["attempt_count"] += 1
    if intent["status"] == "requires_action":
        _note_payment(tx, invoice, intent, "open")
        emit(tx, "invoice.payment_action_required", tx.save(invoice))
    if declined is not None:
        fail(tx, invoice)
        _note_payment(tx, invoice, intent, "open")
    elif intent["status"] == "requires_action":
        tx.save(invoice)
    elif intent["status"] == "processing":
        await_payment(tx, invoice, intent)
    else:
        settle(tx, invoice, intent)
    return declined


def await_payment(tx: Tx, invoice: Doc, intent: Doc) -> None:
    """A bank debit for an invoice is on its way; until it ends the invoice stays open."""
    invoice |= {"attempted": True, "attempt_count": max(invoice["attempt_count"], 1)}
    invoice["next_payment_attempt"] = None
    tx.save(invoice)
    _note_payment(tx, invoice, intent, "open")


def fail(tx: Tx, invoice: Doc) -> None:
    """An attempt failed: the next one is scheduled, or none is left."""
    tries = invoice["attempt_count"] - 1
    retry_at = tx.now + RETRIES_AFTER_S[tries] if tries < len(RETRIES_AFTER_S) else None
    invoice["next_payment_attempt"] = retry_at
    emit(tx, "invoice.payment_failed", tx.save(invoice))
    if retry_at:
        tx.schedule(retry_at, "invoice:collect", invoice["id"])


def leave_uncollected(tx: Tx, invoice: Doc, behavior: str) -> None:
    """What becomes of an invoice while the collection of its subscription is paused."""
    if UNCOLLECTED[behavior] != "draft":
        finalize(tx, invoice)
    invoice |= {"status": UNCOLLECTED[behavior], "auto_advance": False}
    if name := _MOVED.get(invoice["status"]):
        invoice["status_transitions"][name] = tx.now
        emit(tx, f"invoice.{name.removesuffix('_at')}", invoice)
    tx.save(invoice)


def settle(tx: Tx, invoice: Doc, intent: Doc) -> None:
    """An invoice that its intent has paid."""
    invoice |= {
        "amount_paid": invoice["amount_due"],
        "amount_remaining": 0,
        "attempted": True,
        "attempt_count": max(invoice["attempt_count"], 1),
        "next_payment_attempt": None,
        "status": "paid",
        "status_transitions": {**invoice["status_transitions"], "paid_at": tx.now},
    }
    _note_payment(tx, invoice, intent, "paid")
    emit(tx, "invoice.paid", tx.save(invoice))
    emit(tx, "invoice.payment_succeeded", invoice)


def _note_payment(tx: Tx, invoice: Doc, intent: Doc, status: str) -> None:
    """Keep what links an invoice to the intent that pays it, or is about to."""
    paid = {"paid_at": tx.now if status == "paid" else None}
    for payment in tx.find("invoice_payment", invoice=invoice["id"], _intent=intent["id"]):
        payment |= {"status": status, "amount_paid": invoice["amount_paid"] or None}
        payment["status_transitions"] |= paid
        tx.save(payment)
        return
    tx.insert(
        {
            "id": new_id("invoice_payment"),
            "object": "invoice_payment",
            "amount_paid": invoice["amount_paid"] or None,
            "amount_requested": invoice["amount_due"],
            "created": tx.now,
            "currency": invoice["currency"],
            "invoice": invoice["id"],
            "is_default": True,
            "livemode": False,
            "payment": {"payment_intent": intent["id"], "type": "payment_intent"},
            "status": status,
            "status_transitions": {"canceled_at": None, **paid},
            "_intent": intent["id"],
        }
    )
