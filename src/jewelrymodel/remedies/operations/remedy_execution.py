"""Carrying a decision out: each remedy exactly once, and again from where it was cut off."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from jewelrymodel.generation import queries as generation
from jewelrymodel.infra import events
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.ledger import operations as ledger
from jewelrymodel.ledger import queries as books
from jewelrymodel.ledger.movement_kinds import LotSource
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.gateway import ProcessorRefused
from jewelrymodel.payments.models import Order, Refund
from jewelrymodel.payments.statuses import OrderState, RefundState
from jewelrymodel.policy.decision import RemedyKind, from_json
from jewelrymodel.remedies.assessments import SubjectKind
from jewelrymodel.remedies.models import DecisionRecord, RemedyRow
from jewelrymodel.remedies.statuses import NOT_DONE, RemedyState


class DeliveredSince(CodedError):
    """The order was delivered after the decision. Nothing was refunded."""


class Undelivered(StrEnum):
    """Why an order couldn't be delivered as decided, where nothing was refused by a name."""

    NO_ORDER = "no_order"
    PAYMENT_UNKNOWN = "payment_unknown"
    NOT_DELIVERABLE = "not_deliverable"


def carry_out(*, decision_id: str, now: datetime) -> DecisionRecord:
    """Return the decision after every remedy that may was begun; repeating it repeats nothing.

    A remedy that can't be carried out is marked failed, for a person. Raises ProcessorDown.
    """
    decision = DecisionRecord.objects.get(pk=decision_id)
    for row in decision.remedies.exclude(
        state__in=(RemedyState.PENDING_APPROVAL, RemedyState.DONE, *NOT_DONE)
    ).order_by("id"):
        _begin(decision, row, now)
    return decision


def settle_refund_remedy(*, refund_id: str, now: datetime) -> None:
    """Let a remedy follow its refund: done when the money went, failed when it came back."""
    refund = Refund.objects.get(pk=refund_id)
    row = RemedyRow.objects.filter(refund_id=refund_id).first()
    if row is None or refund.is_open:
        return
    done = refund.state == RefundState.SUCCEEDED
    _end(row, done=done, failure=refund.failure, now=refund.settled_at or now)


def _begin(decision: DecisionRecord, row: RemedyRow, now: datetime) -> None:
    match row.kind:
        case RemedyKind.RESTORED_CREDITS | RemedyKind.REPLACEMENT_CREDITS:
            _give_credits(decision, row, now)
        case RemedyKind.FULL_REFUND | RemedyKind.PARTIAL_REFUND:
            _give_money(decision, row, now)
        case RemedyKind.ACCESS_CORRECTION:
            _deliver(decision, row, now)
        case _other:
            _end(row, done=True, failure="", now=now)


def _give_credits(decision: DecisionRecord, row: RemedyRow, now: datetime) -> None:
    """Put back what a task's open hold still keeps, else grant; neither is paid for (8.2)."""
    with transaction.atomic():
        hold_id = _open_hold(decision)
        if row.kind == RemedyKind.RESTORED_CREDITS and hold_id:
            ledger.release(hold_id=hold_id, idempotency_key=f"remedy:{row.pk}", now=now)
        else:
            restored = row.kind == RemedyKind.RESTORED_CREDITS
            ledger.grant(
                account_id=decision.account_id,
                source=LotSource.RESTORATION if restored else LotSource.REPLACEMENT,
                source_ref=decision.pk,
                quantity=row.credits,
                paid_minor=0,
                currency="",
                expires_at=None,
                idempotency_key=f"remedy:{row.pk}",
                now=now,
            )
        _end(row, done=True, failure="", now=now)


def _open_hold(decision: DecisionRecord) -> str:
    if decision.subject_kind != SubjectKind.TASK:
        return ""
    task = generation.task(account_id=decision.account_id, task_id=decision.subject_id)
    return task.hold_id if books.hold_fate(task.account_id, task.hold_id).is_open else ""


def _give_money(decision: DecisionRecord, row: RemedyRow, now: datetime) -> None:
    """The order is held first: what was delivered since the decision isn't given back unasked."""
    try:
        with transaction.atomic():
            if _was_delivered_since(decision):
                raise DeliveredSince(decision=decision.pk)
            if from_json(decision.body).is_of_right:
                _end_plan(decision, now)
            refund = payments.intend_refund(
                account_id=decision.account_id,
                charge_id=decision.charge_id,
                amount_minor=row.amount_minor,
                decision_id=decision.pk,
                reason=f"{decision.category}: {', '.join(decision.body['cites'])}"[:200],
                revokes_credits=decision.revokes_credits,
                now=now,
            )
            row.refund_id, row.state = refund.pk, RemedyState.STARTED
            row.save(update_fields=["refund_id", "state"])
    except (payments.RefundTooLarge, payments.NoSuchCharge, DeliveredSince) as refusal:
        _end(row, done=False, failure=refusal.code, now=now)
        return
    if not refund.is_open:
        settle_refund_remedy(refund_id=refund.pk, now=now)


def _end_plan(decision: DecisionRecord, now: datetime) -> None:
    """Whoever withdraws from the contract of a plan has none any more."""
    order = Order.objects.get(charges=decision.charge_id)
    payments.end_withdrawn_plan(order, now=now)


def _was_delivered_since(decision: DecisionRecord) -> bool:
    rows = Order.objects.select_for_update(of=("self",)).filter(charges=decision.charge_id)
    return any(one.delivered_at and one.delivered_at > decision.decided_at for one in rows)


def _deliver(decision: DecisionRecord, row: RemedyRow, now: datetime) -> None:
    order = Order.objects.filter(account_id=decision.account_id, pk=decision.subject_id).first()
    if order is None:
        _end(row, done=False, failure=Undelivered.NO_ORDER, now=now)
        return
    try:
        failure = _why_undelivered(decision, order, now)
    except ProcessorRefused as refusal:
        if not refusal.is_missing:
            raise
        failure = Undelivered.PAYMENT_UNKNOWN
    _end(row, done=not failure, failure=failure, now=now)


def _why_undelivered(decision: DecisionRecord, order: Order, now: datetime) -> str:
    """Return why an order can't be delivered; empty once it is."""
    if order.state != OrderState.DELIVERED:
        order = payments.settle_order(order_id=order.pk, now=now)
    if order.state == OrderState.REQUIRES_REVIEW and Actor.parse(decision.decided_by).is_user:
        return _deliver_held(decision, now)
    if order.state != OrderState.DELIVERED:
        return Undelivered.NOT_DELIVERABLE
    return ""


def _deliver_held(decision: DecisionRecord, now: datetime) -> str:
    """Return why it can't be done; empty once it is. Only a person's decision delivers it."""
    actor = Actor.parse(decision.decided_by)
    reason = decision.reason or f"decided as recommended: {decision.pk}"
    try:
        payments.deliver_held(
            order_id=decision.subject_id,
            actor=actor,
            reason=reason,
            now=now,
        )
    except payments.ReviewRefused as refusal:
        return refusal.code
    return ""


@transaction.atomic
def _end(row: RemedyRow, *, done: bool, failure: str, now: datetime) -> None:
    """Note the end once; a refund that fails days later turns done into failed."""
    row = RemedyRow.objects.select_for_update().get(pk=row.pk)
    state = RemedyState.DONE if done else RemedyState.FAILED
    if row.state == state:
        return
    row.state, row.failure, row.done_at = state, failure, now if done else None
    row.save(update_fields=["state", "failure", "done_at"])
    events.emit("remedy.ended", subject_id=row.decision_id)
