"""Subscriptions: paid at checkout, renewed by the sandbox's clock, ended at a period's end."""

from __future__ import annotations

from collections.abc import Callable

from jewelrymodel.sandbox.api_call import Answer, Call, page
from jewelrymodel.sandbox.encodings import Doc
from jewelrymodel.sandbox.errors import Refused
from jewelrymodel.sandbox.events import emit
from jewelrymodel.sandbox.resources import (
    invoices,
    payment_methods,
    plan_changes,
    subscription_shapes,
)
from jewelrymodel.sandbox.store import Tx

_ALIVE = ("active", "past_due")
_FEEDBACK = (
    "customer_service",
    "low_quality",
    "missing_features",
    "other",
    "switched_service",
    "too_complex",
    "too_expensive",
    "unused",
)


def start(tx: Tx, session: Doc, intent: Doc) -> Doc:
    """The subscription that a checkout session has just paid for, with its first invoice.

    It is active also while a bank debit for that invoice is on its way.
    """
    subscription = subscription_shapes.new(tx, session, intent["payment_method"])
    end = subscription_shapes.period_end_of(subscription, 1)
    _set_period(subscription, tx.now, end)
    tx.insert(subscription)
    emit(tx, "customer.subscription.created", subscription)
    invoice = invoices.make(
        tx, subscription, reason="subscription_create", start=tx.now, end=tx.now
    )
    invoices.finalize(tx, invoice)
    invoice["_intent"] = intent["id"]
    if intent["status"] == "succeeded":
        invoices.settle(tx, invoice, intent)
    else:
        invoices.await_payment(tx, invoice, intent)
    subscription["latest_invoice"] = invoice["id"]
    tx.save(subscription)
    tx.schedule(end, "subscription:renew", subscription["id"])
    session |= {"subscription": subscription["id"], "invoice": invoice["id"]}
    return subscription


def renew(tx: Tx, subscription_id: str) -> None:
    """A period is over: end the subscription if that was asked for, or bill the next period."""
    subscription = tx.need("subscription", subscription_id)
    if subscription["status"] not in _ALIVE:
        return
    if subscription["cancel_at_period_end"] or _is_due(tx, subscription):
        _end(tx, subscription)
        return
    subscription["_periods"] += 1
    begin, end = tx.now, subscription_shapes.period_end_of(subscription, subscription["_periods"])
    previous = _set_period(subscription, begin, end)
    invoice = invoices.make(
        tx, subscription, reason="subscription_cycle", start=previous, end=begin
    )
    subscription["latest_invoice"] = invoice["id"]
    emit(tx, "customer.subscription.updated", tx.save(subscription), previous={})
    tx.schedule(end, "subscription:renew", subscription_id)
    if paused := subscription["pause_collection"]:
        invoices.leave_uncollected(tx, invoice, paused["behavior"])
    else:
        invoices.wait_as_draft(tx, invoice)


def advance(tx: Tx, invoice_id: str) -> None:
    """A draft has waited long enough: it is finalized and collected, unless that was stopped."""
    invoice = tx.need("invoice", invoice_id)
    if invoice["status"] == "draft" and invoice["auto_advance"]:
        invoices.finalize(tx, invoice)
        collect(tx, invoice_id)


def collect(tx: Tx, invoice_id: str, method: Doc | None = None) -> Refused | None:
    """Try to collect an open invoice; the subscription is past due while that fails.

    Without a *method* its subscription's is charged.

    Returns the decline, if it was declined.
    """
    invoice = tx.need("invoice", invoice_id)
    subscription = tx.need("subscription", invoice["_subscription"])
    if invoice["status"] != "open" or subscription["status"] not in _ALIVE:
        return None
    declined = invoices.collect(tx, invoice, method)
    if plan_changes.is_of(subscription, invoice):
        plan_changes.follow(tx, invoice)
        return declined
    _after_attempt(tx, subscription, invoice, declined)
    return declined


def _after_attempt(tx: Tx, subscription: Doc, invoice: Doc, declined: Refused | None) -> None:
    if declined and invoice["next_payment_attempt"] is None:
        _end(tx, subscription, reason="payment_failed")
    else:
        _set_status(tx, subscription, "past_due" if declined else "active")


def pay_by_hand(tx: Tx, invoice: Doc, method: Doc) -> Refused | None:
    """Pay an open invoice on its hosted page; returns the decline, if it was declined.

    Also of a subscription that has ended: the processor takes that money too.
    """
    declined = invoices.collect(tx, invoice, method, is_present=True)
    intent = tx.need("payment_intent", invoice["_intent"])
    if declined is None and intent["status"] == "succeeded":
        _paid(tx, invoice)
    return declined


