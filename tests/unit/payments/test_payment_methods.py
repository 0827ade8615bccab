"""Every method that the processor knows has a name that its payer knows."""

import pytest
from stripe import Charge

from jewelrymodel.payments.payment_methods import method_words

TYPES = sorted(set(Charge.PaymentMethodDetails.__annotations__) - {"type"})


@pytest.mark.parametrize("method", TYPES)
def test_each_method_of_the_sdk_has_a_readable_name(method: str) -> None:
    name = method_words(method=method, details={})
    assert name[:1].isalpha()
    assert "_" not in name


@pytest.mark.parametrize(
    ("method", "details", "words"),
    [
        ("link", {"country": "DE"}, "Link"),
        ("amazon_pay", {}, "Amazon Pay"),
        ("paypal", {}, "PayPal"),
        ("us_bank_account", {"last4": "6789"}, "Bank account ending in 6789"),
        ("sepa_debit", {"last4": "3000"}, "SEPA Direct Debit ending in 3000"),
        ("card_present", {"brand": "visa", "last4": "1111"}, "Visa ending in 1111"),
        ("moon_money", {}, "Moon Money"),
        ("", {}, ""),
    ],
)
def test_a_method_in_words(method: str, details: dict[str, str], words: str) -> None:
    assert method_words(method=method, details=details) == words


@pytest.mark.parametrize(
    ("brand", "words"),
    [
        ("visa", "Visa ending in 4242"),
        ("amex", "American Express ending in 4242"),
        ("cartes_bancaires", "Cartes Bancaires ending in 4242"),
        ("", "Card ending in 4242"),
    ],
)
def test_a_card_is_its_brand_and_last_four_digits(brand: str, words: str) -> None:
    said = method_words(method="card", card_brand=brand, card_last4="4242", details={})
    assert said == words
