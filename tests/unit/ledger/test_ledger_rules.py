from datetime import UTC, datetime, timedelta

import pytest

from jewelrymodel.ledger.balances import CreditTotals, Disagreement, Portion, Spendable
from jewelrymodel.ledger.movement_kinds import CauseKind, LotSource, grant_cause
from jewelrymodel.ledger.rules import credit_lifetime, credit_value, hold_allocation

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("expires_at", "expired"),
    [(None, False), (NOW + timedelta(microseconds=1), False), (NOW, True), (NOW - DAY, True)],
)
def test_a_lot_has_expired_from_its_instant_on(expires_at: datetime | None, expired: bool) -> None:
    assert credit_lifetime.is_expired(expires_at, NOW) is expired


def test_a_hold_takes_from_the_first_lots_and_remembers_their_life() -> None:
    lots = [
        Spendable("a", 2, NOW + DAY),
        Spendable("empty", 0, NOW + DAY),
        Spendable("b", 5, None),
        Spendable("c", 5, None),
    ]
    assert hold_allocation.plan_hold(lots, 4, NOW) == (Portion("a", 2, DAY), Portion("b", 2, None))
    assert sum(portion.quantity for portion in hold_allocation.plan_hold(lots, 99, NOW)) == 12


@pytest.mark.parametrize(
    ("captured", "parts"), [(0, (0, 0, 0)), (1, (1, 0, 0)), (4, (2, 2, 0)), (6, (2, 3, 1))]
)
def test_a_capture_spends_the_first_lines_first(captured: int, parts: tuple[int, ...]) -> None:
    assert hold_allocation.split_capture([2, 3, 1], captured) == parts


@pytest.mark.parametrize(
    ("remaining", "until"),
    [(None, None), (30 * DAY, NOW + 30 * DAY), (7 * DAY, NOW + 7 * DAY), (DAY, NOW + 7 * DAY)],
)
def test_what_comes_back_lives_as_long_as_it_would_have_and_so_long_at_least(
    remaining: timedelta | None, until: datetime | None
) -> None:
    assert credit_lifetime.continued_until(remaining, NOW, at_least=7 * DAY) == until


def test_2000_for_300_loses_nothing() -> None:
    values = [
        credit_value.value_minor(paid_minor=2000, of=300, start=n, units=1) for n in range(300)
    ]
    assert (sum(values), set(values)) == (2000, {6, 7})


def test_every_source_has_a_cause() -> None:
    assert {grant_cause(source) for source in LotSource} == {
        CauseKind.ORDER,
        CauseKind.DECISION,
        CauseKind.PROMOTION,
    }


def test_what_the_ledger_says_can_be_read() -> None:
    assert CreditTotals(1, 2, 3).total == 6
    told = str(Disagreement("acc_1", "lot_1", "held", "1", "2"))
    assert told == "acc_1 lot_1: held is 1, but the transfers say 2"