def authenticated(tx: Tx, intent: Doc, declined: Refused | None) -> None:
    """The payer of an invoice authenticated, or didn't."""
    invoice = tx.need("invoice", intent["_invoice"])
    if declined is None and invoice["status"] == "open":
        invoices.settle(tx, invoice, intent)
        _paid(tx, invoice)


def _give_up(call: Call, act: Callable[[Call], Doc]) -> Doc:
    """Void an invoice or mark it uncollectible; a plan that only it kept past due is active."""
    invoice = act(call)
    plan_changes.follow(call.tx, invoice)
    if not call.tx.find("invoice", _subscription=invoice["_subscription"], status="open"):
        _paid(call.tx, invoice)
    return invoice


def void_invoice(call: Call) -> Doc:
    """`POST /v1/invoices/:id/void`"""
    return _give_up(call, invoices.void)


def mark_uncollectible(call: Call) -> Doc:
    """`POST /v1/invoices/:id/mark_uncollectible`"""
    return _give_up(call, invoices.mark_uncollectible)


def end_of_customer(tx: Tx, customer_id: str) -> None:
    """A customer is deleted, and every subscription of theirs ends at once."""
    for one in tx.find("subscription", customer=customer_id):
        if one["status"] in _ALIVE:
            _end(tx, one)


def _paid(tx: Tx, invoice: Doc) -> None:
    plan_changes.follow(tx, invoice)
    subscription = tx.need("subscription", invoice["_subscription"])
    if subscription["status"] in _ALIVE:
        _set_status(tx, subscription, "active")


def debit_ended(tx: Tx, intent: Doc, declined: Refused | None) -> None:
    """A bank debit that was to pay an invoice ended; returned, it is like a card's decline."""
    for invoice in tx.find("invoice", _intent=intent["id"], status="open"):
        subscription = tx.need("subscription", invoice["_subscription"])
        if declined is None:
            invoices.settle(tx, invoice, intent)
        else:
            invoices.fail(tx, invoice)
        if subscription["status"] in _ALIVE:
            _after_attempt(tx, subscription, invoice, declined)


def update(call: Call) -> Doc:
    """`POST /v1/subscriptions/:id`: another price; or cancel at an instant or take that back, its
    card, metadata
    """
    subscription, params = call.subject("subscription"), call.params
    if subscription["status"] == "canceled":
        raise Refused("A canceled subscription can only change its metadata.", param="id")
    if "items" in params:
        return plan_changes.change(call, subscription)
    before = {
        name: subscription[name]
        for name in ("cancel_at_period_end", "cancel_at", "canceled_at", "metadata", "description")
    }
    if "cancel_at_period_end" in params:
        if "cancel_at" in params:
            raise Refused("Send cancel_at or cancel_at_period_end, not both.", param="cancel_at")
        _cancel_at_end(call.tx, subscription, params.flag("cancel_at_period_end"))
    elif "cancel_at" in params:
        _cancel_at(call.tx, subscription, params.integer("cancel_at"))
    if method_id := params.text("default_payment_method"):
        method = payment_methods.from_param(
            call.tx,
            method_id,
            param="default_payment_method",
            customer=subscription["customer"],
        )
        subscription["default_payment_method"] = method["id"]
    _note_reason(call, subscription)
    if "description" in params:
        subscription["description"] = params.text("description")
    subscription["metadata"] = params.metadata(subscription["metadata"])
    changed = {name: value for name, value in before.items() if subscription[name] != value}
    emit(call.tx, "customer.subscription.updated", subscription, previous=changed)
    return call.tx.save(subscription)


def pay_invoice(call: Call) -> Answer:
    """`POST /v1/invoices/:id/pay`: try the subscription's card now, or the one that is sent"""
    invoice = call.subject("invoice")
    if invoice["status"] != "open":
        raise Refused(f"This invoice is {invoice['status']}.", code="invoice_not_open")
    if call.params.flag("paid_out_of_band"):
        invoices.settle_elsewhere(call.tx, invoice)
        _paid(call.tx, invoice)
        return invoice
    method = None
    if method_id := call.params.text("payment_method"):
        method = payment_methods.from_param(
            call.tx, method_id, param="payment_method", customer=invoice["customer"]
        )
    declined = collect(call.tx, invoice["id"], method)
    return declined or call.subject("invoice")


