"""Edge 10: outages count once, inside the paid period, split at its boundary."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jewelrymodel.incidents.rules import touched_minutes
from jewelrymodel.kernel.period import Period

START = datetime(2026, 3, 1, tzinfo=UTC)


def span(start: int, end: int) -> Period:
    """From minute to minute after the start."""
    return Period(START + timedelta(minutes=start), START + timedelta(minutes=end))


def test_the_settled_example() -> None:
    outages = [span(10, 40), span(30, 70), span(95, 130)]
    assert touched_minutes(outages, span(0, 100)) == 65
    assert touched_minutes(outages, span(100, 200)) == 30


def test_a_begun_minute_is_a_whole_one() -> None:
    second = Period(START, START + timedelta(seconds=1))
    assert touched_minutes([second], span(0, 10)) == 1


def test_nothing_outside_the_period_counts() -> None:
    assert touched_minutes([span(0, 10), span(20, 30)], span(10, 20)) == 0


spans = st.tuples(st.integers(0, 300), st.integers(1, 100)).map(lambda t: span(t[0], t[0] + t[1]))


@given(st.lists(spans, max_size=8), spans)
def test_order_is_nothing_and_the_period_is_the_most(outages: list[Period], paid: Period) -> None:
    touched = touched_minutes(outages, paid)
    assert touched == touched_minutes(outages[::-1], paid)
    assert 0 <= touched <= (paid.ends_at - paid.starts_at) // timedelta(minutes=1)


@given(st.lists(spans, max_size=8), spans)
def test_it_counts_what_a_clock_would(outages: list[Period], paid: Period) -> None:
    minutes = (paid.ends_at - paid.starts_at) // timedelta(minutes=1)
    instants = (paid.starts_at + timedelta(minutes=m) for m in range(minutes))
    told = sum(any(outage.contains(at) for outage in outages) for at in instants)
    assert touched_minutes(outages, paid) == told
