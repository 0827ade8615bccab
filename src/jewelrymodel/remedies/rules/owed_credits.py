"""Credits that are owed or overused: of a task that ended, of a duplicate purchase."""


def owed_credits(
    *, ended: bool, held: int, is_open: bool, captured: int, delivered: int, given: int
) -> int:
    """Return the credits that a task took, or still holds, for what it did not deliver (5.3).

    *delivered* is the price of what can be fetched; what came late was free and isn't in it.
    *given* was put back already.
    """
    if not ended:
        return 0
    return held if is_open else max(0, captured - delivered - given)


def overused(*, used: tuple[int, int], granted: int) -> int:
    """Return what two purchases used together beyond what the surviving one held (edge 5)."""
    return max(0, sum(used) - granted)
