"""A renewal that nobody collects: its customer is told what happened, and what they can do."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail

from jewelrymodel.accounts.models import Membership
from jewelrymodel.infra import clock
from jewelrymodel.payments import operations, queries, tasks
from jewelrymodel.payments.gateway import ProcessorDown
from jewelrymodel.payments.models import Subscription
from jewelrymodel.payments.statuses import SubscriptionState
from tests.support.plans import DAY, Plan
from tests.support.shop import Sandbox, start

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def plan(sandbox: Sandbox, seller: Membership) -> Plan:
    return Plan(sandbox, seller)


def there(plan: Plan, act: str, **how: str) -> None:
    plan.sandbox.panel(f"subscriptions/{plan.row.processor_subscription_id}/{act}", **how)


def pause(plan: Plan) -> None:
    there(plan, "pause", behavior="void")
    plan.go(plan.row.period_ends_at + 3 * HOUR)


def end_invoice(how: str) -> Callable[[Plan], None]:
    """A renewal that was declined is ended at the dashboard."""

    def act(plan: Plan) -> None:
        plan.sandbox.panel("faults", decline_renewals=1)
        plan.go(plan.row.period_ends_at + 3 * HOUR)
        invoice_id = plan.look().open_invoice_id
        plan.sandbox.panel(f"invoices/{invoice_id}/settle", how=how)

    return act


def told(plan: Plan) -> list[str]:
    """Let the sweeper come twice, and do what it defers; return what was mailed, on one line."""
    sent = len(mail.outbox)
    for _ in range(2):
        plan.look()
        for subscription_id in queries.unrenewed_to_tell(now=plan.at, limit=9):
            operations.tell_unrenewed(subscription_id=subscription_id, now=plan.at)
            operations.tell_unrenewed(subscription_id=subscription_id, now=plan.at)
    return [f"{one.subject}: {' '.join(str(one.body).split())}" for one in mail.outbox[sent:]]


@pytest.mark.parametrize(
    "happens",
    [pause, end_invoice("void"), end_invoice("uncollectible")],
    ids=["paused", "voided", "uncollectible"],
)
def test_who_wont_be_charged_is_told_once(plan: Plan, happens: Callable[[Plan], None]) -> None:
    happens(plan)
    (letter,) = told(plan)
    assert letter.startswith("Your Bench subscription wasn’t renewed: ")
    assert "You weren’t charged for it." in letter
    assert "expired with it (3.5)" in letter
    assert "cancel the subscription under Billing" in letter
    plan.go(plan.at + 3 * DAY)
    assert told(plan) == [], "once for each period"


def test_what_the_mail_offers_can_be_done(plan: Plan, seller: Membership) -> None:
    pause(plan)
    assert len(told(plan)) == 1
    plan.cancel()
    plan.tell()
    assert plan.look().state == SubscriptionState.CANCELED
    sandbox = plan.sandbox
    checkout = start(seller, sku="bench", at=plan.at, key="again")
    sandbox.pay(checkout.url)
    operations.settle_order(order_id=checkout.order.pk, now=plan.at)
    assert plan.credits() == 60


def test_the_next_period_that_nobody_collects_is_told_anew(plan: Plan) -> None:
    pause(plan)
    assert len(told(plan)) == 1
    there(plan, "unpause")
    plan.go(plan.at + 31 * DAY)
    assert (told(plan), plan.credits()) == ([], 60), "renewed meanwhile"
    pause(plan)
    assert len(told(plan)) == 1


def test_a_renewal_that_goes_as_it_should_is_not_told_of(plan: Plan) -> None:
    ended_at = plan.row.period_ends_at
    for minutes in (1, 31, 59, 90, 121, 240):
        plan.go(ended_at + timedelta(minutes=minutes))
        assert told(plan) == [], minutes
    assert plan.credits() == 60


def test_a_plan_that_was_canceled_is_not_told_of(plan: Plan) -> None:
    plan.cancel()
    pause(plan)
    assert told(plan) == []


def test_nobody_is_told_of_what_only_lacked_its_news(plan: Plan) -> None:
    """No message came, and no sweeper looked: the renewal was charged all the same."""
    plan.go(plan.row.period_ends_at + 5 * HOUR)
    assert queries.unrenewed_to_tell(now=plan.at, limit=9) == [plan.row.pk]
    assert not operations.tell_unrenewed(subscription_id=plan.row.pk, now=plan.at)
    assert (mail.outbox[1:], plan.credits()) == ([], 60)
    assert queries.unrenewed_to_tell(now=plan.at, limit=9) == []


def test_while_the_processor_is_away_nobody_is_told(plan: Plan) -> None:
    pause(plan)
    plan.sandbox.panel("faults", down=True)
    with pytest.raises(ProcessorDown):
        operations.tell_unrenewed(subscription_id=plan.row.pk, now=plan.at)
    assert Subscription.objects.get().told_unrenewed_at is None


def test_the_sweeper_wakes_it(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    pause(plan)
    plan.look()
    deferred = list[str]()
    monkeypatch.setattr(clock, "now", lambda: plan.at)
    monkeypatch.setattr(
        tasks.queue, "defer", lambda name, **args: deferred.append(args["subscription_id"])
    )
    tasks.sweep_notices(0)
    assert deferred == [plan.row.pk]
