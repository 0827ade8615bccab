"""Only what came since the books were last found right is looked at, but all of that."""

from contextlib import closing

import pytest
from django.db import connection

from jewelrymodel.config.commands import ledger as command
from jewelrymodel.ledger import operations
from jewelrymodel.ledger.models import Movement, Verification
from jewelrymodel.ledger.operations import verification
from tests.support.ledger import NOW, Shop

pytestmark = pytest.mark.usefixtures("committing_db")
_WRONG = "UPDATE ledger_movement SET available_after = available_after + 1 WHERE id = %s"


def _plant(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET session_replication_role = origin")


def _spend(shop: Shop, quantity: int) -> int:
    shop.capture(shop.hold(quantity), quantity)
    return int(Movement.objects.order_by("-id").values_list("id", flat=True)[0])


def _noted() -> list[tuple[int, bool]]:
    return list(Verification.objects.order_by("id").values_list("movement_id", "is_whole"))


def test_what_was_right_before_is_not_looked_at_again() -> None:
    shop = Shop.opened()
    shop.grant(10, paid_minor=999)
    first = _spend(shop, 3)
    assert operations.verify_newest(machine_now=NOW) == []
    assert _noted() == [(first, True)]

    second = _spend(shop, 2)
    assert operations.verify_newest(machine_now=NOW) == []
    assert _noted() == [(first, True), (second, False)]

    _plant(_WRONG, first)
    assert operations.verify_newest(machine_now=NOW) == []
    (found,) = operations.verify(machine_now=NOW)
    assert (found.subject, found.what) == (f"movement {first}", "credits after it")
    assert len(_noted()) == 3


def test_what_is_wrong_since_then_is_named_until_it_is_right() -> None:
    shop = Shop.opened()
    shop.grant(10, paid_minor=999)
    first = _spend(shop, 3)
    operations.verify(machine_now=NOW)
    newest = _spend(shop, 2)
    _plant(_WRONG, newest)
    _plant("UPDATE ledger_transfer SET value_minor = 1 WHERE movement_id = %s", newest)
    for _ in range(2):
        found = operations.verify_newest(machine_now=NOW)
        assert {one.what for one in found} == {"credits after it", "value_minor"}
    assert _noted() == [(first, True)]


def test_a_lot_that_still_has_credits_is_looked_at_however_old() -> None:
    shop = Shop.opened()
    shop.grant(10, paid_minor=999)
    operations.verify(machine_now=NOW)
    _plant("UPDATE ledger_lot SET available = 11")
    (found,) = operations.verify_newest(machine_now=NOW)
    assert (found.what, found.recorded, found.computed) == ("available", "11", "10")


def test_nothing_is_noted_while_an_earlier_transaction_may_still_write(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop = Shop.opened()
    shop.grant(10)
    other = connection.copy()
    # Only as long as it has to: another database's transactions are waited for as well.
    with monkeypatch.context() as patch, closing(other), other.cursor() as cursor:
        patch.setattr(verification, "_WAIT_S", 0.1)
        cursor.execute("BEGIN")
        cursor.execute("SELECT FROM ledger_wallet FOR UPDATE")
        assert operations.verify(machine_now=NOW) == []
        assert _noted() == []
    assert operations.verify(machine_now=NOW) == []
    assert len(_noted()) == 1


def test_the_command_says_what_it_looks_at(capsys: pytest.CaptureFixture[str]) -> None:
    Shop.opened().grant(10)
    assert (command.verify(newest=False), command.verify(newest=True)) == (0, 0)
    said = capsys.readouterr()
    assert said.err.count("looking at movements") == 2
    assert [is_whole for _, is_whole in _noted()] == [True, False]
