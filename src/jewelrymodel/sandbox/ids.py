"""Identifiers in the processor's manner: a prefix that names the kind, then random letters."""

from __future__ import annotations

import secrets
import string

_ALPHABET = string.ascii_letters + string.digits

PREFIXES = {
    "balance_transaction": "txn",
    "billing_portal.session": "bps",
    "charge": "ch",
    "checkout.session": "cs_test",
    "customer": "cus",
    "dispute": "du",
    "event": "evt",
    "invoice": "in",
    "invoice_payment": "inpay",
    "item": "li",
    "line_item": "il",
    "payment_intent": "pi",
    "payment_method": "pm",
    "price": "price",
    "product": "prod",
    "radar.early_fraud_warning": "issfr",
    "refund": "re",
    "subscription": "sub",
    "subscription_item": "si",
    "webhook_endpoint": "we",
}


def new_id(kind: str) -> str:
    """A fresh identifier for an object of this kind; a session's is longer, as it opens a page."""
    length = 56 if kind.endswith(".session") else 24
    return f"{PREFIXES[kind]}_{random_text(length)}"


def random_text(length: int) -> str:
    """That many unguessable letters and digits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
