"""Changing a plan on its pages: what is shown is what is charged, and every end is said."""

import json
import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.accounts.roles import Role
from jewelrymodel.payments import queries
from jewelrymodel.payments.adapters.stripe_plan_changes import plan_changes
from jewelrymodel.payments.models import Charge, Order, PlanChange
from jewelrymodel.payments.processor_objects import PlanPrice
from jewelrymodel.payments.statuses import OrderState, PlanChangeState
from jewelrymodel.policy.hypotheses import Situation
from jewelrymodel.promises import queries as promises
from jewelrymodel.promises.models import ChangePromise
from tests.support.plan_changes import LARGER, ChangingPlan
from tests.support.refunds import dispute
from tests.support.shop import Sandbox, register

pytestmark = pytest.mark.django_db
HIDDEN = re.compile(r'name="(prorated_at|quoted|promised|offer)" value="([^"]+)"')


@pytest.fixture
def browser(client: Client, seller: Membership) -> Client:
    """The seller's browser, signed in."""
    client.force_login(seller.user)
    return client


@pytest.fixture
def plan(sandbox: Sandbox, seller: Membership) -> ChangingPlan:
    return ChangingPlan(sandbox, seller)


def address(plan: ChangingPlan, rest: str = f"/to/{LARGER}") -> str:
    return f"/billing/subscriptions/{plan.row.pk}/change{rest}"


def html(client: Client, where: str) -> str:
    return " ".join(client.get(where, follow=True).content.decode().split())


def shown(client: Client, plan: ChangingPlan) -> dict[str, str]:
    return {**dict(HIDDEN.findall(html(client, address(plan)))), "when": "now"}


def test_from_billing_to_the_larger_plan(plan: ChangingPlan, browser: Client) -> None:
    assert f'href="{address(plan, "")}">Change plan</a>' in html(browser, "/billing")
    assert f'href="{address(plan)}"' in html(browser, address(plan, ""))
    page = html(browser, address(plan))
    charged = re.search(r'amount--large">\$([0-9.]+)<', page)
    assert charged
    assert "You keep the 60 credits that are left of this billing period" in page
    assert "it renews for $59.00 and adds 250 credits" in page
    assert "at this price" not in page, "what is charged today isn’t what it renews for"
    answer = browser.post(address(plan), shown(browser, plan), follow=True)
    said = answer.content.decode()
    assert f"You’ve changed to Atelier for ${charged[1]}, and " in said
    paid = Charge.objects.get(order__changed_from__isnull=False)  # both may be of one second
    assert paid.paid_minor == round(float(charged[1]) * 100)
    change = PlanChange.objects.get()
    assert change.credits is not None
    all_credits = 60 + change.credits
    assert f"{all_credits} of {all_credits} credits of this month are left" in " ".join(
        said.split()
    )
    assert change.order is not None
    ordered = html(browser, f"/billing/orders/{change.order_id}")
    assert f"{change.credits} credits" in ordered
    assert "What we promised before you paid" in ordered
    kept = browser.get(f"/billing/orders/{change.order_id}/promise.json").json()
    said = json.loads(kept["document"])
    assert (said["subject"], said["account"]) == (change.order_id, plan.account_id)
    assert [one["id"] for one in change.order.disclosures] == ["3.4", "3.2", "3.3", "3.5", "5.1"]


@pytest.mark.clause("3.4")
def test_what_is_promised_is_shown_signed_and_kept(plan: ChangingPlan, browser: Client) -> None:
    assert "What we promise for this purchase" in html(browser, address(plan))
    sent = {**shown(browser, plan), "promised": "0" * 64}
    assert browser.post(address(plan), sent).status_code == 409
    assert (PlanChange.objects.count(), Charge.objects.count()) == (0, 1)
    browser.post(address(plan), shown(browser, plan))
    order = PlanChange.objects.get().order
    assert order is not None
    signed = ChangePromise.objects.get().sha256
    kept = next(one for one in promises.promises_for(order) if one.sha256 == signed)
    twice = next(one for one in kept.lines if one.situation is Situation.CHARGED_TWICE)
    assert twice.amount_minor == order.total_minor
    with pytest.raises(DatabaseError), transaction.atomic():
        ChangePromise.objects.update(made_at=order.created_at)


def test_a_double_press_says_the_same_and_charges_once(plan: ChangingPlan, browser: Client) -> None:
    sent = shown(browser, plan)
    for _ in range(2):
        answer = browser.post(address(plan), sent, follow=True)
        assert answer.status_code == 200
    assert (Charge.objects.count(), PlanChange.objects.count()) == (2, 1)


def test_another_amount_is_shown_before_it_is_charged(plan: ChangingPlan, browser: Client) -> None:
    sent = {**shown(browser, plan), "quoted": "0" * 64}
    answer = browser.post(address(plan), sent)
    assert answer.status_code == 409
    assert "worked out again" in answer.content.decode()
    assert Charge.objects.count() == 1
    fresh = {**dict(HIDDEN.findall(answer.content.decode())), "when": "now"}
    browser.post(address(plan), fresh)
    assert Charge.objects.count() == 2


