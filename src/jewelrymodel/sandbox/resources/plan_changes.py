"""Another price for a subscription: previewed, paid by the share of its period, or kept waiting.

A change whose proration can't be paid at once is a pending update: nothing changes until its
invoice is paid, and after 23 hours, or at the period's end, it is discarded. Source: the
processor's documentation of prorations and of pending updates.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass

from jewelrymodel.sandbox.api_call import Call
from jewelrymodel.sandbox.encodings import Doc
from jewelrymodel.sandbox.errors import Refused, invalid
from jewelrymodel.sandbox.events import emit
from jewelrymodel.sandbox.ids import new_id
from jewelrymodel.sandbox.request_params import Params
from jewelrymodel.sandbox.resources import (
    invoice_shapes,
    invoices,
    payment_intents,
    payment_methods,
    subscription_shapes,
)
from jewelrymodel.sandbox.store import Tx
from jewelrymodel.sandbox.wallets import TestWallet

_BEHAVIORS = ("always_invoice", "create_prorations", "none")
_PENDING = "pending_if_incomplete"
_WAITS_S = 23 * 3600
_GIVEN_UP = ("void", "uncollectible")


@dataclass(frozen=True)
class Change:
    """What a subscription is to cost, prorated from an instant, or not at all."""

    price: Doc
    behavior: str
    at: int


def preview(call: Call) -> Doc:
    """`POST /v1/invoices/create_preview`: of a change of price its proration alone where that would
    be invoiced at once, else what the next period costs
    """
    subscription = call.tx.need(
        "subscription", call.params.needed("subscription"), param="subscription", status=400
    )
    details = call.params.inner("subscription_details")
    change = _read(call.tx, details, subscription) if details else None
    if change and change.behavior == "always_invoice":
        lines: list[Doc] = _prorations(subscription, change)
    else:
        lines = _of_next_period(subscription, change)
    invoice = invoices.draft(call.tx, subscription, f"upcoming_{new_id('invoice')}", lines)
    period = subscription["items"]["data"][0]
    reason = "upcoming" if change is None else "subscription_update"
    invoice |= {
        "billing_reason": reason,
        "period_start": period["current_period_start"],
        "period_end": period["current_period_end"],
    }
    due = max(invoice["total"], 0)
    return invoice | {"amount_due": due, "amount_remaining": due}


def change(call: Call, subscription: Doc) -> Doc:
    """`POST /v1/subscriptions/:id` with `items`: from the next period on, or at once when paid"""
    wanted = _read(call.tx, call.params, subscription)
    behavior = call.params.text("payment_behavior")
    if wanted.behavior == "none":
        discard(call.tx, subscription)
        _apply(call.tx, subscription, wanted.price)
        return subscription
    if behavior != _PENDING:
        raise Refused(
            f"This sandbox stands in for prorations with payment_behavior {_PENDING} only.",
            param="payment_behavior",
        )
    _check_method(call.tx, subscription)
    discard(call.tx, subscription)
    _bill(call.tx, subscription, wanted)
    return call.tx.need("subscription", subscription["id"])


def is_of(subscription: Doc, invoice: Doc) -> bool:
    """Whether an invoice is that of a change which waits for its payment."""
    pending = subscription["pending_update"]
    return bool(pending and pending["_invoice"] == invoice["id"])


def follow(tx: Tx, invoice: Doc) -> None:
    """An invoice was paid or given up; so is the change that waited for it."""
    subscription = tx.need("subscription", invoice["_subscription"])
    if not is_of(subscription, invoice):
        return
    pending = subscription["pending_update"]
    if invoice["status"] == "paid":
        subscription["pending_update"] = None
        _apply(tx, subscription, pending["subscription_items"][0]["price"])
        emit(tx, "customer.subscription.pending_update_applied", subscription)
    elif invoice["status"] in _GIVEN_UP:
        subscription["pending_update"] = None
        emit(tx, "customer.subscription.pending_update_expired", tx.save(subscription))


def fall_due(tx: Tx, subscription_id: str) -> None:
    """A change has waited long enough, unless a later one waits now."""
    subscription = tx.need("subscription", subscription_id)
    pending = subscription["pending_update"]
    if pending and pending["expires_at"] <= tx.now:
        discard(tx, subscription)


def discard(tx: Tx, subscription: Doc) -> None:
    """Void the invoice that a change waits for, and forget the change."""
    pending = subscription["pending_update"]
    if pending is None:
        return
    invoice = tx.need("invoice", pending["_invoice"])
    if invoice["status"] == "open":
        invoices.give_up(tx, invoice, "void")
    subscription["pending_update"] = None
    emit(tx, "customer.subscription.pending_update_expired", tx.save(subscription))


def _bill(tx: Tx, subscription: Doc, wanted: Change) -> None:
    lines = _prorations(subscription, wanted)
    due = invoices.draft(tx, subscription, "", deepcopy(lines))["total"]
    payment_intents.check_amount(due, "items", subscription["currency"])
    period = subscription["items"]["data"][0]
    invoice = invoices.make(
        tx,
        subscription,
        reason="subscription_update",
        start=period["current_period_start"],
        end=period["current_period_end"],
        lines=lines,
    )
    invoices.finalize(tx, invoice)
    subscription["latest_invoice"] = invoice["id"]
    item = deepcopy(period) | subscription_shapes.priced(wanted.price)
    expires_at = min(tx.now + _WAITS_S, period["current_period_end"])
    subscription["pending_update"] = {
        "billing_cycle_anchor": None,
        "cancel_at_period_end": None,
        "discount": None,
        "discounts": None,
        "expires_at": expires_at,
        "metadata": None,
        "subscription_items": [item],
        "trial_end": None,
        "trial_from_plan": None,
        "_invoice": invoice["id"],
    }
    tx.save(subscription)
    invoices.collect(tx, invoice)
    invoice["next_payment_attempt"] = None  # it waits for its customer, nobody tries again
    tx.save(invoice)
    follow(tx, invoice)
    if invoice["status"] != "paid":
        emit(tx, "customer.subscription.updated", subscription, previous={"pending_update": None})
        tx.schedule(expires_at, "subscription:pending_update", subscription["id"])


def _apply(tx: Tx, subscription: Doc, price: Doc) -> None:
    item = subscription["items"]["data"][0]
    before = {"items": {**subscription["items"], "data": [deepcopy(item)]}}
    item |= subscription_shapes.priced(price)
    emit(tx, "customer.subscription.updated", tx.save(subscription), previous=before)


def _read(tx: Tx, params: Params, subscription: Doc) -> Change:
    behavior = params.choice("proration_behavior", _BEHAVIORS, "create_prorations")
    if behavior == "create_prorations":
        raise Refused(
            "This sandbox stands in for proration_behavior always_invoice and none only.",
            param=params.name("proration_behavior"),
        )
    item = subscription["items"]["data"][0]
    sent = params.items("items")
    if [one.text("id") for one in sent] != [item["id"]]:
        raise invalid(params.name("items"), "This sandbox changes the one item that there is.")
    price = tx.need("price", sent[0].needed("price"), param=sent[0].name("price"), status=400)
    recurring = price["recurring"]
    if not price["active"] or recurring is None or price["currency"] != subscription["currency"]:
        raise invalid(sent[0].name("price"), "This price can't be that of this subscription.")
    if recurring != item["price"]["recurring"]:
        raise invalid(sent[0].name("price"), "This sandbox doesn't stand in for other intervals.")
    at = params.integer("proration_date", tx.now) or tx.now
    if not item["current_period_start"] <= at <= item["current_period_end"]:
        raise invalid(
            params.name("proration_date"),
            "Cannot specify a proration date outside of the current subscription period.",
        )
    return Change(price, behavior or "none", at)


def _check_method(tx: Tx, subscription: Doc) -> None:
    """Source: "pending updates aren't supported … when bank debits are used"."""
    method = tx.need("payment_method", subscription["default_payment_method"])
    means = payment_methods.means_of(method)
    if isinstance(means, TestWallet) and means.delayed:
        raise Refused("Pending updates can't be paid by a bank debit.", param="payment_behavior")


def _prorations(subscription: Doc, change: Change) -> list[Doc]:
    """Less for the unused time of the old price, more for the remaining time of the new one."""
    item = subscription["items"]["data"][0]
    unused = _proration(subscription, item, change.at, sign=-1)
    remaining = item | subscription_shapes.priced(change.price)
    return [unused, _proration(subscription, remaining, change.at, sign=1)]


def _proration(subscription: Doc, item: Doc, at: int, *, sign: int) -> Doc:
    line = invoice_shapes.line(subscription, item)
    begin, end = item["current_period_start"], item["current_period_end"]
    amount = sign * _share(line["amount"], end - at, end - begin)
    words = "Unused time" if sign < 0 else "Remaining time"
    line |= {
        "amount": amount,
        "subtotal": amount,
        "description": f"{words} on {item['price']['product']}",
        "discountable": False,
        "period": {"start": at, "end": end},
    }
    line["parent"]["subscription_item_details"]["proration"] = True
    return line


def _share(amount: int, part: int, whole: int) -> int:
    """The part of an amount, half up."""
    return (2 * amount * part + whole) // (2 * whole)


def _of_next_period(subscription: Doc, change: Change | None) -> list[Doc]:
    item = deepcopy(subscription["items"]["data"][0])
    if change:
        item |= subscription_shapes.priced(change.price)
    end = subscription_shapes.period_end_of(subscription, subscription["_periods"] + 1)
    item |= {"current_period_start": item["current_period_end"], "current_period_end": end}
    return [invoice_shapes.line(subscription, item)]
