"""The second approval: what is large is paid only after somebody else has looked at it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from jewelrymodel.accounts.queries import refuse_own_account
from jewelrymodel.audit import operations as audit
from jewelrymodel.infra import events, queue
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.money import in_currency
from jewelrymodel.remedies.assessments import Chosen
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.remedies.statuses import RemedyState


class SecondApproverNeeded(CodedError):
    """A second approver has to approve this. Nothing was paid yet."""


class ApprovalTooEarly(CodedError):
    """With one operator only, this waits a while before it is approved. Nothing was paid yet."""


class NothingToApprove(CodedError):
    """Nothing of this decision waits for a second approval any more. Nothing was changed."""


def needs_second_approval(chosen: Sequence[Chosen], *, by_person: bool) -> bool:
    """Return whether *chosen* is paid only after a second approval: a sum above the limit, or many
    credits given by a person, which are worth money.

    What a machine restores is what the records say was lost; nobody waits for that.
    """
    limit = settings.SECOND_APPROVAL_LIMIT_MINOR
    too_much = any(
        sum(one.amount_minor for one in chosen if one.currency == currency)
        > in_currency(limit, currency)
        for currency in {one.currency for one in chosen}
    )
    given = sum(one.credits for one in chosen)
    many = by_person and given > settings.SECOND_APPROVAL_LIMIT_CREDITS
    return many or too_much


@transaction.atomic
def give_second_approval(
    *, decision_id: str, user_id: int, reason: str, now: datetime
) -> DecisionRecord:
    """Return the decision, approved by a second person, or by the only operator after a while.

    Raises SecondApproverNeeded where the first person tries, ApprovalTooEarly where it is early,
    OwnAccount where who approves belongs to the account, NothingToApprove where it was approved or
    rejected before.
    """
    decision = DecisionRecord.objects.select_for_update().get(pk=decision_id)
    refuse_own_account(user_id=user_id, account_id=decision.account_id)
    if decision.decided_by == str(Actor.user(user_id)):
        _require_self_approval(decision, now)
    _end_approval(
        decision,
        RemedyState.PLANNED,
        action="decision.approved",
        user_id=user_id,
        reason=reason,
        now=now,
    )
    queue.defer("remedies.carry_out", decision_id=decision_id)
    return decision


@transaction.atomic
def reject_decision(
    *, decision_id: str, user_id: int, reason: str, now: datetime
) -> DecisionRecord:
    """Return the decision, rejected: nothing of it is paid, and its case is open again.

    Who decided may reject it as well. Raises OwnAccount and NothingToApprove as the approval
    does.
    """
    decision = DecisionRecord.objects.select_for_update().get(pk=decision_id)
    refuse_own_account(user_id=user_id, account_id=decision.account_id)
    _end_approval(
        decision,
        RemedyState.REJECTED,
        action="decision.rejected",
        user_id=user_id,
        reason=reason,
        now=now,
    )
    events.emit("remedy.ended", subject_id=decision_id)
    return decision


def self_approval_from(decision: DecisionRecord) -> datetime | None:
    """Return from when its decider may approve it alone (edge 18); None where two have to."""
    if not settings.SINGLE_OPERATOR:
        return None
    return decision.decided_at + timedelta(hours=settings.SECOND_APPROVAL_WAIT_HOURS)


def _require_self_approval(decision: DecisionRecord, now: datetime) -> None:
    begins = self_approval_from(decision)
    if begins is None:
        raise SecondApproverNeeded
    if now < begins:
        raise ApprovalTooEarly


def _end_approval(
    decision: DecisionRecord,
    state: RemedyState,
    *,
    action: str,
    user_id: int,
    reason: str,
    now: datetime,
) -> None:
    """Lead what waits into *state*, and write down who did it and why."""
    actor = Actor.user(user_id)
    failure = reason if state is RemedyState.REJECTED else ""
    waiting = decision.remedies.filter(state=RemedyState.PENDING_APPROVAL)
    if not waiting.update(state=state, second_approver=str(actor), failure=failure):
        raise NothingToApprove
    audit.record(
        actor=actor,
        action=action,
        subject=f"decision:{decision.pk}",
        reason=reason,
        account_id=decision.account_id,
        now=now,
    )
