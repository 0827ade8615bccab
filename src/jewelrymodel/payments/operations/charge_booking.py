"""A charge that we don't know yet: what it paid for is found and settled, so that it is booked."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from jewelrymodel.infra import events
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments.adapters.stripe_charges import charge_and_order
from jewelrymodel.payments.adapters.stripe_subscriptions import subscriptions
from jewelrymodel.payments.models import Charge, Order, Subscription
from jewelrymodel.payments.operations.delivery import record_charge
from jewelrymodel.payments.operations.order_review import HELD_FIELDS, hold
from jewelrymodel.payments.operations.order_settlement import settle_order
from jewelrymodel.payments.operations.subscription_renewal import settle_subscription
from jewelrymodel.payments.processor_objects import ProcessorCharge
from jewelrymodel.payments.rules import Hold
from jewelrymodel.payments.statuses import UNSETTLED_STATES, HoldReason, OrderState

ACTOR = Actor.system("payments.book_charge")


@dataclass(frozen=True)
class Booking:
    """What a charge is here: its row, and the order that it names or whose plan it paid.

    With an order and no row it is ours and not booked yet; without either it is not ours.
    """

    charge: Charge | None
    order: Order | None
    is_second: bool = False


def book_charge(*, processor_charge_id: str, now: datetime) -> Booking:
    """Return what a charge is here, after what it paid for was settled.

    Money for an order that was paid already is a duplicate, and noted at once (6.1). Raises
    ProcessorDown and ProcessorRefused.
    """
    known = _known(processor_charge_id)
    if known is not None:
        return Booking(known, known.order)
    processor_charge, order_id = charge_and_order(processor_charge_id)
    if processor_charge is None:
        return Booking(None, None)
    if order_id:
        order = Order.objects.filter(pk=order_id).first()
        if order is None:
            return Booking(None, None)
        settle_order(order_id=order.pk, now=now)
        return _of_order(order.pk, processor_charge, now)
    return _of_plan(processor_charge, now)


def _known(processor_charge_id: str) -> Charge | None:
    rows = Charge.objects.select_related("order")
    return rows.filter(processor_charge_id=processor_charge_id).first()


@transaction.atomic
def _of_order(order_id: str, processor_charge: ProcessorCharge, now: datetime) -> Booking:
    """Settling has booked it, or it is money that the order's payment page doesn't show."""
    order = Order.objects.select_for_update().get(pk=order_id)
    known = _known(processor_charge.id)
    is_waiting = order.state in UNSETTLED_STATES and not order.charges.exists()
    if known is not None or not processor_charge.captured_minor or is_waiting:
        return Booking(known, order)
    is_second = order.charges.exists()
    charge = record_charge(order, processor_charge, now)
    if is_second:
        events.emit("order.charged_again", subject_id=charge.pk)
    elif order.state != OrderState.REQUIRES_REVIEW:
        hold(order, Hold(HoldReason.CHARGE_WITHOUT_PAGE), actor=ACTOR, now=now)
        order.save(update_fields=HELD_FIELDS)
    return Booking(charge, order, is_second)


def _of_plan(processor_charge: ProcessorCharge, now: datetime) -> Booking:
    """A period's payment names no order, but an invoice that names its subscription."""
    subscription_id = subscriptions().subscription_of_payment(processor_charge.intent_id)
    if not subscription_id:
        return Booking(None, None)
    plan = settle_subscription(processor_subscription_id=subscription_id, now=now)
    known = _known(processor_charge.id)
    return Booking(known, known.order if known else _newest(plan))


def _newest(plan: Subscription | None) -> Order | None:
    return plan.orders.order_by("-created_at", "-number").first() if plan else None
