"""Answers as the client asked for them: `expand[]` followed, private keys taken off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jewelrymodel.sandbox import tax_and_discounts
from jewelrymodel.sandbox.encodings import Doc, list_of, public
from jewelrymodel.sandbox.errors import Refused
from jewelrymodel.sandbox.store import Tx


def _line_items(tx: Tx, doc: Doc) -> Doc:
    return list_of(f"/v1/checkout/sessions/{doc['id']}/line_items", doc["_line_items"])


def _refunds(tx: Tx, doc: Doc) -> Doc:
    return list_of(f"/v1/charges/{doc['id']}/refunds", tx.find("refund", charge=doc["id"]))


def _subscriptions(tx: Tx, doc: Doc) -> Doc:
    return list_of(
        f"/v1/customers/{doc['id']}/subscriptions", tx.find("subscription", customer=doc["id"])
    )


def _payments(tx: Tx, doc: Doc) -> Doc:
    return list_of("/v1/invoice_payments", tx.find("invoice_payment", invoice=doc["id"]))


def _paid_off(tx: Tx, doc: Doc) -> int:
    """What was paid outside; source: its changelog of 2026-05-27, which has the field."""
    return int(doc.get("_paid_off", 0))


# Fields that are only there when they are asked for; "" has them in an object without a name of its
# own: only the totals of a session have a breakdown.
INCLUDABLE: dict[tuple[str, str], Callable[[Tx, Doc], Doc | int]] = {
    ("checkout.session", "line_items"): _line_items,
    ("charge", "refunds"): _refunds,
    ("customer", "subscriptions"): _subscriptions,
    ("invoice", "amount_paid_off_stripe"): _paid_off,
    ("invoice", "payments"): _payments,
    ("", "breakdown"): tax_and_discounts.breakdown,
}


def render(tx: Tx, doc: Doc, expand: list[str]) -> Doc:
    """The answer's body; raises `Refused` for a path that cannot be expanded."""
    if len(expand) > 20 or any(path.count(".") > 3 for path in expand):
        raise Refused("Expansions go up to four levels deep, twenty at once.", param="expand")
    for path in sorted(expand):
        _expand(tx, doc, path.split("."), path)
    return public(doc)


def _expand(tx: Tx, node: Any, steps: list[str], path: str) -> None:
    if isinstance(node, list):
        for item in node:
            _expand(tx, item, steps, path)
        return
    if not isinstance(node, dict):
        return
    step, rest = steps[0], steps[1:]
    include = INCLUDABLE.get((node.get("object", ""), step))
    if include and step not in node:
        node[step] = include(tx, node)
    elif step not in node:
        raise Refused(f"This property cannot be expanded ({path}).", param="expand")
    node[step] = _expanded(tx, node[step], path)
    if rest:
        _expand(tx, node[step], rest, path)


def _expanded(tx: Tx, value: Any, path: str) -> Any:
    if isinstance(value, str):
        doc = tx.get(value)
        if doc is None:
            raise Refused(f"This property cannot be expanded ({path}).", param="expand")
        return doc
    return value
