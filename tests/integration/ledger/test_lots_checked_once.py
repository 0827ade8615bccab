"""A lot is checked once when a transaction commits, and nothing gets past that check."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests.support.ledger import Shop

pytestmark = pytest.mark.django_db

_SPOIL = "UPDATE ledger_lot SET available = available + 1"


@pytest.fixture
def shop() -> Shop:
    """A lot of 50 whose every check has been made."""
    shop = Shop.opened()
    shop.grant(50)
    run("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED")
    return shop


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def number(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        (found,) = cursor.fetchone()
    return int(found)


def check() -> None:
    """Check now what waits for the commit, and let what comes wait again."""
    run("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED")


def refused(*statements: str) -> bool:
    """Whether the database refuses to commit *statements*, for a lot that disagrees."""
    try:
        with transaction.atomic():
            run(*statements)
            check()
    except DatabaseError as error:
        return "disagrees" in str(error)
    return False


@pytest.mark.parametrize("holds", [1, 20])
def test_a_lot_is_checked_once_however_many_holds_it_carries(shop: Shop, holds: int) -> None:
    run("SET LOCAL track_functions = 'pl'")
    calls = (
        "SELECT coalesce(sum(calls), 0) FROM pg_stat_xact_user_functions "
        "WHERE funcname = 'ledger_check_lot'"
    )
    before = number(calls)  # of the transaction before, whose figures may not be handed on yet
    for _ in range(holds):
        shop.capture(shop.hold(1), 1)
    assert number(calls) == before
    check()
    assert number(calls) == before + 1


def test_nothing_is_noted_once_all_is_checked(shop: Shop) -> None:
    shop.hold(1)
    notes = "SELECT count(*) FROM ledger_lot_to_check"
    assert number(notes) == 1
    check()
    assert number(notes) == 0


def test_what_touches_a_lot_after_an_early_check_has_it_checked_again(shop: Shop) -> None:
    shop.hold(1)
    check()
    assert refused(_SPOIL)


def test_a_lot_that_was_touched_before_is_checked_as_it_is_at_last(shop: Shop) -> None:
    shop.hold(1)
    assert refused(_SPOIL)


def test_a_savepoint_that_is_undone_undoes_its_notes_alone(shop: Shop) -> None:
    run("SAVEPOINT before_it", _SPOIL, "ROLLBACK TO before_it")
    check()
    run("SAVEPOINT before_it", _SPOIL, "ROLLBACK TO before_it")
    assert refused(_SPOIL)


def test_an_early_check_in_an_undone_savepoint_counts_as_none(shop: Shop) -> None:
    """The spoilt lot is noted outside it; inside, it is whole for the moment of its check."""
    assert refused(
        _SPOIL,
        "SAVEPOINT before_it",
        "UPDATE ledger_lot SET available = available - 1",
        "SET CONSTRAINTS ALL IMMEDIATE",
        "ROLLBACK TO before_it",
        "SET CONSTRAINTS ALL DEFERRED",
    )


def test_taking_the_note_away_prevents_no_check(shop: Shop) -> None:
    assert refused(_SPOIL, "DELETE FROM ledger_lot_to_check")


def test_a_note_can_t_be_changed_into_one_of_another_lot(shop: Shop) -> None:
    shop.hold(1)
    with pytest.raises(DatabaseError, match="stays"), transaction.atomic():
        run("UPDATE ledger_lot_to_check SET lot_id = 'lot_x'")


def test_a_note_that_was_written_beforehand_has_its_lot_checked(shop: Shop) -> None:
    assert refused(
        "INSERT INTO ledger_lot_to_check SELECT pg_current_xact_id(), id FROM ledger_lot", _SPOIL
    )
