"""Whatever is wrong in the books, verify names it: each wrong is planted behind the triggers."""

import pytest
from django.db import connection

from jewelrymodel.config.commands import ledger as command
from jewelrymodel.ledger import queries, tasks
from jewelrymodel.ledger.models import Lot
from tests.support.ledger import Shop, later

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    """A lot of 10 with 3 spent, 2 held; the spent ones were reserved as 4."""
    shop = Shop.opened()
    shop.grant(10, paid_minor=999)
    shop.capture(shop.hold(4), 3)
    shop.hold(2)
    return shop


def plant(sql: str) -> None:
    """Change the books as only a superuser can, with every trigger off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET session_replication_role = origin")


def test_right_books_have_nothing_to_say(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.verify(newest=False) == 0
    assert "agree" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("UPDATE ledger_lot SET available = 6", {("available", "6", "5")}),
        ("UPDATE ledger_lot SET held = 1", {("held", "1", "2")}),
        ("UPDATE ledger_lot SET quantity = 9", {("quantity", "9", "10")}),
        ("UPDATE ledger_lot SET paid_minor = 1000", {("paid_minor", "1000", "999")}),
        (
            "UPDATE ledger_transfer SET value_minor = 1 WHERE to_kind = 'consumed'",
            {("value_minor", "1", "299")},
        ),
        (
            "UPDATE ledger_transfer SET from_offset = 1 WHERE to_kind = 'consumed'",
            {("from_offset", "1", "0")},
        ),
        (
            "UPDATE ledger_hold SET quantity = 5 WHERE state = 'captured'",
            {("quantity", "5", "4")},
        ),
        ("UPDATE ledger_hold SET captured = 2 WHERE state = 'captured'", {("captured", "2", "3")}),
        (
            "UPDATE ledger_movement SET available_after = 9 WHERE operation = 'capture'",
            {("credits after it", "9", "7")},
        ),
        (
            "UPDATE ledger_movement SET held_after = 0, suspended_after = 4 WHERE held_after = 4",
            {("held after it", "0", "4")},
        ),
    ],
)
def test_a_wrong_number_is_named(shop: Shop, sql: str, expected: set[tuple[str, str, str]]) -> None:
    plant(sql)
    for found in (queries.verify(), queries.verify_since(0)):
        assert {(d.what, d.recorded, d.computed) for d in found} >= expected
        assert {d.account_id for d in found} == {shop.account_id}


def test_more_spent_than_a_line_had_is_named(shop: Shop) -> None:
    plant("UPDATE ledger_transfer SET quantity = 5 WHERE to_kind = 'consumed'")
    for found in (queries.verify(), queries.verify_since(0)):
        lines = [d for d in found if d.what.startswith("line of lot_")]
        assert ("4", "5") in {(d.recorded, d.computed) for d in lines}


def test_more_owed_than_spent_is_named(shop: Shop) -> None:
    plant(
        "INSERT INTO ledger_transfer (id, account_id, movement_id, from_kind, from_lot_id, to_kind,"
        " to_lot_id, quantity, from_offset, value_minor) SELECT 'tr_x', account_id, movement_id,"
        " 'consumed', from_lot_id, 'debt', to_lot_id, 4, 0, 399 FROM ledger_transfer LIMIT 1"
    )
    for found in (queries.verify(), queries.verify_since(0)):
        assert ("debt", "4", "3") in {(d.what, d.recorded, d.computed) for d in found}


def test_the_command_prints_row_by_row(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    plant("UPDATE ledger_lot SET available = 6")
    assert command.verify(newest=False) == 1
    lot = Lot.objects.get()
    first, last = capsys.readouterr().out.splitlines()
    assert first == (f"{shop.account_id} {lot.id}: available is 6, but the transfers say 5")
    assert last == "1 disagreements; nothing was changed."


def test_the_sweeper_is_run_by_the_queue(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.grant(1, expires_at=later(days=1))
    monkeypatch.setattr(tasks.clock, "now", lambda: later(days=1))
    tasks.expire_lots(timestamp=0)
    assert shop.has(later(days=1)) == shop.has() == (5, 2, 0)
    assert "ledger.expire_lots" in {task.name for task in tasks.app.tasks.values()}
