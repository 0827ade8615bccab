"""What the processor's own table of currencies asks of an amount."""

import pytest

from jewelrymodel.kernel.money import in_currency, in_words
from jewelrymodel.payments.rules import charge_limits, chargeable, payable
from jewelrymodel.payments.rules.processor_amounts import AmountNotPayable, received, sent
from jewelrymodel.sandbox.errors import Refused
from jewelrymodel.sandbox.resources.payment_intents import check_amount


@pytest.mark.parametrize(
    ("amount_minor", "currency", "theirs", "words"),
    [
        (3900, "USD", 3900, "$39.00"),
        (3900, "JPY", 3900, "3,900 JPY"),
        (3900, "ISK", 390_000, "3,900 ISK"),
        (3900, "UGX", 390_000, "3,900 UGX"),
        (390_000, "MGA", 3900, "3,900.00 MGA"),
        (3900, "KWD", 3900, "3.900 KWD"),
        (3900, "HUF", 3900, "39.00 HUF"),
    ],
)
def test_an_amount_goes_out_in_its_units_and_comes_back(
    amount_minor: int, currency: str, theirs: int, words: str
) -> None:
    assert payable(amount_minor, currency)
    assert sent(amount_minor, currency) == theirs
    assert received(theirs, currency.lower()) == amount_minor
    assert in_words(amount_minor, currency) == words


@pytest.mark.parametrize(
    ("amount_minor", "currency"), [(3901, "KWD"), (1, "BHD"), (390_050, "MGA")]
)
def test_what_the_processor_can_t_move_is_refused(amount_minor: int, currency: str) -> None:
    assert not payable(amount_minor, currency)
    with pytest.raises(AmountNotPayable):
        sent(amount_minor, currency)


@pytest.mark.parametrize(
    ("currency", "least", "most"),
    [
        ("USD", 50, 99_999_999),
        ("GBP", 30, 99_999_999),
        ("HUF", 17_500, 99_999_999),
        ("JPY", 80, 99_999_999),
        ("INR", 4_000, 999_999_999),
        ("ISK", 1, 999_999),
        ("KWD", 10, 99_999_990),
    ],
)
def test_a_charge_has_a_smallest_and_a_largest_amount(currency: str, least: int, most: int) -> None:
    assert chargeable(least, currency)
    assert chargeable(most, currency)
    assert not chargeable(least - 1, currency)
    assert not chargeable(most + 1, currency)


def test_what_goes_back_may_be_smaller_than_what_is_charged() -> None:
    assert payable(1, "USD")
    assert not chargeable(1, "USD")


@pytest.mark.parametrize("currency", ["AED", "CZK", "DKK", "EUR", "GBP", "HUF", "JPY", "MXN"])
def test_what_we_offer_the_sandbox_takes_and_it_refuses_less(currency: str) -> None:
    limits, word = charge_limits(currency), currency.lower()
    for amount in (limits.least_minor, limits.most_minor):
        assert check_amount(sent(amount, currency), "amount", word)
    with pytest.raises(Refused) as small:
        check_amount(29, "amount", word)
    with pytest.raises(Refused) as large:
        check_amount(sent(limits.most_minor, currency) + 1, "amount", word)
    codes = (small.value.code, large.value.code)
    assert codes == ("amount_too_small", "amount_too_large")


@pytest.mark.parametrize(("currency", "amount"), [("kwd", 1251), ("isk", 50_050), ("ugx", 99_901)])
def test_the_sandbox_refuses_what_its_currency_has_no_coin_for(currency: str, amount: int) -> None:
    with pytest.raises(Refused):
        check_amount(amount, "amount", currency)


def test_a_limit_is_so_many_whole_units_of_any_currency() -> None:
    limits = {one: in_currency(5_000, one) for one in ("USD", "JPY", "KWD")}
    assert limits == {"USD": 5_000, "JPY": 50, "KWD": 50_000}
