"""Our plans beside the processor's subscriptions: in pages, newest first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jewelrymodel.payments.adapters.stripe_subscriptions import subscriptions
from jewelrymodel.payments.models import Order, Subscription
from jewelrymodel.payments.operations.reconciliation import (
    Comparison,
    Difference,
    look_closer,
    whose,
)
from jewelrymodel.payments.operations.subscription_renewal import settle_subscription
from jewelrymodel.payments.processor_objects import ListedSubscription, SubscriptionStatus
from jewelrymodel.payments.statuses import OrderState, SubscriptionState

_ODD = (
    SubscriptionStatus.TRIALING,
    SubscriptionStatus.PAUSED,
    SubscriptionStatus.UNPAID,
    SubscriptionStatus.UNKNOWN,
)
_PAST_DUE = (
    SubscriptionStatus.PAST_DUE,
    SubscriptionStatus.UNPAID,
    SubscriptionStatus.INCOMPLETE,
)


def reconcile_subscriptions(*, now: datetime) -> list[Difference]:
    """Settle what only lacked its news; return the subscriptions there that are no plan of ours,
    and the plans of ours that the processor doesn't collect or whose status there has no meaning.

    Only those that bill a customer of ours. News is that a plan began, was canceled, or ended
    there. Raises ProcessorDown, and ProcessorRefused where they can't be listed.
    """
    return [one for page in compare_subscriptions(now=now) for one in page.differences]


def compare_subscriptions(*, now: datetime) -> Iterator[Comparison]:
    """Yield the same with what was looked at, a page of the processor's at a time, so that a large
    shop takes no more memory than a small one; raises as ``reconcile_subscriptions``.

    Newest first: which plans of ours a page lacks is known by when the first and the last of it
    were made.
    """
    younger_than = None
    for page in subscriptions().list_subscriptions():
        older_than = page[-1].made_at if page else None
        yield _compare(page, _Span(older_than, younger_than), now)
        younger_than = older_than
    yield _compare([], _Span(None, younger_than), now)


@dataclass(frozen=True)
class _Span:
    """From when on, and until before when, plans began; None: without an end."""

    since: datetime | None
    before: datetime | None

    def plans(self) -> QuerySet[Subscription]:
        """Ours that began then and live."""
        rows = Subscription.objects.exclude(state=SubscriptionState.CANCELED)
        if self.since is not None:
            rows = rows.filter(started_at__gte=self.since)
        if self.before is not None:
            rows = rows.filter(started_at__lt=self.before)
        return rows.order_by("pk")


def _compare(page: Iterable[ListedSubscription], span: _Span, now: datetime) -> Comparison:
    listed = {one.id: one for one in page}
    unknown = [one.id for one, _order in _unknown_subscriptions(listed)]
    looked_at = tuple(dict.fromkeys([*_out_of_step(listed, span), *unknown]))
    for processor_id in looked_at:
        _settle(processor_id, now)
    differences = (
        *(
            Difference(order, _billed_by_nobody(one), one.id, one.id)
            for one, order in _unknown_subscriptions(listed)
        ),
        *_uncollected_plans(listed),
    )
    return Comparison(looked_at, differences)


def _out_of_step(listed: Mapping[str, ListedSubscription], span: _Span) -> list[str]:
    """Plans of ours that the processor lists otherwise, doesn't list, or lists after their end."""
    named = Subscription.objects.filter(processor_subscription_id__in=listed)
    differing = [
        one.processor_subscription_id
        for one in named.order_by("pk")
        if not one.is_live or not _in_step(one, listed[one.processor_subscription_id])
    ]
    missing = span.plans().exclude(processor_subscription_id__in=listed)
    return [*differing, *missing.values_list("processor_subscription_id", flat=True)]


def _unknown_subscriptions(
    listed: Mapping[str, ListedSubscription],
) -> list[tuple[ListedSubscription, Order]]:
    """The processor's subscriptions of customers of ours that are no plan here.

    One whose first payment is pending becomes one, or ends, as that payment does.
    """
    rows = Subscription.objects.filter(processor_subscription_id__in=listed)
    known = set(rows.values_list("processor_subscription_id", flat=True))
    strange = [one for one in listed.values() if one.id not in known]
    named = [(one, whose(one.order_id, one.customer_id)) for one in strange]
    return [
        (one, order)
        for one, order in named
        if order is not None and order.state != OrderState.PAYMENT_PENDING
    ]


def _uncollected_plans(listed: Mapping[str, ListedSubscription]) -> list[Difference]:
    """Plans that seem to renew and won't: paused there, or of a status that says nothing to us.

    Nothing is left to be collected of a plan that renews no more.
    """
    odd = [one for one in listed.values() if not one.collects or one.status in _ODD]
    named = [(one, whose(one.order_id, one.customer_id)) for one in odd]
    rows = Subscription.objects.filter(processor_subscription_id__in=[one.id for one in odd])
    ours = {one.processor_subscription_id: one for one in rows}
    return [
        Difference(order, _not_collected(one), one.id, one.id, _what_to_do(one))
        for one, order in named
        if order is not None and one.id in ours and (one.status in _ODD or ours[one.id].renews)
    ]


def _in_step(plan: Subscription, listed: ListedSubscription) -> bool:
    is_past_due = plan.state == SubscriptionState.PAST_DUE
    ours = (plan.renews, plan.processor_renews, is_past_due)
    return ours == (listed.renews, listed.renews, listed.status in _PAST_DUE)


def _settle(processor_subscription_id: str, now: datetime) -> None:
    look = partial(
        settle_subscription, processor_subscription_id=processor_subscription_id, now=now
    )
    look_closer(processor_subscription_id, look)


def _billed_by_nobody(one: ListedSubscription) -> Promise:
    words = _(
        "The payment processor bills a subscription ({subscription}) that isn’t in our records, so "
        "it can’t be seen or canceled here."
    )
    return format_lazy(words, subscription=one.id)


def _not_collected(one: ListedSubscription) -> Promise:
    words = _(
        "The payment processor doesn’t collect the subscription {subscription}, which our records "
        "show as running; our team is looking into it."
    )
    if one.status is SubscriptionStatus.UNPAID:
        words = _(
            "A renewal of the subscription {subscription} wasn’t paid, and nothing more is charged "
            "for it at the moment; our team is looking into it."
        )
    return format_lazy(words, subscription=one.id)


def _what_to_do(one: ListedSubscription) -> str:
    """For staff: its customer can't do it."""
    if one.status is SubscriptionStatus.UNPAID:
        return (
            f"{one.id} is unpaid at the processor: it tries no more, and later invoices stay "
            "drafts. Ask the customer whether they want to keep it; then finalize the newest "
            "invoice there, or cancel the subscription. Don’t collect a month that is over."
        )
    return f"Status at the processor: {one.status}. Resume {one.id} there, or cancel it."
