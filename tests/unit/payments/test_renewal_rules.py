"""Who changed last whether a plan renews: every cell of the table in docs/checkout.md."""

from datetime import UTC, date, datetime, timedelta

import pytest

from jewelrymodel.payments.processor_objects import ProcessorRefund, RenewalCard
from jewelrymodel.payments.rules import (
    DEBIT_GRACE,
    RENEWAL_GRACE,
    SKEW,
    UNSEEN,
    Collection,
    collection_of,
    is_charged_after_cancellation,
    renewal_step,
)
from jewelrymodel.payments.rules.renewal import RenewalState, RenewalStep, is_expired_at
from jewelrymodel.payments.statuses import RefundState

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
    ("charged", "canceled", "too_late"),
    [
        (NOON, None, False),
        (NOON, NOON, False),
        (NOON, NOON + HOUR, False),
        (NOON + HOUR, NOON, True),
    ],
)
def test_only_what_is_charged_after_the_cancellation_came_too_late(
    charged: datetime, canceled: datetime | None, *, too_late: bool
) -> None:
    assert is_charged_after_cancellation(charged, cancel_requested_at=canceled) is too_late


@pytest.mark.parametrize(
    ("renews", "since_its_end", "invoice_is_open", "expected"),
    [
        (True, -HOUR, False, Collection.NOT_DUE),
        (True, timedelta(0), False, Collection.COLLECTING),
        (True, UNSEEN, False, Collection.OVERDUE),
        (True, UNSEEN, True, Collection.COLLECTING),
        (True, RENEWAL_GRACE, True, Collection.OVERDUE),
        (False, HOUR, True, Collection.NOT_DUE),
    ],
)
def test_a_renewal_is_being_collected_until_it_is_overdue(
    since_its_end: timedelta, expected: Collection, *, renews: bool, invoice_is_open: bool
) -> None:
    found = collection_of(
        renews=renews,
        period_ends_at=NOON,
        invoice_is_open=invoice_is_open,
        now=NOON + since_its_end,
    )
    assert found is expected


@pytest.mark.parametrize(
    ("since_its_end", "expected"),
    [(timedelta(days=20), Collection.COLLECTING), (DEBIT_GRACE, Collection.OVERDUE)],
)
def test_a_bank_debit_may_be_on_its_way_for_weeks(
    since_its_end: timedelta, expected: Collection
) -> None:
    found = collection_of(
        renews=True,
        period_ends_at=NOON,
        invoice_is_open=True,
        is_debit=True,
        now=NOON + since_its_end,
    )
    assert found is expected


def test_a_card_is_good_to_the_end_of_its_month() -> None:
    card = RenewalCard("visa", "4242", 2028, 2)
    assert card.last_day == date(2028, 2, 29)
    assert not is_expired_at(card.last_day, datetime(2028, 2, 29, 23, 59, tzinfo=UTC))
    assert is_expired_at(card.last_day, datetime(2028, 3, 1, tzinfo=UTC))


def test_a_refund_that_waits_for_the_customer_has_no_strange_status() -> None:
    waits = ProcessorRefund("re_1", "", RefundState.REQUIRES_ACTION, 900, "", obstacle="held")
    strange = ProcessorRefund("re_2", "", RefundState.PENDING, 900, "", obstacle="floating")
    assert (waits.is_unknown, strange.is_unknown) == (False, True)