def credit_invoice(call: Call) -> Answer:
    """A credit note over an open invoice: it is paid, by nobody"""
    invoice = call.subject("invoice")
    if invoice["status"] != "open":
        raise Refused(f"This invoice is {invoice['status']}.", code="invoice_not_open")
    invoices.credit(call.tx, invoice)
    _paid(call.tx, invoice)
    return invoice


def listing(call: Call) -> Doc:
    """`GET /v1/subscriptions`: without the canceled ones unless asked for by `status`"""
    status = call.params.text("status")
    equal = {name: value for name in ("customer",) if (value := call.params.text(name))}
    if status not in (None, "all"):
        equal["status"] = status
    return page(call, "subscription", equal, unlike={} if status else {"status": "canceled"})


def cancel(call: Call) -> Doc:
    """`DELETE /v1/subscriptions/:id`: at once; nothing is prorated or paid back by itself."""
    subscription = call.subject("subscription")
    if subscription["status"] == "canceled":
        raise Refused(
            f"No such subscription: '{subscription['id']}'",
            status=404,
            code="resource_missing",
            param="id",
        )
    for name in ("invoice_now", "prorate"):
        if call.params.flag(name):
            raise Refused(f"This sandbox does not stand in for {name}.", param=name)
    _note_reason(call, subscription)
    _end(call.tx, subscription)
    return subscription


def period_ends(subscription: Doc) -> int:
    """When the period that runs is over, in seconds."""
    end: int = subscription["items"]["data"][0]["current_period_end"]
    return end


def fall_due(tx: Tx, subscription_id: str) -> None:
    """The instant that `cancel_at` named has come; taken back or moved meanwhile, it is not."""
    subscription = tx.need("subscription", subscription_id)
    if subscription["status"] in _ALIVE and _is_due(tx, subscription):
        _end(tx, subscription)


def _is_due(tx: Tx, subscription: Doc) -> bool:
    at = subscription["cancel_at"]
    return at is not None and not subscription["cancel_at_period_end"] and bool(at <= tx.now)


def _cancel_at_end(tx: Tx, subscription: Doc, wanted: bool) -> None:
    """Taking back what was never asked for leaves a `cancel_at` of its own as it is."""
    if wanted or subscription["cancel_at_period_end"]:
        _set_cancel_at(tx, subscription, period_ends(subscription) if wanted else None)
    subscription["cancel_at_period_end"] = wanted


def _cancel_at(tx: Tx, subscription: Doc, at: int | None) -> None:
    if at is not None and at <= tx.now:
        raise Refused("cancel_at has to lie in the future.", param="cancel_at")
    _set_cancel_at(tx, subscription, at)
    subscription["cancel_at_period_end"] = False
    if at is not None:
        tx.schedule(at, "subscription:cancel", subscription["id"])


def _set_cancel_at(tx: Tx, subscription: Doc, at: int | None) -> None:
    subscription |= {"cancel_at": at, "canceled_at": None if at is None else tx.now}
    reason = None if at is None else "cancellation_requested"
    subscription["cancellation_details"]["reason"] = reason


def _note_reason(call: Call, subscription: Doc) -> None:
    if details := call.params.inner("cancellation_details"):
        subscription["cancellation_details"] |= {
            "comment": details.text("comment"),
            "feedback": details.choice("feedback", _FEEDBACK),
        }


def _end(tx: Tx, subscription: Doc, reason: str = "cancellation_requested") -> None:
    subscription |= {
        "status": "canceled",
        "ended_at": tx.now,
        "canceled_at": subscription["canceled_at"] or tx.now,
    }
    subscription["cancellation_details"]["reason"] = reason
    plan_changes.discard(tx, subscription)
    emit(tx, "customer.subscription.deleted", tx.save(subscription))
    invoices.stop_collecting(tx, subscription["id"])


def _set_status(tx: Tx, subscription: Doc, status: str) -> None:
    before = subscription["status"]
    if before != status:
        subscription["status"] = status
        tx.save(subscription)
        emit(tx, "customer.subscription.updated", subscription, previous={"status": before})


def _set_period(subscription: Doc, begin: int, end: int) -> int:
    """Move every item to a period; returns when the one before began."""
    before = begin
    for item in subscription["items"]["data"]:
        before = item["current_period_start"]
        item |= {"current_period_start": begin, "current_period_end": end}
    return before
