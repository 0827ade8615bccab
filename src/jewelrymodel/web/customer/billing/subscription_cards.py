"""The account's subscriptions as Billing shows them: those that run, and earlier ones."""

from dataclasses import dataclass
from datetime import datetime

from jewelrymodel.disputes import queries as disputes
from jewelrymodel.payments import queries
from jewelrymodel.payments.models import Order, Subscription


@dataclass(frozen=True)
class PlanCard:
    """One plan. *over_at* is when it ended; *is_suspended* while a dispute suspends its month.

    *disputed* is the order whose charge the bank disputes, as far as it is known; *reviewed* the
    one that paid the running month and that our team looks at before anything of it is added.
    """

    plan: Subscription
    over_at: datetime | None
    is_suspended: bool
    disputed: Order | None
    reviewed: Order | None


@dataclass(frozen=True)
class Plans:
    """The newest plan and every other one that runs; *older* ones have ended before."""

    shown: list[PlanCard]
    older: list[PlanCard]

    @property
    def any_renews(self) -> bool:
        """Whether one of them renews: no second one is sold meanwhile."""
        return any(card.plan.renews for card in self.shown)


def plan_cards(*, account_id: str, now: datetime) -> Plans:
    """Return the account's plans, those that run first, then newest."""
    disputed = {
        work.dispute.charge.order.subscription_id: work.dispute.charge.order
        for work in disputes.suspensions(account_id=account_id)
    }
    cards = [
        PlanCard(
            plan=plan,
            over_at=plan.over_at(now),
            is_suspended=plan.is_live and queries.is_suspended(subscription_id=plan.pk),
            disputed=disputed.get(plan.pk),
            reviewed=queries.held_order_of(subscription=plan),
        )
        for plan in queries.subscriptions(account_id=account_id)
    ]
    older = [card for card in cards[1:] if card.over_at is not None]
    return Plans(shown=[card for card in cards if card not in older], older=older)
