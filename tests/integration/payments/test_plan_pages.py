"""What Billing and the checkout say of an account's plans: suspended, ended, or one already."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments.models import Order, Subscription
from tests.support.bank import Bank
from tests.support.plans import Plan, end_unpaid
from tests.support.shop import Sandbox, now, settle, start

pytestmark = pytest.mark.django_db
HAS_ONE = "You already have a subscription. You weren’t charged"
KEY = "sk_test_sandbox_tests"
TO_BILLING = '<a href="/billing">See your subscription</a>'


@pytest.fixture
def browser(client: Client, seller: Membership) -> Client:
    """The seller's browser, signed in."""
    client.force_login(seller.user)
    return client


@pytest.fixture
def plan(sandbox: Sandbox, seller: Membership) -> Plan:
    return Plan(sandbox, seller)


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def take_again(plan: Plan, member: Membership) -> None:
    """Take one more plan; the one before is canceled."""
    checkout = start(member, sku="bench", key="the-second-plan")
    plan.sandbox.pay(checkout.url)
    settle(checkout.order)


@pytest.mark.clause("9.1")
def test_a_month_that_rests_is_not_called_renewing_and_leads_to_its_dispute(
    sandbox: Sandbox, seller: Membership, browser: Client
) -> None:
    bank = Bank(sandbox, seller)
    order = bank.buy("bench")
    assert ">Renews</span>" in page(browser, "/billing")
    assert "60 of 60 credits of this month are left" in page(browser, "/billing")
    work = bank.dispute(order)
    html = page(browser, "/billing")
    assert ">Suspended during a dispute</span>" in html
    assert ">Renews</span>" not in html
    assert (
        f"The charge for this billing period (order {order.label}) is disputed at your bank."
        in html
    )
    assert "until the bank rules in our favor or you withdraw the dispute" in html
    assert f'href="/billing/orders/{order.pk}/dispute">Dispute details' in html
    assert "Renews on" in html, "the next month is charged all the same, and said"
    bank.decide(work, "won")
    assert "Suspended during a dispute" not in page(browser, "/billing")


def test_a_package_in_dispute_leaves_the_plan_renewing(
    plan: Plan, seller: Membership, browser: Client
) -> None:
    bank = Bank(plan.sandbox, seller)
    bank.dispute(bank.buy(key="a-package-key"))
    assert ">Renews</span>" in page(browser, "/billing")


def test_an_ended_plan_leads_to_the_plans_on_sale(plan: Plan, browser: Client) -> None:
    end_unpaid(plan)
    html = page(browser, "/billing")
    assert "Ended on" in html
    assert 'href="/pricing#plans">Subscribe again' in html
    assert "<details" not in html.partition("<main")[2]


def test_older_plans_are_folded_away_and_offer_nothing_beside_one_that_renews(
    plan: Plan, seller: Membership, browser: Client
) -> None:
    plan.cancel()
    plan.sandbox.http.delete(
        f"/v1/subscriptions/{plan.row.processor_subscription_id}", auth=(KEY, "")
    ).raise_for_status()
    plan.look()
    assert "credits until then" in page(browser, "/billing"), (
        "the paid month keeps its credits (3.5)"
    )
    over_at = now() - timedelta(minutes=1)
    Subscription.objects.update(
        period_starts_at=over_at - timedelta(days=30), period_ends_at=over_at
    )
    take_again(plan, seller)
    main = page(browser, "/billing").partition("<main")[2]
    shown, _, folded = main.partition("<details")
    assert ">Renews</span>" in shown
    assert ">Ended</span>" not in shown
    folded = folded.partition("</details>")[0]
    assert "1 earlier subscription" in folded
    assert folded.count(">Ended</span>") == 1
    assert "Subscribe again" not in main


def test_a_second_plan_is_refused_before_anything_is_accepted(plan: Plan, browser: Client) -> None:
    html = page(browser, "/checkout/atelier")
    assert HAS_ONE in html
    assert TO_BILLING in html
    assert "Accept the terms" not in html
    assert "once you’ve canceled your other subscription" in html
    assert "We couldn’t start the payment" not in html
    plan.cancel()
    html = page(browser, "/checkout/atelier")
    assert "Accept the terms" in html
    assert HAS_ONE not in html


def test_a_package_is_sold_beside_a_plan(plan: Plan, browser: Client) -> None:
    html = page(browser, "/checkout/case")
    assert "Accept the terms" in html
    assert HAS_ONE not in html


def test_who_accepted_before_the_other_plan_began_is_led_to_it(
    sandbox: Sandbox, seller: Membership, browser: Client
) -> None:
    html = page(browser, "/checkout/atelier")
    form = dict(re.findall(r'name="(key|offer|promised)" value="([0-9a-f]+)"', html))
    Plan(sandbox, seller)
    answer = browser.post("/checkout/atelier", {**form, "country": "US", "capacity": "business"})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "We couldn’t start the payment" in html
    html = " ".join(html.split())
    assert f"{HAS_ONE}; you can manage it under Billing. {TO_BILLING}" in html
    assert "Accept the terms" not in html
    assert Order.objects.count() == 1
