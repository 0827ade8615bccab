"""Ways to pay besides cards: one click on the hosted page each, and how their objects look.

Source: the pinned SDK's types `Charge.PaymentMethodDetails`, `PaymentMethod` and
`Dispute.PaymentMethodDetails`; none of these objects has a `card`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from jewelrymodel.sandbox.ids import random_text
from jewelrymodel.sandbox.test_card_numbers import Decline


@dataclass(frozen=True)
class TestWallet:
    """A way to pay that isn't a card; behaves like the card that always succeeds."""

    __test__ = False  # pytest would otherwise take the class for a test

    type: str
    name: str
    kept: dict[str, Any] = field(default_factory=dict)
    charged: dict[str, Any] = field(default_factory=dict)
    decline: Decline | None = None
    authenticate: bool = False
    refund: str = "succeeds"
    later: str | None = None

    @property
    def token(self) -> str:
        """What its kept payment methods remember it by."""
        return f"sandbox_{self.type}"


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
)
BY_TYPE = {wallet.type: wallet for wallet in WALLETS}
BY_TOKEN = {wallet.token: wallet for wallet in WALLETS}


def disputed(method_type: str) -> dict[str, Any]:
    """The `payment_method_details` of a dispute over a payment of this type."""
    case = {
        "klarna": {"chargeback_loss_reason_code": None, "reason_code": "unrecognized"},
        "paypal": {"case_id": f"PP-D-{random_text(8)}", "reason_code": "UNAUTHORISED"},
    }.get(method_type)
    return {"type": method_type, **({method_type: case} if case else {})}
