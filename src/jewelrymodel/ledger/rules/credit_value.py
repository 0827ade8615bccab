"""What credits of a lot are worth in money."""

from jewelrymodel.kernel.money import Rounding, share

VALUE_ROUNDING = Rounding.DOWN  # of the cumulative share, so nothing is lost over the whole lot


def value_minor(*, paid_minor: int, of: int, start: int, units: int) -> int:
    """Return what *units* credits are worth, in minor units, after *start* of the lot's *of* left.

    Over the whole lot the values add up to *paid_minor*: 2000/300 loses nothing.
    """
    return share(paid_minor, start=start, units=units, of=of, rounding=VALUE_ROUNDING)
