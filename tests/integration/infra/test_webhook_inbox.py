from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from jewelrymodel.infra import queue, rate_limiter, webhook_inbox

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def receive(external_id: str) -> bool:
    _, created = webhook_inbox.receive(
        source="processor", external_id=external_id, payload={}, task_name="t", now=NOW
    )
    return created


def test_a_message_is_stored_once_however_often_it_comes() -> None:
    assert [receive("evt_1"), receive("evt_1"), receive("evt_2")] == [True, False, True]
    assert ProcrastinateJob.objects.filter(task_name="t").count() == 2


def test_deferring_twice_under_one_key_defers_once_and_keeps_the_transaction_usable() -> None:
    assert queue.defer("t", once_key="k", n=1)
    assert not queue.defer("t", once_key="k", n=2)
    assert queue.defer("t", n=3)


def test_a_rate_limit_refuses_what_is_over_it_until_its_window_ends() -> None:
    for left in (1, 0):
        assert rate_limiter.count_or_refuse("x", limit=2, window_s=60, now=NOW) == left
    with pytest.raises(rate_limiter.TooOften) as refused:
        rate_limiter.count_or_refuse("x", limit=2, window_s=60, now=NOW + timedelta(seconds=50))
    assert refused.value.retry_after_s == 10
    assert (
        rate_limiter.count_or_refuse("x", limit=2, window_s=60, now=NOW + timedelta(seconds=60))
        == 1
    )
