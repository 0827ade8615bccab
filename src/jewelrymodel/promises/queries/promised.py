"""What the policy says of a purchase now, and what it said when an order was placed."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from jewelrymodel.catalog import terms
from jewelrymodel.catalog.models import ProductVersion
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.models import Order, Subscription
from jewelrymodel.payments.statuses import TaxBehavior
from jewelrymodel.policy.edition import Edition
from jewelrymodel.policy.hypotheses import (
    Buyer,
    of_cancellation,
    of_change,
    of_generation,
    of_purchase,
)
from jewelrymodel.policy.promise import PromisedLine, promised_lines
from jewelrymodel.promises.models import (
    CancellationPromise,
    ChangePromise,
    GenerationPromise,
    OrderPromise,
    SignedPromise,
)
from jewelrymodel.promises.rules.supposed_purchase import (
    supposed_buyer,
    supposed_difference,
    supposed_offer,
)

log = logging.getLogger(__name__)


class NoPromise(CodedError):
    """Nothing was promised with this order; it was placed before there were promises, or renews."""


def checkout_lines(
    *, version: ProductVersion, text: Edition, country: str, capacity: str, now: datetime
) -> tuple[PromisedLine, ...]:
    """Return what may come of buying *version* under the edition *text*, and what is decided then.

    *text* is what the order is going to pin. Where tax will be added, amounts are before it.
    """
    buyer = _buyer(country, capacity)
    return promised_lines(
        of_purchase(supposed_offer(version, at=now), buyer),
        (text,),
        at=now,
        pinned_on=text.date,
        pinned_sha256=text.sha256,
        is_before_tax=settings.AUTOMATIC_TAX == TaxBehavior.EXCLUSIVE,
    )


def cancellation_lines(*, subscription: Subscription, now: datetime) -> tuple[PromisedLine, ...]:
    """Return what may come of canceling now, by the edition that the running month pinned; nothing
    where that month isn't paid and delivered, or its edition can't be read: canceling counts at
    once all the same (clause 3.2), so that is logged and not raised. A renewal that is charged all
    the same is of the plan that it renews as; amounts are as in ``checkout_lines``.
    """
    order = payments.order_of_period(subscription=subscription)
    if order is None:
        return ()
    try:
        text = terms.pinned(order.terms_edition)
    except terms.UNREADABLE as problem:
        log.error("nothing is promised for canceling %s: %s", subscription.pk, problem)
        return ()
    offer = supposed_offer(subscription.product_version, at=now)
    renewal = supposed_offer(subscription.renews_as, at=now)
    buyer = _buyer(order.country, order.buyer_capacity)
    behavior = payments.tax_behavior_of(subscription)
    return promised_lines(
        of_cancellation(offer, buyer, renewal),
        (text,),
        at=now,
        pinned_on=text.date,
        pinned_sha256=text.sha256,
        is_before_tax=behavior == TaxBehavior.EXCLUSIVE,
    )


def change_lines(
    *,
    subscription: Subscription,
    version: ProductVersion,
    amount_minor: int,
    credits_added: int,
    prorated_at: datetime,
    text: Edition,
    now: datetime,
) -> tuple[PromisedLine, ...]:
    """Return what may come of paying the difference to *version* from *prorated_at* on, its tax
    included, under the edition *text*; its buyer is that of the subscription's last order.
    """
    order = payments.last_order(subscription)
    country, capacity = (order.country, order.buyer_capacity) if order else ("", "")
    left = subscription.period_ends_at - prorated_at
    offer = supposed_difference(
        version,
        amount_minor=amount_minor,
        credits_added=credits_added,
        minutes=int(left.total_seconds()) // 60,
    )
    return promised_lines(
        of_change(offer, _buyer(country, capacity)),
        (text,),
        at=now,
        pinned_on=text.date,
        pinned_sha256=text.sha256,
    )


def text_for_generations(now: datetime) -> Edition | None:
    """Return the edition that generations ordered at *now* are promised by.

    None where it can't be read: images are made without a promise then, and that is logged.
    """
    try:
        return terms.in_force(now)
    except terms.UNREADABLE as problem:
        log.error("nothing is promised for generations: %s", problem)
        return None


def generation_lines(
    *, prices: Sequence[int], text: Edition, country: str, capacity: str
) -> tuple[PromisedLine, ...]:
    """Return what may come of a generation whose images cost *prices*, by the edition *text*."""
    hypotheses = of_generation(prices=prices, buyer=_buyer(country, capacity))
    return promised_lines(hypotheses, (text,), at=text.starts_at)


@dataclass(frozen=True)
class KeptPromise:
    """A promise that was kept, read: its digest and its lines."""

    sha256: str
    lines: tuple[PromisedLine, ...]


def promises_for(order: Order | None, *, task_id: str = "") -> tuple[KeptPromise, ...]:
    """Return what was promised with an order, or for a renewal with the order that began its plan;
    when its plan was canceled; and when a generation was ordered. None where there was none.
    """
    rows: list[SignedPromise] = []
    if order is not None:
        whose = Q(order_id=order.pk)
        if order.subscription_id:
            whose |= Q(order__subscription_id=order.subscription_id)
            canceled = CancellationPromise.objects.filter(subscription_id=order.subscription_id)
            rows += canceled.order_by("made_at")
        rows += OrderPromise.objects.filter(whose).order_by("made_at")
        rows += ChangePromise.objects.filter(change__order_id=order.pk)
    if task_id:
        rows += GenerationPromise.objects.filter(taskpromise__task_id=task_id)
    return tuple(KeptPromise(one.sha256, one.promise.lines) for one in rows)


def task_promise(*, task_id: str) -> GenerationPromise:
    """Return what was promised with a generation; raises NoPromise."""
    row = GenerationPromise.objects.filter(taskpromise__task_id=task_id).first()
    if row is None:
        raise NoPromise(task=task_id)
    return row


def cancellation_promise(*, account_id: str, subscription_id: str) -> CancellationPromise:
    """Return what was promised when one of the account's plans was last canceled; raises
    NoPromise.
    """
    rows = CancellationPromise.objects.filter(account_id=account_id)
    row = rows.filter(subscription_id=subscription_id).order_by("-made_at").first()
    if row is None:
        raise NoPromise(subscription=subscription_id)
    return row


def order_promise(*, account_id: str, order_id: str) -> SignedPromise:
    """Return what was promised with one of the account's orders, or with the change of plan that it
    paid; raises NoPromise.
    """
    row = OrderPromise.objects.filter(account_id=account_id, pk=order_id).first()
    if row is not None:
        return row
    of_change = ChangePromise.objects.filter(change__subscription__account_id=account_id)
    changed = of_change.filter(change__order_id=order_id).first()
    if changed is None:
        raise NoPromise(order=order_id)
    return changed


def _buyer(country: str, capacity: str) -> Buyer:
    return supposed_buyer(
        country=country,
        capacity=capacity,
        machine_limit_minor=settings.MACHINE_LIMIT_MINOR,
        second_approval_limit_minor=settings.SECOND_APPROVAL_LIMIT_MINOR,
    )
