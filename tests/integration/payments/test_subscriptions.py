"""A plan over time, against the sandbox's clock: clauses 3.1, 3.2, 3.3 and 3.5."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from jewelrymodel.accounts.models import Membership
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations, queries
from jewelrymodel.payments.gateway import ProcessorDown
from jewelrymodel.payments.models import Charge, Order, Receipt, Subscription
from jewelrymodel.payments.statuses import OrderState, SubscriptionState
from tests.support.plans import DAY, Plan
from tests.support.shop import DECLINED, Sandbox, now, settle, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(sandbox: Sandbox, seller: Membership) -> Plan:
    return Plan(sandbox, seller)


@pytest.mark.clause("2.2", "3.5")
def test_subscribing_brings_the_periods_credits_and_access_until_its_end(plan: Plan) -> None:
    ends_at = plan.row.period_ends_at
    assert (plan.order.state, plan.order.subscription_id) == (OrderState.DELIVERED, plan.row.id)
    assert plan.credits() == 60
    assert "studio" in ledger.features(plan.account_id, ends_at - timedelta(seconds=1))
    assert not ledger.features(plan.account_id, ends_at)
    assert (plan.credits(ends_at - timedelta(seconds=1)), plan.credits(ends_at)) == (60, 0)
    assert {"3.1", "3.2", "3.3", "3.5"} <= {one["id"] for one in plan.order.disclosures}


def test_a_declined_card_subscribes_nobody(sandbox: Sandbox, seller: Membership) -> None:
    checkout = start(seller, sku="bench")
    sandbox.pay(checkout.url, DECLINED)
    assert settle(checkout.order).state == OrderState.AWAITING_PAYMENT
    assert not Subscription.objects.exists()


@pytest.mark.clause("3.1")
def test_each_renewal_is_an_order_of_its_own_and_counts_once(plan: Plan) -> None:
    first_end = plan.row.period_ends_at
    plan.go(first_end + timedelta(hours=2))
    assert [plan.look().state for _ in range(3)] == [SubscriptionState.ACTIVE] * 3
    orders = list(Order.objects.order_by("created_at"))
    assert [order.state for order in orders] == [OrderState.DELIVERED] * 2
    assert (orders[1].period_starts_at, orders[1].terms_sha256) == (
        first_end,
        orders[0].terms_sha256,
    )
    assert (plan.credits(), Charge.objects.count(), Receipt.objects.count()) == (60, 2, 2)


def test_fourteen_months_are_billed_without_a_gap_though_we_looked_once(plan: Plan) -> None:
    plan.go(plan.at + 14 * 31 * DAY)
    plan.look()
    periods = list(
        Order.objects.order_by("period_starts_at").values_list("period_starts_at", "period_ends_at")
    )
    assert len(periods) == 15
    assert all(ends == starts for (_, ends), (starts, _) in pairwise(periods))
    assert plan.row.period_ends_at == periods[-1][1]
    assert plan.credits() == 60


def test_a_plan_of_the_31st_of_january_ends_with_each_short_month(
    sandbox: Sandbox, seller: Membership
) -> None:
    begun = datetime(2027, 1, 31, 12, tzinfo=UTC)
    sandbox.panel("clock", offset_s=round((begun - now()).total_seconds()))
    checkout = start(seller, sku="bench", at=begun)
    sandbox.pay(checkout.url)
    order = operations.settle_order(order_id=checkout.order.id, now=begun)
    assert order.subscription is not None
    sandbox.panel("clock", offset_s=round((begun + 100 * DAY - now()).total_seconds()))
    operations.settle_subscription(
        processor_subscription_id=order.subscription.processor_subscription_id,
        now=begun + 100 * DAY,
    )
    ends = Order.objects.order_by("period_ends_at").values_list("period_ends_at", flat=True)
    assert [(end.month, end.day) for end in ends if end] == [(2, 28), (3, 31), (4, 30), (5, 31)]


def test_a_webhook_that_was_lost_is_found_by_the_sweeper(plan: Plan) -> None:
    ends_at = plan.row.period_ends_at
    assert queries.subscriptions_to_look_at(now=ends_at, limit=9) == []
    assert queries.subscriptions_to_look_at(now=ends_at + 5 * DAY, limit=9) == [plan.row.id]


def test_every_hint_leads_to_the_subscription(plan: Plan) -> None:
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    invoices = plan.sandbox.http.get("/v1/invoices", auth=("sk_test_sandbox_tests", "")).json()
    for invoice in invoices["data"]:
        hint = {"object": "invoice", "object_id": invoice["id"]}
        assert operations.handle_event(hint, now=plan.at) == "active"
    assert Order.objects.count() == 2


def test_canceling_keeps_the_paid_period_and_nothing_renews(plan: Plan) -> None:
    ends_at = plan.row.period_ends_at
    plan.go(plan.at + 2 * DAY)
    assert not plan.cancel().renews
    assert plan.tell()
    assert plan.look().is_live
    assert (plan.credits(ends_at - DAY), plan.credits(ends_at)) == (60, 0)
    assert Charge.objects.get().refunded_minor == 0  # clause 3.3
    plan.go(ends_at + DAY)
    assert plan.look().state == SubscriptionState.CANCELED
    assert Order.objects.count() == 1
    with pytest.raises(operations.SubscriptionOver):
        plan.cancel()


def test_canceling_twice_is_once_and_can_be_taken_back(plan: Plan) -> None:
    first = plan.cancel().cancel_requested_at
    plan.at += DAY
    assert plan.cancel().cancel_requested_at == first
    assert plan.tell()
    plan.look()
    operations.resume_subscription(
        account_id=plan.account_id, subscription_id=plan.row.id, actor=Actor.user(1), now=plan.at
    )
    assert plan.tell()
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    assert (plan.look().renews, Order.objects.count()) == (True, 2)


def test_canceled_while_the_processor_was_down_counts_and_is_told_later(plan: Plan) -> None:
    plan.sandbox.panel("faults", down=True)
    plan.cancel()
    with pytest.raises(ProcessorDown):
        plan.tell()
    assert ProcrastinateJob.objects.filter(task_name="payments.follow_subscription").exists()
    assert queries.subscriptions_to_look_at(now=plan.at, limit=9) == [plan.row.id]
    plan.sandbox.panel("faults", down=False)
    assert plan.tell()
    assert not plan.look().processor_renews


@pytest.mark.clause("3.2")
def test_charged_after_canceling_one_second_before_is_owed_back(plan: Plan) -> None:
    plan.at = plan.row.period_ends_at - timedelta(seconds=1)
    plan.cancel()
    plan.go(plan.row.period_ends_at + timedelta(hours=2))  # nobody had told the processor
    plan.look()
    (owed,) = queries.charged_after_cancel()
    assert (owed.state, owed.charges.get().paid_minor) == (OrderState.REFUND_DUE, 1900)
    assert (plan.credits(), ledger.features(plan.account_id, plan.at)) == (0, frozenset())
    plan.look()
    assert len(queries.charged_after_cancel()) == 1
    assert plan.tell(), "what renewed in error isn't left running until its wrong end"
    assert plan.look().state == SubscriptionState.CANCELED
    assert not plan.tell()


def test_what_ended_at_the_processor_before_we_said_so_is_over_here_too(plan: Plan) -> None:
    plan.cancel()
    plan.tell()
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    assert plan.tell(), "it is missing there by now, and that is no fault"
    assert plan.look().state == SubscriptionState.CANCELED


def test_a_declined_renewal_gives_nothing_says_so_once_and_recovers(plan: Plan) -> None:
    plan.sandbox.panel("faults", decline_renewals=1)
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    assert plan.look().state == SubscriptionState.PAST_DUE
    assert plan.look().past_due_since_at == plan.at
    warnings = ProcrastinateJob.objects.filter(task_name="payments.warn_past_due")
    assert (plan.credits(), warnings.count()) == (0, 1)
    assert operations.warn_past_due(subscription_id=plan.row.id)
    assert "You weren’t charged" in mail.outbox[-1].body
    plan.go(plan.at + 4 * DAY)
    assert plan.look().state == SubscriptionState.ACTIVE
    assert (plan.credits(), plan.row.past_due_since_at) == (60, None)
    assert not operations.warn_past_due(subscription_id=plan.row.id)


def test_canceled_while_past_due_ends_at_once_and_nothing_more_is_tried(plan: Plan) -> None:
    plan.sandbox.panel("faults", decline_renewals=1)
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    plan.look()
    plan.cancel()
    plan.tell()
    plan.go(plan.at + 20 * DAY)
    assert plan.look().state == SubscriptionState.CANCELED
    assert Charge.objects.count() == 1


def test_a_second_plan_is_refused_while_one_renews(plan: Plan, seller: Membership) -> None:
    with pytest.raises(operations.AlreadySubscribed):
        start(seller, sku="atelier", key="another-page-key")
    plan.cancel()
    assert start(seller, sku="atelier", key="another-page-key").url


def test_the_database_keeps_a_period_as_it_was_written(plan: Plan) -> None:
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Order.objects.filter(pk=plan.order.pk).update(invoice_id="in_other")
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        connection.cursor().execute("DELETE FROM payments_subscription")


def test_a_subscription_of_somebody_else_at_the_processor_is_left_alone(
    sandbox: Sandbox, plan: Plan
) -> None:
    made = sandbox.http.post(
        "/v1/checkout/sessions",
        auth=("sk_test_sandbox_tests", ""),
        data={
            "mode": "subscription",
            "success_url": "http://elsewhere.example",
            "customer_email": "other@example.com",
            "line_items[0][quantity]": "1",
            "line_items[0][price_data][currency]": "usd",
            "line_items[0][price_data][unit_amount]": "500",
            "line_items[0][price_data][product_data][name]": "Other",
            "line_items[0][price_data][recurring][interval]": "month",
        },
    ).json()
    sandbox.pay(made["url"])
    paid = sandbox.http.get(
        f"/v1/checkout/sessions/{made['id']}", auth=("sk_test_sandbox_tests", "")
    ).json()
    hint = {"object": "subscription", "object_id": paid["subscription"]}
    assert operations.handle_event(hint, now=now()) == "no subscription of ours"
