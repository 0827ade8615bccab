"""The books of an installation in use say the same under the words of today."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from jewelrymodel.ledger import queries
from jewelrymodel.ledger.models import LotSuspension, Movement
from jewelrymodel.ledger.movement_kinds import Cause, CauseKind
from tests.support.former_schema import migrate_back
from tests.support.ledger import Shop, later

_BEFORE = "0004_continuation_days"
_DISPUTE, _REFUND = Cause(CauseKind.DISPUTE, "dsp_1"), Cause(CauseKind.REFUND, "ref_1")


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _refusal(sql: str) -> str:
    with (
        pytest.raises(DatabaseError) as refused,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    return str(refused.value)


@pytest.mark.usefixtures("committing_db")
def test_suspensions_are_converted_and_the_former_words_refused() -> None:
    shop = Shop.opened()
    lot = shop.grant(10)
    shop.suspend(lot, _DISPUTE)
    shop.reinstate(_DISPUTE, now=later(days=1))
    shop.suspend(lot, _REFUND)
    statement, has = queries.statement(shop.account_id, later(days=2)), shop.has(later(days=2))

    migrate_back("ledger", _BEFORE)
    assert _rows("SELECT operation, frozen_after FROM ledger_movement ORDER BY id") == [
        ("grant", 0),
        ("freeze", 10),
        ("thaw", 0),
        ("freeze", 10),
    ]
    assert _rows("SELECT cause_id, lifted_at FROM ledger_lot_freeze ORDER BY cause_id") == [
        ("dsp_1", later(days=1)),
        ("ref_1", None),
    ]
    assert "{lifted_at}" in _refusal(
        "UPDATE ledger_lot_freeze SET cause_id = 'x' WHERE lifted_at IS NULL"
    )

    call_command("migrate", verbosity=0)
    assert queries.statement(shop.account_id, later(days=2)) == statement
    assert (shop.has(later(days=2)), queries.verify()) == (has, [])
    change = "UPDATE ledger_lot_suspension SET cause_id = 'x' WHERE reinstated_at IS NULL"
    assert "{reinstated_at}" in _refusal(change)
    assert "stays" in _refusal("UPDATE ledger_lot_suspension SET reinstated_at = NULL")
    assert "stays" in _refusal("DELETE FROM ledger_lot_suspension")
    assert "stays" in _refusal("UPDATE ledger_movement SET operation = 'grant'")
    movement = Movement.objects.get(operation="reinstate")
    movement.pk, movement.idempotency_key, movement.operation = None, "new", "thaw"
    with pytest.raises(IntegrityError, match="ledger_movement_operation"), transaction.atomic():
        movement.save()
    shop.reinstate(_REFUND, now=later(days=3))
    assert not LotSuspension.objects.filter(reinstated_at__isnull=True).exists()
