"""The account's subscriptions as Billing shows them: those that run, and earlier ones."""

from dataclasses import dataclass
from datetime import datetime

from jewelrymodel.disputes import queries as disputes
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import queries
from jewelrymodel.payments.models import Order, PlanChange, Subscription
from jewelrymodel.payments.rules import Collection


@dataclass(frozen=True)
class SubscriptionCard:
    """One subscription. *over_at* is when it ended; *is_suspended* while a dispute suspends it.

    *disputed* is the order whose charge the bank disputes, as far as it is known; *reviewed* the
    one that paid the running period and that our team reviews before anything of it is added, and
    *also_reviewed* another one within that period. *credits_left* are those of the running period
    that can still be spent; None where none runs. *collection* is how far a renewal got that is
    due. *change* is the change of plan that is under way, *can_change* whether another one can be
    asked for.
    """

    subscription: Subscription
    over_at: datetime | None
    is_suspended: bool
    disputed: Order | None
    reviewed: Order | None
    also_reviewed: Order | None
    credits_left: int | None
    credits_of_period: int
    collection: Collection
    change: PlanChange | None
    can_change: bool


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
    rows = queries.subscriptions(account_id=account_id)
    cards = [_card(one, disputed.get(one.pk), now) for one in rows]
    older = [card for card in cards[1:] if card.over_at is not None]
    return SubscriptionCards(shown=[card for card in cards if card not in older], older=older)


def _card(one: Subscription, disputed: Order | None, now: datetime) -> SubscriptionCard:
    bought = queries.orders_of_period(subscription=one)
    change = queries.open_change(subscription=one) if one.is_live else None
    return SubscriptionCard(
        subscription=one,
        over_at=one.over_at(now),
        is_suspended=one.is_live and queries.is_suspended(subscription_id=one.pk),
        disputed=disputed,
        reviewed=queries.held_order_of(subscription=one),
        also_reviewed=queries.held_within(subscription=one) if one.is_live else None,
        credits_left=_left_of(one, bought, now),
        credits_of_period=sum(order.credits for order in bought),
        collection=queries.collection_of(subscription=one, now=now),
        change=change,
        can_change=change is None
        and queries.is_changeable(subscription=one, now=now)
        and bool(queries.plans_to_change_to(subscription=one, now=now)),
    )


def credits_left(subscription: Subscription, now: datetime) -> int | None:
    """Return how many credits of the running period can still be spent; None where none runs."""
    return _left_of(subscription, queries.orders_of_period(subscription=subscription), now)


def _left_of(one: Subscription, bought: list[Order], now: datetime) -> int | None:
    if not bought or now >= one.period_ends_at:
        return None
    purchases = [ledger.purchase(one.account_id, order.pk, now) for order in bought]
    return sum(purchase.remaining for purchase in purchases)
