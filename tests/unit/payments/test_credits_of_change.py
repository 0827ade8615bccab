"""What another plan brings for the rest of a paid period, and which disputes are lost."""

from datetime import UTC, datetime

import pytest

from jewelrymodel.payments.rules.plan_change import credits_of_change
from jewelrymodel.payments.statuses import DisputeStatus

JUNE, JULY = datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "at", "credits_added"),
    [
        (250, JUNE, 190),
        (250, datetime(2026, 6, 16, tzinfo=UTC), 95),
        (250, datetime(2026, 6, 30, 23, 59, 59, tzinfo=UTC), 1),
        (250, JULY, 0),
        (60, JUNE, 0),
        (20, JUNE, 0),
    ],
)
def test_the_share_of_the_difference_that_is_left_rounded_up(
    after: int, at: datetime, credits_added: int
) -> None:
    assert credits_added == credits_of_change(
        before=60, after=after, prorated_at=at, period_starts_at=JUNE, period_ends_at=JULY
    )


def test_what_is_appealed_was_decided_against_us() -> None:
    lost = DisputeStatus.decided_against_us()
    assert DisputeStatus.APPEAL_UNDER_REVIEW in lost
    assert lost & DisputeStatus.closed() == {DisputeStatus.LOST}
