"""Amounts as the processor counts them: its own table of currencies, with ISO 4217 beside it.

Ours are in the minor unit of ISO 4217 (``kernel.money.minor_digits``). Source: the processor's page
"Supported currencies", read in 2026: zero-decimal currencies, special cases, three-decimal ones.
"""

from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.money import minor_digits

_DIGITS = {"ISK": 2, "UGX": 2, "MGA": 0}
"""Where its digits differ from ISO 4217's: krónur and Ugandan shillings are sent as if they had two
decimals that are always 0, and the ariary without its fifths."""
_SCALES = (1, 10, 100, 1000)
_STEPS = {3: 10}
"""Of three decimals the last has to be 0."""


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


def _digits(currency: str) -> int:
    return _DIGITS.get(currency, minor_digits(currency))
