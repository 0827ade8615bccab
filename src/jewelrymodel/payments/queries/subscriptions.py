"""Reads about subscriptions."""

from datetime import datetime
from itertools import islice

from django.db.models import Count, F, Q

from jewelrymodel.catalog.products import ProductKind
from jewelrymodel.payments import rules
from jewelrymodel.payments.models import (
    ChargeDispute,
    Order,
    Refund,
    Subscription,
    SubscriptionSuspension,
)
from jewelrymodel.payments.statuses import (
    UNPAID_STATES,
    DisputeStatus,
    OpenInvoiceStatus,
    OrderState,
    RefundState,
    SubscriptionState,
)


def subscription(*, account_id: str, subscription_id: str) -> Subscription:
    """Return one subscription of the account with its plan; raises Subscription.DoesNotExist."""
    rows = Subscription.objects.select_related("product_version", "next_version")
    return rows.get(account_id=account_id, pk=subscription_id)


def subscriptions(*, account_id: str) -> list[Subscription]:
    """Return the account's subscriptions with their plans, those that live first, then newest."""
    rows = Subscription.objects.filter(account_id=account_id)
    rows = rows.select_related("product_version", "next_version")
    return sorted(rows.order_by("-started_at"), key=lambda one: not one.is_live)


def held_order_of(*, subscription: Subscription) -> Order | None:
    """Return the order of its running period where that waits for a person; else None."""
    rows = subscription.orders.filter(state=OrderState.REQUIRES_REVIEW, changed_from__isnull=True)
    return rows.filter(period_starts_at=subscription.period_starts_at).first()


def held_within(*, subscription: Subscription) -> Order | None:
    """Return an order beside the one of its running period, as the difference to a larger plan,
    that waits for a person; else None.
    """
    rows = subscription.orders.filter(state=OrderState.REQUIRES_REVIEW)
    began = subscription.period_starts_at
    since = Q(period_starts_at__gt=began) | Q(period_starts_at=began, changed_from__isnull=False)
    return rows.filter(since).order_by("number").first()


def order_of_period(*, subscription: Subscription) -> Order | None:
    """Return the delivered order that paid the subscription's running period; None without one."""
    rows = subscription.orders.filter(state=OrderState.DELIVERED).select_related("terms_edition")
    paid = rows.filter(period_starts_at=subscription.period_starts_at)
    return paid.order_by(F("changed_from").asc(nulls_first=True)).first()


def renews_already(*, account_id: str) -> bool:
    """Return whether the account has a plan that renews, or one whose first payment is pending: no
    second one is sold meanwhile."""
    live = Subscription.objects.exclude(state=SubscriptionState.CANCELED)
    pending = Order.objects.filter(
        account_id=account_id,
        state=OrderState.PAYMENT_PENDING,
        product_version__kind=ProductKind.SUBSCRIPTION,
    )
    renewing = live.filter(account_id=account_id, cancel_requested_at__isnull=True)
    return renewing.values("pk").union(pending.values("pk")).exists()


def plans_renewing_together() -> list[tuple[Subscription, Subscription]]:
    """Return pairs (older, younger) of subscriptions of one account that both renew.

    Of more than two each younger one stands beside the oldest.
    """
    renewing = Subscription.objects.exclude(state=SubscriptionState.CANCELED).filter(
        cancel_requested_at__isnull=True
    )
    several = renewing.values("account_id").annotate(count=Count("pk")).filter(count__gt=1)
    rows = renewing.filter(account_id__in=several.values("account_id"))
    pairs, oldest = [], dict[str, Subscription]()
    for row in rows.select_related("product_version").order_by("started_at", "pk"):
        older = oldest.setdefault(row.account_id, row)
        if older is not row:
            pairs.append((older, row))
    return pairs


def first_order(subscription: Subscription) -> Order | None:
    """Return the order that a subscription began with; None where it has none yet."""
    return subscription.orders.order_by("created_at", "number").first()


def orders_of_period(*, subscription: Subscription) -> list[Order]:
    """Return the delivered orders of its running period, oldest first: the one that paid it, and
    those of a dearer plan within it.
    """
    rows = subscription.orders.filter(state=OrderState.DELIVERED).select_related("product_version")
    within = rows.filter(period_starts_at__gte=subscription.period_starts_at)
    return list(within.order_by("period_starts_at", "number"))


def last_order(subscription: Subscription) -> Order | None:
    """Return what was last ordered of a subscription; None where it has nothing yet."""
    return subscription.orders.order_by("-created_at", "-number").first()