def test_what_is_declined_can_be_paid_or_left(plan: ChangingPlan, browser: Client) -> None:
    plan.sandbox.panel("faults", decline_renewals=1)
    browser.post(address(plan), shown(browser, plan))
    page = html(browser, "/billing")
    assert "Your bank hasn’t approved the payment" in page
    assert ">Renews</span>" in page
    to_pay = browser.get(address(plan, "/pay"))
    assert "/c/invoice/" in to_pay["location"]
    assert "Another change of this subscription is under way" in html(browser, address(plan))
    undone = browser.post(address(plan, "/undo"), follow=True).content.decode()
    assert "The change was undone. You weren’t charged." in undone
    assert PlanChange.objects.get().state == PlanChangeState.FAILED
    again = browser.get(address(plan, "/pay"), follow=True).content.decode()
    assert "nothing left to pay" in again


def test_with_the_renewal_and_back(plan: ChangingPlan, browser: Client) -> None:
    answer = browser.post(address(plan), {**shown(browser, plan), "when": "renewal"}, follow=True)
    page = " ".join(answer.content.decode().split())
    assert "Your subscription renews as Atelier. You weren’t charged now." in page
    assert "Changes from Bench to Atelier on" in page
    assert "for $59.00, with 250 credits" in page
    assert ">Change plan</a>" not in page
    assert "Keep Bench" in page
    undone = html(browser, "/billing") if browser.post(address(plan, "/undo")) else ""
    assert "for $19.00, with 60 credits" in undone


def test_a_smaller_plan_is_offered_with_the_renewal_only(
    plan: ChangingPlan, browser: Client
) -> None:
    browser.post(address(plan), shown(browser, plan))
    page = html(browser, address(plan, "/to/bench"))
    assert "A smaller plan starts with a renewal" in page
    assert "Change now" not in page


def test_it_is_not_offered_while_canceled_nor_to_others(
    plan: ChangingPlan, browser: Client, client: Client
) -> None:
    other = register("eve@rings.example")
    stranger = Client()
    stranger.force_login(other.user)
    for rest in ("", f"/to/{LARGER}", "/pay"):
        assert stranger.get(address(plan, rest)).status_code == 404
    assert stranger.post(address(plan, "/undo")).status_code == 404
    assert browser.get(address(plan, "/to/nothing")).status_code == 404
    plan.cancel()
    assert ">Change plan</a>" not in html(browser, "/billing")
    assert "can’t be changed at the moment" in html(browser, address(plan, ""))
    sent = {"when": "renewal"}
    assert "can’t be changed" in browser.post(address(plan), sent, follow=True).content.decode()
    assert PlanChange.objects.count() == 0


def test_who_may_not_see_billing_may_not_change_it(plan: ChangingPlan, seller: Membership) -> None:
    Membership.objects.filter(pk=seller.pk).update(role=Role.MEMBER)
    member = Client()
    member.force_login(seller.user)
    assert member.get(address(plan)).status_code == 403
    assert member.post(address(plan), {"when": "renewal"}).status_code == 403


def test_the_processor_being_away_is_said(plan: ChangingPlan, browser: Client) -> None:
    sent = shown(browser, plan)
    plan.sandbox.panel("faults", down=True)
    answer = browser.post(address(plan), sent)
    assert answer.status_code == 503
    assert "We can’t reach the payment service" in answer.content.decode()
    plan.sandbox.panel("faults", down=False)
    assert Charge.objects.count() == 1


def test_a_change_that_was_asked_for_and_is_over_says_so(
    plan: ChangingPlan, browser: Client
) -> None:
    plan.sandbox.panel("faults", decline_renewals=1)
    sent = shown(browser, plan)
    browser.post(address(plan), sent)
    plan.go(plan.at + timedelta(days=1))
    plan.look()
    again = browser.post(address(plan), sent, follow=True).content.decode()
    assert "wasn’t made, and you weren’t charged" in again


def test_a_payment_in_review_within_the_period_is_said_and_blocks(
    plan: ChangingPlan, browser: Client
) -> None:
    plan.go(plan.at + timedelta(minutes=5))
    plan_changes().change_plan(
        plan.row.processor_subscription_id,
        PlanPrice("elsewhere", "Another", 9900, "USD"),
        prorated_at=plan.at.replace(microsecond=0),
        change_id="of somebody else",
    )
    plan.look()
    held = Order.objects.get(state=OrderState.REQUIRES_REVIEW)
    assert held.period_starts_at != plan.row.period_starts_at
    page = html(browser, "/billing")
    assert "Our team is reviewing another payment in this billing period" in page
    assert f'<a href="/billing/orders/{held.pk}">{held.label}</a>' in page
    assert "its access and credits haven’t been added yet" not in page
    assert f'href="{address(plan, "")}"' not in page
    assert not queries.is_changeable(subscription=plan.row, now=plan.at)


def test_a_disputed_difference_keeps_the_plan_from_being_changed(plan: ChangingPlan) -> None:
    plan.half()
    change = plan.change(plan.quote())
    began = plan.row.period_starts_at
    assert not queries.is_disputed(subscription_id=plan.row.pk, period_starts_at=began)
    dispute(plan.sandbox, Charge.objects.get(order=change.order))
    assert queries.is_disputed(subscription_id=plan.row.pk, period_starts_at=began)
