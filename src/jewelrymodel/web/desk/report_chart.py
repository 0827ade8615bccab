"""The small charts of the report: a bar for each week, drawn on the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT, GAP = 640, 120, 2


@dataclass(frozen=True)
class Bar:
    """One part of a week's bar, in WIDTH × HEIGHT from the upper left corner."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class BarChart:
    """Bars of the weeks, and the value at their upper edge."""

    bars: list[Bar]
    highest: float
    starts_on: date
    ends_on: date


def bar_chart(weeks: Sequence[tuple[date, Sequence[tuple[str, float]]]]) -> BarChart | None:
    """Return the chart of each week's parts (a kind and a value), stacked from below; None where
    all are zero.
    """
    highest = max((sum(value for _, value in parts) for _, parts in weeks), default=0.0)
    if highest <= 0:
        return None
    step = WIDTH / len(weeks)
    bars = []
    for number, (_week, parts) in enumerate(weeks):
        top = float(HEIGHT)
        for kind, value in parts:
            height = HEIGHT * value / highest
            top -= height
            if value:
                bars.append(
                    Bar(
                        kind,
                        round(number * step, 1),
                        round(top, 1),
                        round(max(step - GAP, 1), 1),
                        round(height, 1),
                    )
                )
    return BarChart(bars, highest, weeks[0][0], weeks[-1][0])
