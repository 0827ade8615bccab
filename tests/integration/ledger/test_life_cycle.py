"""From a grant to what a task costs, in the words of the business."""

import pytest

from jewelrymodel.ledger import operations, queries
from jewelrymodel.ledger.movement_kinds import HoldState, LotSource, Operation
from tests.support.ledger import NOW, Shop, later

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop.opened()


def test_a_package_is_spent_image_by_image(shop: Shop) -> None:
    lot = shop.grant(300, paid_minor=2000)
    assert (lot.available, lot.held, lot.source) == (300, 0, LotSource.PACKAGE_ORDER)
    hold = shop.hold(4)
    assert shop.has() == (296, 4, 0)
    done = operations.capture(
        hold_id=hold.id, quantity=3, idempotency_key="c", now=later(minutes=1)
    )
    assert (done.state, done.captured) == (HoldState.CAPTURED, 3)
    assert shop.has() == (297, 0, 0)
    assert queries.verify() == []


@pytest.mark.clause("5.3")
def test_a_failed_task_costs_nothing_and_the_statement_shows_it(shop: Shop) -> None:
    shop.grant(10)
    hold = shop.hold(4)
    operations.release(hold_id=hold.id, idempotency_key="r", now=later(minutes=1))
    entries = queries.statement(shop.account_id, NOW)
    assert [e.operation for e in entries] == [Operation.RELEASE, Operation.HOLD, Operation.GRANT]
    assert [e.credits_returned for e in entries] == [4, 0, 0]
    assert [e.credits_held for e in entries] == [0, 4, 0]
    assert [e.credits_in for e in entries] == [0, 0, 10]
    assert [e.after.available for e in entries] == [10, 6, 10]
    assert entries[0].link.id == entries[1].link.id == "task_1"
    assert "cost nothing" in entries[0].words
