"""Which of two like purchases is the repeat: the one whose money was taken later (edge 5)."""

from datetime import timedelta

import pytest

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments import queries
from jewelrymodel.payments.models import Order
from tests.support.shop import Sandbox, now, settle, start

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def placed(sandbox: Sandbox, seller: Membership) -> tuple[Order, Order]:
    """Two orders of the same package, placed half an hour apart, not paid yet."""
    older = start(seller, key="the-older-page", at=now() - 30 * MINUTE)
    return older.order, start(seller, key="the-newer-page").order


def pay(sandbox: Sandbox, order: Order, *, after: timedelta) -> None:
    sandbox.panel("clock", offset_s=round(after.total_seconds()))
    sandbox.pay(order.session_url)
    settle(order)


def test_the_later_charge_is_the_repeat_whichever_was_ordered_first(
    sandbox: Sandbox, placed: tuple[Order, Order]
) -> None:
    older, newer = placed
    pay(sandbox, newer, after=timedelta())
    pay(sandbox, older, after=5 * MINUTE)
    assert queries.same_purchases(since=now() - 10 * MINUTE) == [(newer, older)]
    assert queries.same_purchases(since=now() + 4 * MINUTE) == [(newer, older)]
    assert queries.same_purchases(since=now() + 6 * MINUTE) == []


def test_ordered_together_but_paid_apart_is_no_repeat(
    sandbox: Sandbox, seller: Membership, placed: tuple[Order, Order]
) -> None:
    newer, newest = placed[1], start(seller, key="the-newest-page").order
    pay(sandbox, newer, after=timedelta())
    pay(sandbox, newest, after=11 * MINUTE)
    assert queries.same_purchases(since=now() - 60 * MINUTE) == []
