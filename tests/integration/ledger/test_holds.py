"""Reserving, spending and returning credits across several lots and through time."""

from datetime import timedelta

import pytest
from django.db import connection

from jewelrymodel.ledger import operations, queries
from jewelrymodel.ledger.models import Hold, Lot, Movement
from jewelrymodel.ledger.movement_kinds import Cause, CauseKind, LotSource
from tests.support.ledger import NOW, Shop, later

pytestmark = pytest.mark.django_db
DISPUTE = Cause(CauseKind.DISPUTE, "dp_1")


@pytest.fixture
def shop() -> Shop:
    return Shop.opened()


def lots_of(hold: Hold) -> list[tuple[str, int]]:
    return list(hold.lines.order_by("position").values_list("lot_id", "quantity"))


def test_credits_burn_by_expiry_then_unpaid_then_oldest(shop: Shop) -> None:
    paid = shop.grant(2, paid_minor=100)
    younger = shop.grant(2, paid_minor=100, now=later(hours=1))
    free = shop.grant(2, source=LotSource.PROMOTION, now=later(hours=2))
    soon_paid = shop.grant(2, paid_minor=100, expires_at=later(days=2))
    soon_free = shop.grant(2, source=LotSource.PROMOTION, expires_at=later(days=2))
    first = shop.grant(2, paid_minor=100, expires_at=later(days=1))
    hold = shop.hold(11, now=later(hours=3))
    assert lots_of(hold) == [
        (first.id, 2),
        (soon_free.id, 2),
        (soon_paid.id, 2),
        (free.id, 2),
        (paid.id, 2),
        (younger.id, 1),
    ]
    balance = queries.balance(shop.account_id, later(hours=3))
    assert [lot.lot_id for lot in balance.lots] == [lot_id for lot_id, _ in lots_of(hold)]


def test_too_few_credits_say_how_many_and_change_nothing(shop: Shop) -> None:
    shop.grant(3)
    with pytest.raises(operations.NotEnoughCredits, match="needed=4, available=3") as refused:
        shop.hold(4)
    assert (refused.value.needed, refused.value.available) == (4, 3)
    assert not isinstance(refused.value, operations.LotSuspended)
    assert shop.has() == (3, 0, 0)
    assert Hold.objects.count() == 0


def test_an_account_without_credits_has_none(shop: Shop) -> None:
    with pytest.raises(operations.NotEnoughCredits):
        shop.hold(1)
    with pytest.raises(operations.UnknownAccount):
        Shop("acc_nobody", shop.numbers).hold(1)


def test_a_partial_capture_spends_what_burns_first(shop: Shop) -> None:
    first = shop.grant(2, expires_at=later(days=1))
    shop.grant(5)
    shop.capture(shop.hold(4), 3)
    assert Lot.objects.get(pk=first.id).available == 0
    assert shop.has() == (4, 0, 0)


@pytest.mark.parametrize("quantity", [0, -1])
def test_no_quantity_is_no_request(shop: Shop, quantity: int) -> None:
    shop.grant(3)
    hold = shop.hold(1)
    with pytest.raises(operations.BadQuantity):
        shop.hold(quantity)
    with pytest.raises(operations.BadQuantity):
        shop.capture(hold, quantity)
    with pytest.raises(operations.CaptureBeyondHold):
        shop.capture(hold, 2)
    assert shop.has() == (2, 1, 0)


def test_a_hold_is_resolved_exactly_once(shop: Shop) -> None:
    shop.grant(3)
    hold = shop.hold(2)
    shop.capture(hold, 1)
    for again in (lambda: shop.capture(hold, 1), lambda: shop.release(hold)):
        with pytest.raises(operations.HoldAlreadyResolved):
            again()
    assert shop.has() == (2, 0, 0)
    with pytest.raises(operations.UnknownHold):
        operations.release(hold_id="hold_none", idempotency_key="r", now=NOW)


