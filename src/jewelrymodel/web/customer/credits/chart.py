"""The small chart of a balance over time: steps, because credits come and go all at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

WIDTH, HEIGHT = 640, 120


@dataclass(frozen=True)
class Chart:
    """An SVG path in WIDTH × HEIGHT, with what its edges mean."""

    line: str
    highest: int
    starts_at: datetime
    ends_at: datetime


def chart(points: Iterable[tuple[datetime, int]], until: datetime) -> Chart | None:
    """Return the chart of (instant, balance from then on), oldest first, up to *until*.

    None where fewer than two points would make it a line without meaning.
    """
    known = list(points)
    if len(known) < 2 or until <= known[0][0]:
        return None
    start, highest = known[0][0], max(1, *(value for _, value in known))
    span_s = (until - start).total_seconds()

    def across(at: datetime) -> float:
        return round(WIDTH * (at - start).total_seconds() / span_s, 1)

    def up(value: int) -> float:
        return round(HEIGHT * (1 - value / highest), 1)

    moves = [f"M0 {up(known[0][1])}"]
    moves += [f"H{across(at)}V{up(value)}" for at, value in known[1:]]
    return Chart(f"{''.join(moves)}H{WIDTH}", highest, start, until)
