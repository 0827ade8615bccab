"""The published test card numbers: the only ones this sandbox takes, and what each of them does.

Source: the processor's public testing page. Numbers are compared and forgotten, never stored.
"""

from __future__ import annotations

from dataclasses import dataclass

DECLINED = "Your card was declined."


@dataclass(frozen=True)
class Decline:
    """Why a card is declined: the error's code, the bank's reason, and words for the payer."""

    code: str
    decline_code: str
    message: str


@dataclass(frozen=True)
class TestCard:
    """One published number. `later` is what follows a successful charge by itself.

    One that asks to `authenticate` was set up by that, and is charged without its owner from then
    on; one that asks `always` isn't.
    """

    __test__ = False  # pytest would otherwise take the class for a test

    number: str
    brand: str
    token: str
    does: str
    country: str = "US"
    funding: str = "credit"
    decline: Decline | None = None
    authenticate: bool = False
    always: bool = False
    refund: str = "succeeds"
    later: str | None = None

    @property
    def last4(self) -> str:
        """The four digits that may be shown."""
        return self.number[-4:]

    @property
    def shown(self) -> str:
        """The number in groups, as it is published."""
        if self.brand == "amex":
            return f"{self.number[:4]} {self.number[4:10]} {self.number[10:]}"
        return " ".join(self.number[n : n + 4] for n in range(0, len(self.number), 4))


def _declined(number: str, token: str, code: str, decline_code: str, message: str) -> TestCard:
    does = f"declined: {decline_code.replace('_', ' ')}"
    return TestCard(number, "visa", token, does, decline=Decline(code, decline_code, message))


CARDS = (
    TestCard("4242424242424242", "visa", "pm_card_visa", "succeeds"),
    _declined(
        "4000000000000002",
        "pm_card_visa_chargeDeclined",
        "card_declined",
        "generic_decline",
        DECLINED,
    ),
    TestCard(
        "4000002500003155",
        "visa",
        "pm_card_authenticationRequiredOnSetup",
        "asks for authentication",
        country="IE",
        authenticate=True,
    ),
    _declined(
        "4000000000009995",
        "pm_card_visa_chargeDeclinedInsufficientFunds",
        "card_declined",
        "insufficient_funds",
        "Your card has insufficient funds.",
    ),
    TestCard("4000056655665556", "visa", "pm_card_visa_debit", "succeeds (debit)", funding="debit"),
    TestCard("5555555555554444", "mastercard", "pm_card_mastercard", "succeeds (Mastercard)"),
    TestCard("378282246310005", "amex", "pm_card_amex", "succeeds (American Express)"),
    TestCard(
        "4000002760003184",
        "visa",
        "pm_card_authenticationRequired",
        "asks for authentication, always",
        country="DE",
        authenticate=True,
        always=True,
    ),
    _declined(
        "4000000000009979",
        "pm_card_visa_chargeDeclinedStolenCard",
        "card_declined",
        "stolen_card",
        DECLINED,
    ),
    _declined(
        "4000000000000069",
        "pm_card_chargeDeclinedExpiredCard",
        "expired_card",
        "expired_card",
        "Your card has expired.",
    ),
    _declined(
        "4000000000000127",
        "pm_card_chargeDeclinedIncorrectCvc",
        "incorrect_cvc",
        "incorrect_cvc",
        "Your card's security code is incorrect.",
    ),
    _declined(
        "4000000000000119",
        "pm_card_chargeDeclinedProcessingError",
        "processing_error",
        "processing_error",
        "An error occurred while processing your card. Try again in a little bit.",
    ),
    TestCard(
        "4000000000007726",
        "visa",
        "pm_card_pendingRefund",
        "succeeds; a refund stays pending for a while",
        refund="pends",
    ),
    TestCard(
        "4000000000005126",
        "visa",
        "pm_card_refundFail",
        "succeeds; a refund fails later",
        refund="fails",
    ),
    TestCard(
        "4000000000000259",
        "visa",
        "pm_card_createDispute",
        "succeeds, then disputed as fraudulent",
        later="dispute:fraudulent",
    ),
    TestCard(
        "4000000000002685",
        "visa",
        "pm_card_createDisputeProductNotReceived",
        "succeeds, then disputed as not received",
        later="dispute:product_not_received",
    ),
    TestCard(
        "4000000000001976",
        "visa",
        "pm_card_createDisputeInquiry",
        "succeeds, then an inquiry",
        later="inquiry:fraudulent",
    ),
    TestCard(
        "4000000000005423",
        "visa",
        "pm_card_createIssuerFraudRecord",
        "succeeds, then an early fraud warning",
        later="warning:made_with_stolen_card",
    ),
)

BY_NUMBER = {card.number: card for card in CARDS}
BY_TOKEN = {card.token: card for card in CARDS}
