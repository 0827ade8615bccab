from datetime import UTC, datetime, timedelta

import pytest

from jewelrymodel.kernel.period import Period

START = datetime(2026, 11, 1, tzinfo=UTC)
END = START + timedelta(days=30)


def test_a_period_has_its_start_but_not_its_end() -> None:
    period = Period(START, END)
    instant = timedelta(microseconds=1)
    told = [period.contains(at) for at in (START - instant, START, END - instant, END)]
    assert told == [False, True, True, False]


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "why"),
    [
        (START, START, "can't end"),
        (END, START, "can't end"),
        (START.replace(tzinfo=None), END, "aware"),
        (START, END.replace(tzinfo=None), "aware"),
    ],
)
def test_a_period_runs_forward_between_true_instants(
    starts_at: datetime, ends_at: datetime, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        Period(starts_at, ends_at)