def test_a_repeated_key_answers_with_the_first_result(shop: Shop) -> None:
    shop.grant(9)
    arguments = {"account_id": shop.account_id, "subject": "t", "idempotency_key": "k"}
    hold = operations.hold(**arguments, quantity=2, now=NOW)
    assert operations.hold(**arguments, quantity=2, now=later(days=1)) == hold
    with pytest.raises(operations.IdempotencyKeyReused):
        operations.hold(**arguments, quantity=3, now=NOW)
    for _ in range(2):
        done = operations.capture(hold_id=hold.id, quantity=2, idempotency_key="c", now=NOW)
        assert done.captured == 2
    with pytest.raises(operations.IdempotencyKeyReused):
        operations.capture(hold_id=hold.id, quantity=1, idempotency_key="c", now=NOW)
    other = shop.hold(1)
    for _ in range(2):
        operations.release(hold_id=other.id, idempotency_key="c", now=NOW)
    assert shop.has() == (7, 0, 0)


def test_released_credits_go_back_to_their_lot_while_it_lives(shop: Shop) -> None:
    lot = shop.grant(5, expires_at=later(days=2))
    shop.release(shop.hold(3), now=later(days=1))
    assert Lot.objects.get().available == lot.quantity


@pytest.mark.parametrize(
    ("held_before_expiry", "life"),
    [(timedelta(days=20), timedelta(days=20)), (timedelta(hours=1), timedelta(days=7))],
)
def test_credits_that_come_back_into_an_expired_lot_live_on(
    shop: Shop, held_before_expiry: timedelta, life: timedelta
) -> None:
    ends, back = later(days=30), later(days=31)
    lot = shop.grant(300, paid_minor=2000, expires_at=ends)
    shop.capture(shop.hold(1), 1)
    hold = shop.hold(4, now=ends - held_before_expiry)
    shop.capture(hold, 1, now=back)
    assert shop.has(back) == (3, 0, 0)
    continuation = Lot.objects.get(continues=lot)
    assert (continuation.expires_at, continuation.source) == (back + life, lot.source)
    assert continuation.source_ref == lot.source_ref
    assert continuation.paid_minor in (20, 19)
    assert queries.verify() == []


def test_an_expired_lot_is_not_spendable_before_the_sweeper_comes(shop: Shop) -> None:
    ends = later(days=1)
    shop.grant(5, expires_at=ends)
    hold = shop.hold(2)
    assert shop.has(ends - timedelta(microseconds=1)) == (3, 2, 0)
    assert shop.has(ends) == (0, 2, 0)
    with pytest.raises(operations.NotEnoughCredits):
        shop.hold(1, now=ends)
    before = queries.statement(shop.account_id, ends)
    assert operations.expire_lots(now=ends) == 1
    assert operations.expire_lots(now=ends) == 0
    assert queries.statement(shop.account_id, ends) == before
    assert (before[0].credits_out, before[0].after.held, before[0].happened_at) == (3, 2, ends)
    shop.capture(hold, 2, now=later(days=2))
    assert queries.verify() == []


def test_an_operation_writes_down_what_has_expired_before_it(shop: Shop) -> None:
    shop.grant(5, expires_at=later(days=1))
    shop.grant(5)
    shop.hold(1, now=later(days=2))
    entries = queries.statement(shop.account_id, later(days=2))
    assert [e.operation for e in entries] == ["hold", "expire", "grant", "grant"]
    assert [e.after.available for e in entries] == [4, 5, 10, 5]
    assert queries.statement(shop.account_id, later(days=2), limit=2) == entries[:2]
    assert Movement.objects.count() == 4


def test_suspended_credits_are_kept_but_not_lent(shop: Shop) -> None:
    lot = shop.grant(5)
    hold = shop.hold(2)
    shop.suspend(lot, DISPUTE)
    shop.grant(1)
    with pytest.raises(operations.LotSuspended) as refused:
        shop.hold(2)
    assert (refused.value.needed, refused.value.available) == (2, 1)
    shop.capture(hold, 1)
    assert shop.has() == (1, 0, 4)
    assert queries.verify() == []


def test_what_is_reserved_and_used_writes_no_index_of_its_lot_anew(shop: Shop) -> None:
    shop.grant(10)
    rewritten = moves_of_indexes()
    shop.capture(shop.hold(2), 1)
    shop.release(shop.hold(3))
    assert Lot.objects.get().available == 9
    assert moves_of_indexes() == rewritten


def moves_of_indexes() -> int:
    """How often this transaction wrote a lot's indexes anew for a change of the lot."""
    asked = "SELECT n_tup_upd - n_tup_hot_upd FROM pg_stat_xact_user_tables WHERE relname = %s"
    with connection.cursor() as cursor:
        cursor.execute(asked, ["ledger_lot"])
        return int(cursor.fetchone()[0])
