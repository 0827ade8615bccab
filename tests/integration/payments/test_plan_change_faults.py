"""A change of plan beside what it doesn't expect: lost looks, other prices, other people's acts."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.catalog.products import Interval, LegalClass, ProductKind, ProductSpec
from jewelrymodel.payments.adapters.stripe_plan_changes import StripePlanChanges
from jewelrymodel.payments.gateway import ProcessorDown
from jewelrymodel.payments.models import Charge, Order, PlanChange
from jewelrymodel.payments.operations import plan_change
from jewelrymodel.payments.statuses import PlanChangeState
from tests.support.plan_changes import LARGER, ChangingPlan
from tests.support.publishing import publish_version
from tests.support.shop import Sandbox, now

pytestmark = pytest.mark.django_db
HIDDEN = re.compile(r'name="(prorated_at|quoted|promised|offer)" value="([^"]+)"')
DEAR = ProductSpec(
    sku=LARGER,
    kind=ProductKind.SUBSCRIPTION,
    name="Atelier",
    summary="For a test.",
    credits=9000,
    price_minor=500_000,
    currency="USD",
    interval=Interval.MONTH,
    legal_class=LegalClass.DIGITAL_SERVICE,
    features=("studio",),
)


@pytest.fixture
def plan(sandbox: Sandbox, seller: Membership) -> ChangingPlan:
    return ChangingPlan(sandbox, seller)


@pytest.fixture
def browser(client: Client, seller: Membership) -> Client:
    """The seller's browser, signed in."""
    client.force_login(seller.user)
    return client


def address(plan: ChangingPlan, rest: str = f"/to/{LARGER}") -> str:
    return f"/billing/subscriptions/{plan.row.pk}/change{rest}"


def shown(client: Client, plan: ChangingPlan, when: str = "now") -> dict[str, str]:
    page = client.get(address(plan)).content.decode()
    return {**dict(HIDDEN.findall(page)), "when": when}


def away(*_args: object, **_named: object) -> None:
    raise ProcessorDown


def test_a_look_that_fails_after_the_charge_says_nothing_of_no_charge(
    plan: ChangingPlan, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = shown(browser, plan)
    with monkeypatch.context() as patched:
        patched.setattr(plan_change, "settle_subscription", away)
        answer = browser.post(address(plan), sent, follow=True)
    assert answer.status_code == 200
    said = answer.content.decode()
    assert "hasn’t confirmed your change to Atelier yet" in said
    assert "Nothing was charged" not in said
    assert PlanChange.objects.get().state == PlanChangeState.REQUESTED
    again = browser.get(address(plan), follow=True)  # this look finds that it was paid
    assert "You have this plan already" in again.content.decode()
    assert PlanChange.objects.get().state == PlanChangeState.MADE
    assert (plan.row.product_version.sku, Charge.objects.count()) == (LARGER, 2)


_CHANGE = StripePlanChanges.change_plan


def acting_and_lost(*args: Any, **named: Any) -> None:
    _CHANGE(*args, **named)
    raise ProcessorDown


def test_a_second_form_after_a_lost_answer_says_that_it_is_theirs(
    plan: ChangingPlan, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = shown(browser, plan)
    plan.half()
    quote = plan.quote()
    with monkeypatch.context() as patched:
        patched.setattr(StripePlanChanges, "change_plan", acting_and_lost)
        plan.change(quote)
    answer = browser.post(address(plan), {**sent, "when": "renewal"}, follow=True)
    assert answer.status_code == 200
    assert "You have this plan already" in answer.content.decode()
    assert Charge.objects.count() == 2


@pytest.mark.parametrize("instant", ["1099511627776", "253402300799", "-1"])
def test_an_instant_that_there_is_not_is_no_fault_of_ours(
    plan: ChangingPlan, browser: Client, instant: str
) -> None:
    sent = {**shown(browser, plan), "prorated_at": instant}
    assert browser.post(address(plan), sent).status_code in {409, 422}
    assert (Charge.objects.count(), PlanChange.objects.count()) == (1, 0)


def test_a_renewal_at_another_price_is_shown_before_it_is_scheduled(
    plan: ChangingPlan, browser: Client
) -> None:
    sent = shown(browser, plan, "renewal")
    ago = now() - timedelta(minutes=1)
    publish_version(spec=DEAR, effective_from_at=ago, now=ago)
    answer = browser.post(address(plan), sent)
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 409
    assert "for $5,000.00 and adds 9000 credits" in page
    assert PlanChange.objects.count() == 0
    assert browser.post(address(plan), {"when": "renewal"}).status_code == 409
    browser.post(address(plan), shown(browser, plan, "renewal"))
    assert PlanChange.objects.get().to_version.price_minor == 500_000


def test_a_renewal_after_a_change_keeps_the_statement_about_renewals(plan: ChangingPlan) -> None:
    plan.half()
    plan.change(plan.quote())
    first = {one["id"]: one for one in plan.order.disclosures}
    for _ in range(2):
        plan.go(plan.row.period_ends_at + timedelta(hours=2))
        plan.look()
        newest = Order.objects.latest("number")
        assert not newest.is_change
        ids = [one["id"] for one in newest.disclosures]
        assert sorted(ids) == sorted(first)
        kept = next(one for one in newest.disclosures if one["id"] == "3.1")
        assert kept == first["3.1"], "as it was shown, and when"
