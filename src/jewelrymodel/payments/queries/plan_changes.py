"""Reads about changes of plan: which are possible, and the one that is under way."""

from datetime import datetime

from jewelrymodel.catalog import queries as catalog
from jewelrymodel.catalog.models import ProductVersion
from jewelrymodel.catalog.products import ProductKind
from jewelrymodel.payments.models import PlanChange, Subscription
from jewelrymodel.payments.queries.subscriptions import (
    held_within,
    is_disputed,
    is_suspended,
    order_of_period,
)
from jewelrymodel.payments.statuses import OPEN_CHANGES, ChangeTiming, SubscriptionState


def open_change(*, subscription: Subscription) -> PlanChange | None:
    """Return the change that waits to be paid, or for the renewal; None where none does."""
    rows = PlanChange.objects.filter(subscription=subscription, state__in=OPEN_CHANGES)
    return rows.select_related("from_version", "to_version").first()


def changes_to_settle(*, account_id: str) -> list[PlanChange]:
    """Return the account's changes that count as soon as they are paid, and may be so yet."""
    rows = PlanChange.objects.filter(
        subscription__account_id=account_id, state__in=OPEN_CHANGES, timing=ChangeTiming.NOW
    )
    return list(rows.select_related("from_version", "to_version").order_by("requested_at"))


def plan_change(*, change_id: str) -> PlanChange:
    """Return one change with its plans; raises PlanChange.DoesNotExist."""
    rows = PlanChange.objects.select_related("from_version", "to_version", "subscription")
    return rows.get(pk=change_id)


def is_changeable(*, subscription: Subscription, now: datetime) -> bool:
    """Return whether a subscription's plan can be changed: it renews, its period is paid, delivered
    and runs, nothing of it waits for a person, no bank asks for its money, and no renewal is being
    collected.
    """
    return (
        subscription.renews
        and subscription.state == SubscriptionState.ACTIVE
        and subscription.period_starts_at <= now < subscription.period_ends_at
        and not subscription.open_invoice_id
        and order_of_period(subscription=subscription) is not None
        and held_within(subscription=subscription) is None
        and not is_suspended(subscription_id=subscription.pk)
        and not is_disputed(
            subscription_id=subscription.pk, period_starts_at=subscription.period_starts_at
        )
    )


def plans_to_change_to(*, subscription: Subscription, now: datetime) -> list[ProductVersion]:
    """Return the other plans on sale that are billed alike: in the same currency, as often."""
    present = subscription.product_version
    return [
        one
        for one in catalog.products_on_sale(now)
        if one.kind == ProductKind.SUBSCRIPTION
        and one.sku != present.sku
        and (one.currency, one.interval) == (present.currency, present.interval)
    ]


def is_dearer(version: ProductVersion, present: ProductVersion) -> bool:
    """Return whether a plan costs more and brings more: only then can it count at once."""
    return version.price_minor > present.price_minor and version.credits > present.credits
