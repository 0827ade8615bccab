"""Following a hint from the processor: which object may have changed, and who looks at it."""

from collections.abc import Callable, Mapping
from datetime import datetime

from jewelrymodel.infra import events
from jewelrymodel.payments.adapters.stripe_refunds import refunds
from jewelrymodel.payments.adapters.stripe_subscriptions import subscriptions
from jewelrymodel.payments.gateway import ProcessorRefused
from jewelrymodel.payments.models import Charge, Order, Refund, Subscription
from jewelrymodel.payments.operations.charge_booking import book_charge
from jewelrymodel.payments.operations.disputes import mirror_dispute, mirror_disputes_of
from jewelrymodel.payments.operations.order_settlement import settle_order
from jewelrymodel.payments.operations.refund_adoption import adopt_refunds
from jewelrymodel.payments.operations.refunds import follow_refund
from jewelrymodel.payments.operations.subscription_renewal import settle_subscription

Hint = Mapping[str, str]
Follower = Callable[[Hint, datetime], str]

NOT_OURS = "not ours"


def handle_event(hint: Hint, *, now: datetime) -> str:
    """Fetch again what the hint names and settle it; returns what became of it, in a word.

    What the hint claims is never believed. An object that our key can't see is not ours, and that
    is an answer. Raises ProcessorDown and ProcessorRefused.
    """
    follower = FOLLOWERS.get(hint.get("object", ""), _settle_named_order)
    return follower(hint, now)


def _settle_named_order(hint: Hint, now: datetime) -> str:
    order_id = hint.get("order_id", "")
    if not Order.objects.filter(pk=order_id).exists():
        return "no order of ours"
    return str(settle_order(order_id=order_id, now=now).state)


def _settle_subscription(hint: Hint, now: datetime) -> str:
    try:
        ours = settle_subscription(processor_subscription_id=hint["object_id"], now=now)
    except ProcessorRefused as refusal:
        known = Subscription.objects.filter(processor_subscription_id=hint["object_id"]).exists()
        return _not_ours(refusal, known=known)
    return str(ours.state) if ours else "no subscription of ours"


def _settle_invoice(hint: Hint, now: datetime) -> str:
    try:
        subscription_id = subscriptions().subscription_of_invoice(hint["object_id"])
    except ProcessorRefused as refusal:
        known = Order.objects.filter(invoice_id=hint["object_id"]).exists()
        return _not_ours(refusal, known=known)
    return _settle_subscription({"object_id": subscription_id}, now) if subscription_id else "alone"


def _follow_refund(hint: Hint, now: datetime) -> str:
    ours = Refund.objects.filter(processor_refund_id=hint["object_id"]).first()
    if ours is not None:
        return str(follow_refund(refund_id=ours.pk, now=now).state)
    try:
        charge_id = refunds().retrieve_refund(hint["object_id"]).processor_charge_id
    except ProcessorRefused as refusal:
        return _not_ours(refusal)
    return _look_at_charge({"object": "charge", "object_id": charge_id}, now)


def _look_at_charge(hint: Hint, now: datetime) -> str:
    """A charge changed: its refunds and its disputes may have. An unknown one is booked."""
    ours = Charge.objects.filter(processor_charge_id=hint["object_id"]).first()
    if ours is None:
        return _book_charge(hint, now)
    for refund in Refund.objects.filter(charge=ours):
        follow_refund(refund_id=refund.pk, now=now)
    adopt_refunds(charge_id=ours.pk, now=now)
    return f"{len(mirror_disputes_of(charge_id=ours.pk, now=now))} disputes"


def _book_charge(hint: Hint, now: datetime) -> str:
    try:
        booking = book_charge(processor_charge_id=hint["object_id"], now=now)
    except ProcessorRefused as refusal:
        return _not_ours(refusal, known=bool(hint.get("order_id")))
    if booking.is_second:
        return "charged twice"
    return str(booking.order.state) if booking.order else "no charge of ours"


def _note_warning(hint: Hint, now: datetime) -> str:
    """A card's bank suspects a charge: its case is opened by the check, at once."""
    try:
        charge_id = refunds().charge_of_warning(hint["object_id"])
    except ProcessorRefused as refusal:
        return _not_ours(refusal)
    charge = Charge.objects.filter(processor_charge_id=charge_id).first()
    if charge is None:
        _book_charge({"object": "charge", "object_id": charge_id}, now)
        charge = Charge.objects.filter(processor_charge_id=charge_id).first()
    if charge is None:
        return "no charge of ours"
    events.emit("charge.suspected", subject_id=charge.pk)
    return "suspected"


def _mirror_dispute(hint: Hint, now: datetime) -> str:
    try:
        ours = mirror_dispute(processor_dispute_id=hint["object_id"], now=now)
    except ProcessorRefused as refusal:
        return _not_ours(refusal)
    return str(ours.status) if ours else "no charge of ours"


def _not_ours(refusal: ProcessorRefused, *, known: bool = False) -> str:
    """The answer about what our key can't see; what we know of has to be there, so it raises."""
    if known or not refusal.is_missing:
        raise refusal
    return NOT_OURS


FOLLOWERS: dict[str, Follower] = {
    "subscription": _settle_subscription,
    "invoice": _settle_invoice,
    "refund": _follow_refund,
    "charge": _look_at_charge,
    "dispute": _mirror_dispute,
    "radar.early_fraud_warning": _note_warning,
}
"""By the processor's word for the object's kind; any other kind is about the order it names."""
