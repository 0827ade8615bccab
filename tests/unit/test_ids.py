from datetime import UTC, datetime, timedelta

import pytest

from jewelrymodel.kernel.ids import MAX_LENGTH, new_id

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_ids_sort_by_time_and_never_repeat() -> None:
    ids = [new_id("task", now=NOW + timedelta(milliseconds=n)) for n in range(50)]
    assert ids == sorted(ids)
    assert len({new_id("task", now=NOW) for _ in range(1000)}) == 1000
    assert all(len(i) <= MAX_LENGTH for i in [*ids, new_id("abcdef", now=NOW)])


@pytest.mark.parametrize("prefix", ["", "a", "Task", "ta1", "toolongname", "täsk"])
def test_a_prefix_is_a_short_word(prefix: str) -> None:
    with pytest.raises(ValueError, match="prefix"):
        new_id(prefix, now=NOW)


@pytest.mark.parametrize("now", [NOW.replace(tzinfo=None), NOW.replace(year=2019)])
def test_an_id_needs_a_true_instant(now: datetime) -> None:
    with pytest.raises(ValueError, match="instant"):
        new_id("task", now=now)
