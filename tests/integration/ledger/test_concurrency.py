"""Real threads on real connections: what is checked inside the lock stays true."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection

from jewelrymodel.ledger import operations, queries
from jewelrymodel.ledger.models import Hold, Lot, Transfer, Wallet
from jewelrymodel.ledger.movement_kinds import HoldState, LotSource
from tests.support.ledger import NOW, Shop

pytestmark = pytest.mark.usefixtures("committing_db")
T = TypeVar("T")


def at_once(calls: list[Callable[[], T]]) -> list[T | operations.LedgerRefusal]:
    """Run every call in a thread of its own, started together; return results and refusals."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], T]) -> T | operations.LedgerRefusal:
        try:
            barrier.wait()
            return call()
        except operations.LedgerRefusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_two_tabs_with_credits_for_one_image() -> None:
    shop = Shop.opened()
    shop.grant(1)
    results = at_once([lambda: shop.hold(1), lambda: shop.hold(1)])
    refused = [r for r in results if isinstance(r, operations.NotEnoughCredits)]
    assert len(refused) == 1
    assert (refused[0].needed, refused[0].available) == (1, 0)
    assert shop.has() == (0, 1, 0)
    assert queries.verify() == []


def test_a_double_click_holds_once() -> None:
    shop = Shop.opened()
    shop.grant(5)

    def click() -> Hold:
        return operations.hold(
            account_id=shop.account_id, quantity=2, subject="t", idempotency_key="k", now=NOW
        )

    results = at_once([click] * 4)
    assert len({r.id for r in results if isinstance(r, Hold)}) == 1
    assert shop.has() == (3, 2, 0)


def test_capture_and_release_at_once_resolve_once() -> None:
    shop = Shop.opened()
    shop.grant(5)
    hold = shop.hold(2)
    results = at_once([lambda: shop.capture(hold, 2), lambda: shop.release(hold)])
    assert sum(isinstance(r, operations.HoldAlreadyResolved) for r in results) == 1
    captured = Hold.objects.get().state == HoldState.CAPTURED
    assert shop.has() == ((3 if captured else 5), 0, 0)
    assert queries.verify() == []


def test_a_webhook_that_comes_twice_at_once_grants_once() -> None:
    shop = Shop.opened()

    def settle(key: str) -> Lot:
        return operations.grant(
            account_id=shop.account_id,
            source=LotSource.PACKAGE_ORDER,
            source_ref="order_1",
            quantity=300,
            paid_minor=2000,
            currency="EUR",
            expires_at=None,
            idempotency_key=key,
            now=NOW,
        )

    at_once([lambda: settle("a"), lambda: settle("a"), lambda: settle("b")])
    assert (Lot.objects.count(), Wallet.objects.count()) == (1, 1)
    assert Transfer.objects.count() == 1


def test_many_threads_on_one_account_keep_the_books_right() -> None:
    shop = Shop.opened()
    shop.grant(6)
    shop.grant(6)

    def make_one() -> Hold:
        hold = shop.hold(1)
        return shop.capture(hold, 1) if int(hold.id[-1], 36) % 2 else shop.release(hold)

    results = at_once([make_one] * 12)
    spent = sum(r.captured for r in results if isinstance(r, Hold))
    assert shop.has() == (12 - spent, 0, 0)
    assert queries.verify() == []
