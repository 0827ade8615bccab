"""What a dispute does by its state: to credits, the subscription and debt; nothing is one-way."""

from datetime import datetime

from django.db import transaction

from jewelrymodel.audit import operations as audit
from jewelrymodel.disputes import queries
from jewelrymodel.disputes.models import DisputeWork
from jewelrymodel.disputes.rules import dispute_reasons, suspension_criteria
from jewelrymodel.infra import queue
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.ledger import operations as ledger
from jewelrymodel.ledger import queries as books
from jewelrymodel.ledger.movement_kinds import Cause, CauseKind
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.models import ChargeDispute
from jewelrymodel.payments.statuses import DisputeStatus
from jewelrymodel.support import queries as support

SAYS_CANCELED = "subscription_canceled"


@transaction.atomic
def apply_state(*, dispute_id: str, now: datetime) -> DisputeWork:
    """Return the work on a dispute after suspending or reinstating what its state asks for (9.1).

    Only what the disputed charge bought is touched: its lots and, through them, the downloads made
    from them; and the subscription that it paid. Repeating it changes nothing.
    """
    dispute = (
        ChargeDispute.objects.select_for_update(of=("self",))
        .select_related("charge__order__product_version")
        .get(pk=dispute_id)
    )
    known = DisputeWork.objects.filter(pk=dispute_id).first()
    work = known or _begin(dispute, now)
    suspend, why = suspension_criteria.suspends(
        suspension_criteria.SuspensionFacts(
            status=dispute.status,
            is_inquiry=dispute.is_inquiry,
            lost=dispute.lost_at is not None,
            resolvable=dispute_reasons.is_resolvable(dispute.reason, owes=queries.owes(dispute)),
            contacted_before=work.contacted_before,
            missed_deadline=work.missed_deadline,
            law_right=queries.law_right(dispute),
            bought=queries.bought_something(dispute),
        )
    )
    lost = suspend and dispute.lost_at is not None
    if dispute.status == DisputeStatus.UNKNOWN:  # nothing begins and nothing ends (edge 16)
        suspend, lost = work.suspended, work.lost
    turns = (suspend, lost) != (work.suspended, work.lost)
    work.why, work.updated_at, work.turns = why, now, work.turns + turns
    work.suspended, work.lost = suspend, lost
    _suspend_plan(work, dispute, now)  # its row before the wallet's, as a renewal takes them
    # Each once: who resumes the plan meanwhile stays resumed.
    if (turns and lost) or (work.renewals_ended_at is None and _says_canceled(dispute)):
        _end_renewals(work, dispute, now)
    if turns:
        (_suspend if suspend else _reinstate)(work, dispute, now)
    work.debt_credits = _record_debt(dispute, now) if lost else 0
    work.save()
    return work


def _begin(dispute: ChargeDispute, now: datetime) -> DisputeWork:
    """The facts around the opening are looked at once: what came later changes nothing."""
    at = dispute.opened_at
    return DisputeWork.objects.create(
        dispute=dispute,
        contacted_before=queries.contacted_before(dispute),
        missed_deadline=support.answered_late(account_id=dispute.account_id, at=at),
        why="",
        updated_at=now,
    )


def _suspend(work: DisputeWork, dispute: ChargeDispute, now: datetime) -> None:
    for lot_id in books.lots_of_order(dispute.account_id, dispute.charge.order_id):
        ledger.suspend(
            account_id=dispute.account_id,
            lot_id=lot_id,
            cause=Cause(CauseKind.DISPUTE, dispute.pk),
            idempotency_key=f"dispute:{dispute.pk}:{work.turns}:{lot_id}",
            now=now,
        )
    _note(work, dispute, "dispute.lost" if work.lost else "dispute.suspended", now)


def _reinstate(work: DisputeWork, dispute: ChargeDispute, now: datetime) -> None:
    ledger.reinstate(
        account_id=dispute.account_id,
        cause=Cause(CauseKind.DISPUTE, dispute.pk),
        idempotency_key=f"dispute:{dispute.pk}:{work.turns}",
        now=now,
    )
    _note(work, dispute, "dispute.reinstated", now)


def _suspend_plan(work: DisputeWork, dispute: ChargeDispute, now: datetime) -> None:
    """Suspend the plan while the bank decides, only in the period that this charge paid for."""
    order = dispute.charge.order
    runs = order.period_ends_at is not None and order.period_ends_at > now
    if order.subscription_id and runs and work.suspended and not work.lost:
        payments.suspend_subscription(
            subscription_id=order.subscription_id, cause_id=dispute.pk, now=now
        )
    else:
        payments.reinstate_subscription(cause_id=dispute.pk, now=now)


def _end_renewals(work: DisputeWork, dispute: ChargeDispute, now: datetime) -> None:
    """Who told their bank that they had canceled has told us now; so has whoever has it all back.

    It costs them nothing: the plan can be resumed. Charging on would be the next dispute.
    """
    order = dispute.charge.order
    reason = f"the bank disputes the month of {order.label}: {dispute.reason}"
    payments.leave_with_month(order, actor=Actor.system("disputes"), reason=reason, now=now)
    work.renewals_ended_at = now


def _says_canceled(dispute: ChargeDispute) -> bool:
    """Whether a chargeback says that the plan had been canceled; an inquiry only asks."""
    is_chargeback = dispute.is_open and not dispute.is_inquiry
    is_known = dispute.status != DisputeStatus.UNKNOWN  # edge 16: then nothing begins
    return dispute.reason == SAYS_CANCELED and is_chargeback and is_known


def _record_debt(dispute: ChargeDispute, now: datetime) -> int:
    """Return what was spent of a lost charge: its debt, recorded once however often it flips.

    Later purchases are never eaten (edge 13).
    """
    bought = books.purchase(dispute.account_id, dispute.charge.order_id, now)
    owed = queries.owed(bought.lot_ids)
    if bought.used > owed:
        ledger.record_debt(
            account_id=dispute.account_id,
            lot_id=bought.lot_ids[0],
            quantity=bought.used - owed,
            cause=Cause(CauseKind.DISPUTE, dispute.pk),
            idempotency_key=f"dispute:{dispute.pk}:debt:{owed}",
            now=now,
        )
    return bought.used


def _note(work: DisputeWork, dispute: ChargeDispute, action: str, now: datetime) -> None:
    audit.record(
        actor=Actor.system("disputes"),
        action=action,
        subject=f"dispute:{dispute.pk}",
        reason=work.why,
        account_id=dispute.account_id,
        now=now,
    )
    queue.defer("disputes.tell", dispute_id=dispute.pk)
