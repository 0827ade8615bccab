"""Ways to pay besides cards: one click on the hosted page each, and how their objects look.

A bank debit is told of at once and paid, or returned, days later.

Source: the pinned SDK's types `Charge.PaymentMethodDetails`, `PaymentMethod` and
`Dispute.PaymentMethodDetails`; none of these objects has a `card`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from jewelrymodel.sandbox.ids import random_text
from jewelrymodel.sandbox.test_card_numbers import Decline

RETURNED = "The customer's account has insufficient funds to cover this payment."


@dataclass(frozen=True)
class TestWallet:
    """A way to pay that isn't a card; behaves like the card that always succeeds.

    One that is `delayed` ends days later, by `decline` if it has one; `currency`: what it can take.
    """

    __test__ = False  # pytest would otherwise take the class for a test

    type: str
    name: str
    kept: dict[str, Any] = field(default_factory=dict)
    charged: dict[str, Any] = field(default_factory=dict)
    decline: Decline | None = None
    authenticate: bool = False
    refund: str = "succeeds"
    later: str | None = None
    delayed: bool = False
    currency: str = ""

    @property
    def method(self) -> str:
        """What the hosted page's form calls it: its type, and how it ends where it fails."""
        return f"{self.type}_fails" if self.decline else self.type

    @property
    def token(self) -> str:
        """What its kept payment methods remember it by."""
        return f"sandbox_{self.method}"


def _debit(kind: str, name: str, currency: str, account: dict[str, Any]) -> list[TestWallet]:
    """A bank debit that is paid days later, and one that the bank returns."""
    ways = {"": None, " that fails": Decline("insufficient_funds", "insufficient_funds", RETURNED)}
    return [
        TestWallet(
            kind,
            name + words,
            kept=account,
            charged={**account, "mandate": None},
            decline=decline,
            delayed=True,
            currency=currency,
        )
        for words, decline in ways.items()
    ]


WALLETS = (
    TestWallet("link", "Link", kept={"email": None}, charged={"country": "DE"}),
    TestWallet(
        "paypal",
        "PayPal",
        kept={"country": "DE", "payer_email": "payer@wallet.example", "payer_id": "SANDBOXPAYER"},
        charged={
            "country": "DE",
            "payer_email": "payer@wallet.example",
            "payer_id": "SANDBOXPAYER",
            "payer_name": "Test Payer",
            "seller_protection": {"dispute_categories": None, "status": "eligible"},
            "transaction_id": "SANDBOXTRANSACTION",
        },
    ),
    TestWallet(
        "klarna",
        "Klarna",
        kept={"dob": None},
        charged={
            "payer_details": {"address": {"country": "DE"}},
            "payment_method_category": "pay_in_installments",
            "preferred_locale": "de-DE",
        },
    ),
    *_debit(
        "sepa_debit",
        "SEPA Direct Debit",
        "eur",
        {
            "bank_code": "37040044",
            "branch_code": None,
            "country": "DE",
            "fingerprint": "sandbox_sepa_debit",
            "last4": "3000",
        },
    ),
    *_debit(
        "us_bank_account",
        "US bank account",
        "usd",
        {
            "account_holder_type": "individual",
            "account_type": "checking",
            "bank_name": "SANDBOX BANK",
            "fingerprint": "sandbox_us_bank_account",
            "last4": "6789",
            "routing_number": "110000000",
        },
    ),
)
BY_TYPE = {wallet.type: wallet for wallet in reversed(WALLETS)}
BY_TOKEN = {wallet.token: wallet for wallet in WALLETS}


def offered(currency: str) -> dict[str, TestWallet]:
    """What the hosted page offers for this currency, by what its form calls it."""
    return {one.method: one for one in WALLETS if one.currency in ("", currency)}


def disputed(method_type: str) -> dict[str, Any]:
    """The `payment_method_details` of a dispute over a payment of this type."""
    case = {
        "klarna": {"chargeback_loss_reason_code": None, "reason_code": "unrecognized"},
        "paypal": {"case_id": f"PP-D-{random_text(8)}", "reason_code": "UNAUTHORISED"},
    }.get(method_type)
    return {"type": method_type, **({method_type: case} if case else {})}
