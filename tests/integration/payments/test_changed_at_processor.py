"""The processor also writes: what is canceled or resumed there, and who was last."""

from datetime import timedelta
from typing import Any, get_args

import pytest
import stripe
from django.core import mail
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from jewelrymodel.accounts.models import Membership
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.payments import operations, tasks
from jewelrymodel.payments.models import Charge, Order, Subscription
from jewelrymodel.payments.operations import (
    subscription_cancellation,
    subscription_reconciliation,
    subscription_renewal,
)
from jewelrymodel.payments.processor_objects import SubscriptionStatus
from jewelrymodel.payments.statuses import OrderState, SubscriptionState
from tests.support.plans import DAY, Plan, letters, resume
from tests.support.shop import Sandbox, deliver

pytestmark = pytest.mark.django_db
API = ("sk_test_sandbox_tests", "")


@pytest.fixture
def plan(sandbox: Sandbox, seller: Membership) -> Plan:
    return Plan(sandbox, seller)


def there(plan: Plan, act: str, **how: Any) -> None:
    """Somebody does it at the processor's dashboard; we hear nothing of it."""
    plan.sandbox.panel(f"subscriptions/{plan.row.processor_subscription_id}/{act}", **how)


def at_processor(plan: Plan) -> dict[str, Any]:
    path = f"/v1/subscriptions/{plan.row.processor_subscription_id}"
    return dict(plan.sandbox.http.get(path, auth=API).json())


def follow(plan: Plan, times: int = 2) -> Subscription:
    """The sweeper comes, more than once."""
    for _ in range(times):
        operations.follow_subscription(subscription_id=plan.row.pk, now=plan.at)
    return plan.row


def skip(plan: Plan, time: timedelta = timedelta(minutes=1)) -> None:
    """Let time pass for everybody: clocks that are seconds apart are not compared."""
    plan.go(plan.at + time)


@pytest.mark.clause("3.2")
@pytest.mark.parametrize("how", ["at_period_end", "cancel_at"])
def test_a_cancellation_there_is_taken_over_dated_told_and_stays(plan: Plan, how: str) -> None:
    skip(plan)
    there(plan, "cancel", how=how)
    asked_at = at_processor(plan)["canceled_at"]
    skip(plan)
    ours = follow(plan)
    assert not ours.renews
    assert ours.cancel_requested_at is not None
    assert int(ours.cancel_requested_at.timestamp()) == asked_at
    assert at_processor(plan)["canceled_at"] == asked_at, "nobody touched it there"
    entry = AuditEntry.objects.get(action="subscription.canceled")
    assert (entry.actor, entry.account_id) == ("system:processor", plan.account_id)
    (letter,) = letters(plan)
    assert "Your Bench subscription was canceled" in letter
    assert "made at our payment processor, not on our Billing page" in letter
    plan.go(plan.row.period_ends_at + DAY)
    follow(plan)
    assert (plan.row.state, Charge.objects.count()) == (SubscriptionState.CANCELED, 1)
    assert letters(plan) == []


@pytest.mark.clause("3.5")
def test_a_plan_ended_there_at_once_keeps_its_paid_month(plan: Plan, client: Client) -> None:
    skip(plan)
    there(plan, "cancel", how="now")
    ours = follow(plan)
    assert (ours.state, ours.renews) == (SubscriptionState.CANCELED, False)
    assert plan.credits() == 60
    (letter,) = letters(plan)
    assert "You keep what you’ve paid for" in letter
    assert "You can subscribe again at any time" in letter
    client.force_login(plan.order.account.memberships.get().user)
    html = client.get("/billing").content.decode()
    assert "credits until then. It was canceled at our payment processor." in " ".join(html.split())


def test_an_end_named_for_a_later_period_is_no_cancellation_yet(plan: Plan) -> None:
    end = int(plan.row.period_ends_at.timestamp())
    there(plan, "cancel", how="cancel_at", at=end + 20 * 86_400)
    assert follow(plan).renews
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    ours = follow(plan)
    assert not ours.renews, "it won't outlive this period"
    assert list(Order.objects.values_list("state", flat=True)) == [OrderState.DELIVERED] * 2
    assert ours.cancel_requested_at is not None
    assert ours.cancel_requested_at >= ours.period_starts_at, "the renewal before it was wanted"


