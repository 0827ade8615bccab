"""A page of the statement reads that page, however long the statement is (F2)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jewelrymodel.accounts import operations as accounts
from jewelrymodel.accounts.models import Membership
from jewelrymodel.infra.clock import real_now
from jewelrymodel.ledger import operations, queries
from jewelrymodel.ledger.models import Movement
from jewelrymodel.ledger.movement_kinds import LotSource
from jewelrymodel.ledger.queries.balance_history import POINTS
from tests.support.ledger import NOW, Shop, later
from tests.support.reads import rows_loaded

pytestmark = pytest.mark.django_db


def busy_shop(holds: int) -> Shop:
    """A shop with a lot that has expired, and so many jobs that came to nothing after it."""
    shop = Shop.opened()
    shop.grant(3, expires_at=later(days=40))
    shop.grant(9)
    for number in range(holds):
        at = later(hours=number)
        shop.release(shop.hold(2, now=at, subject=f"task_{number}"), now=at)
    return shop


def test_pages_put_together_are_the_whole_statement() -> None:
    shop, at = busy_shop(5), later(days=50)
    whole = queries.statement(shop.account_id, at)
    assert queries.statement_length(shop.account_id, at) == len(whole) == 13
    assert [line.operation for line in whole[:2]] == ["expire", "release"]
    for size in (1, 4, 20):
        pages = [
            queries.statement(shop.account_id, at, limit=size, offset=offset)
            for offset in range(0, len(whole), size)
        ]
        assert tuple(line for page in pages for line in page) == whole


def test_the_balance_over_time_follows_the_statement() -> None:
    shop = Shop.opened()
    assert queries.balance_over_time(shop.account_id, NOW, available=0) == []
    shop.grant(10, expires_at=later(days=9))
    shop.hold(4, now=later(days=3))
    free = queries.balance(shop.account_id, later(days=9)).available
    points = queries.balance_over_time(shop.account_id, later(days=9), available=free)
    assert [value for at, value in points if at < later(days=3)] == [10] * (POINTS // 3 + 1)
    assert {value for at, value in points[:-1] if at >= later(days=3)} == {6}
    assert points[-1] == (later(days=9), 0), "expired, and no sweeper has come by"


def seller(movements: int) -> Membership:
    now = real_now()
    owner = accounts.register(
        email=f"of{movements}@rings.example", password=None, account_name="Ida", now=now
    )
    for number in range(movements):
        operations.grant(
            account_id=owner.account_id,
            source=LotSource.PROMOTION,
            source_ref=f"welcome_{number}",
            quantity=1,
            paid_minor=0,
            currency="",
            expires_at=now - timedelta(minutes=movements - number - 1),
            idempotency_key=f"grant_{number}",
            now=now - timedelta(minutes=movements - number),
        )
    return owner


def test_the_credits_page_reads_as_much_of_a_long_statement_as_of_a_short_one() -> None:
    read = []
    for movements in (60, 180):
        client, owner = Client(), seller(movements)
        client.force_login(owner.user)
        with CaptureQueriesContext(connection) as asked, rows_loaded(Movement) as loaded:
            page = client.get("/credits")
        assert page.status_code == 200
        read.append((len(loaded), len(asked)))
        assert page.content.count(b'<th scope="row">') == 50
        assert len(page.content) < 60_000
    assert read[0] == read[1]
    assert read[0][0] <= 50
