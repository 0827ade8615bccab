"""Canceling and taking it back: our state at once, the processor's as soon as it answers."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from jewelrymodel.audit import operations as audit
from jewelrymodel.infra import events, queue
from jewelrymodel.infra.locks import locked
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.payments.adapters.stripe_subscriptions import subscriptions
from jewelrymodel.payments.gateway import ProcessorRefused
from jewelrymodel.payments.models import Order, Subscription
from jewelrymodel.payments.models.subscriptions import AT_PROCESSOR
from jewelrymodel.payments.operations.order_placement import require_not_subscribed
from jewelrymodel.payments.statuses import SubscriptionState

_ASKED = "asked for under Billing"
_THERE = "changed at the payment processor, not here"

log = logging.getLogger(__name__)


class SubscriptionOver(CodedError):
    """This subscription has ended. Nothing was changed; a new one can be taken."""


def cancel_subscription(
    *, account_id: str, subscription_id: str, actor: Actor, now: datetime
) -> Subscription:
    """Return the subscription, which from now on isn't renewed (clause 3.2).

    Its paid period stays (clause 3.5), and nothing is refunded by this alone (clause 3.3). Again,
    it changes nothing. Raises Subscription.DoesNotExist and SubscriptionOver.
    """
    with transaction.atomic():
        ours = _open(account_id, subscription_id)
        stop_renewing(ours, actor=actor, reason=_ASKED, now=now)
    return ours


def stop_renewing(ours: Subscription, *, actor: Actor, reason: str, now: datetime) -> bool:
    """Let a subscription renew no more, and say so; return whether that is new.

    The caller holds its row. The processor is told by a task of its own.
    """
    if ours.cancel_requested_at is not None:
        return False
    ours.cancel_requested_at = ours.next_look_at = now
    _save(ours, "subscription.canceled", actor, reason, now)
    events.emit("subscription.canceled", subject_id=ours.pk)
    return True


def adopt_cancellation(ours: Subscription, *, at: datetime, now: datetime) -> None:
    """Let a subscription renew no more because it was canceled at the processor, at that instant.

    The caller holds its row and saves it; the customer is told by mail.
    """
    ours.cancel_requested_at = at
    _note_change(ours, "subscription.canceled", AT_PROCESSOR, _THERE, now)
    events.emit("subscription.canceled", subject_id=ours.pk)


def adopt_resumption(ours: Subscription, *, now: datetime) -> None:
    """Let a subscription renew again because that was changed at the processor; as above."""
    ours.cancel_requested_at = None
    _note_change(ours, "subscription.resumed", AT_PROCESSOR, _THERE, now)
    events.emit("subscription.resumed", subject_id=ours.pk)


def leave_with_month(order: Order, *, actor: Actor, reason: str, now: datetime) -> bool:
    """Let the plan whose running month *order* paid renew no more; return whether that is new.

    Whoever has that month's money back, or what a dearer plan cost within it, from us or by their
    bank, has left the plan. In the caller's transaction; the plan's row is locked.
    """
    if order.period_starts_at is None:
        return False
    of_period = Q(period_starts_at=order.period_starts_at)
    if order.is_change:  # its own begins within
        of_period = Q(period_ends_at=order.period_ends_at)
    paid_for_it = Subscription.objects.filter(of_period, pk=order.subscription_id)
    ours = paid_for_it.exclude(state=SubscriptionState.CANCELED).select_for_update().first()
    return ours is not None and stop_renewing(ours, actor=actor, reason=reason, now=now)


def resume_subscription(
    *, account_id: str, subscription_id: str, actor: Actor, now: datetime
) -> Subscription:
    """Return the subscription, which renews again with the end of its paid period.

    Raises Subscription.DoesNotExist, SubscriptionOver from the end of that period on, and
    AlreadySubscribed where another plan renews meanwhile.
    """
    with transaction.atomic():
        ours = _open(account_id, subscription_id)
        if ours.cancel_requested_at is not None:
            if now >= ours.period_ends_at:
                raise SubscriptionOver
            require_not_subscribed(account_id=account_id, version=ours.product_version)
            ours.cancel_requested_at, ours.resumed_at, ours.next_look_at = None, now, now
            _save(ours, "subscription.resumed", actor, _ASKED, now)
            events.emit("subscription.resumed", subject_id=ours.pk)
    return ours


def tell_processor(*, subscription_id: str, now: datetime) -> bool:
    """Make the processor renew or stop as the customer said; return whether that was needed.

    What it was told is noted, so that a change there after it is known as one. Two at once tell one
    after the other. A canceled subscription ends there at once where its renewal could not be
    collected, and where its paid period is over, as after a renewal in error: nothing more is tried
    on the card. Raises ProcessorDown and ProcessorRefused.
    """
    with locked(f"payments.tell_processor:{subscription_id}"):
        ours = Subscription.objects.get(pk=subscription_id)
        if not ours.is_live:
            return False
        past_due = ours.state == SubscriptionState.PAST_DUE
        if not ours.renews and (past_due or now >= ours.period_ends_at):
            _end(ours.processor_subscription_id)
        elif ours.renews == ours.processor_renews:
            return False
        else:
            subscriptions().cancel_at_period_end(
                ours.processor_subscription_id, cancels=not ours.renews
            )
        Subscription.objects.filter(pk=ours.pk).update(
            processor_renews=ours.renews, renewal_version=F("renewal_version") + 1
        )
    return True


def _end(processor_subscription_id: str) -> None:
    """End it; what has ended there already is missing there."""
    try:
        subscriptions().cancel(processor_subscription_id)
    except ProcessorRefused as refusal:
        if not refusal.is_missing:
            raise


def _open(account_id: str, subscription_id: str) -> Subscription:
    ours = Subscription.objects.select_for_update().get(account_id=account_id, pk=subscription_id)
    if not ours.is_live:
        raise SubscriptionOver
    return ours


def _save(ours: Subscription, action: str, actor: Actor, reason: str, now: datetime) -> None:
    _note_change(ours, action, actor, reason, now)
    ours.save(
        update_fields=[
            "cancel_requested_at",
            "next_look_at",
            "renewal_changed_by",
            "renewal_version",
            "resumed_at",
        ]
    )
    queue.defer("payments.follow_subscription", subscription_id=ours.pk)


def _note_change(ours: Subscription, action: str, actor: Actor, reason: str, now: datetime) -> None:
    """Write down who changed whether it renews; a look that began before that is old."""
    ours.renewal_changed_by = str(actor)
    ours.renewal_version += 1
    audit.record(
        actor=actor,
        action=action,
        subject=f"subscription:{ours.pk}",
        reason=reason,
        account_id=ours.account_id,
        now=now,
    )
