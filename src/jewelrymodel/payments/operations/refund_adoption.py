"""Refunds that were made at the processor, not here: each has its row, and credits follow."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Sum

from jewelrymodel.infra import events
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.ledger import queries as books
from jewelrymodel.payments.adapters.stripe_refunds import refunds
from jewelrymodel.payments.models import Charge, Order, Refund, Subscription
from jewelrymodel.payments.models.subscriptions import AT_PROCESSOR
from jewelrymodel.payments.operations.charge_split import transferred_minor
from jewelrymodel.payments.operations.order_review import follow_money, note_review
from jewelrymodel.payments.operations.refunds import book, suspend_lots
from jewelrymodel.payments.processor_objects import ProcessorRefund
from jewelrymodel.payments.rules import is_for_credits
from jewelrymodel.payments.statuses import OPEN_REFUNDS, OrderState, RefundOrigin, RefundState

_NOTHING_MOVED = (RefundState.FAILED, RefundState.CANCELED)
REASON = "made at the payment processor, not here"


def adopt_refunds(*, charge_id: str, now: datetime) -> list[Refund]:
    """Return the refunds of a charge that are new here, each booked as the processor shows it.

    What a refund at its dashboard gave back is no longer kept, and the credits that it paid for
    are suspended at once, and revoked as soon as no task holds any. One that names a refund of ours
    which we don't have (its row was lost with a backup) is adopted too. Repeating it changes
    nothing. Raises Charge.DoesNotExist, ProcessorDown and ProcessorRefused.
    """
    charge = Charge.objects.get(pk=charge_id)
    if charge.is_elsewhere:
        return []
    made = refunds().list_refunds(charge.processor_charge_id)
    with transaction.atomic():
        order = Order.objects.select_for_update(of=("self",)).get(pk=charge.order_id)
        charge = Charge.objects.select_for_update().get(pk=charge_id)
        adopted = adopt(charge, made, now)
        if adopted:
            _follow(order, now)
    return adopted


def adopt(charge: Charge, made: tuple[ProcessorRefund, ...], now: datetime) -> list[Refund]:
    """Return those of a charge's refunds that had no row, booked; the caller holds the charge.

    What would give back more than was paid, as it went by bank transfer before, isn't booked.
    """
    rows = Refund.objects.filter(charge=charge)
    known = set(rows.values_list("processor_refund_id", flat=True))
    ours = set(rows.values_list("pk", flat=True))
    unnamed = sum(
        rows.filter(origin=RefundOrigin.PROCESSOR, processor_refund_id=None).values_list(
            "amount_minor", flat=True
        )
    )  # booked as one sum by an earlier version
    adopted, transferred = [], transferred_minor(charge)
    for one in made:
        if transferred and one.amount_minor > charge.paid_minor - charge.refunded_minor:
            continue  # paid twice, by transfer and there: no book holds it, reconciliation finds it
        if one.id in known or one.refund_id in ours or one.state in _NOTHING_MOVED:
            continue
        if one.amount_minor <= unnamed:
            unnamed -= one.amount_minor
            continue
        adopted.append(_adopt(charge, one, now))
    return adopted


def _adopt(charge: Charge, made: ProcessorRefund, now: datetime) -> Refund:
    refund = Refund.objects.create(
        id=new_id("rfd", now=now),
        account_id=charge.account_id,
        charge=charge,
        origin=RefundOrigin.PROCESSOR,
        amount_minor=made.amount_minor,
        currency=charge.currency,
        reason=REASON,
        revokes_credits=_is_for_credits(charge, made, now),
        state=RefundState.SUBMITTED,
        processor_refund_id=made.id,
        created_at=now,
        submitted_at=made.made_at or now,
        next_look_at=now,
    )
    if refund.revokes_credits:
        _hold_plan(charge)
        suspend_lots(refund, now)
    if made.state == RefundState.SUCCEEDED:
        refund.state = made.state
        book(refund, charge, RefundState.SUBMITTED, now)
        refund.save()
    note_review(charge.order, "order.refunded", REASON, actor=AT_PROCESSOR, now=now)
    return refund


def _hold_plan(charge: Charge) -> None:
    """Lock the row of the plan that the charge paid: it may end with it, and the wallet's is last
    (docs/locking.md).
    """
    Subscription.objects.select_for_update().filter(orders__id=charge.order_id).first()


def _is_for_credits(charge: Charge, made: ProcessorRefund, now: datetime) -> bool:
    """Another charge of the order that is kept in full pays for what it bought: of money that was
    taken twice, this was one too many.
    """
    if _others_kept_in_full(charge).exists():
        return False
    bought = books.purchase(charge.account_id, charge.order_id, now)
    under_way = Refund.objects.filter(charge=charge, state__in=OPEN_REFUNDS)
    waiting = under_way.aggregate(sum=Sum("amount_minor"))["sum"] or 0
    return is_for_credits(
        amount_minor=made.amount_minor,
        kept_minor=charge.kept_minor - waiting - made.amount_minor,
        paid_minor=charge.paid_minor,
        granted=bought.granted,
        remaining=bought.remaining + bought.held,
    )


def _others_kept_in_full(charge: Charge) -> QuerySet[Charge]:
    going = Refund.objects.filter(charge=OuterRef("pk"), state__in=OPEN_REFUNDS)
    others = Charge.objects.filter(order=charge.order_id, kept_minor=F("paid_minor"))
    return others.exclude(Exists(going)).exclude(pk=charge.pk)


def _follow(order: Order, now: datetime) -> None:
    """A held order stays with its person, who knows why it was refunded there; its customer hears.

    Any other follows its money.
    """
    if order.state != OrderState.REQUIRES_REVIEW:
        follow_money(order, actor=Actor.system("refunds"), now=now)
    elif not Charge.objects.filter(order=order, kept_minor__gt=0).exists():
        events.emit("order.refunded_elsewhere", subject_id=order.pk)
