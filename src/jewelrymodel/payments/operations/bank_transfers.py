"""Refunds that a person pays by bank transfer: where the way that was paid takes nothing back.

What was decided is decided as any refund is, with its second approval; only who sends the money is
another. Bank details are never kept here.
"""

from datetime import date, datetime, timedelta

from django.db import transaction

from jewelrymodel.accounts.queries import refuse_own_account
from jewelrymodel.infra.locks import locked
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.payments import queries
from jewelrymodel.payments.models import Charge, Order, Refund
from jewelrymodel.payments.operations.order_review import follow_money, note_review
from jewelrymodel.payments.operations.refunds import LOOK_AFTER, book, hold_refund
from jewelrymodel.payments.statuses import OPEN_REFUNDS, PayoutWay, RefundState, TransferObstacle

TRANSFER_CANCELED, TRANSFER_RETURNED = "transfer_canceled", "transfer_returned"
ZONES = timedelta(days=1)
"""Who reads a day off a bank's page is up to 14 hours from UTC: their day may be its neighbor."""


class TransferRefused(CodedError):
    """This can't be done with the refund or the payment as it stands. Nothing was changed."""


class RefundUnderWay(TransferRefused):
    """A refund of this charge is under way; its way can't change meanwhile. Nothing was changed."""


class NothingFailed(TransferRefused):
    """No refund of this charge has failed: money goes back the way that it came. Nothing was
    changed."""


class PaidElsewhere(TransferRefused):
    """This charge was paid elsewhere: the processor can't refund it. Nothing was changed."""


class NotAwaitingTransfer(TransferRefused):
    """This refund doesn't wait for a bank transfer, or not any more. Nothing was changed."""


class NotTransferred(TransferRefused):
    """No bank transfer is recorded as sent for this refund. Nothing was changed."""


class OtherAmount(TransferRefused):
    """The transfer isn't of the amount that was decided. Nothing was recorded."""


class LessIsKept(TransferRefused):
    """The charge keeps less than that by now: it was refunded elsewhere, or lost in a dispute.
    Nothing was recorded."""


class ChargeDisputed(TransferRefused):
    """A bank hasn't decided a dispute of the charge yet, and may take its money. Nothing was
    recorded."""


class TransferDay(TransferRefused):
    """The day is in the future, or before the refund was decided, in every time zone. Nothing was
    recorded."""


_REFUSALS = {
    TransferObstacle.LESS_KEPT: LessIsKept,
    TransferObstacle.DISPUTED: ChargeDisputed,
}


@transaction.atomic
def choose_payout(
    *, charge_id: str, way: PayoutWay, reason: str, user_id: int, now: datetime
) -> Charge:
    """Return the charge whose further refunds go that *way*; again, it changes nothing.

    Money goes back the way that it came, and elsewhere only once that has failed: a refund to
    another account is what a thief asks for. Refused while a refund of it is under way, too: what
    the processor was asked for is never sent a second time. Raises Charge.DoesNotExist, OwnAccount,
    NothingFailed, PaidElsewhere and RefundUnderWay.
    """
    Order.objects.select_for_update(of=("self",)).filter(charges=charge_id).first()
    charge = Charge.objects.select_for_update().select_related("order").get(pk=charge_id)
    refuse_own_account(user_id=user_id, account_id=charge.account_id)
    if charge.payout_way == way:
        return charge
    if Refund.objects.filter(charge=charge, state__in=OPEN_REFUNDS).exists():
        raise RefundUnderWay(charge=charge_id)
    if charge.is_elsewhere:
        raise PaidElsewhere(charge=charge_id)
    if way == PayoutWay.TRANSFER and not queries.a_refund_failed(charge_id=charge_id):
        raise NothingFailed(charge=charge_id)
    charge.payout_way = way
    charge.save(update_fields=["payout_way"])
    actor = Actor.user(user_id)
    note_review(charge.order, f"order.payout_{way}", reason, actor=actor, now=now)
    return charge


