"""A change of plan beside what it doesn't expect: lost looks, other prices, other people's acts."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.catalog.products import Interval, LegalClass, ProductKind, ProductSpec
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.payments import operations, queries
from jewelrymodel.payments.adapters.stripe_plan_changes import StripePlanChanges, plan_changes
from jewelrymodel.payments.gateway import ProcessorDown
from jewelrymodel.payments.models import Charge, Order, PlanChange, Subscription
from jewelrymodel.payments.operations import plan_change
from jewelrymodel.payments.processor_objects import PlanPrice
from jewelrymodel.payments.statuses import ChangeTiming, OrderState, PlanChangeState
from tests.support.plan_changes import LARGER, ChangingPlan
from tests.support.plans import DAY
from tests.support.publishing import publish_version
from tests.support.shop import Sandbox, now, start

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


def test_what_was_charged_for_a_change_at_the_dashboard_is_only_refunded(
    plan: ChangingPlan,
) -> None:
    plan.half()
    row = plan.row
    plan_changes().change_plan(
        row.processor_subscription_id,
        PlanPrice("elsewhere", "Another", 9900, "USD"),
        prorated_at=plan.at,
        change_id="of somebody else",
    )
    plan.look()
    held = Order.objects.get(state=OrderState.REQUIRES_REVIEW)
    assert held.charges.count() == 1
    with pytest.raises(operations.ChangedElsewhere):
        operations.deliver_held(
            order_id=held.pk, actor=Actor.user(7), reason="They paid.", now=plan.at
        )
    assert plan.credits() == 60
    held.refresh_from_db()
    assert held.state == OrderState.REQUIRES_REVIEW


def given_up(plan: ChangingPlan) -> PlanChange:
    """A change whose invoice turned up after we had given it up."""
    plan.half()
    plan.sandbox.panel("faults", decline_renewals=1)
    change = plan.change(plan.quote())
    PlanChange.objects.filter(pk=change.pk).update(state=PlanChangeState.FAILED, closed_at=plan.at)
    return change


def test_what_was_given_up_and_can_still_be_paid_can_be_undone_again(plan: ChangingPlan) -> None:
    change = given_up(plan)
    with pytest.raises(operations.ChangeUnderWay):
        plan.schedule()
    change.refresh_from_db()
    assert (change.state, change.closed_at) == (PlanChangeState.PAYMENT_DUE, None)
    assert plan.undo().state == PlanChangeState.FAILED
    assert plan.schedule().state == PlanChangeState.SCHEDULED
    plan.look()
    assert Charge.objects.count() == 1


def test_what_is_paid_leaves_nothing_scheduled_for_the_same_plan(plan: ChangingPlan) -> None:
    change = given_up(plan)
    row = plan.row
    scheduled = PlanChange.objects.create(
        id=new_id("chp", now=plan.at),
        subscription=row,
        from_version=row.product_version,
        to_version=change.to_version,
        timing=ChangeTiming.RENEWAL,
        state=PlanChangeState.SCHEDULED,
        requested_by="user:1",
        requested_at=plan.at,
    )
    Subscription.objects.filter(pk=row.pk).update(next_version=change.to_version)
    plan.look()
    change.refresh_from_db()
    assert change.state == PlanChangeState.FAILED, "one at a time"
    plan.sandbox.pay(plan.sandbox.url + f"/c/invoice/{change.invoice_id}")
    plan.look()
    change.refresh_from_db()
    scheduled.refresh_from_db()
    assert (change.state, scheduled.state) == (PlanChangeState.MADE, PlanChangeState.LAPSED)
    assert (plan.row.product_version.sku, plan.row.next_version) == (LARGER, None)
    assert queries.open_change(subscription=plan.row) is None
    assert plan.letters() == [], "the plan that they are told about is in force"
    assert plan.schedule("bench").state == PlanChangeState.SCHEDULED


def test_a_payment_under_way_is_not_undone(
    plan: ChangingPlan, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan.sandbox.panel("faults", decline_renewals=1)
    browser.post(address(plan), shown(browser, plan))
    with monkeypatch.context() as patched:
        patched.setattr(StripePlanChanges, "void_invoice", lambda *_: None)  # as where refused
        with pytest.raises(operations.ChangeBeingPaid):
            plan.undo()
        said = browser.post(address(plan, "/undo"), follow=True).content.decode()
    assert "can’t be undone at the moment" in said
    assert "no change left to undo" not in said
    assert PlanChange.objects.get().state == PlanChangeState.PAYMENT_DUE
    assert plan.undo().state == PlanChangeState.FAILED


def test_who_pays_by_bank_debit_changes_with_the_renewal(
    sandbox: Sandbox, seller: Membership
) -> None:
    at = now()
    checkout = start(seller, sku="bench")
    sandbox.http.post(checkout.url, data={"method": "us_bank_account"})
    at += 6 * DAY
    sandbox.panel("clock", offset_s=round((at - now()).total_seconds()))
    operations.settle_order(order_id=checkout.order.pk, now=at)
    row = Subscription.objects.get()
    asked: dict[str, Any] = {
        "account_id": seller.account_id,
        "subscription_id": row.pk,
        "sku": LARGER,
    }
    with pytest.raises(operations.OnlyWithRenewal):
        operations.quote_change(**asked, prorated_at=at.replace(microsecond=0), now=at)
    assert queries.is_changeable(subscription=row, now=at)


@pytest.mark.parametrize(
    ("draft_s", "refusal", "orders"),
    [(3600, operations.NotChangeable, 1), (60, operations.QuoteChanged, 2)],
)
def test_a_renewal_between_quote_and_confirmation_asks_again(
    plan: ChangingPlan, draft_s: int, refusal: type[operations.ChangeRefused], orders: int
) -> None:
    """It is a draft at the processor by then, or paid; we heard of neither."""
    publish_version(spec=DEAR, effective_from_at=plan.at - DAY, now=plan.at - DAY)
    plan.sandbox.panel("faults", draft_invoice_s=draft_s)
    before = plan.row.period_ends_at
    plan.go((before - timedelta(minutes=10)).replace(microsecond=0))
    quote = plan.quote()
    plan.go(before + timedelta(minutes=10))
    with pytest.raises(refusal):
        plan.change(quote)
    assert (Order.objects.count(), PlanChange.objects.count()) == (orders, 0)


def test_a_processor_that_was_away_hears_of_a_scheduled_change_and_of_its_undoing(
    plan: ChangingPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan.half()
    for asked, product in ((plan.schedule, "next_version"), (plan.undo, "product_version")):
        asked()
        with monkeypatch.context() as patched:
            patched.setattr(StripePlanChanges, "renew_as", away)
            with pytest.raises(ProcessorDown):
                plan.follow()
        plan.look()  # as for a webhook, which tells nothing
        assert plan.row.next_look_at <= plan.at + timedelta(minutes=2)
        plan.follow()
        assert plan.row.processor_version == getattr(plan.row, product)
        plan.look()
        assert plan.row.next_look_at > plan.row.period_ends_at


def test_a_renewal_that_is_dearer_than_what_was_scheduled_waits_for_a_person(
    plan: ChangingPlan,
) -> None:
    plan.half()
    plan.change(plan.quote())
    plan.schedule("bench")  # and nobody reaches the processor before the renewal
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    plan.look()
    held = Order.objects.latest("number")
    assert (held.state, held.held_code) == (OrderState.REQUIRES_REVIEW, "invoice_amount")
    assert (held.held_detail["charged_minor"], held.held_detail["expected_minor"]) == (5900, 1900)
    plan.follow()
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    plan.look()
    newest = Order.objects.latest("number")
    assert (newest.state, newest.total_minor) == (OrderState.DELIVERED, 1900)
    assert (plan.row.product_version.sku, plan.row.next_version) == ("bench", None)
