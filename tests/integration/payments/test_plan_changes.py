"""Another plan now: charged exactly as the processor said before, once, or not at all."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from jewelrymodel.accounts.models import Membership
from jewelrymodel.ledger.models import Lot
from jewelrymodel.payments import operations, queries
from jewelrymodel.payments.adapters.stripe_plan_changes import StripePlanChanges, plan_changes
from jewelrymodel.payments.adapters.stripe_subscriptions import subscriptions
from jewelrymodel.payments.gateway import ProcessorDown
from jewelrymodel.payments.models import Charge, Order, PlanChange
from jewelrymodel.payments.processor_objects import PlanPrice
from jewelrymodel.payments.statuses import OrderState, PlanChangeState
from tests.support.plan_changes import LARGER, ChangingPlan
from tests.support.plans import resume
from tests.support.shop import Sandbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(sandbox: Sandbox, seller: Membership) -> ChangingPlan:
    return ChangingPlan(sandbox, seller)


@pytest.mark.clause("3.5")
def test_a_dearer_plan_costs_what_was_shown_and_leaves_the_paid_credits(
    plan: ChangingPlan,
) -> None:
    plan.half()
    quote = plan.quote()
    assert (quote.unused_minor, quote.remaining_minor, quote.amount_minor) == (950, 2950, 2000)
    assert (quote.credits, quote.renewal_minor) == (95, 5900)
    change = plan.change(quote)
    assert (change.state, plan.row.product_version.sku) == (PlanChangeState.MADE, LARGER)
    order = change.order
    assert order is not None
    assert (order.state, order.total_minor, order.credits) == (OrderState.DELIVERED, 2000, 95)
    assert order.receipt.line["credits"] == 95
    assert plan.credits() == 155
    lots = Lot.objects.order_by("quantity").values_list("quantity", "paid_minor")
    assert list(lots) == [(60, 1900), (95, 2000)]
    assert set(Lot.objects.values_list("expires_at", flat=True)) == {plan.row.period_ends_at}
    assert plan.row.period_starts_at == plan.order.period_starts_at


def test_it_renews_as_the_new_plan(plan: ChangingPlan) -> None:
    plan.half()
    plan.change(plan.quote())
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    plan.look()
    newest = Order.objects.latest("number")
    assert (newest.state, newest.total_minor, newest.is_change) == (
        OrderState.DELIVERED,
        5900,
        False,
    )
    assert plan.credits() == 250


def test_twice_is_once(plan: ChangingPlan) -> None:
    plan.half()
    quote = plan.quote()
    first = plan.change(quote)
    assert plan.change(quote) == first
    for _ in range(3):
        plan.look()
    assert (Charge.objects.count(), PlanChange.objects.count(), plan.credits()) == (2, 1, 155)


def test_another_amount_than_was_shown_is_not_charged(plan: ChangingPlan) -> None:
    plan.half()
    quote = plan.quote()
    with pytest.raises(operations.QuoteChanged):
        plan.change(quote, quoted="0" * 64)
    plan.at += timedelta(minutes=31)
    with pytest.raises(operations.QuoteChanged):
        plan.change(quote)
    assert (Charge.objects.count(), PlanChange.objects.count()) == (1, 0)


def test_a_declined_difference_leaves_the_old_plan_whole_and_can_be_paid(
    plan: ChangingPlan,
) -> None:
    plan.half()
    plan.sandbox.panel("faults", decline_renewals=1)
    change = plan.change(plan.quote())
    assert change.state == PlanChangeState.PAYMENT_DUE
    row = plan.row
    assert (row.state, row.product_version.sku, row.open_invoice_id) == ("active", "bench", "")
    assert (plan.credits(), Charge.objects.count()) == (60, 1)
    assert [one.partition(":")[0] for one in plan.letters()] == [
        "Please pay for your change to Atelier"
    ]
    page = operations.change_page(
        account_id=plan.account_id, subscription_id=plan.row.id, now=plan.at
    )
    plan.sandbox.pay(page)
    plan.look()
    assert (plan.row.product_version.sku, plan.credits()) == (LARGER, 155)
    assert plan.letters() == []
    with pytest.raises(operations.NoOpenChange):
        plan.undo()


def test_what_nobody_pays_comes_to_nothing(plan: ChangingPlan) -> None:
    plan.half()
    plan.sandbox.panel("faults", decline_renewals=1)
    plan.change(plan.quote())
    plan.go(plan.at + timedelta(days=1))
    plan.look()
    assert PlanChange.objects.get().state == PlanChangeState.FAILED
    (letter,) = plan.letters()
    assert letter.startswith("Your Bench subscription wasn’t changed")
    assert "Your Bench subscription continues as before" in letter
    assert plan.change(plan.quote()).state == PlanChangeState.MADE


def test_it_can_be_undone_before_it_is_paid(plan: ChangingPlan) -> None:
    plan.half()
    plan.sandbox.panel("faults", decline_renewals=1)
    plan.change(plan.quote())
    assert plan.undo().state == PlanChangeState.FAILED
    with pytest.raises(operations.NoOpenChange):
        plan.undo()


def test_canceling_drops_a_change_that_is_not_paid(plan: ChangingPlan) -> None:
    plan.half()
    plan.sandbox.panel("faults", decline_renewals=1)
    plan.change(plan.quote())
    plan.cancel()
    plan.follow()
    assert PlanChange.objects.get().state == PlanChangeState.FAILED
    assert (plan.row.renews, plan.row.product_version.sku) == (False, "bench")
    (letter,) = plan.letters()
    assert "wasn’t paid for, so nothing was charged" in letter
    assert "Your Bench subscription isn’t renewed and ends on" in letter
    assert "continues as before" not in letter


def test_a_change_that_ends_with_its_plan_says_that_the_plan_has_ended(plan: ChangingPlan) -> None:
    plan.half()
    plan.sandbox.panel("faults", decline_renewals=1)
    plan.change(plan.quote())
    subscriptions().cancel(plan.row.processor_subscription_id)
    plan.look()
    assert PlanChange.objects.get().state == PlanChangeState.FAILED
    (letter,) = plan.letters()
    assert "Your Bench subscription has ended. You can subscribe again" in letter
    assert "continues as before" not in letter


def test_a_lost_answer_is_found_by_the_next_look(
    plan: ChangingPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan.half()
    quote = plan.quote()
    with monkeypatch.context() as patched:
        patched.setattr(StripePlanChanges, "change_plan", _acting_and_lost)
        assert plan.change(quote).state == PlanChangeState.REQUESTED
    plan.look()
    assert (plan.row.product_version.sku, plan.credits()) == (LARGER, 155)
    assert Charge.objects.count() == 2


_CHANGE = StripePlanChanges.change_plan


def _acting_and_lost(*args: Any, **named: Any) -> None:
    _CHANGE(*args, **named)
    raise ProcessorDown


def _away(*_args: object, **_named: object) -> None:
    raise ProcessorDown


def test_what_never_reached_the_processor_ends(
    plan: ChangingPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where we crash between writing it down and asking."""
    plan.half()
    quote = plan.quote()
    with monkeypatch.context() as patched:
        patched.setattr(StripePlanChanges, "change_plan", _away)
        assert plan.change(quote).state == PlanChangeState.REQUESTED
    assert plan.row.next_look_at <= plan.at + timedelta(minutes=2)
    plan.look()
    assert PlanChange.objects.get().state == PlanChangeState.REQUESTED
    plan.at += timedelta(minutes=2)
    plan.look()
    assert PlanChange.objects.get().state == PlanChangeState.FAILED
    assert Charge.objects.count() == 1


