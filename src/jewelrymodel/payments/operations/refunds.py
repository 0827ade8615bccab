"""Refunds: intent → credits suspended → processor → settled by what it says when asked again.

Every step can be repeated or cut off: the intent's id is the key at the processor, and what was
done is found there before it is asked for again.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Sum, Value
from django.db.models.functions import Coalesce

from jewelrymodel.infra import events, queue
from jewelrymodel.infra.locks import locked
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.ledger import operations as ledger
from jewelrymodel.ledger import queries as books
from jewelrymodel.ledger.movement_kinds import Cause, CauseKind
from jewelrymodel.payments.adapters.stripe_refunds import refunds
from jewelrymodel.payments.gateway import ProcessorBlocked, ProcessorRefused
from jewelrymodel.payments.models import Charge, Order, Refund
from jewelrymodel.payments.operations.charge_split import (
    beside_transfers,
    refunded_minor,
    split_paid,
    status_elsewhere,
)
from jewelrymodel.payments.operations.order_review import follow_money, note_review
from jewelrymodel.payments.operations.subscription_cancellation import leave_with_month
from jewelrymodel.payments.processor_objects import ChargeStatus, ProcessorRefund
from jewelrymodel.payments.rules import is_final_refusal, next_look_at
from jewelrymodel.payments.statuses import OPEN_REFUNDS, RefundState

AWAITS_TRANSFER = "awaits_transfer"
LOOK_AGAIN = timedelta(minutes=1)
LOOK_WHILE_PENDING = timedelta(hours=1)
LOOK_AFTER = timedelta(days=1)  # a bank may send a refund back days after it succeeded


class RefundTooLarge(CodedError):
    """That is more than is left of this charge. Nothing was refunded."""


class NoSuchCharge(CodedError):
    """There is no such charge in this account. Nothing was refunded."""


def look_up_charge(*, account_id: str, charge_id: str, now: datetime) -> ChargeStatus:
    """Return what the processor says of one of the account's charges; of one that was paid
    elsewhere what our records say.

    Raises NoSuchCharge, ProcessorDown and ProcessorRefused.
    """
    charge = Charge.objects.filter(account_id=account_id, pk=charge_id).first()
    if charge is None:
        raise NoSuchCharge(charge=charge_id)
    if charge.is_elsewhere:
        return status_elsewhere(charge, now)
    status = refunds().retrieve_charge(charge.processor_charge_id, now=now)
    return beside_transfers(charge, status)


@transaction.atomic
def intend_refund(
    *,
    account_id: str,
    charge_id: str,
    amount_minor: int,
    decision_id: str,
    reason: str,
    revokes_credits: bool,
    now: datetime,
) -> Refund:
    """Return the refund that *decision_id* owes, noted once; the worker then carries it out.

    Its order's row is held first, so that nobody delivers it meanwhile.

    With *revokes_credits* what the charge bought is suspended at once, and revoked when the money
    went. Raises NoSuchCharge and RefundTooLarge.
    """
    Order.objects.select_for_update(of=("self",)).filter(charges=charge_id).first()
    charge = Charge.objects.select_for_update().filter(account_id=account_id, pk=charge_id).first()
    if charge is None:
        raise NoSuchCharge(charge=charge_id)
    known = Refund.objects.filter(charge=charge, decision_id=decision_id).first()
    if known is not None:
        return known
    under_way = Refund.objects.filter(charge=charge, state__in=OPEN_REFUNDS)
    waiting = under_way.aggregate(sum=Sum("amount_minor"))["sum"] or 0
    if not 0 < amount_minor <= charge.kept_minor - waiting:
        raise RefundTooLarge(charge=charge_id)
    refund = Refund.objects.create(
        id=new_id("rfd", now=now),
        account_id=account_id,
        charge=charge,
        decision_id=decision_id,
        way=charge.payout_way,
        amount_minor=amount_minor,
        currency=charge.currency,
        reason=reason,
        revokes_credits=revokes_credits,
        created_at=now,
        next_look_at=now,
    )
    if revokes_credits:
        suspend_lots(refund, now)
    queue.defer("payments.follow_refund", refund_id=refund.pk)
    return refund


def follow_refund(*, refund_id: str, now: datetime) -> Refund:
    """Return the refund after the next step that it needs; safe to repeat at any moment.

    Only a refusal that is about this very charge ends it; after any other it waits, is asked for
    again ever more patiently, and its ``refusal`` stands at the desk. Raises ProcessorDown, and
    ProcessorBlocked where it is we who are refused: nothing is lost, it is tried again.
    """
    with locked(f"payments.follow_refund:{refund_id}"):
        return _follow(refund_id, now)


def _follow(refund_id: str, now: datetime) -> Refund:
    """The row is read with the key held: its refusals are a part of the processor's own key."""
    refund = Refund.objects.select_related("charge").get(pk=refund_id)
    if refund.is_transfer:
        return _follow_transfer(refund_id, now)
    if not refund.processor_refund_id:
        if not refund.is_open:
            return refund
        if refund.revokes_credits and _is_held(refund):
            Refund.objects.filter(pk=refund_id).update(next_look_at=now + LOOK_AGAIN)
            return refund
    try:
        answer = _ask(refund)
    except ProcessorBlocked as blocked:
        _wait(refund, blocked.processor_code, now, is_answer=False)
        raise
    except ProcessorRefused as refusal:
        if refund.processor_refund_id or not is_final_refusal(refusal.processor_code):
            return _wait(refund, refusal.processor_code or refusal.detail, now, is_answer=True)
        answer = ProcessorRefund("", refund.pk, RefundState.FAILED, 0, refusal.processor_code)
    return _settle(refund_id, answer, now)