def record_transfer(
    *,
    refund_id: str,
    amount_minor: int,
    reference: str,
    sent_on: date,
    user_id: int,
    now: datetime,
    is_sent_anyway: bool = False,
) -> Refund:
    """Return the refund, booked as sent by bank transfer on that day; once.

    Pressed again with the same reference, it changes nothing. Its credits and its customer's email
    follow as of every refund. During a dispute, or where less is kept, it is refused (whoever
    mirrors a dispute holds the charge, as this does), unless it *is_sent_anyway*: then it is a
    fact, and what goes beyond the payment is ``queries.paid_back_beyond``. Raises
    Refund.DoesNotExist, OwnAccount, and TransferRefused in its kinds.
    """
    with locked(f"payments.follow_refund:{refund_id}"), transaction.atomic():
        refund, charge = hold_refund(refund_id)
        refuse_own_account(user_id=user_id, account_id=refund.account_id)
        if refund.state == RefundState.SUCCEEDED and refund.transfer_reference == reference:
            return refund
        if not (refund.is_transfer and refund.is_open):
            raise NotAwaitingTransfer(refund=refund_id)
        if amount_minor != refund.amount_minor:
            raise OtherAmount(refund=refund_id)
        obstacle = queries.transfer_obstacle(refund, charge)
        if obstacle and not is_sent_anyway:
            raise _REFUSALS[obstacle](refund=refund_id)
        if not refund.created_at.date() - ZONES <= sent_on <= now.date() + ZONES:
            raise TransferDay(refund=refund_id)
        refund.transfer_reference, refund.transferred_on = reference, sent_on
        anyway = ", although it should not have been" if obstacle else ""
        words = f"{refund.pk} sent by bank transfer on {sent_on.isoformat()}{anyway}: {reference}"
        return _end(refund, charge, RefundState.SUCCEEDED, words, user_id, now)


def cancel_transfer(*, refund_id: str, reason: str, user_id: int, now: datetime) -> Refund:
    """Return the refund, canceled before any money was sent: what it suspended is free again, and
    its decision is a person's anew. Raises as ``record_transfer``.
    """
    with locked(f"payments.follow_refund:{refund_id}"), transaction.atomic():
        refund, charge = hold_refund(refund_id)
        refuse_own_account(user_id=user_id, account_id=refund.account_id)
        if not (refund.is_transfer and refund.is_open):
            raise NotAwaitingTransfer(refund=refund_id)
        refund.failure = TRANSFER_CANCELED
        return _end(refund, charge, RefundState.CANCELED, reason, user_id, now)


def return_transfer(*, refund_id: str, reason: str, user_id: int, now: datetime) -> Refund:
    """Return the refund, failed: the bank sent the transfer back, and its money is kept again.

    Credits that it took come back, as of every refund that fails after it succeeded. Raises as
    ``record_transfer``.
    """
    with locked(f"payments.follow_refund:{refund_id}"), transaction.atomic():
        refund, charge = hold_refund(refund_id)
        refuse_own_account(user_id=user_id, account_id=refund.account_id)
        if not (refund.is_transfer and refund.state == RefundState.SUCCEEDED):
            raise NotTransferred(refund=refund_id)
        refund.failure = TRANSFER_RETURNED
        return _end(refund, charge, RefundState.FAILED, reason, user_id, now)


def _end(
    refund: Refund, charge: Charge, state: RefundState, reason: str, user_id: int, now: datetime
) -> Refund:
    """Lead a refund into its end with its money and credits; the caller holds the rows."""
    former_state, refund.state = refund.state, state
    refund.refusal, refund.refused_since_at = "", None
    refund.next_look_at = now + LOOK_AFTER
    actor = Actor.user(user_id)
    note_review(charge.order, f"order.transfer_{state}", reason, actor=actor, now=now)
    book(refund, charge, former_state, now)
    follow_money(charge.order, actor=actor, now=now)
    refund.save()
    return refund
