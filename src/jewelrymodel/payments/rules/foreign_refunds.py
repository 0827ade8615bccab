"""What a refund that was made at the processor means for the credits that its charge bought."""

from jewelrymodel.kernel.money import Rounding, divide


def is_for_credits(
    *, amount_minor: int, kept_minor: int, paid_minor: int, granted: int, remaining: int
) -> bool:
    """Return whether such a refund revokes what is left of the purchase.

    Nobody says what it was for, so its size does: one that gives back at least what the *remaining*
    of the *granted* credits cost (their share of *paid_minor*, rounded up) pays for them, and they
    can't be kept too, as where a person decides here (``remedies``: all that is left of the money).
    A smaller one, such as a discount afterwards, leaves them, unless it is the last part: where
    nothing of the charge is kept afterwards (*kept_minor*), nothing that it bought is.
    """
    if not granted:
        return False
    if kept_minor <= 0:
        return True
    worth = divide(paid_minor * min(remaining, granted), granted, Rounding.UP)
    return remaining > 0 and amount_minor >= worth
