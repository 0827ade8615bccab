"""Edge 10: outages count once, inside the paid period, split at its boundary."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from jewelrymodel.incidents.rules.outage_minutes import affected_minutes
from jewelrymodel.kernel.period import Period

START = datetime(2026, 3, 1, tzinfo=UTC)


def span(start: int, end: int) -> Period:
    """From minute to minute after the start."""
    return Period(START + timedelta(minutes=start), START + timedelta(minutes=end))


def test_the_settled_example() -> None:
    outages = [span(10, 40), span(30, 70), span(95, 130)]
    assert affected_minutes(outages, span(0, 100)) == 65
    assert affected_minutes(outages, span(100, 200)) == 30


def test_a_begun_minute_is_a_whole_one() -> None:
    second = Period(START, START + timedelta(seconds=1))
    assert affected_minutes([second], span(0, 10)) == 1


def test_nothing_outside_the_period_counts() -> None:
    assert affected_minutes([span(0, 10), span(20, 30)], span(10, 20)) == 0


spans = st.tuples(st.integers(0, 300), st.integers(1, 100)).map(lambda t: span(t[0], t[0] + t[1]))

uneven = st.tuples(st.integers(0, 9_000), st.integers(1, 6_000)).map(
    lambda t: Period(START + timedelta(seconds=t[0]), START + timedelta(seconds=t[0] + t[1]))
)


@given(st.lists(spans, max_size=8), spans)
def test_order_is_nothing_and_the_period_is_the_most(outages: list[Period], paid: Period) -> None:
    touched = affected_minutes(outages, paid)
    assert touched == affected_minutes(outages[::-1], paid)
    assert 0 <= touched <= (paid.ends_at - paid.starts_at) // timedelta(minutes=1)


@given(st.lists(spans, max_size=8), spans)
def test_it_counts_what_a_clock_would(outages: list[Period], paid: Period) -> None:
    minutes = (paid.ends_at - paid.starts_at) // timedelta(minutes=1)
    instants = (paid.starts_at + timedelta(minutes=m) for m in range(minutes))
    told = sum(any(outage.contains(at) for outage in outages) for at in instants)
    assert affected_minutes(outages, paid) == told


@given(st.lists(spans, max_size=8), spans, st.randoms())
def test_any_order_tells_the_same(outages: list[Period], paid: Period, dice: Random) -> None:
    shuffled = dice.sample(outages, len(outages))
    assert affected_minutes(shuffled, paid) == affected_minutes(outages, paid)


@given(st.lists(uneven, max_size=8), uneven, uneven)
def test_one_outage_more_never_takes_less_nor_more_than_itself(
    outages: list[Period], further: Period, paid: Period
) -> None:
    """Also between whole minutes, where what was begun is rounded up: once, in the total."""
    before, after = affected_minutes(outages, paid), affected_minutes([*outages, further], paid)
    assert before <= after <= before + affected_minutes([further], paid)
    assert timedelta(minutes=after - 1) < paid.ends_at - paid.starts_at


@given(st.lists(spans, max_size=8), st.integers(0, 300), st.integers(1, 99), st.integers(1, 99))
def test_what_lies_over_a_boundary_is_split_there_and_no_minute_is_lost_or_told_twice(
    outages: list[Period], start: int, first: int, second: int
) -> None:
    middle, end = start + first, start + first + second
    halves = [affected_minutes(outages, span(*one)) for one in ((start, middle), (middle, end))]
    assert sum(halves) == affected_minutes(outages, span(start, end))
