"""What a person does with a held order: it is delivered as it was charged, or closed.

Its money goes back as every other refund does, by a decision; then it closes by itself.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from jewelrymodel.catalog.products import ProductKind
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.payments.adapters.stripe_processor import processor
from jewelrymodel.payments.adapters.stripe_subscriptions import subscriptions
from jewelrymodel.payments.models import Charge, Order, Refund
from jewelrymodel.payments.operations.delivery import deliver
from jewelrymodel.payments.operations.order_review import close, note_review
from jewelrymodel.payments.operations.order_settlement import settle_order
from jewelrymodel.payments.operations.refund_adoption import adopt_refunds
from jewelrymodel.payments.statuses import OPEN_REFUNDS, OrderState


class ReviewRefused(CodedError):
    """This can't be done with the order as it stands now. Nothing was changed."""


class NotHeld(ReviewRefused):
    """This order doesn't wait for a person any more: look at what became of it."""


class NothingKept(ReviewRefused):
    """None of its money is kept, so nothing can be delivered for it. Close the order instead."""


class MoneyKept(ReviewRefused):
    """Money of this order is kept: deliver it or refund it first. Nothing was changed."""


class BeingRefunded(ReviewRefused):
    """A refund of this order is on its way. Nothing was changed."""


class PeriodOver(ReviewRefused):
    """The period that was paid isn't known, or is over. Refund the order instead."""


class ChangedElsewhere(ReviewRefused):
    """It was charged within a period that was paid before, for a change that was made at the
    processor: nobody said here what it brings. Refund the order instead.
    """


def deliver_held(*, order_id: str, actor: Actor, reason: str, now: datetime) -> Order:
    """Return a held order, delivered because a person says so, for what was charged.

    Again, it changes nothing. Raises Order.DoesNotExist, ReviewRefused in its kinds, ProcessorDown
    and ProcessorRefused.
    """
    order = settle_order(order_id=order_id, now=now)  # its money may be known only now
    if order.state == OrderState.DELIVERED:
        return order
    for charge_id in order.charges.values_list("id", flat=True):
        adopt_refunds(charge_id=charge_id, now=now)
    return _deliver(order_id, _tax(order), actor, reason, now)


@transaction.atomic
def _deliver(order_id: str, tax_minor: int, actor: Actor, reason: str, now: datetime) -> Order:
    order = Order.objects.select_for_update().get(pk=order_id)
    if order.state == OrderState.DELIVERED:
        return order
    _require_held(order)
    charge = _kept_charges(order).first()
    if charge is None:
        raise NothingKept(order=order.label)
    is_plan = order.product_version.kind == ProductKind.SUBSCRIPTION
    if is_plan and (order.period_ends_at is None or order.period_ends_at <= now):
        raise PeriodOver(order=order.label)
    if is_plan and _is_foreign_change(order):
        raise ChangedElsewhere(order=order.label)
    deliver(order, charge, now, tax_minor=min(tax_minor, charge.paid_minor))
    order.save()
    note_review(order, "order.delivered", reason, actor=actor, now=now)
    return order


@transaction.atomic
def close_held(*, order_id: str, actor: Actor, reason: str, now: datetime) -> Order:
    """Return a held order, closed because nothing of its money is kept; its plan renews no more.

    Again, it changes nothing. Raises Order.DoesNotExist and ReviewRefused in its kinds.
    """
    order = Order.objects.select_for_update().get(pk=order_id)
    if order.state == OrderState.CLOSED:
        return order
    _require_held(order)
    if _kept_charges(order).exists():
        raise MoneyKept(order=order.label)
    close(order, reason, actor=actor, now=now)
    return order


def _is_foreign_change(order: Order) -> bool:
    """Whether its period began within one that an order before it is for, and no change that was
    agreed to here did that.
    """
    if order.is_change or order.subscription is None:
        return False
    before = order.subscription.orders.filter(number__lt=order.number, changed_from__isnull=True)
    starts_at = order.period_starts_at
    return before.filter(period_starts_at__lte=starts_at, period_ends_at__gt=starts_at).exists()


def _require_held(order: Order) -> None:
    if order.state != OrderState.REQUIRES_REVIEW:
        raise NotHeld(order=order.label)
    if Refund.objects.filter(charge__order=order, state__in=OPEN_REFUNDS).exists():
        raise BeingRefunded(order=order.label)


def _kept_charges(order: Order) -> QuerySet[Charge]:
    """The order's charges that kept money, oldest first, held by the caller's transaction."""
    rows = Charge.objects.select_for_update().filter(order=order, kept_minor__gt=0)
    return rows.order_by("charged_at", "id")


def _tax(order: Order) -> int:
    """The tax in what was charged, as the processor says: for the receipt."""
    if order.session_id:
        return processor().retrieve_checkout(order.session_id).tax_minor
    if order.subscription is None:
        return 0
    processor_subscription = subscriptions().retrieve_subscription(
        order.subscription.processor_subscription_id
    )
    return next(
        (one.tax_minor for one in processor_subscription.invoices if one.id == order.invoice_id), 0
    )
