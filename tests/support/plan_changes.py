"""A subscriber of 60 credits who takes the plan of 250."""

from datetime import datetime

from django.core import mail

from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments import operations, queries, tasks
from jewelrymodel.payments.models import PlanChange
from tests.support.plans import Plan

LARGER, SMALLER = "atelier", "bench"


class ChangingPlan(Plan):
    """A plan whose subscriber changes it; *at* is everybody's present."""

    def half(self) -> datetime:
        """Go to the middle of the paid period, in whole seconds."""
        row = self.row
        middle = row.period_starts_at + (row.period_ends_at - row.period_starts_at) / 2
        self.go(middle.replace(microsecond=0))
        return self.at

    def quote(self, sku: str = LARGER, at: datetime | None = None) -> operations.ChangeQuote:
        at = at or self.at.replace(microsecond=0)
        return operations.quote_change(
            account_id=self.account_id,
            subscription_id=self.row.id,
            sku=sku,
            prorated_at=at,
            now=self.at,
        )

    def change(
        self, quote: operations.ChangeQuote, *, sku: str = LARGER, quoted: str = ""
    ) -> PlanChange:
        return operations.change_now(
            account_id=self.account_id,
            subscription_id=quote.subscription_id,
            sku=sku,
            prorated_at=quote.prorated_at,
            quoted=quoted or quote.digest,
            consents=(),
            actor=Actor.user(1),
            now=self.at,
        )

    def schedule(self, sku: str = LARGER) -> PlanChange:
        others = queries.plans_to_change_to(subscription=self.row, now=self.at)
        version = next(one for one in others if one.sku == sku)
        return operations.change_with_renewal(
            account_id=self.account_id,
            subscription_id=self.row.id,
            sku=sku,
            offer=operations.renewal_offer(version, self.at),
            actor=Actor.user(1),
            now=self.at,
        )

    def undo(self) -> PlanChange:
        return operations.undo_change(
            account_id=self.account_id,
            subscription_id=self.row.id,
            actor=Actor.user(1),
            now=self.at,
        )

    def follow(self) -> None:
        operations.follow_subscription(subscription_id=self.row.id, now=self.at)

    def letters(self) -> list[str]:
        """What is mailed about its newest change now; twice, as the queue may do it."""
        sent = len(mail.outbox)
        newest = PlanChange.objects.latest("requested_at")
        for _ in range(2):
            tasks.tell_plan_change(subject_id=newest.pk)
        return [f"{one.subject}: {' '.join(str(one.body).split())}" for one in mail.outbox[sent:]]
