"""Amounts of money: whole minor units with their currency; every division names its rounding."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Rounding(StrEnum):
    """What happens to the fraction of a minor unit that a division leaves."""

    DOWN = "down"
    HALF_UP = "half_up"
    UP = "up"


class CurrencyMismatch(ValueError):
    """Two amounts in different currencies can't be added or compared."""


_NO_MINOR_UNIT = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)
_THOUSANDTHS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])
_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}
"""Of other currencies the code is written: "$" alone is the dollar of the United States."""


def minor_digits(currency: str) -> int:
    """Return how many digits the currency's minor unit has (ISO 4217)."""
    if currency in _THOUSANDTHS:
        return 3
    return 0 if currency in _NO_MINOR_UNIT else 2


def in_words(amount_minor: int, currency: str) -> str:
    """Return an amount for people: ``$39.00``, ``1,250 JPY``, ``−1.250 KWD``."""
    digits = minor_digits(currency)
    whole, rest = divmod(abs(amount_minor), 10**digits)
    number = f"{whole:,}.{rest:0{digits}d}" if digits else f"{whole:,}"
    minus, sign = "−" if amount_minor < 0 else "", _SIGNS.get(currency)
    return f"{minus}{sign}{number}" if sign else f"{minus}{number} {currency}"


def to_minor(amount: Decimal, currency: str) -> int:
    """Return an amount of whole units, as a person writes it, in minor units.

    Raises ValueError for a fraction that the currency doesn't have, and for what isn't finite.
    """
    if not amount.is_finite():
        raise ValueError(f"{amount} is no amount")
    minor = amount.scaleb(minor_digits(currency))
    if minor != minor.to_integral_value():
        raise ValueError(f"{amount} {currency} has a fraction of a minor unit")
    return int(minor)


def in_currency(limit: int, currency: str) -> int:
    """Return a limit of hundredths as the same number of whole units of *currency*.

    In its minor unit. No rate of exchange is asked, so of a currency whose unit is worth less a
    person decides sooner.
    """
    return limit * (1, 10, 100, 1000)[minor_digits(currency)] // 100


def divide(numerator: int, denominator: int, rounding: Rounding) -> int:
    """Return *numerator* / *denominator*, both not negative, rounded as named.

    Raises ValueError for a negative numerator or a denominator below 1.
    """
    if numerator < 0 or denominator < 1:
        raise ValueError(f"can't share out {numerator} over {denominator}")
    whole, rest = divmod(numerator, denominator)
    if rounding is Rounding.DOWN:
        return whole
    rounds_up = 2 * rest >= denominator if rounding is Rounding.HALF_UP else rest > 0
    return whole + 1 if rounds_up else whole


def share(total: int, *, start: int, units: int, of: int, rounding: Rounding) -> int:
    """Return what *units* units, after the first *start*, are worth when *of* units cost *total*.

    The difference of two cumulative shares, so that consecutive shares always add up to *total*,
    whatever the rounding: 2000 over 300 gives 6, 7, 7, … Raises ValueError unless the units lie
    within 0 … *of*.
    """
    if start < 0 or units < 0 or start + units > of:
        raise ValueError(f"units {start} to {start + units} are not among {of}")
    before = divide(total * start, of, rounding)
    return divide(total * (start + units), of, rounding) - before


@dataclass(frozen=True)
class Money:
    """An amount in minor units (cents, yen) of an ISO 4217 currency in capital letters."""

    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isupper()):
            raise ValueError(f"a currency is three capital letters, not {self.currency!r}")

    def __add__(self, other: "Money") -> "Money":
        self._require_same_currency(other)
        return Money(self.amount_minor + other.amount_minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._require_same_currency(other)
        return Money(self.amount_minor - other.amount_minor, self.currency)

    def _require_same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
