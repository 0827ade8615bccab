"""The second person: what is large is paid only after somebody else has looked at it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from jewelrymodel.audit import operations as audit
from jewelrymodel.infra import events, queue
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.remedies.statuses import RemedyState


class SecondPersonNeeded(Exception):
    """A second person has to release this. Nothing was paid yet."""


class WaitFirst(Exception):
    """With one operator only, this waits a while before it is released. Nothing was paid yet."""


class NothingWaits(Exception):
    """Nothing of this decision waits for a second person any more. Nothing was changed."""


@transaction.atomic
def release_second(*, decision_id: str, user_id: int, reason: str, now: datetime) -> DecisionRecord:
    """Return the decision, released by a second person, or by the only operator after a while.

    Raises SecondPersonNeeded where the first person tries, WaitFirst where it is too early,
    NothingWaits where it was released or sent back before.
    """
    decision = DecisionRecord.objects.select_for_update().get(pk=decision_id)
    if decision.decided_by == str(Actor.user(user_id)):
        _require_alone(decision, now)
    _end_waiting(
        decision,
        RemedyState.PLANNED,
        action="decision.seconded",
        user_id=user_id,
        reason=reason,
        now=now,
    )
    queue.defer("remedies.carry_out", decision_id=decision_id)
    return decision


@transaction.atomic
def send_back(*, decision_id: str, user_id: int, reason: str, now: datetime) -> DecisionRecord:
    """Return the decision, not released: nothing of it is paid, and its case is open again.

    Who decided may take it back as well. Raises NothingWaits as ``release_second`` does.
    """
    decision = DecisionRecord.objects.select_for_update().get(pk=decision_id)
    _end_waiting(
        decision,
        RemedyState.REJECTED,
        action="decision.sent_back",
        user_id=user_id,
        reason=reason,
        now=now,
    )
    events.emit("remedy.ended", subject_id=decision_id)
    return decision


def own_release_from(decision: DecisionRecord) -> datetime | None:
    """Return from when its decider may release it alone (edge 18); None where two have to."""
    if not settings.SINGLE_OPERATOR:
        return None
    return decision.decided_at + timedelta(hours=settings.SECOND_PERSON_WAIT_HOURS)


def _require_alone(decision: DecisionRecord, now: datetime) -> None:
    begins = own_release_from(decision)
    if begins is None:
        raise SecondPersonNeeded(SecondPersonNeeded.__doc__)
    if now < begins:
        raise WaitFirst(WaitFirst.__doc__)


def _end_waiting(
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
    waiting = decision.remedies.filter(state=RemedyState.AWAITING_SECOND)
    if not waiting.update(state=state, seconded_by=str(actor), failure=failure):
        raise NothingWaits(NothingWaits.__doc__)
    audit.record(
        actor=actor,
        action=action,
        subject=f"decision:{decision.pk}",
        reason=reason,
        account_id=decision.account_id,
        now=now,
    )
