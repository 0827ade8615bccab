"""Closing an account and what it bought: subscriptions, open orders, money that comes later."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test import Client

from jewelrymodel.accounts.models import Account, Membership
from jewelrymodel.payments.adapters.stripe_plan_changes import StripePlanChanges
from jewelrymodel.payments.gateway import ProcessorDown
from jewelrymodel.payments.models import Order, Receipt, Subscription
from jewelrymodel.payments.statuses import OrderState, PlanChangeState
from jewelrymodel.privacy import operations, queries
from jewelrymodel.privacy.models import AccountClosing
from tests.support.plan_changes import ChangingPlan
from tests.support.plans import Plan
from tests.support.refunds import follow, intend
from tests.support.shop import Sandbox, now, settle, start

DAY = timedelta(days=1)


def close(seller: Membership) -> AccountClosing:
    return operations.close_account(
        account_id=seller.account_id,
        user_id=seller.user_id,
        name=seller.account.name,
        now=now(),
        machine_now=now(),
    )


@pytest.mark.clause("3.2", "3.3")
def test_a_subscription_is_canceled_with_it_and_stays_so_when_it_is_kept(
    sandbox: Sandbox, seller: Membership
) -> None:
    plan = Plan(sandbox, seller)
    assert [one.pk for one in queries.renewing(account_id=seller.account_id)] == [plan.row.pk]
    closing = close(seller)
    assert closing.canceled == [plan.row.pk]
    assert plan.tell()  # the processor hears of it
    assert plan.row.cancel_requested_at == closing.closed_at
    assert not Order.objects.filter(state=OrderState.REFUND_DUE).exists()
    operations.keep_account(
        account_id=seller.account_id, user_id=seller.user_id, now=now(), machine_now=now()
    )
    assert not plan.row.renews


def test_a_renewal_that_was_charged_all_the_same_is_booked(
    sandbox: Sandbox, seller: Membership
) -> None:
    plan = Plan(sandbox, seller)
    Account.objects.update(closed_at=now())  # and the processor never heard of it
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    plan.look()
    assert Receipt.objects.count() == 2


@pytest.mark.clause("3.2")
def test_a_renewal_in_error_goes_on_until_its_money_went_back(
    sandbox: Sandbox, seller: Membership
) -> None:
    plan = Plan(sandbox, seller)
    plan.cancel()  # and the processor never heard of it
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    plan.look()
    order = Order.objects.get(state=OrderState.REFUND_DUE)
    charge = order.charges.get()
    assert held(seller) == [order.pk]
    follow(intend(charge, 900, lot=False))
    assert held(seller) == [order.pk]
    follow(intend(charge, charge.paid_minor - 900, why="dec_2", lot=False))
    assert held(seller) == []


def held(seller: Membership) -> list[str]:
    matters = queries.open_matters(account_id=seller.account_id, now=now())
    return [one.pk for one in matters.held_orders]


def test_an_order_that_can_still_be_paid_ends_first(sandbox: Sandbox, seller: Membership) -> None:
    checkout = start(seller)
    with pytest.raises(operations.MustEndFirst):
        close(seller)
    sandbox.pay(checkout.url)
    assert settle(checkout.order).state == OrderState.DELIVERED
    assert close(seller).credits > 0


def test_a_change_of_plan_that_can_be_paid_ends_first(sandbox: Sandbox, seller: Membership) -> None:
    plan = ChangingPlan(sandbox, seller)
    plan.half()
    sandbox.panel("faults", decline_renewals=1)
    assert plan.change(plan.quote()).is_payable
    with pytest.raises(operations.MustEndFirst):
        close(seller)
    browser = Client()
    browser.force_login(seller.user)
    page = " ".join(browser.get("/settings/close").content.decode().split())
    assert "Change to Atelier</a> (pay for it, or keep Bench)" in page
    assert 'name="name"' not in page
    plan.undo()
    plan.follow()
    assert not queries.open_matters(account_id=seller.account_id, now=now()).must_end_first
    assert close(seller).canceled == [plan.row.pk]


def test_a_change_of_plan_whose_answer_is_lost_ends_first_and_one_with_the_renewal_not(
    sandbox: Sandbox, seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = ChangingPlan(sandbox, seller)
    plan.schedule()
    assert not queries.open_matters(account_id=seller.account_id, now=now()).must_end_first
    plan.undo()
    plan.half()
    quote = plan.quote()
    with monkeypatch.context() as away:
        away.setattr(StripePlanChanges, "change_plan", _away)
        assert plan.change(quote).state == PlanChangeState.REQUESTED
    with pytest.raises(operations.MustEndFirst):
        close(seller)


def _away(*_args: object, **_named: object) -> None:
    raise ProcessorDown


def test_nothing_is_bought_for_a_closed_account(sandbox: Sandbox, seller: Membership) -> None:
    close(seller)
    with pytest.raises(IntegrityError, match="is closed"):
        start(seller)


@pytest.mark.clause("4.2")
def test_what_was_bought_stays_in_the_books_when_the_rest_is_gone(
    sandbox: Sandbox, seller: Membership
) -> None:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    order = settle(checkout.order)
    closing = close(seller)
    assert operations.erase_account(closing_id=closing.pk, now=closing.due_at, machine_now=now())
    order.refresh_from_db()
    assert (order.buyer_email, order.receipt.buyer["name"]) == ("ada@rings.example", "Ada's rings")
    assert Subscription.objects.count() == 0
