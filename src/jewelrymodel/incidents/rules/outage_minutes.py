"""How many minutes of a billing period outages took."""

from collections.abc import Iterable
from datetime import timedelta

from jewelrymodel.kernel.period import Period


def affected_minutes(outages: Iterable[Period], paid: Period) -> int:
    """Return the minutes of *paid* that at least one of *outages* covers (clause 6.3, edge 10).

    Overlaps count once; what lies outside the paid period doesn't count. A begun minute is a whole
    one, once in the total, so that rounding never costs the customer.
    """
    total = sum((piece.ends_at - piece.starts_at for piece in _union(outages, paid)), timedelta())
    return -(-total // timedelta(minutes=1))


def _union(outages: Iterable[Period], paid: Period) -> list[Period]:
    pieces: list[Period] = []
    for outage in sorted(outages, key=lambda period: period.starts_at):
        start = max(outage.starts_at, paid.starts_at)
        end = min(outage.ends_at, paid.ends_at)
        if end <= start:
            continue
        if pieces and start <= pieces[-1].ends_at:
            end = max(end, pieces[-1].ends_at)
            start = pieces.pop().starts_at
        pieces.append(Period(start, end))
    return pieces
