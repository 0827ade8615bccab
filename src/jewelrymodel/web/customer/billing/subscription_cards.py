"""The account's subscriptions as Billing shows them: those that run, and earlier ones."""

from dataclasses import dataclass
from datetime import datetime

from jewelrymodel.disputes import queries as disputes
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import queries
from jewelrymodel.payments.models import Order, Subscription
from jewelrymodel.payments.rules import Collection


@dataclass(frozen=True)
class SubscriptionCard:
    """One subscription. *over_at* is when it ended; *is_suspended* while a dispute suspends it.

    *disputed* is the order whose charge the bank disputes, as far as it is known; *reviewed* the
    one that paid the running period and that our team reviews before anything of it is added.
    *credits_left* are those of the running period that can still be spent; None where none runs.
    *collection* is how far a renewal got that is due.
    """

    subscription: Subscription
    over_at: datetime | None
    is_suspended: bool
    disputed: Order | None
    reviewed: Order | None
    credits_left: int | None
    collection: Collection


@dataclass(frozen=True)
class SubscriptionCards:
    """The newest one and every other that runs; *older* ones have ended before."""

    shown: list[SubscriptionCard]
    older: list[SubscriptionCard]

    @property
    def any_renews(self) -> bool:
        """Whether one of them renews: no second one is sold meanwhile."""
        return any(card.subscription.renews for card in self.shown)


def subscription_cards(*, account_id: str, now: datetime) -> SubscriptionCards:
    """Return the account's subscriptions, those that run first, then newest."""
    disputed = {
        work.dispute.charge.order.subscription_id: work.dispute.charge.order
        for work in disputes.suspensions(account_id=account_id)
    }
    cards = [
        SubscriptionCard(
            subscription=one,
            over_at=one.over_at(now),
            is_suspended=one.is_live and queries.is_suspended(subscription_id=one.pk),
            disputed=disputed.get(one.pk),
            reviewed=queries.held_order_of(subscription=one),
            credits_left=_credits_left(one, now),
            collection=queries.collection_of(subscription=one, now=now),
        )
        for one in queries.subscriptions(account_id=account_id)
    ]
    older = [card for card in cards[1:] if card.over_at is not None]
    return SubscriptionCards(shown=[card for card in cards if card not in older], older=older)


def _credits_left(subscription: Subscription, now: datetime) -> int | None:
    order = queries.order_of_period(subscription=subscription)
    if order is None or now >= subscription.period_ends_at:
        return None
    return ledger.purchase(subscription.account_id, order.pk, now).remaining
