"""What the database refuses, whoever asks: raw SQL, past every rule of ours."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from jewelrymodel.ledger.models import Hold, Lot, LotSuspension, Transfer
from jewelrymodel.ledger.movement_kinds import Cause, CauseKind
from tests.support import ledger as world
from tests.support.ledger import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    """A lot of 10: one hold of 2 captured, one of 3 open; the lot was suspended once."""
    shop = Shop.opened()
    lot = shop.grant(10, paid_minor=999)
    shop.capture(shop.hold(2), 2)
    shop.hold(3)
    cause = Cause(CauseKind.DISPUTE, "dp_1")
    shop.suspend(lot, cause)
    shop.reinstate(cause)
    return shop


def refused(sql: str, *values: object) -> str:
    """Return why the database refuses to commit *sql*."""
    with pytest.raises(DatabaseError) as error:
        commit(sql, *values)
    return str(error.value)


def commit(sql: str, *values: object) -> None:
    """Run *sql* and every check that waits for a commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def update(table: str, change: str, where: str = "true") -> str:
    return " ".join(("UPDATE", f"ledger_{table}", "SET", change, "WHERE", where))


@pytest.mark.parametrize("table", ["transfer", "movement", "hold_line", "entitlement_period"])
def test_what_is_written_once_is_never_changed(shop: Shop, table: str) -> None:
    world.grant_period(shop)
    assert "what is written there stays" in refused(update(table, "id = id"))


@pytest.mark.parametrize(
    "table",
    ["transfer", "movement", "hold_line", "entitlement_period", "lot", "hold", "lot_suspension"],
)
def test_nothing_is_removed(shop: Shop, table: str) -> None:
    world.grant_period(shop)
    assert "what is written there stays" in refused(" ".join(("DELETE FROM", f"ledger_{table}")))
    commit("SELECT 1")
    assert "what is written there stays" in refused(f"TRUNCATE ledger_{table} CASCADE")


def test_nobody_says_that_a_lot_is_live_but_its_amounts(shop: Shop) -> None:
    assert "is_live" in refused(update("lot", "is_live = false"))
    lot = Lot.objects.get()
    assert lot.is_live
    shop.capture(shop.hold(lot.available), lot.available)
    for hold in Hold.objects.filter(state="held"):
        shop.capture(hold, hold.quantity)
    lot.refresh_from_db()
    assert (lot.available, lot.held, lot.is_live) == (0, 0, False)


@pytest.mark.parametrize("change", ["quantity = 9", "paid_minor = 0", "expires_at = now()"])
def test_a_lot_stays_what_was_granted(shop: Shop, change: str) -> None:
    assert "only {available,held,is_live} may change" in refused(update("lot", change))


def test_a_lot_can_t_go_below_zero(shop: Shop) -> None:
    assert "ledger_lot_available" in refused(update("lot", "available = -1"))


@pytest.mark.parametrize(
    "change",
    ["available = available + 1", "available = 0, held = held + available", "held = 0"],
)
def test_a_lot_can_t_disagree_with_what_happened_to_it(shop: Shop, change: str) -> None:
    assert "disagrees" in refused(update("lot", change))


def test_a_hold_is_resolved_once(shop: Shop) -> None:
    again = update("hold", "state = 'released', captured = 0", "state = 'captured'")
    assert "what is written there stays" in refused(again)


@pytest.mark.parametrize(
    "change",
    [
        "state = 'released'",
        "state = 'captured', captured = 4, resolved_at = now()",
        "state = 'captured', captured = 0, resolved_at = now()",
        "captured = 1",
    ],
)
def test_a_hold_has_one_whole_resolution(shop: Shop, change: str) -> None:
    sql = update("hold", change, "state = 'held'")
    assert "ledger_hold_one_resolution" in refused(sql)


def test_a_hold_can_t_be_resolved_without_moving_its_credits(shop: Shop) -> None:
    spent = "state = 'captured', captured = 3, resolved_at = now()"
    assert "disagrees" in refused(update("hold", spent, "state = 'held'"))
    freed = "state = 'released', resolved_at = now()"
    assert "disagrees" in refused(update("hold", freed, "state = 'held'"))


def test_a_hold_can_t_be_made_of_nothing(shop: Shop) -> None:
    sql = (
        "INSERT INTO ledger_hold (id, account_id, subject, quantity, state, captured, created_at) "
        "VALUES ('hold_x', %s, 't', 1, 'held', 0, now())"
    )
    assert "disagrees" in refused(sql, shop.account_id)


def test_a_line_can_t_be_added_to_a_hold(shop: Shop) -> None:
    lot = shop.grant(1)
    sql = (
        "INSERT INTO ledger_hold_line (account_id, hold_id, position, lot_id, quantity) "
        "SELECT account_id, id, 9, %s, 1 FROM ledger_hold WHERE state = 'held'"
    )
    assert "disagrees" in refused(sql, lot.id)


def transfer(
    *, sides: tuple[str, str] = ("lot", "consumed"), quantity: int = 1, offset: int = 2
) -> tuple[str, list[object]]:
    """The SQL of one more transfer on the shop's lot."""
    sql = (
        "INSERT INTO ledger_transfer (id, account_id, movement_id, from_kind, from_lot_id, to_kind,"
        " to_lot_id, quantity, from_offset, value_minor) SELECT 'tr_x', account_id, movement_id,"
        " %s, from_lot_id, %s, to_lot_id, %s, %s, 0 FROM ledger_transfer LIMIT 1"
    )
    return sql, [*sides, quantity, offset]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({}, "disagrees"),
        ({"quantity": 0}, "ledger_transfer_quantity"),
        ({"offset": 7}, "had left"),
        ({"offset": 0}, "ledger_transfer_in_order"),
        ({"sides": ("consumed", "lot")}, "ledger_transfer_sides"),
        ({"sides": ("lot", "lot")}, "ledger_transfer_lots"),
        ({"sides": ("issued", "lot"), "offset": 10}, "ledger_transfer_fills_once"),
    ],
)
def test_a_transfer_can_t_be_invented(shop: Shop, wrong: dict[str, Any], why: str) -> None:
    sql, values = transfer(**wrong)
    assert why in refused(sql, *values)


def test_nothing_of_another_account_can_be_named(shop: Shop) -> None:
    other = Shop.opened()
    for table in (LotSuspension, Transfer, Hold, Lot):
        assert table.objects.filter(account_id=shop.account_id).exists()
    sql = (
        "INSERT INTO ledger_lot_suspension "
        "(id, account_id, lot_id, cause_kind, cause_id, created_at) "
        "SELECT 'sus_x', %s, id, 'dispute', 'dp_2', now() FROM ledger_lot"
    )
    assert "ledger_lot_suspension_of_lot" in refused(sql, other.account_id)


def test_a_lifted_suspension_stays_as_it_is(shop: Shop) -> None:
    assert "stays" in refused(update("lot_suspension", "reinstated_at = NULL"))
