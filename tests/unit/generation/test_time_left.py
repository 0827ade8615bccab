"""The time left is measured by what was done last."""

from datetime import UTC, datetime, timedelta

from jewelrymodel.generation.rules.time_left import seconds_left

BEGAN = datetime(2026, 11, 29, 12, tzinfo=UTC)


def ends(*seconds: int) -> list[datetime]:
    return [BEGAN + timedelta(seconds=one) for one in seconds]


def test_it_is_the_usual_pause_for_each_that_is_left() -> None:
    assert seconds_left(ends(0, 5, 10, 16), 10) == 50
    assert seconds_left(ends(16, 0, 10, 5), 10) == 50


def test_a_night_in_between_does_not_count() -> None:
    assert seconds_left(ends(0, 4, 40_000, 40_004, 40_008), 3) == 12


def test_nothing_is_said_too_early_or_in_the_end() -> None:
    assert seconds_left(ends(0, 5), 10) is None
    assert seconds_left(ends(0, 5, 10), 0) is None
