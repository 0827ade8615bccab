"""What somebody does at the processor's own dashboard or portal, behind the shop's back.

Each is the API's own act, without the shop's key; the shop is told by events alone, if at all.
"""

from __future__ import annotations

from jewelrymodel.sandbox.api_call import Answer, Call, Handler
from jewelrymodel.sandbox.encodings import Doc
from jewelrymodel.sandbox.errors import invalid
from jewelrymodel.sandbox.events import announce, emit
from jewelrymodel.sandbox.ids import PREFIXES, new_id
from jewelrymodel.sandbox.request_params import Params
from jewelrymodel.sandbox.resources import customers, invoices, refunds, subscriptions
from jewelrymodel.sandbox.store import Tx

MOST_AT_ONCE = 1_000
_FIELDS = ("status", "payment_status", "reason", "failure_reason")
_SAYING = {
    "checkout.session": "",
    "dispute": "charge.dispute.updated",
    "invoice": "invoice.updated",
    "payment_intent": "",
    "refund": "refund.updated",
    "subscription": "customer.subscription.updated",
}


def cancel(tx: Tx, sent: Doc) -> Answer:
    """Cancel a subscription: `how` is `now`, `at_period_end`, or `cancel_at` (with `at`)."""
    how = str(sent.get("how", ""))
    if how == "now":
        return subscriptions.cancel(_call(tx, sent))
    if how == "at_period_end":
        return subscriptions.update(_call(tx, sent, cancel_at_period_end="true"))
    if how == "cancel_at":
        at = str(sent.get("at") or subscriptions.period_ends(tx.need("subscription", sent["id"])))
        return subscriptions.update(_call(tx, sent, cancel_at=at))
    raise invalid("how", "A subscription is canceled now, at_period_end, or at cancel_at.")


def resume(tx: Tx, sent: Doc) -> Answer:
    """Take a cancellation back, whichever way it was made."""
    subscription = tx.need("subscription", sent["id"])
    if subscription["cancel_at_period_end"]:
        return subscriptions.update(_call(tx, sent, cancel_at_period_end="false"))
    return subscriptions.update(_call(tx, sent, cancel_at=""))


def pause(tx: Tx, sent: Doc) -> Doc:
    """Pause the collection of a subscription; `behavior` says what becomes of its invoices."""
    behavior = str(sent.get("behavior", "void"))
    if behavior not in invoices.UNCOLLECTED:
        raise invalid("behavior", f"One of {', '.join(invoices.UNCOLLECTED)}.")
    return _pause(tx, sent, {"behavior": behavior, "resumes_at": None})


def unpause(tx: Tx, sent: Doc) -> Doc:
    """Collect again from the next invoice on."""
    return _pause(tx, sent, None)


def _pause(tx: Tx, sent: Doc, how: Doc | None) -> Doc:
    subscription = tx.need("subscription", sent["id"])
    before, subscription["pause_collection"] = subscription["pause_collection"], how
    tx.save(subscription)
    previous = {"pause_collection": before}
    emit(tx, "customer.subscription.updated", subscription, previous=previous)
    return subscription


def settle_invoice(tx: Tx, sent: Doc) -> Answer:
    """End an open invoice: `how` is `void`, `uncollectible`, `paid_out_of_band`, or a `credit_note`
    over all of it.
    """
    call = Call(tx, Params({"paid_out_of_band": "true"}), "/v1/invoices", str(sent["id"]))
    acts: dict[str, Handler] = {
        "void": subscriptions.void_invoice,
        "uncollectible": subscriptions.mark_uncollectible,
        "paid_out_of_band": subscriptions.pay_invoice,
        "credit_note": subscriptions.credit_invoice,
    }
    how = str(sent.get("how", ""))
    if how not in acts:
        raise invalid("how", f"One of {', '.join(acts)}.")
    return acts[how](call)


def delete_customer(tx: Tx, sent: Doc) -> Answer:
    """Delete a customer; what it subscribed to ends at once."""
    return customers.delete(Call(tx, Params({}), "/v1/customers", str(sent["id"])))


def refund(tx: Tx, sent: Doc) -> Answer:
    """Give a charge back: all that is left of it, or `amount` minor units."""
    asked = {"charge": str(sent["id"]), "reason": "requested_by_customer"}
    if sent.get("amount"):
        asked["amount"] = str(sent["amount"])
    return refunds.create(Call(tx, Params(asked), "/v1/refunds"))


def say(tx: Tx, sent: Doc) -> Doc:
    """Let an object say a `word` in a `field`: one that is rare, or that nobody knows yet."""
    found, field = tx.get(str(sent["id"])), str(sent.get("field", "status"))
    if found is None or found["object"] not in _SAYING or field not in _FIELDS:
        raise invalid("field", f"One of {', '.join(_FIELDS)}, of an object that says something.")
    before, found[field] = found.get(field), str(sent.get("word", ""))
    tx.save(found)
    if name := _SAYING[found["object"]]:
        emit(tx, name, found, previous={field: before})
    return found


def foreign_events(tx: Tx, sent: Doc) -> Doc:
    """Announce `count` events about objects that the shop's key can't see.

    `type` and `object` name them; with `livemode` or `account` they are another's.
    """
    kind, count = str(sent.get("object", "charge")), int(sent.get("count", 1))
    if kind not in PREFIXES or not 0 < count <= MOST_AT_ONCE:
        raise invalid("count", f"Up to {MOST_AT_ONCE} events about a kind of object there is.")
    name = str(sent.get("type", f"{kind}.updated"))
    for _ in range(count):
        doc = {"id": new_id(kind), "object": kind}
        announce(
            tx,
            name,
            doc,
            livemode=sent.get("livemode") is True,
            account=str(sent.get("account", "")),
        )
    return {"announced": count}


def _call(tx: Tx, sent: Doc, **asked: str) -> Call:
    return Call(tx, Params(dict(asked)), f"/v1/subscriptions/{sent['id']}", sent["id"])
