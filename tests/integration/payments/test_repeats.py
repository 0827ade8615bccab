"""Which of two like purchases is the repeat: the one whose money was taken later (edge 5)."""

from datetime import timedelta

import pytest

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments import queries
from jewelrymodel.payments.models import Order
from tests.support.plans import Plan
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


def test_a_renewal_is_no_purchase_that_a_new_subscription_could_repeat(
    sandbox: Sandbox, seller: Membership
) -> None:
    sandbox.panel("faults", draft_invoice_s=0)  # both within minutes
    plan = Plan(sandbox, seller)
    plan.go(plan.row.period_ends_at + MINUTE)
    plan.look()
    plan.cancel()
    again = start(seller, sku="bench", key="another-page", at=plan.at).order
    sandbox.pay(again.session_url)
    settle(again)
    renewal = Order.objects.get(session_id__isnull=True)
    assert renewal.product_version_id == again.product_version_id
    assert queries.same_purchases(since=plan.at - 10 * MINUTE) == []
    again.refresh_from_db()
    assert queries.same_purchases_as(again) == []


def test_a_purchase_is_one_also_when_who_placed_it_is_no_user_any_more(
    sandbox: Sandbox, placed: tuple[Order, Order]
) -> None:
    older, newer = placed
    pay(sandbox, older, after=timedelta())
    pay(sandbox, newer, after=5 * MINUTE)
    Order.objects.update(placed_by=None)
    assert queries.same_purchases(since=now() - 10 * MINUTE) == [(older, newer)]
