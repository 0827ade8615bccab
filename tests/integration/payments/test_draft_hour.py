"""The hour in which a renewal's invoice is a draft: neither paid nor declined."""

from datetime import timedelta

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from jewelrymodel.accounts.models import Membership
from jewelrymodel.infra import clock
from jewelrymodel.payments import operations, queries, rules
from jewelrymodel.payments.models import Charge, Order
from jewelrymodel.payments.statuses import OpenInvoiceStatus, OrderState, SubscriptionState
from tests.support.plans import Plan
from tests.support.shop import Sandbox

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
COLLECTING, OVERDUE = rules.Collection.COLLECTING, rules.Collection.OVERDUE


@pytest.fixture
def plan(sandbox: Sandbox, seller: Membership) -> Plan:
    """A plan whose renewal's invoice is a draft since ten minutes."""
    plan = Plan(sandbox, seller)
    plan.go(plan.row.period_ends_at + 10 * MINUTE)
    return plan


def collection(plan: Plan) -> rules.Collection:
    return queries.collection_of(subscription=plan.row, now=plan.at)


def page(plan: Plan, address: str, client: Client, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(clock, "now", lambda: plan.at)
    monkeypatch.setattr("jewelrymodel.web.customer.credits.views.now", lambda: plan.at)
    return client.get(address).content.decode()


def test_a_draft_is_being_collected_and_then_paid(plan: Plan) -> None:
    assert collection(plan) is COLLECTING, "nobody has looked yet"
    assert plan.look().state == SubscriptionState.ACTIVE
    assert plan.row.open_invoice_status == OpenInvoiceStatus.DRAFT
    assert (plan.credits(), Order.objects.count()) == (0, 1)
    plan.at += 40 * MINUTE
    assert collection(plan) is COLLECTING
    plan.go(plan.at + HOUR)
    assert plan.look().open_invoice_id == ""
    assert (plan.credits(), Order.objects.count()) == (60, 2)
    assert collection(plan) is rules.Collection.NOT_DUE


def test_a_decline_after_the_hour_is_past_due_and_no_longer_collecting(plan: Plan) -> None:
    plan.sandbox.panel("faults", decline_renewals=1)
    plan.look()
    plan.go(plan.at + HOUR)
    assert plan.look().state == SubscriptionState.PAST_DUE
    assert plan.row.open_invoice_status == OpenInvoiceStatus.OPEN
    assert collection(plan) is rules.Collection.NOT_DUE


@pytest.mark.clause("3.2")
def test_canceled_within_the_hour_is_never_charged(plan: Plan) -> None:
    plan.look()
    plan.cancel()
    assert plan.tell()
    plan.go(plan.at + 3 * HOUR)
    assert plan.look().state == SubscriptionState.CANCELED
    assert plan.row.open_invoice_id == ""
    assert (Charge.objects.count(), plan.credits()) == (1, 0)


@pytest.mark.clause("3.2")
def test_canceled_within_the_hour_and_charged_all_the_same_is_owed_back(plan: Plan) -> None:
    plan.cancel()  # the processor is never told
    plan.go(plan.at + HOUR)
    plan.look()
    (owed,) = queries.charged_after_cancel()
    assert (owed.state, owed.charges.get().paid_minor) == (OrderState.REFUND_DUE, 1900)
    assert plan.credits() == 0


def test_billing_and_credits_say_that_it_is_being_collected(
    plan: Plan, seller: Membership, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(seller.user)
    words = "Your renewal is being collected ($19.00)"
    for address in ("/billing", "/credits"):
        assert words in page(plan, address, client, monkeypatch), address
    html = page(plan, "/billing", client, monkeypatch)
    assert ">Renewal being collected</span>" in html
    assert "Renews on" not in html
    assert "credits of this month are left" not in html
    plan.go(plan.at + HOUR)
    plan.look()
    for address in ("/billing", "/credits"):
        assert words not in page(plan, address, client, monkeypatch), address


def test_where_nothing_will_be_collected_a_person_looks(
    sandbox: Sandbox, seller: Membership, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Plan(sandbox, seller)
    there = plan.row.processor_subscription_id
    sandbox.panel(f"subscriptions/{there}/pause", behavior="keep_as_draft")
    plan.go(plan.row.period_ends_at + 2 * HOUR)
    assert plan.look().open_invoice_id == "", "a draft that nobody will finalize"
    assert collection(plan) is OVERDUE
    (found,) = operations.overdue_renewals(now=plan.at)
    assert found.processor_id == there
    assert "neither charged nor declined" in str(found.words)
    client.force_login(seller.user)
    html = page(plan, "/billing", client, monkeypatch)
    assert ">Not renewed</span>" in html
    assert "you weren’t charged for it. Our team is looking into it." in html


def test_what_only_lacked_a_look_is_no_finding(plan: Plan) -> None:
    plan.go(plan.at + 5 * HOUR)
    assert [one.pk for one in queries.overdue_renewals(now=plan.at)] == [plan.row.pk]
    assert operations.overdue_renewals(now=plan.at) == []
    assert plan.credits() == 60


def test_a_draft_that_waits_for_days_is_a_finding(sandbox: Sandbox, seller: Membership) -> None:
    sandbox.panel("faults", draft_invoice_s=10 * 86_400)
    plan = Plan(sandbox, seller)
    due = plan.row.period_ends_at
    plan.go(due + HOUR)
    plan.look()
    plan.go(due + rules.RENEWAL_GRACE - HOUR)
    assert operations.overdue_renewals(now=plan.at) == []
    plan.go(due + rules.RENEWAL_GRACE)
    (found,) = operations.overdue_renewals(now=plan.at)
    assert found.processor_id == plan.row.processor_subscription_id


def test_nothing_is_mailed_about_a_draft(plan: Plan) -> None:
    plan.look()
    named = ("payments.warn_past_due", "payments.tell_renewing")
    assert not ProcrastinateJob.objects.filter(task_name__in=named).exists()