def test_a_cancellation_is_not_dated_before_a_renewal_that_is_booked(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A booked invoice comes without its charge, which came an hour after the invoice."""
    there(plan, "cancel", how="cancel_at", at=int(plan.row.period_ends_at.timestamp()) + 1_728_000)
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    with monkeypatch.context() as overtaken:  # what it says of renewing is old news
        overtaken.setattr(subscription_renewal, "_renewal_step", lambda *_: None)
        plan.look()
    charged_at = Charge.objects.latest("charged_at").charged_at
    assert charged_at > plan.row.period_starts_at
    assert (plan.row.renews, Charge.objects.count()) == (True, 2)
    plan.look()
    assert plan.row.cancel_requested_at == charged_at


@pytest.mark.parametrize("how", ["at_period_end", "cancel_at"])
def test_only_a_later_resume_here_sets_it_back(plan: Plan, how: str) -> None:
    skip(plan)
    there(plan, "cancel", how=how)
    follow(plan)
    skip(plan)
    resume(plan)
    follow(plan)
    assert plan.row.renews
    assert at_processor(plan)["cancel_at"] is None
    skip(plan)
    there(plan, "cancel", how=how)
    assert not follow(plan).renews, "that is later again"


def test_a_cancellation_here_that_nobody_told_yet_is_not_mistaken(plan: Plan) -> None:
    skip(plan)
    plan.cancel()
    plan.look()
    assert not plan.row.renews, "the processor still renews because nobody told it"
    follow(plan)
    assert at_processor(plan)["cancel_at_period_end"]
    assert AuditEntry.objects.get(action="subscription.canceled").actor == "user:1"


def test_a_resume_there_after_our_cancellation_is_taken_over_and_told(plan: Plan) -> None:
    plan.cancel()
    follow(plan)
    letters(plan)
    skip(plan)
    there(plan, "resume")
    assert follow(plan).renews
    assert AuditEntry.objects.get(action="subscription.resumed").actor == "system:processor"
    (letter,) = letters(plan)
    assert "was resumed" in letter
    assert "made at our payment processor" in letter
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    follow(plan)
    assert Order.objects.filter(state=OrderState.DELIVERED).count() == 2


def test_a_resume_there_is_known_before_the_renewal_that_followed_it(plan: Plan) -> None:
    """Every message was lost: cancellation, resume and renewal are seen in one look."""
    plan.cancel()
    follow(plan)
    there(plan, "resume")
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    assert plan.look().renews
    assert not Order.objects.filter(state=OrderState.REFUND_DUE).exists()


def test_a_cancellation_there_while_our_resume_waits_is_the_later_word(plan: Plan) -> None:
    plan.cancel()
    follow(plan)
    skip(plan)
    resume(plan)  # the processor can't be reached from here
    skip(plan)
    there(plan, "cancel", how="at_period_end")
    assert not follow(plan).renews
    assert at_processor(plan)["cancel_at_period_end"]


def test_a_crash_after_telling_and_before_noting_it_changes_nothing(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    skip(plan)
    plan.cancel()
    with monkeypatch.context() as crash:
        crash.setattr(subscription_cancellation, "F", _die)
        with pytest.raises(Killed):
            plan.tell()
    assert plan.row.processor_renews, "nothing was noted"
    assert at_processor(plan)["cancel_at_period_end"]
    assert not follow(plan).renews
    assert AuditEntry.objects.filter(action="subscription.resumed").count() == 0
    resume(plan)
    with monkeypatch.context() as crash:
        crash.setattr(subscription_cancellation, "F", _die)
        with pytest.raises(Killed):
            follow(plan)
    assert not at_processor(plan)["cancel_at_period_end"]
    assert follow(plan).renews
    assert AuditEntry.objects.filter(action="subscription.canceled").count() == 1


def test_a_crash_while_taking_over_takes_over_nothing_and_the_next_look_does(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    there(plan, "cancel", how="at_period_end")
    with monkeypatch.context() as crash:
        crash.setattr(subscription_renewal, "_follow", _die)
        with pytest.raises(Killed):
            plan.look()
    assert plan.row.renews
    assert not AuditEntry.objects.filter(action="subscription.canceled").exists()
    assert letters(plan) == []
    assert not follow(plan).renews


def test_a_look_that_began_before_our_change_is_old_news(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workers: one has read the plan there, the other cancels and tells; then the first writes.

    Without the version that would read as a resume at the processor.
    """
    real = subscription_renewal.subscriptions

    class Slow:
        def retrieve_subscription(self, subscription_id: str, **booked: object) -> object:
            seen = real().retrieve_subscription(subscription_id, **booked)  # type: ignore[arg-type]
            monkeypatch.setattr(subscription_renewal, "subscriptions", real)
            plan.cancel()
            plan.tell()
            return seen

    monkeypatch.setattr(subscription_renewal, "subscriptions", Slow)
    plan.look()
    assert not plan.row.renews
    assert not follow(plan).renews
    assert at_processor(plan)["cancel_at_period_end"]


def test_a_customer_who_cancels_while_it_is_taken_over_is_told_once(plan: Plan) -> None:
    there(plan, "cancel", how="at_period_end")
    plan.cancel()
    follow(plan)
    assert len(letters(plan)) == 1
    assert AuditEntry.objects.get(action="subscription.canceled").actor == "user:1"


def test_repeated_and_reordered_messages_end_the_same(plan: Plan, client: Client) -> None:
    skip(plan)
    there(plan, "cancel", how="at_period_end")
    there(plan, "resume")
    there(plan, "cancel", how="at_period_end")
    plan.sandbox.panel("webhooks/flush", wait_s=5)
    for letter in [*reversed(plan.sandbox.letters), *plan.sandbox.letters]:
        deliver(client, letter)
    for job in ProcrastinateJob.objects.filter(task_name="payments.process_event"):
        tasks.process_event(message_id=job.args["message_id"])
    assert not plan.row.renews
    assert AuditEntry.objects.filter(action="subscription.canceled").count() == 1


def test_a_cancellation_there_of_which_no_news_came_is_found_by_the_list(plan: Plan) -> None:
    there(plan, "cancel", how="at_period_end")
    assert list(subscription_reconciliation.reconcile_subscriptions(now=plan.at)) == []
    assert not plan.row.renews


def test_a_plan_that_ended_there_unasked_is_found_by_the_list(plan: Plan) -> None:
    there(plan, "cancel", how="now")
    assert list(subscription_reconciliation.reconcile_subscriptions(now=plan.at)) == []
    assert plan.row.state == SubscriptionState.CANCELED


def test_a_cancellation_goes_out_although_the_plan_ended_there(plan: Plan) -> None:
    """The processor refuses to cancel what is canceled: the look says so, and nothing is stuck."""
    there(plan, "cancel", how="now")
    plan.cancel()
    assert follow(plan).state == SubscriptionState.CANCELED


def test_an_end_for_want_of_payment_is_no_cancellation(plan: Plan) -> None:
    plan.sandbox.panel("faults", decline_renewals=-1)
    plan.go(plan.row.period_ends_at + 20 * DAY)
    ours = follow(plan)
    assert (ours.state, ours.cancel_requested_at) == (SubscriptionState.CANCELED, None)
    (letter,) = letters(plan)
    assert "has ended because we couldn’t renew it" in letter
    assert mail.outbox[-1].to == [plan.order.buyer_email]


def test_an_end_there_while_a_renewal_is_declined_is_a_cancellation(plan: Plan) -> None:
    plan.sandbox.panel("faults", decline_renewals=-1)
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    follow(plan)
    there(plan, "cancel", how="now")
    assert follow(plan).cancel_requested_at is not None
    assert "was canceled" in letters(plan)[0]


class Killed(BaseException):
    """The worker dies here."""


def _die(*_args: object, **_more: object) -> None:
    raise Killed


@pytest.mark.parametrize("behavior", ["void", "mark_uncollectible", "keep_as_draft"])
def test_a_plan_whose_collection_is_paused_there_is_a_case_until_it_is_collected(
    plan: Plan, behavior: str
) -> None:
    there(plan, "pause", behavior=behavior)
    for _ in range(2):
        (found,) = subscription_reconciliation.reconcile_subscriptions(now=plan.at)
        assert found.processor_id == plan.row.processor_subscription_id
        assert "doesn’t collect the subscription" in str(found.words)
        plan.go(plan.row.period_ends_at + DAY)
        follow(plan)
        assert Charge.objects.count() == 1
    there(plan, "unpause")
    assert list(subscription_reconciliation.reconcile_subscriptions(now=plan.at)) == []


def test_every_status_that_the_pinned_api_names_has_a_meaning() -> None:
    words = get_args(get_args(stripe.Subscription.__annotations__["status"])[0])
    assert len(words) == 8
    known = set(SubscriptionStatus) - {SubscriptionStatus.UNKNOWN}
    assert {one.value for one in known} == set(words)
    assert known == {*subscription_renewal._STATES, *subscription_reconciliation._ODD} & known
