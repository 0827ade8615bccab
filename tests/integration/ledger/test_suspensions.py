"""What refunds and disputes do to credits."""

import pytest

from jewelrymodel.ledger import operations, queries
from jewelrymodel.ledger.models import LotSuspension, Transfer
from jewelrymodel.ledger.movement_kinds import Cause, CauseKind, Side
from tests.support.ledger import NOW, Shop, later

pytestmark = pytest.mark.django_db
DISPUTE = Cause(CauseKind.DISPUTE, "dp_1")
REFUND = Cause(CauseKind.REFUND, "rf_1")


@pytest.fixture
def shop() -> Shop:
    return Shop.opened()


def test_a_lot_is_usable_again_when_no_cause_suspends_it(shop: Shop) -> None:
    lot = shop.grant(5)
    shop.suspend(lot, DISPUTE)
    shop.suspend(lot, DISPUTE)
    shop.suspend(lot, REFUND)
    assert LotSuspension.objects.count() == 2
    shop.reinstate(DISPUTE)
    assert shop.has() == (0, 0, 5)
    shop.reinstate(REFUND)
    assert shop.has() == (5, 0, 0)
    shop.suspend(lot, DISPUTE)
    assert LotSuspension.objects.filter(cause_id=DISPUTE.id).count() == 2
    words = [entry.words for entry in queries.statement(shop.account_id, NOW)]
    assert words[0] == "Suspended during a dispute"
    assert queries.verify() == []


def test_suspending_and_reinstating_answer_a_repeated_key_without_acting(shop: Shop) -> None:
    lot = shop.grant(5)
    for _ in range(2):
        operations.suspend(
            account_id=shop.account_id, lot_id=lot.id, cause=REFUND, idempotency_key="f", now=NOW
        )
    for _ in range(2):
        operations.reinstate(account_id=shop.account_id, cause=REFUND, idempotency_key="t", now=NOW)
    assert [e.operation for e in queries.statement(shop.account_id, NOW)] == [
        "reinstate",
        "suspend",
        "grant",
    ]
    with pytest.raises(operations.UnknownLot):
        operations.suspend(
            account_id=shop.account_id, lot_id="lot_x", cause=REFUND, idempotency_key="g", now=NOW
        )


def test_credits_that_come_back_suspended_stay_suspended(shop: Shop) -> None:
    lot = shop.grant(5, expires_at=later(days=1))
    hold = shop.hold(5)
    shop.suspend(lot, DISPUTE)
    shop.release(hold, now=later(days=2))
    assert shop.has(later(days=2)) == (0, 0, 5)
    shop.reinstate(DISPUTE, now=later(days=3))
    assert shop.has(later(days=3)) == (5, 0, 0)
    assert queries.verify() == []


def test_suspended_credits_expire_as_all_do(shop: Shop) -> None:
    shop.suspend(shop.grant(5, expires_at=later(days=1)), REFUND)
    before = queries.statement(shop.account_id, later(days=1))
    operations.expire_lots(now=later(days=1))
    assert queries.statement(shop.account_id, later(days=1)) == before
    assert (before[0].credits_out, before[0].credits_suspended) == (5, -5)


def test_a_refund_takes_back_what_is_left_with_its_continuations(shop: Shop) -> None:
    lot = shop.grant(10, paid_minor=1000, expires_at=later(days=1))
    hold = shop.hold(4)
    with pytest.raises(operations.LotStillHeld) as refused:
        shop.revoke(lot, REFUND)
    assert refused.value.held == 4
    shop.capture(hold, 1, now=later(days=2))
    for _ in range(2):
        assert shop.revoke(lot, REFUND, now=later(days=2)) == 3
    assert shop.revoke(lot, REFUND, key="again", now=later(days=2)) == 0
    assert shop.has(later(days=2)) == (0, 0, 0)
    gone = Transfer.objects.filter(from_kind=Side.LOT).exclude(to_kind=Side.LOT)
    assert sum(gone.values_list("value_minor", flat=True)) == 1000
    assert queries.verify() == []


def test_there_is_nothing_to_take_back_of_what_has_expired(shop: Shop) -> None:
    lot = shop.grant(5, expires_at=later(days=1))
    assert shop.revoke(lot, REFUND, now=later(days=1)) == 0
    words = [entry.words for entry in queries.statement(shop.account_id, later(days=1))]
    assert words == ["Revoked: purchase refunded", "Expired", "Credit pack"]


def test_debt_is_recorded_of_what_was_spent_and_eats_nothing(shop: Shop) -> None:
    lot = shop.grant(5)
    shop.capture(shop.hold(3), 3)
    with pytest.raises(operations.DebtBeyondConsumed):
        shop.owe(lot, 4, DISPUTE)
    for _ in range(2):
        assert shop.owe(lot, 2, DISPUTE) == 2
    with pytest.raises(operations.DebtBeyondConsumed):
        shop.owe(lot, 2, DISPUTE, key="more")
    assert shop.owe(lot, 1, DISPUTE, key="rest") == 1
    with pytest.raises(operations.BadQuantity):
        shop.owe(lot, 0, DISPUTE, key="none")
    shop.grant(7)
    assert shop.has() == (9, 0, 0)
    assert queries.verify() == []


def test_debt_follows_the_purchase_into_its_continuations(shop: Shop) -> None:
    lot = shop.grant(9, expires_at=later(days=1))
    unspent, hold = shop.hold(2), shop.hold(4)
    shop.release(unspent, now=later(days=2))
    shop.release(hold, now=later(days=3))
    shop.capture(shop.hold(3, now=later(days=3)), 3, now=later(days=3))
    assert shop.owe(lot, 3, DISPUTE) == 3
    assert set(Transfer.objects.filter(to_kind=Side.DEBT).values_list("quantity", flat=True)) == {
        2,
        1,
    }
    assert queries.verify() == []


def test_an_image_knows_that_its_credits_are_suspended(shop: Shop) -> None:
    lot = shop.grant(1)
    hold = shop.capture(shop.hold(1), 1)
    shop.grant(1)
    other = shop.capture(shop.hold(1), 1)
    assert not queries.is_made_from_suspended(hold.id)
    shop.suspend(lot, DISPUTE)
    assert queries.is_made_from_suspended(hold.id)
    assert not queries.is_made_from_suspended(other.id)
