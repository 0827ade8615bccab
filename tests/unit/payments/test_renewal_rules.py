"""Who changed last whether a plan renews: every cell of the table in docs/checkout.md."""

from datetime import UTC, datetime, timedelta

import pytest

from jewelrymodel.payments.rules import SKEW, is_billed_after_cancellation, renewal_step
from jewelrymodel.payments.rules.renewal import RenewalState, RenewalStep

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def step(
    *,
    renews: bool,
    known: bool,
    seen: bool,
    resumed_at: datetime | None = None,
    canceled_at: datetime | None = None,
) -> RenewalStep:
    return renewal_step(RenewalState(renews, known, seen, resumed_at, canceled_at))


@pytest.mark.parametrize(
    ("renews", "known", "seen", "expected"),
    [
        (True, True, True, RenewalStep.NONE),
        (True, False, True, RenewalStep.NONE),
        (False, False, False, RenewalStep.NONE),
        (False, True, False, RenewalStep.NONE),
        (True, True, False, RenewalStep.ADOPT_CANCELLATION),
        (True, False, False, RenewalStep.TELL),
        (False, True, True, RenewalStep.TELL),
        (False, False, True, RenewalStep.ADOPT_RESUMPTION),
    ],
)
def test_what_was_last_known_says_who_changed_it(
    renews: bool, known: bool, seen: bool, expected: RenewalStep
) -> None:
    assert step(renews=renews, known=known, seen=seen) is expected


@pytest.mark.clause("3.2")
@pytest.mark.parametrize("known", [True, False])
def test_a_cancellation_there_is_compared_with_our_resume(known: bool) -> None:
    later = step(renews=True, known=known, seen=False, resumed_at=NOON, canceled_at=NOON + HOUR)
    assert later is RenewalStep.ADOPT_CANCELLATION
    earlier = step(renews=True, known=known, seen=False, resumed_at=NOON, canceled_at=NOON - HOUR)
    assert earlier is RenewalStep.TELL


@pytest.mark.parametrize(
    ("known", "expected"), [(True, RenewalStep.ADOPT_CANCELLATION), (False, RenewalStep.TELL)]
)
def test_two_clocks_that_are_too_close_are_not_compared(known: bool, expected: RenewalStep) -> None:
    for apart in (-SKEW, SKEW):
        found = step(
            renews=True, known=known, seen=False, resumed_at=NOON, canceled_at=NOON + apart
        )
        assert found is expected


@pytest.mark.clause("3.2")
@pytest.mark.parametrize(
    ("invoiced", "canceled", "too_late"),
    [
        (NOON, None, False),
        (NOON, NOON, False),
        (NOON, NOON + HOUR, False),
        (NOON + HOUR, NOON, True),
    ],
)
def test_only_what_is_billed_after_the_cancellation_came_too_late(
    invoiced: datetime, canceled: datetime | None, *, too_late: bool
) -> None:
    assert is_billed_after_cancellation(invoiced, cancel_requested_at=canceled) is too_late