def test_what_was_given_up_and_is_paid_is_made(plan: ChangingPlan) -> None:
    plan.half()
    plan.sandbox.panel("faults", decline_renewals=1)
    change = plan.change(plan.quote())
    PlanChange.objects.filter(pk=change.pk).update(state=PlanChangeState.FAILED, closed_at=plan.at)
    page = plan.sandbox.url + f"/c/invoice/{change.invoice_id}"
    plan.sandbox.pay(page)
    plan.look()
    change.refresh_from_db()
    assert (change.state, plan.credits()) == (PlanChangeState.MADE, 155)


def test_it_is_refused_while_something_else_is_under_way(plan: ChangingPlan) -> None:
    plan.half()
    quote = plan.quote()
    plan.cancel()
    with pytest.raises(operations.NotChangeable):
        plan.change(quote)
    assert PlanChange.objects.count() == 0


def test_a_difference_that_is_too_small_to_charge_waits_for_the_renewal(plan: ChangingPlan) -> None:
    plan.go(plan.row.period_ends_at - timedelta(minutes=10))
    with pytest.raises(operations.OnlyWithRenewal):
        plan.quote()
    assert (Charge.objects.count(), PlanChange.objects.count()) == (1, 0)


def test_a_cheaper_plan_is_not_charged_now(plan: ChangingPlan) -> None:
    plan.half()
    plan.change(plan.quote())
    with pytest.raises(operations.OnlyWithRenewal):
        plan.quote("bench")


def test_a_change_at_the_dashboard_waits_for_a_person(plan: ChangingPlan) -> None:
    plan.half()
    quote = plan.quote()
    change = plan.change(quote)
    assert change.order is not None
    foreign = plan.half() + timedelta(minutes=5)
    plan.go(foreign)
    row = plan.row
    plan_changes().change_plan(
        row.processor_subscription_id,
        PlanPrice("elsewhere", "Another", 9900, "USD"),
        prorated_at=foreign,
        change_id="of somebody else",
    )
    plan.look()
    held = Order.objects.get(state=OrderState.REQUIRES_REVIEW)
    assert (held.charges.count(), plan.row.product_version.sku) == (1, LARGER)
    assert plan.row.period_starts_at == plan.order.period_starts_at


