"""Amounts as the processor counts them: its own table of currencies, with ISO 4217 beside it.

Ours are in the minor unit of ISO 4217 (``kernel.money.minor_digits``). Source: the processor's page
"Supported currencies", read in 2026: zero-decimal currencies, special cases, three-decimal ones.
"""

from dataclasses import dataclass

from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.money import minor_digits

_DIGITS = {"ISK": 2, "UGX": 2, "MGA": 0}
"""Where its digits differ from ISO 4217's: krónur and Ugandan shillings are sent as if they had two
decimals that are always 0, and the ariary without its fifths."""
_SCALES = (1, 10, 100, 1000)
_STEPS = {3: 10}
"""Of three decimals the last has to be 0."""

_LEAST = {
    "AED": 200,
    "AUD": 60,
    "BGN": 100,
    "BRL": 200,
    "CAD": 60,
    "CHF": 50,
    "CZK": 1500,
    "DKK": 300,
    "EUR": 50,
    "GBP": 30,
    "HKD": 400,
    "HUF": 17500,
    "INR": 4000,
    "JPY": 80,
    "MXN": 1000,
    "MYR": 200,
    "NOK": 500,
    "NZD": 80,
    "PLN": 250,
    "RON": 200,
    "SEK": 500,
    "SGD": 60,
    "THB": 1500,
    "USD": 50,
}
"""The smallest charge, in our minor units. Source: "Minimum and maximum charge amounts" of the same
page, of which two lists are published, of 2024 and of 2025; of each currency the larger counts. It
depends on the bank account that is paid out to: of a currency that is converted to another one, or
isn't here, only the processor knows it.
"""
_MOST, _MOST_OF = 99_999_999, {"IDR": 999_999_999, "INR": 999_999_999}
"""The largest charge, as the processor counts it: eight digits, nine of these two. Cards alone
allow more of some (COP, HUF, JPY, LBP), and of IDR: whoever pays otherwise couldn't. Source: the
same section, as of 2025."""


@dataclass(frozen=True)
class ChargeLimits:
    """The smallest and the largest amount that can be charged, in our minor units."""

    least_minor: int
    most_minor: int


class AmountNotPayable(CodedError):
    """The processor can't move this amount: its currency has coarser steps there."""


def sent(amount_minor: int, currency: str) -> int:
    """Return an amount of ours as the processor wants it; raises AmountNotPayable.

    >>> sent(5000, "USD"), sent(500, "ISK"), sent(500, "JPY"), sent(5000, "MGA"), sent(1250, "KWD")
    (5000, 50000, 500, 50, 1250)
    """
    ours, theirs = minor_digits(currency), _digits(currency)
    amount, rest = divmod(amount_minor * _SCALES[theirs], _SCALES[ours])
    if rest or amount % _STEPS.get(theirs, 1):
        raise AmountNotPayable(amount_minor=amount_minor, currency=currency)
    return amount


def received(amount: int, currency: str) -> int:
    """Return an amount of the processor's in our minor units; what it never has is cut off.

    >>> received(50000, "isk"), received(50, "mga"), received(1999, "eur")
    (500, 5000, 1999)
    """
    ours, theirs = minor_digits(currency.upper()), _digits(currency.upper())
    return amount * _SCALES[ours] // _SCALES[theirs]


def payable(amount_minor: int, currency: str) -> bool:
    """Return whether the processor can move an amount of ours."""
    try:
        sent(amount_minor, currency)
    except AmountNotPayable:
        return False
    return True


def charge_limits(currency: str) -> ChargeLimits:
    """Return what can be charged of a currency at once; the least is 1 where it isn't known.

    >>> charge_limits("GBP"), charge_limits("ISK").most_minor
    (ChargeLimits(least_minor=30, most_minor=99999999), 999999)
    """
    most = received(_MOST_OF.get(currency, _MOST), currency)
    return ChargeLimits(_LEAST.get(currency, 1), most)


def chargeable(amount_minor: int, currency: str) -> bool:
    """Return whether the processor can charge an amount of ours: it can move it, and it is neither
    too small nor too large. What goes back may be smaller.
    """
    limits = charge_limits(currency)
    is_within = limits.least_minor <= amount_minor <= limits.most_minor
    return is_within and payable(amount_minor, currency)


def _digits(currency: str) -> int:
    return _DIGITS.get(currency, minor_digits(currency))
