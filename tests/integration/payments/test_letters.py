"""What is mailed when money was charged, and when a renewal was given up."""

from datetime import timedelta

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from jewelrymodel.accounts.models import Membership
from jewelrymodel.infra import formats
from jewelrymodel.payments import operations, tasks
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.statuses import SubscriptionState
from tests.support.plans import DAY, Plan, end_unpaid
from tests.support.shop import Sandbox, now, settle, start

pytestmark = pytest.mark.django_db
RENEWS_AFTER = "The payment covers the billing period from the day it was due"


@pytest.fixture
def plan(sandbox: Sandbox, seller: Membership) -> Plan:
    return Plan(sandbox, seller)


def letter(order: Order, at: Plan | None = None) -> str:
    """Confirm an order; return what was mailed, on one line."""
    assert operations.confirm_order(order_id=order.pk, now=at.at if at else now())
    sent = mail.outbox[-1]
    return f"{sent.subject}: {' '.join(str(sent.body).split())}"


def newest(plan: Plan) -> Order:
    return Order.objects.filter(subscription=plan.row).latest("number")


def renew(plan: Plan) -> Order:
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    plan.look()
    return newest(plan)


def work_off(plan: Plan) -> list[str]:
    """Do what was deferred for the plan, twice; return what was mailed about it, on one line."""
    sent = len(mail.outbox)
    for job in ProcrastinateJob.objects.filter(task_name="payments.tell_renewing"):
        tasks.tell_renewing(subject_id=job.args["subject_id"])
    return [f"{one.subject}: {' '.join(str(one.body).split())}" for one in mail.outbox[sent:]]


def test_a_package_is_confirmed_with_what_it_cost(sandbox: Sandbox, seller: Membership) -> None:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    told = letter(settle(checkout.order))
    for words in (
        "Receipt RCP-000001: $39.00 for Case: Thank you for buying Case!",
        f"We charged $39.00 to your card, Visa ending in 4242, on {formats.day(now())}.",
        "100 credits were added to your account. Credits never expire.",
        "This purchase doesn’t renew.",
        f"edition of {formats.day(checkout.order.terms_edition.edition_on)}:",
    ):
        assert words in told
    assert "renews next" not in told


@pytest.mark.clause("3.1", "3.2", "3.5")
def test_a_plan_that_begins_names_its_month_and_the_next_charge(plan: Plan) -> None:
    told, row = letter(plan.order), plan.row
    end = f"{formats.moment(row.period_ends_at)}"
    for words in (
        "Receipt RCP-000001: $19.00, your Bench subscription has started: Thank you!",
        "We charged $19.00 to your card",
        f"the billing period from {formats.day(row.period_starts_at)} to {end}",
        f"Your subscription renews next on {end} for $19.00",
        "You can cancel at any time under Billing; after that, you won’t be charged again (3.2): "
        "http://localhost:8000/billing",
    ):
        assert words in told
    assert RENEWS_AFTER not in told


def test_a_renewal_says_that_it_is_one_and_of_which_month(plan: Plan) -> None:
    begin = plan.row.period_ends_at
    told = letter(renew(plan), plan)
    end = f"{formats.moment(plan.row.period_ends_at)}"
    assert "Receipt RCP-000002: $19.00, your Bench subscription was renewed: Thank you!" in told
    assert f"the billing period from {formats.day(begin)} to {end}" in told
    assert f"renews next on {end} for $19.00" in told
    assert RENEWS_AFTER not in told


def test_an_older_months_late_mail_names_the_next_charge_of_today(plan: Plan) -> None:
    first_end = plan.row.period_ends_at
    renew(plan)
    told = letter(plan.order, plan)
    assert "has started" in told
    assert f"to {formats.moment(first_end)}" in told
    assert f"renews next on {formats.moment(plan.row.period_ends_at)}" in told


def test_a_renewal_that_was_paid_days_later_says_from_when_its_month_counts(plan: Plan) -> None:
    plan.sandbox.panel("faults", decline_renewals=1)
    due = plan.row.period_ends_at
    plan.go(due + timedelta(hours=2))
    plan.look()
    plan.go(plan.at + 4 * DAY)
    plan.look()
    told = letter(newest(plan), plan)
    assert f"{RENEWS_AFTER}, {formats.day(due)}, not from the day you paid" in told
    assert f"the billing period from {formats.day(due)} to" in told


def test_a_plan_that_was_canceled_meanwhile_promises_no_renewal(plan: Plan) -> None:
    plan.cancel()
    told = letter(plan.order)
    assert "You’ve canceled your subscription, so you won’t be charged again (3.2)." in told
    assert "renews next" not in told


@pytest.mark.parametrize("seen_past_due", [True, False])
def test_a_plan_that_could_not_be_collected_ends_with_one_mail(
    plan: Plan, seller: Membership, seen_past_due: bool
) -> None:
    due = plan.row.period_ends_at
    end_unpaid(plan, seen_past_due=seen_past_due)
    plan.look()
    (told,) = work_off(plan)
    assert mail.outbox[-1].to == [seller.user.email]
    ended_at = plan.row.ended_at
    assert ended_at is not None
    for words in (
        "Your Bench subscription has ended because we couldn’t renew it",
        f"due on {formats.day(due)}. Your subscription ended on {formats.day(ended_at)}.",
        "You weren’t charged for that renewal, and we won’t try again.",
        "You keep your images, your photos, and the credits from credit packs.",
        "You can subscribe again at any time, with the same payment method or a different one: "
        "http://localhost:8000/pricing",
    ):
        assert words in told
    assert work_off(plan) == []


def test_who_canceled_gets_no_second_mail_when_the_plan_ends(plan: Plan) -> None:
    plan.sandbox.panel("faults", decline_renewals=9)
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    plan.look()
    plan.cancel()
    assert len(work_off(plan)) == 1
    plan.go(plan.at + 30 * DAY)
    assert plan.look().state == SubscriptionState.CANCELED
    assert work_off(plan) == []