@transaction.atomic
def _follow_transfer(refund_id: str, now: datetime) -> Refund:
    """What waits for its person is a case after a day, as what the processor doesn't make; of one
    that went, the credits follow once no task holds any.
    """
    refund, charge = hold_refund(refund_id)
    refund.next_look_at = now + LOOK_AFTER
    if refund.is_open:
        refund.refusal = AWAITS_TRANSFER
        refund.refused_since_at = refund.refused_since_at or now
    elif books.is_suspended_for(refund.account_id, _cause(refund)):
        _settle_credits(refund, charge, RefundState.INTENDED, now)
    refund.save()
    return refund


def hold_refund(refund_id: str) -> tuple[Refund, Charge]:
    """Return a refund and its charge, held with their order in the order of docs/locking.md."""
    Order.objects.select_for_update(of=("self",)).get(charges__refunds=refund_id)
    refund = Refund.objects.select_for_update().get(pk=refund_id)
    return refund, Charge.objects.select_for_update().get(pk=refund.charge_id)


def _ask(refund: Refund) -> ProcessorRefund:
    if refund.processor_refund_id:
        return refunds().retrieve_refund(refund.processor_refund_id)
    return refunds().create_refund(
        refund_id=refund.pk,
        processor_charge_id=refund.charge.processor_charge_id,
        amount_minor=refund.amount_minor,
        currency=refund.currency,
        refusals=refund.refusals,
    )


def _wait(refund: Refund, refusal: str, now: datetime, *, is_answer: bool) -> Refund:
    """Note why it waits and when it is asked for again; *is_answer*: about it, not about us."""
    ours = Refund.objects.filter(pk=refund.pk)
    patience = LOOK_AFTER
    if refund.is_open:
        patience = next_look_at(created_at=refund.created_at, now=now) - now
        ours.filter(state__in=OPEN_REFUNDS).update(
            refusal=refusal[:255],
            refusals=F("refusals") + int(is_answer),
            refused_since_at=Coalesce(F("refused_since_at"), Value(now)),
        )
    ours.update(next_look_at=now + patience)
    refund.refresh_from_db()
    return refund


@transaction.atomic
def _settle(refund_id: str, answer: ProcessorRefund, now: datetime) -> Refund:
    order = Order.objects.select_for_update(of=("self",)).get(charges__refunds=refund_id)
    refund = Refund.objects.select_for_update().get(pk=refund_id)
    charge = Charge.objects.select_for_update().get(pk=refund.charge_id)
    former_state = refund.state
    if refund.processor_refund_id and not answer.id:  # a refusal of what was made meanwhile
        return refund
    refund.processor_refund_id = answer.id or refund.processor_refund_id
    refund.submitted_at = refund.submitted_at or now
    if answer.is_unknown and not refund.is_open:
        _record_unknown(order, refund, answer.obstacle, now)
    else:
        refund.state, refund.failure = answer.state, answer.failure
    _note_obstacle(refund, answer.obstacle, now)
    refund.next_look_at = now + (LOOK_WHILE_PENDING if refund.is_open else LOOK_AFTER)
    if refund.state != former_state:
        book(refund, charge, former_state, now)
        follow_money(order, actor=Actor.system("refunds"), now=now)
    elif books.is_suspended_for(refund.account_id, _cause(refund)):
        _settle_credits(refund, charge, former_state, now)
    refund.save()
    return refund


