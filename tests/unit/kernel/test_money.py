import pytest

from jewelrymodel.kernel.money import CurrencyMismatch, Money, Rounding, divide, share


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
