"""The plan of a withdrawn contract: it never renews, whoever decides about its money."""

from datetime import timedelta

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.ledger import queries as books
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.checkout_agreement import ConsentKind
from jewelrymodel.payments.models import Charge, Order
from jewelrymodel.payments.statuses import SubscriptionState
from jewelrymodel.support.models import Withdrawal
from jewelrymodel.support.statuses import WithdrawalState
from tests.support.plan_changes import LARGER, ChangingPlan
from tests.support.plans import Plan, letters
from tests.support.refunds import books as money
from tests.support.refunds import dispute
from tests.support.shop import Sandbox, now
from tests.support.withdrawals import Buy, carry_out, confirm, spend

pytestmark = [pytest.mark.django_db, pytest.mark.clause("3.4")]


@pytest.fixture
def plan(sandbox: Sandbox, seller: Membership, buy: Buy) -> ChangingPlan:
    """A consumer's plan in its first month."""
    made = ChangingPlan.__new__(ChangingPlan)
    made.sandbox, made.account_id, made.at = sandbox, seller.account_id, now()
    made.order = buy("bench")
    return made


def renews_at_the_processor(plan: Plan) -> bool:
    """Let the worker speak to the processor, a month pass, and look for another charge."""
    charges = Charge.objects.filter(account_id=plan.account_id)
    before = charges.count()
    plan.tell()
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    plan.look()
    return charges.count() > before


def test_all_was_used_and_a_person_decides_yet_nothing_renews(plan: Plan, client: Client) -> None:
    spend(plan.order, books.purchase(plan.account_id, plan.order.pk, now()).granted)
    row = carry_out(confirm(client, plan.order))
    assert row.state == WithdrawalState.PERSON
    assert not plan.row.renews
    assert plan.row.over_at(now()) is None  # nothing was refunded, so the month stays theirs
    assert not renews_at_the_processor(plan)


def test_disputed_meanwhile_nothing_renews(plan: Plan, client: Client) -> None:
    row = confirm(client, plan.order)
    dispute(plan.sandbox, Charge.objects.get(order=plan.order))
    carry_out(row)
    assert not plan.row.renews


def test_its_letter_says_that_they_withdrew_and_no_untruth(plan: Plan, client: Client) -> None:
    carry_out(confirm(client, plan.order))
    (letter,) = letters(plan)
    assert "You withdrew from the contract" in letter
    assert "you weren’t charged for it" not in letter
    assert "resume" not in letter
    assert money(Charge.objects.get(order=plan.order))[0] == 0


def test_a_late_right_leaves_the_month_that_another_order_paid(plan: Plan, client: Client) -> None:
    row = confirm(client, plan.order)
    payments.resume_subscription(
        account_id=plan.account_id,
        subscription_id=plan.row.pk,
        actor=Actor.user(1),
        now=now(),
    )
    plan.tell()
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    second = plan.look()
    assert Charge.objects.filter(account_id=plan.account_id).count() == 2
    ends_at = second.period_ends_at
    carry_out(row)
    assert money(Charge.objects.get(order=plan.order))[0] == 0
    assert plan.row.period_ends_at == ends_at
    assert not plan.row.renews
    (later,) = Order.objects.filter(account_id=plan.account_id).exclude(pk=plan.order.pk)
    notes = [one.text for one in row.case.entries.filter(internal=True)]
    assert any(f"charged again since: {later.label}" in one for one in notes)


def test_after_the_month_with_its_renewal_still_open_nothing_renews(
    plan: Plan, client: Client
) -> None:
    over_at = plan.row.period_ends_at + timedelta(hours=1)
    payments.end_withdrawn_plan(plan.order, now=over_at)
    assert not plan.row.renews
    assert plan.row.state == SubscriptionState.ACTIVE
    assert not Withdrawal.objects.exists()


def to_larger(plan: ChangingPlan) -> Order:
    """Change to a larger plan within the days to withdraw; return what paid the difference."""
    plan.at = now()
    quote = plan.quote()
    change = payments.change_now(
        account_id=plan.account_id,
        subscription_id=plan.row.pk,
        sku=LARGER,
        prorated_at=quote.prorated_at,
        quoted=quote.digest,
        consents=tuple(ConsentKind),
        actor=Actor.user(1),
        now=plan.at,
    )
    assert change.order is not None
    return change.order


def notes_of(row: Withdrawal) -> str:
    return " ".join(one.text for one in row.case.entries.filter(internal=True))


def test_a_larger_plan_that_stays_paid_runs_to_the_end_of_its_period(
    plan: ChangingPlan, client: Client
) -> None:
    difference, ends_at = to_larger(plan), plan.row.period_ends_at
    row = carry_out(confirm(client, plan.order))
    assert money(Charge.objects.get(order=plan.order))[0] == 0
    assert money(Charge.objects.get(order=difference))[0] > 0
    assert (plan.row.period_ends_at, plan.row.renews) == (ends_at, False)
    assert plan.row.product_version.sku == LARGER
    assert plan.credits(now()) == difference.credits
    assert f"paid the difference to a larger plan with {difference.label}" in notes_of(row)
    assert "charged again since" not in notes_of(row)
    (letter,) = letters(plan)
    assert "You keep what isn’t refunded of this billing period until" in letter
    assert "your access and the subscription’s credits end with the refund" not in letter
    assert not renews_at_the_processor(plan)


def test_both_withdrawn_the_plan_ends_with_the_second(plan: ChangingPlan, client: Client) -> None:
    difference = to_larger(plan)
    carry_out(confirm(client, plan.order))
    assert plan.row.over_at(now()) is None
    carry_out(confirm(client, difference))
    assert not Charge.objects.exclude(kept_minor=0).exists()
    assert plan.row.over_at(now()) is not None
    assert (plan.row.renews, plan.credits(now())) == (False, 0)


def test_the_difference_alone_withdrawn_leaves_what_is_paid(
    plan: ChangingPlan, client: Client
) -> None:
    difference, ends_at = to_larger(plan), plan.row.period_ends_at
    row = carry_out(confirm(client, difference))
    assert money(Charge.objects.get(order=difference))[0] == 0
    assert (plan.row.period_ends_at, plan.row.renews) == (ends_at, False)
    assert plan.credits(now()) == 60
    assert plan.order.label not in notes_of(row)
