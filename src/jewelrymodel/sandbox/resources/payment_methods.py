"""Payment methods: what is known of a card after its number is forgotten, and of a wallet."""

from __future__ import annotations

from typing import Any, TypeAlias

from jewelrymodel.sandbox.encodings import Doc
from jewelrymodel.sandbox.errors import no_such
from jewelrymodel.sandbox.ids import new_id
from jewelrymodel.sandbox.store import Tx
from jewelrymodel.sandbox.test_card_numbers import BY_TOKEN, TestCard
from jewelrymodel.sandbox.wallets import BY_TOKEN as WALLETS
from jewelrymodel.sandbox.wallets import TestWallet

Means: TypeAlias = TestCard | TestWallet

# A test token carries no date, so it gets one that never expires in a demo.
TOKEN_EXPIRY = (12, 2050)


def billing(
    *, name: str | None = None, email: str | None = None, country: str | None = None
) -> Doc:
    """Billing details as they hang on methods and charges."""
    return {
        "address": {
            "city": None,
            "country": country,
            "line1": None,
            "line2": None,
            "postal_code": None,
            "state": None,
        },
        "email": email,
        "name": name,
        "phone": None,
        "tax_id": None,
    }


def make(
    tx: Tx, means: Means, *, expires: tuple[int, int], details: Doc, customer: str | None
) -> Doc:
    """Keep a card or a wallet as a payment method; a card's number stays behind."""
    kind = "card" if isinstance(means, TestCard) else means.type
    return tx.insert(
        {
            "id": new_id("payment_method"),
            "object": "payment_method",
            "allow_redisplay": "limited",
            "billing_details": details,
            kind: _card(means, expires) if isinstance(means, TestCard) else means.kept,
            "created": tx.now,
            "customer": customer,
            "livemode": False,
            "metadata": {},
            "type": kind,
            "_token": means.token,
        }
    )


def from_param(tx: Tx, method_id: str, *, param: str, customer: str | None) -> Doc:
    """A kept method, or a new one when the id is a published test token."""
    if card := BY_TOKEN.get(method_id):
        return make(tx, card, expires=TOKEN_EXPIRY, details=billing(), customer=customer)
    method = tx.get(method_id)
    if method is None or method["object"] != "payment_method":
        raise no_such("payment_method", method_id, param=param, status=400)
    return method


def means_of(method: Doc) -> Means:
    """How the card or the wallet behind a method behaves."""
    token = method["_token"]
    return WALLETS.get(token) or BY_TOKEN[token]


def _card(card: TestCard, expires: tuple[int, int]) -> dict[str, Any]:
    return {
        "brand": card.brand,
        "checks": {
            "address_line1_check": None,
            "address_postal_code_check": None,
            "cvc_check": "pass",
        },
        "country": card.country,
        "display_brand": card.brand,
        "exp_month": expires[0],
        "exp_year": expires[1],
        "fingerprint": f"sandbox_{card.brand}_{card.last4}",
        "funding": card.funding,
        "generated_from": None,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }
