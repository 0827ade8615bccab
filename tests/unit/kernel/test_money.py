from decimal import Decimal

import pytest

from jewelrymodel.kernel.money import (
    CurrencyMismatch,
    Money,
    Rounding,
    divide,
    in_words,
    minor_digits,
    share,
    to_minor,
)


@pytest.mark.parametrize(
    ("numerator", "denominator", "down", "half_up", "up"),
    [(0, 3, 0, 0, 0), (6, 3, 2, 2, 2), (7, 3, 2, 2, 3), (8, 3, 2, 3, 3), (1, 2, 0, 1, 1)],
)
def test_a_division_rounds_as_named(
    numerator: int, denominator: int, down: int, half_up: int, up: int
) -> None:
    results = [divide(numerator, denominator, rounding) for rounding in Rounding]
    assert results == [down, half_up, up]


@pytest.mark.parametrize(("numerator", "denominator"), [(-1, 2), (1, 0), (1, -2)])
def test_what_can_t_be_shared_out_is_refused(numerator: int, denominator: int) -> None:
    with pytest.raises(ValueError, match="share out"):
        divide(numerator, denominator, Rounding.DOWN)


@pytest.mark.parametrize("rounding", Rounding)
@pytest.mark.parametrize(("total", "of"), [(2000, 300), (1, 7), (0, 3), (999_999_999, 13)])
def test_consecutive_shares_lose_nothing(total: int, of: int, rounding: Rounding) -> None:
    shares = [share(total, start=n, units=1, of=of, rounding=rounding) for n in range(of)]
    assert sum(shares) == total
    assert max(shares) - min(shares) <= 1


@pytest.mark.parametrize(("start", "units"), [(-1, 1), (0, -1), (2, 2)])
def test_only_what_is_there_can_be_shared(start: int, units: int) -> None:
    with pytest.raises(ValueError, match="not among 3"):
        share(100, start=start, units=units, of=3, rounding=Rounding.DOWN)


def test_money_adds_within_one_currency() -> None:
    assert Money(150, "EUR") + Money(50, "EUR") - Money(1, "EUR") == Money(199, "EUR")
    for mix in (
        lambda: Money(1, "EUR") + Money(1, "USD"),
        lambda: Money(1, "EUR") - Money(1, "JPY"),
    ):
        with pytest.raises(CurrencyMismatch):
            mix()


@pytest.mark.parametrize("currency", ["", "eur", "EURO", "€€€"])
def test_a_currency_is_three_capital_letters(currency: str) -> None:
    with pytest.raises(ValueError, match="three capital letters"):
        Money(1, currency)


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("12.50", "USD", 1250), ("12", "USD", 1200), ("1250", "JPY", 1250), ("0", "EUR", 0)],
)
def test_what_a_person_writes_becomes_minor_units(amount: str, currency: str, minor: int) -> None:
    assert to_minor(Decimal(amount), currency) == minor


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("12.505", "USD"), ("12.5", "JPY"), ("NaN", "USD"), ("Infinity", "USD")],
)
def test_a_fraction_that_the_currency_lacks_is_refused(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match=r"minor unit|no amount"):
        to_minor(Decimal(amount), currency)


@pytest.mark.parametrize(
    ("minor", "currency", "words"),
    [
        (1250, "KWD", "1.250 KWD"),
        (5, "TND", "0.005 TND"),
        (-1_000_001, "BHD", "−1,000.001 BHD"),
        (500, "ISK", "500 ISK"),
        (1250, "RWF", "1,250 RWF"),
        (1250, "USD", "$12.50"),
    ],
)
def test_an_amount_has_as_many_digits_as_its_currency(
    minor: int, currency: str, words: str
) -> None:
    assert in_words(minor, currency) == words
    assert to_minor(Decimal(minor).scaleb(-minor_digits(currency)), currency) == minor
