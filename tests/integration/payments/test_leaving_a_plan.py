"""Leaving a plan and coming back: what is mailed, what the pages say, what a refund ends."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from jewelrymodel.accounts.models import Membership
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.infra import formats
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations
from jewelrymodel.payments.models import Charge, Order, Refund, Subscription
from tests.support.plans import Plan, letters, resume
from tests.support.shop import Sandbox, now

pytestmark = pytest.mark.django_db
MONTH_MINOR = 1900


@pytest.fixture
def plan(sandbox: Sandbox, seller: Membership) -> Plan:
    return Plan(sandbox, seller)


def give_back(
    plan: Plan, order: Order, amount: int = MONTH_MINOR, *, lot: bool = True, why: str = "dec_1"
) -> Refund:
    refund = operations.intend_refund(
        account_id=plan.account_id,
        charge_id=Charge.objects.get(order=order).pk,
        amount_minor=amount,
        decision_id=why,
        reason="6.1",
        revokes_credits=lot,
        now=plan.at,
    )
    return operations.follow_refund(refund_id=refund.pk, now=plan.at)


@pytest.mark.clause("3.2", "3.3", "3.5")
def test_canceling_is_confirmed_by_one_mail(plan: Plan, seller: Membership) -> None:
    plan.cancel()
    plan.cancel()
    (letter,) = letters(plan)
    assert mail.outbox[-1].to == [seller.user.email]
    end = f"{formats.moment(plan.row.period_ends_at)}"
    for words in (
        "Your Bench subscription was canceled",
        "You won’t be charged again (clause 3.2)",
        f"access and the subscription’s credits until {end}",
        "Canceling does not refund the current month (3.3)",
        f"resume your subscription under Billing until {end}",
        "/billing",
    ):
        assert words in letter
    assert letters(plan) == []


@pytest.mark.clause("3.1")
def test_resuming_is_confirmed_with_price_and_date(plan: Plan) -> None:
    plan.cancel()
    letters(plan)
    resume(plan)
    (letter,) = letters(plan)
    on = f"{formats.moment(plan.row.period_ends_at)}"
    for words in (
        "Your Bench subscription was resumed",
        "You weren’t charged now",
        f"It renews on {on} for $19.00, with 60 credits",
        "You can cancel at any time",
    ):
        assert words in letter
    plan.cancel()
    assert [one.partition(":")[0] for one in letters(plan)] == [
        "Your Bench subscription was canceled"
    ]


def test_a_plan_canceled_after_its_month_has_ended_and_the_mail_says_so(plan: Plan) -> None:
    plan.sandbox.panel("faults", decline_renewals=1)
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    plan.look()
    plan.cancel()
    (letter,) = letters(plan)
    assert "The renewal that was due won’t be collected" in letter
    assert "Your subscription has ended." in letter
    assert "resume your" not in letter


def test_price_and_date_are_said_before_a_plan_is_resumed(
    plan: Plan, seller: Membership, client: Client
) -> None:
    client.force_login(seller.user)
    address = f"/billing/subscriptions/{plan.row.id}/resume"
    assert client.get(address)["Location"] == "/billing", "there is nothing to resume"
    plan.cancel()
    assert f'href="{address}"' in client.get("/billing").content.decode()
    html = client.get(address).content.decode()
    end = plan.row.period_ends_at
    assert f"On {formats.moment(end)}, it renews for $19.00 and adds 60 credits" in html
    assert not plan.row.renews
    client.post(address)
    assert plan.row.renews


def test_a_paid_month_that_is_over_is_called_so_and_not_taken_back(
    plan: Plan, seller: Membership, client: Client
) -> None:
    """Also before the processor has said that it ended."""
    client.force_login(seller.user)
    plan.cancel()
    ended_at = now() - timedelta(minutes=1)
    Subscription.objects.update(
        period_ends_at=ended_at, period_starts_at=ended_at - timedelta(days=30)
    )
    html = client.get("/billing").content.decode()
    assert f"Ended on {formats.day(ended_at)}." in html
    assert "Resume subscription" not in html


def test_a_month_refunded_in_full_is_the_last(plan: Plan) -> None:
    give_back(plan, plan.order)
    assert plan.row.cancel_requested_at == plan.at
    entry = AuditEntry.objects.get(action="subscription.canceled")
    assert entry.actor == "system:refunds"
    assert plan.order.label in entry.reason
    assert ProcrastinateJob.objects.filter(task_name="payments.follow_subscription").exists()
    (letter,) = letters(plan)
    assert "was refunded in full, and its unused credits were removed" in letter
    assert "You keep what you’ve paid for" not in letter
    assert plan.tell()
    plan.go(plan.row.period_ends_at + timedelta(days=1))
    assert not plan.look().is_live
    assert Charge.objects.count() == 1
    assert plan.credits() == 0
    assert not ledger.verify()


def test_who_resumes_after_a_refund_stays_resumed(plan: Plan) -> None:
    refund = give_back(plan, plan.order)
    resume(plan)
    operations.follow_refund(refund_id=refund.pk, now=plan.at)
    assert plan.row.renews


def test_part_of_a_month_or_money_alone_ends_nothing(plan: Plan) -> None:
    give_back(plan, plan.order, 900)
    assert plan.row.renews
    give_back(plan, plan.order, 1000, lot=False, why="dec_2")
    assert plan.row.renews


def test_the_rest_of_a_month_given_back_ends_the_plan_too(plan: Plan) -> None:
    give_back(plan, plan.order, 900, lot=False)
    give_back(plan, plan.order, 1000, why="dec_2")
    assert not plan.row.renews


def test_an_earlier_month_given_back_leaves_the_running_one(plan: Plan) -> None:
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    plan.look()
    give_back(plan, plan.order)
    assert plan.row.renews
