"""Invoices: what one period of a subscription costs, and the payment that settled it."""

from __future__ import annotations

from jewelrymodel.sandbox import faults, tax_and_discounts
from jewelrymodel.sandbox.api_call import Call
from jewelrymodel.sandbox.encodings import Doc, list_of
from jewelrymodel.sandbox.errors import Refused
from jewelrymodel.sandbox.events import emit
from jewelrymodel.sandbox.ids import new_id
from jewelrymodel.sandbox.resources import payment_intents
from jewelrymodel.sandbox.store import Tx

UNCOLLECTED = {"void": "void", "mark_uncollectible": "uncollectible", "keep_as_draft": "draft"}
_MOVED = {"void": "voided_at", "uncollectible": "marked_uncollectible_at"}
RETRIES_AFTER_S = (3 * 86_400, 5 * 86_400, 7 * 86_400)

# Fields that begin as nothing, as zero, as the total, or empty.
_NOTHING = (
    "account_tax_ids",
    "application",
    "automatically_finalizes_at",
    "custom_fields",
    "customer_shipping",
    "default_payment_method",
    "default_source",
    "description",
    "due_date",
    "footer",
    "from_invoice",
    "hosted_invoice_url",
    "invoice_pdf",
    "last_finalization_error",
    "latest_revision",
    "next_payment_attempt",
    "on_behalf_of",
    "receipt_number",
    "rendering",
    "shipping_cost",
    "shipping_details",
    "statement_descriptor",
    "test_clock",
    "webhooks_delivered_at",
)
_ZERO = (
    "amount_overpaid",
    "amount_paid",
    "amount_shipping",
    "attempt_count",
    "ending_balance",
    "post_payment_credit_notes_amount",
    "pre_payment_credit_notes_amount",
    "starting_balance",
)
_TOTALS = (
    "amount_due",
    "amount_remaining",
    "subtotal",
    "subtotal_excluding_tax",
    "total",
    "total_excluding_tax",
)
_EMPTY = (
    "customer_tax_ids",
    "default_tax_rates",
    "discounts",
    "total_discount_amounts",
    "total_pretax_credit_amounts",
    "total_taxes",
)


def make(tx: Tx, subscription: Doc, *, reason: str, start: int, end: int) -> Doc:
    """A draft of what one period costs, announced as created."""
    invoice_id = new_id("invoice")
    lines = [_line(subscription, item, invoice_id) for item in subscription["items"]["data"]]
    customer = tx.need("customer", subscription["customer"])
    invoice = tx.insert(_shape(tx, invoice_id, subscription, customer, lines))
    invoice |= {"billing_reason": reason, "period_start": start, "period_end": end}
    tax_and_discounts.price_invoice(tx, invoice, subscription["_rates"])
    emit(tx, "invoice.created", tx.save(invoice))
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
    return _give_up(call.tx, call.subject("invoice"), "void", ("open", "uncollectible"))


def mark_uncollectible(call: Call) -> Doc:
    """`POST /v1/invoices/:id/mark_uncollectible`: it is owed, and nobody expects it any more"""
    return _give_up(call.tx, call.subject("invoice"), "uncollectible", ("open",))


def _give_up(tx: Tx, invoice: Doc, status: str, of: tuple[str, ...]) -> Doc:
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


def _line(subscription: Doc, item: Doc, invoice_id: str) -> Doc:
    price = item["price"]
    amount = price["unit_amount"] * item["quantity"]
    return {
        "id": new_id("line_item"),
        "object": "line_item",
        "amount": amount,
        "currency": price["currency"],
        "description": subscription["description"],
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "invoice": invoice_id,
        "livemode": False,
        "metadata": subscription["metadata"],
        "parent": {
            "invoice_item_details": None,
            "subscription_item_details": {
                "invoice_item": None,
                "proration": False,
                "proration_details": None,
                "subscription": subscription["id"],
                "subscription_item": item["id"],
            },
            "type": "subscription_item_details",
        },
        "period": {"start": item["current_period_start"], "end": item["current_period_end"]},
        "pretax_credit_amounts": [],
        "pricing": {
            "price_details": {"price": price["id"], "product": price["product"]},
            "type": "price_details",
            "unit_amount_decimal": price["unit_amount_decimal"],
        },
        "quantity": item["quantity"],
        "quantity_decimal": str(item["quantity"]),
        "subtotal": amount,
        "taxes": [],
    }


def _shape(tx: Tx, invoice_id: str, subscription: Doc, customer: Doc, lines: list[Doc]) -> Doc:
    return {
        **dict.fromkeys(_NOTHING),
        **dict.fromkeys(_ZERO, 0),
        **dict.fromkeys(_TOTALS, sum(line["amount"] for line in lines)),
        **{name: [] for name in _EMPTY},
        "id": invoice_id,
        "object": "invoice",
        "account_country": "US",
        "account_name": "Sandbox",
        "attempted": False,
        "auto_advance": True,
        "automatic_tax": {
            "disabled_reason": None,
            "enabled": False,
            "liability": None,
            "provider": None,
            "status": None,
        },
        "collection_method": "charge_automatically",
        "created": tx.now,
        "currency": lines[0]["currency"],
        "customer": customer["id"],
        "customer_address": customer["address"],
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "customer_phone": customer["phone"],
        "customer_tax_exempt": customer["tax_exempt"],
        "effective_at": None,
        "issuer": {"type": "self"},
        "lines": list_of(f"/v1/invoices/{invoice_id}/lines", lines),
        "livemode": False,
        "metadata": {},
        "number": None,
        "parent": {
            "quote_details": None,
            "subscription_details": {
                "metadata": subscription["metadata"],
                "subscription": subscription["id"],
            },
            "type": "subscription_details",
        },
        "payment_settings": {
            "default_mandate": None,
            "payment_method_options": None,
            "payment_method_types": None,
        },
        "status": "draft",
        "status_transitions": {
            "finalized_at": None,
            "marked_uncollectible_at": None,
            "paid_at": None,
            "voided_at": None,
        },
        "_intent": None,
        "_subscription": subscription["id"],
    }
