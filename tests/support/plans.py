"""A subscriber with a plan, and what happens to it over time."""

from datetime import datetime, timedelta

from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from jewelrymodel.accounts.models import Membership
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations, tasks
from jewelrymodel.payments.models import Subscription
from jewelrymodel.payments.statuses import SubscriptionState
from tests.support.shop import CARD, GOOD, Sandbox, now, settle, start

DAY = timedelta(days=1)


class Plan:
    """A subscriber with a plan of 60 credits; *at* is everybody's present."""

    def __init__(self, sandbox: Sandbox, seller: Membership) -> None:
        self.sandbox, self.account_id, self.at = sandbox, seller.account_id, now()
        checkout = start(seller, sku="bench")
        sandbox.pay(checkout.url)
        self.order = settle(checkout.order)

    @property
    def row(self) -> Subscription:
        return Subscription.objects.get(account_id=self.account_id)

    def go(self, at: datetime) -> None:
        """Let time pass at the processor, which bills what is due; we hear nothing of it."""
        self.at = at
        self.sandbox.panel("clock", offset_s=round((at - now()).total_seconds()))

    def look(self) -> Subscription:
        found = operations.settle_subscription(
            processor_subscription_id=self.row.processor_subscription_id, now=self.at
        )
        assert found is not None
        return found

    def cancel(self) -> Subscription:
        return operations.cancel_subscription(
            account_id=self.account_id,
            subscription_id=self.row.id,
            actor=Actor.user(1),
            now=self.at,
        )

    def tell(self) -> bool:
        return operations.tell_processor(subscription_id=self.row.id, now=self.at)

    def credits(self, at: datetime | None = None) -> int:
        return ledger.balance(self.account_id, at or self.at).available


def resume(plan: Plan) -> None:
    operations.resume_subscription(
        account_id=plan.account_id, subscription_id=plan.row.id, actor=Actor.user(1), now=plan.at
    )


def letters(plan: Plan) -> list[str]:
    """Let the worker do what was deferred, twice; return what was mailed about it, on one line."""
    sent = len(mail.outbox)
    for job in ProcrastinateJob.objects.filter(task_name="payments.tell_renewing"):
        tasks.tell_renewing(subject_id=job.args["subject_id"])
    return [f"{one.subject}: {' '.join(str(one.body).split())}" for one in mail.outbox[sent:]]


def end_unpaid(plan: Plan, *, seen_past_due: bool = True) -> None:
    """Let every try to collect a renewal fail, until the processor gives up."""
    plan.sandbox.panel("faults", decline_renewals=9)
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    if seen_past_due:
        plan.look()
    plan.go(plan.at + 30 * DAY)
    assert plan.look().state == SubscriptionState.CANCELED


class ExpiringPlan(Plan):
    """A plan whose card is valid until so many months from now."""

    def __init__(self, sandbox: Sandbox, seller: Membership, months: int) -> None:
        self.sandbox, self.account_id, self.at = sandbox, seller.account_id, now()
        checkout = start(seller, sku="bench")
        whole = self.at.year * 12 + self.at.month - 1 + months
        expiry = f"{whole % 12 + 1:02} / {whole // 12 % 100:02}"
        sandbox.http.post(checkout.url, data={**CARD, "number": GOOD, "expiry": expiry})
        self.order = settle(checkout.order)