def is_given_back(*, subscription_id: str, period_starts_at: datetime) -> bool:
    """Return whether a period's money was refunded, and what was left of its credits taken back."""
    refunds = Refund.objects.filter(state=RefundState.SUCCEEDED, revokes_credits=True)
    return refunds.filter(
        charge__order__subscription_id=subscription_id,
        charge__order__period_starts_at=period_starts_at,
        charge__refunded_minor=F("charge__paid_minor"),
    ).exists()


def is_disputed(*, subscription_id: str, period_starts_at: datetime) -> bool:
    """Return whether a bank asks a period's money back, or has it: that of a difference to a larger
    plan within it, too.
    """
    over = DisputeStatus.closed() - {DisputeStatus.LOST}
    disputes = ChargeDispute.objects.filter(is_inquiry=False).exclude(status__in=over)
    return disputes.filter(
        charge__order__subscription_id=subscription_id,
        charge__order__period_starts_at__gte=period_starts_at,
    ).exists()


def unpaid_plans(*, account_id: str, now: datetime) -> list[str]:
    """Return the ids of the account's plan orders that can still be paid, oldest first."""
    rows = Order.objects.filter(
        account_id=account_id,
        state__in=UNPAID_STATES,
        product_version__kind=ProductKind.SUBSCRIPTION,
        payable_until_at__gt=now,
    )
    return list(rows.order_by("number").values_list("id", flat=True))


def collection_of(*, subscription: Subscription, now: datetime) -> rules.Collection:
    """Return how far the renewal of a subscription got; a declined one is past due, not this."""
    return rules.collection_of(
        renews=subscription.renews and subscription.state == SubscriptionState.ACTIVE,
        period_ends_at=subscription.period_ends_at,
        invoice_is_open=bool(subscription.open_invoice_id),
        is_debit=subscription.open_invoice_status == OpenInvoiceStatus.PROCESSING,
        now=now,
    )


def collecting(*, account_id: str, now: datetime) -> Subscription | None:
    """Return the account's plan whose renewal is being collected now, with its version."""
    rows = subscriptions(account_id=account_id)
    being = rules.Collection.COLLECTING
    return next((one for one in rows if collection_of(subscription=one, now=now) is being), None)


def overdue_renewals(*, now: datetime) -> list[Subscription]:
    """Return the plans whose renewal was neither paid nor declined in its time, oldest first."""
    due = Subscription.objects.filter(
        state=SubscriptionState.ACTIVE,
        cancel_requested_at__isnull=True,
        period_ends_at__lte=now - rules.UNSEEN,
    )
    overdue = rules.Collection.OVERDUE
    rows = due.order_by("period_ends_at", "pk")
    return [one for one in rows if collection_of(subscription=one, now=now) is overdue]


def unrenewed_to_tell(*, now: datetime, limit: int) -> list[str]:
    """Return the ids of plans whose customers have yet to be told that nobody collects the
    renewal, longest due first.
    """
    told = Q(told_unrenewed_at=F("period_ends_at"))
    due = Subscription.objects.exclude(told).filter(
        state=SubscriptionState.ACTIVE,
        cancel_requested_at__isnull=True,
        period_ends_at__lte=now - rules.TOLD_AFTER,
    )
    overdue = rules.Collection.OVERDUE
    rows = due.order_by("period_ends_at", "pk")
    found = (one.pk for one in rows if collection_of(subscription=one, now=now) is overdue)
    return list(islice(found, limit))


def cards_to_check(*, now: datetime, limit: int) -> list[str]:
    """Return the ids of plans that renew soon and whose card wasn't looked at for that, those that
    renew first.
    """
    checked = Q(card_checked_for_at=F("period_ends_at"))
    soon = Subscription.objects.exclude(checked).filter(
        state=SubscriptionState.ACTIVE,
        cancel_requested_at__isnull=True,
        period_ends_at__gt=now,
        period_ends_at__lte=now + rules.CARD_CHECKED_BEFORE,
    )
    return list(soon.order_by("period_ends_at", "pk").values_list("id", flat=True)[:limit])


def subscriptions_to_look_at(*, now: datetime, limit: int) -> list[str]:
    """Return the ids of subscriptions that may have renewed or ended, longest due first."""
    due = Subscription.objects.filter(next_look_at__lte=now).exclude(
        state=SubscriptionState.CANCELED
    )
    return list(due.order_by("next_look_at").values_list("id", flat=True)[:limit])


def is_suspended(*, subscription_id: str) -> bool:
    """Return whether a subscription gives no access for now."""
    suspensions = SubscriptionSuspension.objects.filter(reinstated_at__isnull=True)
    return suspensions.filter(subscription_id=subscription_id).exists()
