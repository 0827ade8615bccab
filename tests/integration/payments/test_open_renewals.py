"""A renewal that was declined or wants to be confirmed, and the ways to pay it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.infra import clock
from jewelrymodel.payments import operations
from jewelrymodel.payments.models import Charge, Subscription
from jewelrymodel.payments.statuses import OpenInvoiceStatus, SubscriptionState
from tests.support.plans import DAY, Plan
from tests.support.shop import GOOD, Sandbox, now, register, settle, start

pytestmark = pytest.mark.django_db
ALWAYS_ASKS = "4000002760003184"
DUE = timedelta(hours=2)


@pytest.fixture
def browser(client: Client, seller: Membership) -> Client:
    """The seller's browser, signed in."""
    client.force_login(seller.user)
    return client


@pytest.fixture
def plan(sandbox: Sandbox, seller: Membership, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """A plan whose renewal was declined; the pages live in its present."""
    plan = Plan(sandbox, seller)
    return at_renewal(plan, monkeypatch, decline=True)


def at_renewal(plan: Plan, monkeypatch: pytest.MonkeyPatch, *, decline: bool = False) -> Plan:
    if decline:
        plan.sandbox.panel("faults", decline_renewals=1)
    monkeypatch.setattr(clock, "now", lambda: plan.at)
    plan.go(plan.row.period_ends_at + DUE)
    plan.look()
    return plan


def address(plan: Plan, act: str) -> str:
    return f"/billing/subscriptions/{plan.row.pk}/{act}"


def test_a_declined_renewal_can_be_paid_by_another_card(plan: Plan, browser: Client) -> None:
    assert (plan.row.state, plan.row.is_payable) == (SubscriptionState.PAST_DUE, True)
    html = browser.get("/billing").content.decode()
    assert "Pay $19.00 now" in html
    page = browser.get(address(plan, "pay"))
    assert page.status_code == 302
    assert plan.sandbox.pay(page["Location"], GOOD).status_code == 303
    assert plan.look().state == SubscriptionState.ACTIVE
    assert (plan.credits(), Charge.objects.count(), plan.row.is_payable) == (60, 2, False)
    again = browser.get(address(plan, "pay"))
    assert again["Location"] == "/billing"


def test_the_email_leads_to_where_it_is_paid(plan: Plan) -> None:
    assert operations.warn_past_due(subscription_id=plan.row.pk)
    body = str(mail.outbox[-1].body)
    assert address(plan, "pay") in body
    assert "You can pay it now, with this or another card:" in body


def test_a_bank_that_wants_it_confirmed_is_said_mailed_and_confirmed(
    sandbox: Sandbox, seller: Membership, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = start(seller, sku="bench")
    step = sandbox.pay(checkout.url, ALWAYS_ASKS)
    sandbox.http.post(step.headers["location"], data={"act": "confirm"})
    settle(checkout.order)
    plan = Plan.__new__(Plan)
    plan.sandbox, plan.account_id, plan.at = sandbox, seller.account_id, now()
    at_renewal(plan, monkeypatch)
    assert plan.row.state == SubscriptionState.PAST_DUE
    assert plan.row.open_invoice_status == OpenInvoiceStatus.REQUIRES_ACTION
    html = browser.get("/billing").content.decode()
    assert "Your bank wants you to confirm the payment of $19.00" in html
    assert "Confirm payment" in html
    assert operations.warn_past_due(subscription_id=plan.row.pk)
    assert "Please confirm the renewal" in mail.outbox[-1].subject
    page = browser.get(address(plan, "pay"))["Location"]
    step = sandbox.http.get(page)
    sandbox.http.post(step.headers["location"], data={"act": "confirm"})
    assert plan.look().state == SubscriptionState.ACTIVE
    assert plan.credits() == 60


@pytest.mark.clause("3.2")
def test_nothing_is_asked_for_once_it_was_canceled(plan: Plan, browser: Client) -> None:
    plan.cancel()
    assert not plan.row.is_payable
    assert browser.get(address(plan, "pay"))["Location"] == "/billing"
    assert browser.get(address(plan, "card"))["Location"] == "/billing"
    assert "Pay $19.00 now" not in browser.get("/billing").content.decode()


@pytest.mark.clause("3.2")
def test_paid_on_an_old_page_after_canceling_is_owed_back(plan: Plan, browser: Client) -> None:
    page = browser.get(address(plan, "pay"))["Location"]
    plan.cancel()
    plan.tell()
    plan.go(plan.at + timedelta(minutes=5))
    assert plan.sandbox.pay(page, GOOD).status_code == 303
    plan.look()
    assert plan.credits() == 0
    assert plan.row.orders.order_by("-number")[0].state == "refund_due"


def test_another_card_renews_what_comes(
    sandbox: Sandbox, seller: Membership, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Plan(sandbox, seller)
    assert "Change card" in browser.get("/billing").content.decode()
    page = browser.get(address(plan, "card"))["Location"]
    back = sandbox.pay(page, "5555555555554444")
    assert (back.status_code, back.headers["location"]) == (303, "http://testserver/billing")
    at_renewal(plan, monkeypatch)
    assert plan.row.state == SubscriptionState.ACTIVE
    assert Charge.objects.latest("charged_at").card_brand == "mastercard"


def test_whoever_can_not_be_reached_changes_nothing(plan: Plan, browser: Client) -> None:
    plan.sandbox.panel("faults", down=True)
    for act in ("pay", "card"):
        answer = browser.get(address(plan, act), follow=True)
        assert "Nothing was charged or changed" in answer.content.decode()
    plan.sandbox.panel("faults", down=False, missing_right="customer_portal_write")
    assert browser.get(address(plan, "card"))["Location"] == "/billing"


def test_somebody_elses_plan_is_not_found(plan: Plan, client: Client) -> None:

    client.force_login(register("other@rings.example").user)
    for act in ("pay", "card"):
        assert client.get(address(plan, act)).status_code == 404


def test_what_is_left_unpaid_at_the_processor_can_still_be_paid(plan: Plan) -> None:
    plan.sandbox.panel("faults", decline_renewals=9)
    plan.go(plan.at + 4 * DAY)
    assert plan.look().state == SubscriptionState.PAST_DUE
    assert plan.row.is_payable
    plan.go(plan.at + 20 * DAY)
    assert plan.look().state == SubscriptionState.CANCELED
    assert Subscription.objects.get().open_invoice_id == ""