def _record_unknown(order: Order, refund: Refund, word: str, now: datetime) -> None:
    """A word that we don't know about a refund that has ended moves nothing (edge 16)."""
    reason = f"the processor says a word that we don't know of refund {refund.pk}: {word[:80]}"
    actor = Actor.system("refunds")
    note_review(order, "order.refund_unknown", reason, actor=actor, now=now)


def _note_obstacle(refund: Refund, obstacle: str, now: datetime) -> None:
    """What keeps it from going on stands at the desk, and after a day it is a case."""
    refund.refusal = obstacle[:255] if refund.is_open else ""
    if not refund.refusal:
        refund.refused_since_at = None
    else:
        refund.refused_since_at = refund.refused_since_at or now


def book(refund: Refund, charge: Charge, former_state: str, now: datetime) -> None:
    """Move money and credits with the change of state; the caller holds both rows, and saves the
    refund.
    """
    refund.settled_at = None if refund.is_open else now
    if RefundState.SUCCEEDED in (
        refund.state,
        former_state,
    ):  # it succeeded, or a bank sent it back
        went = refunded_minor(charge, but=refund)
        went += refund.amount_minor if refund.state == RefundState.SUCCEEDED else 0
        charge.refunded_minor = min(went, charge.paid_minor)  # beyond it: paid_back_beyond
        split_paid(charge)
    if refund.revokes_credits and not refund.is_open:
        _settle_credits(refund, charge, former_state, now)
    if not refund.is_open:
        events.emit("refund.settled", subject_id=refund.pk)


def _settle_credits(refund: Refund, charge: Charge, former_state: str, now: datetime) -> None:
    """Revoke what a refund that was made pays for; what a task holds is waited for."""
    if refund.is_open:
        return
    if refund.state == RefundState.SUCCEEDED:
        _end_renewals(charge, now)  # its row before the wallet's, as a renewal takes them
        if _is_held(refund):
            refund.next_look_at = now + LOOK_AGAIN
            return
        _revoke(refund, charge, now)
    elif former_state == RefundState.SUCCEEDED:  # the bank sent it back: bought is bought
        _restore(refund, now)
    _reinstate_lot(refund, now)


def _cause(refund: Refund) -> Cause:
    return Cause(CauseKind.REFUND, refund.pk)


def _end_renewals(charge: Charge, now: datetime) -> None:
    if charge.refunded_minor == charge.paid_minor:
        reason = f"the month of {charge.order.label} was refunded in full"
        leave_with_month(charge.order, actor=Actor.system("refunds"), reason=reason, now=now)


def suspend_lots(refund: Refund, now: datetime) -> None:
    """Suspend what the refund's charge bought, once, until the refund is settled."""
    for lot_id in books.lots_of_order(refund.account_id, refund.charge.order_id):
        ledger.suspend(
            account_id=refund.account_id,
            lot_id=lot_id,
            cause=_cause(refund),
            idempotency_key=f"refund:{refund.pk}:{lot_id}",
            now=now,
        )


def _is_held(refund: Refund) -> bool:
    return books.is_held(refund.account_id, refund.charge.order_id)


def _revoke(refund: Refund, charge: Charge, now: datetime) -> None:
    for lot_id in books.lots_of_order(refund.account_id, charge.order_id):
        ledger.revoke(
            account_id=refund.account_id,
            lot_id=lot_id,
            cause=_cause(refund),
            idempotency_key=f"refund:{refund.pk}:{lot_id}",
            now=now,
        )


def _restore(refund: Refund, now: datetime) -> None:
    ledger.restore(
        account_id=refund.account_id,
        cause=_cause(refund),
        idempotency_key=f"refund:{refund.pk}",
        now=now,
    )


def _reinstate_lot(refund: Refund, now: datetime) -> None:
    ledger.reinstate(
        account_id=refund.account_id,
        cause=_cause(refund),
        idempotency_key=f"refund:{refund.pk}",
        now=now,
    )