def test_the_database_refuses_what_no_change_leads_to(plan: ChangingPlan) -> None:
    plan.half()
    change = plan.change(plan.quote())
    row, others = plan.row, queries.plans_to_change_to(subscription=plan.row, now=plan.at)
    assert [one.sku for one in others] == ["bench"]
    with pytest.raises(DatabaseError), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(product_version=others[0])
    for values in (
        {"amount_minor": 1},
        {"credits": 999},
        {"state": PlanChangeState.FAILED},
        {"order": None},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            PlanChange.objects.filter(pk=change.pk).update(**values)
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanChange.objects.filter(pk=change.pk).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Order.objects.filter(pk=change.order_id).update(change_credits=999)


@pytest.mark.clause("3.5")
def test_any_plan_follows_with_the_renewal(plan: ChangingPlan) -> None:
    plan.half()
    change = plan.schedule()
    assert plan.schedule().pk == change.pk
    assert plan.letters()[0].startswith("Your subscription renews as Atelier")
    plan.follow()
    assert (plan.row.product_version.sku, plan.credits(), Charge.objects.count()) == (
        "bench",
        60,
        1,
    )
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    plan.look()
    change.refresh_from_db()
    assert (change.state, plan.row.product_version.sku, plan.row.next_version) == (
        PlanChangeState.MADE,
        LARGER,
        None,
    )
    assert (plan.credits(), Order.objects.latest("number").total_minor) == (250, 5900)
    plan.half()
    plan.schedule("bench")
    plan.follow()
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    plan.look()
    assert (plan.row.product_version.sku, plan.credits()) == ("bench", 60)
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    plan.look()
    assert (plan.row.product_version.sku, plan.credits()) == ("bench", 60)
    assert not Order.objects.exclude(state=OrderState.DELIVERED).exists()


def test_it_is_undone_before_the_renewal(plan: ChangingPlan) -> None:
    plan.half()
    plan.schedule()
    plan.follow()
    assert plan.row.processor_version_id == plan.row.next_version_id
    assert plan.undo().state == PlanChangeState.UNDONE
    assert plan.letters()[0].startswith("You’ve kept your Bench subscription")
    with pytest.raises(operations.NoOpenChange):
        plan.undo()
    quote = plan.quote()  # tells the processor first, so that the old plan is credited
    assert (quote.unused_minor, quote.amount_minor) == (950, 2000)
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    plan.look()
    assert (plan.credits(), Order.objects.latest("number").total_minor) == (60, 1900)


def test_what_was_undone_and_is_billed_all_the_same_waits_for_a_person(
    plan: ChangingPlan,
) -> None:
    plan.half()
    plan.schedule()
    plan.follow()
    plan.undo()  # and nobody reaches the processor before the renewal
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    plan.look()
    newest = Order.objects.latest("number")
    assert (newest.state, newest.held_code) == (OrderState.REQUIRES_REVIEW, "invoice_amount")
    plan.follow()
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    plan.look()
    assert Order.objects.latest("number").total_minor == 1900


def test_it_is_not_undone_once_the_renewal_bills_it(plan: ChangingPlan) -> None:
    plan.half()
    plan.schedule()
    plan.follow()
    plan.sandbox.panel("faults", decline_renewals=1)
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    with pytest.raises(operations.NotChangeable):
        plan.undo()
    page = operations.renewal_page(
        account_id=plan.account_id, subscription_id=plan.row.id, now=plan.at
    )
    plan.sandbox.pay(page)
    plan.look()
    assert (plan.row.product_version.sku, plan.credits()) == (LARGER, 250)


def test_one_change_at_a_time_and_none_survives_the_end(plan: ChangingPlan) -> None:
    plan.half()
    plan.schedule()
    with pytest.raises(operations.ChangeUnderWay):
        plan.quote()
    plan.cancel()
    plan.follow()
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    plan.look()
    assert (PlanChange.objects.get().state, plan.row.next_version) == (
        PlanChangeState.LAPSED,
        None,
    )


@pytest.mark.clause("3.2")
def test_a_resumed_plan_still_renews_as_it_was_to(plan: ChangingPlan) -> None:
    plan.half()
    plan.schedule()
    plan.follow()
    plan.cancel()
    plan.follow()
    resume(plan)
    plan.follow()
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    plan.look()
    assert (plan.row.product_version.sku, plan.credits()) == (LARGER, 250)


def test_who_has_the_difference_back_leaves_the_plan(plan: ChangingPlan) -> None:
    plan.half()
    change = plan.change(plan.quote())
    assert change.order is not None
    charge = change.order.charges.get()
    plan.sandbox.panel(f"charges/{charge.processor_charge_id}/refund")
    operations.adopt_refunds(charge_id=charge.pk, now=plan.at)
    assert (plan.row.renews, plan.credits()) == (False, 60)
