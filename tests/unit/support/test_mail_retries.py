from datetime import timedelta

import pytest

from jewelrymodel.support.rules.mail_retries import GIVEN_UP_AFTER, is_time_to_retry


@pytest.mark.parametrize(
    ("age", "is_time"),
    [
        (timedelta(minutes=2), True),
        (timedelta(minutes=59, seconds=59), True),
        (timedelta(hours=1), True),
        (timedelta(hours=1, minutes=1), False),
        (timedelta(hours=1, minutes=30, seconds=59), True),
        (timedelta(hours=23, minutes=31), False),
        (timedelta(days=1, minutes=30), False),
        (timedelta(days=1, hours=2), True),
        (GIVEN_UP_AFTER - timedelta(minutes=3), False),
        (GIVEN_UP_AFTER, True),
        (GIVEN_UP_AFTER + timedelta(minutes=31), True),
    ],
)
def test_the_longer_it_waits_the_less_often_it_is_tried(age: timedelta, is_time: bool) -> None:
    assert is_time_to_retry(age) is is_time
