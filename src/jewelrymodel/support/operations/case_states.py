"""The states of a case and its clock: they change only here, but for an extension (7.7).

* OPEN: we owe the customer an answer, and `due_at` says by when (7.6).
* WAITING: we asked for what blocks the decision, so the clock is stopped since `paused_at`.
* UNPROVEN: nobody showed that the address is theirs, and nobody of us took it up: no clock runs. It
  starts when the sender follows our link, or a person works on it. The database lets no case of an
  account, and none that was decided, be in it (0019).
* DECIDED and CLOSED: answered at `answered_at`; nothing is due. An email still opens it again.

A message from the customer always leads to OPEN, but for one whose sender is unproven: it waits, or
waits again. After a question the clock goes on with the
working time that was left; after an answer it starts again. A decided case also opens again when a
remedy of its decision failed or was rejected. Each function changes and saves the row that its
caller has locked.
"""

from datetime import datetime

from jewelrymodel.catalog import terms
from jewelrymodel.kernel.actors import USER_PREFIX
from jewelrymodel.support.models import Case
from jewelrymodel.support.rules import business_days
from jewelrymodel.support.statuses import CaseState, EntryKind


def reopen_for_message(case: Case, now: datetime) -> None:
    """Open the case for what its customer wrote; its clock runs, once its sender is proven."""
    if case.state == CaseState.UNPROVEN:
        return
    if case.state == CaseState.CLOSED and is_nobodys(case):
        wait_for_sender(case, now)
        return
    end_silent_closing(case, now)
    if case.paused_at is not None:
        case.due_at = business_days.resumed_due(
            due=case.due_at, paused_at=case.paused_at, resumed_at=now
        )
    elif not case.is_open:
        case.due_at, case.answered_at = fresh_deadline(now), None
    case.state, case.paused_at, case.closed_at = CaseState.OPEN, None, None
    case.save()


def wait_for_sender(case: Case, now: datetime) -> None:
    """Let the case wait until its sender proves that the address is theirs; no clock runs."""
    end_silent_closing(case, now)
    case.state, case.paused_at = CaseState.UNPROVEN, now
    case.answered_at = case.closed_at = None
    case.save()


def start_clock(case: Case, now: datetime) -> None:
    """Start the clock of a case that waits for its sender; of another one nothing is changed."""
    if case.state != CaseState.UNPROVEN:
        return
    case.state, case.paused_at = CaseState.OPEN, None
    case.due_at = fresh_deadline(now)
    case.save()


def is_nobodys(case: Case) -> bool:
    """Return whether the sender is unproven and nobody of us has taken the case up: it is assigned
    to nobody, and nobody wrote to them.
    """
    by_us = case.entries.filter(kind=EntryKind.MESSAGE_OUT, author__startswith=USER_PREFIX)
    return (
        case.identity_level == 0
        and case.account_id is None
        and case.assigned_to_id is None
        and not by_us.exists()
    )


def wait_for_customer(case: Case, now: datetime) -> None:
    """Stop the clock until the customer answers; a second question doesn't move its pause."""
    case.state, case.paused_at = CaseState.WAITING, case.paused_at or now
    case.save()


def mark_decided(case: Case, *, decision_id: str, now: datetime) -> None:
    """Answer the case with a decision."""
    _end_pause(case, now)
    case.decision_id, case.state = decision_id, CaseState.DECIDED
    case.answered_at = case.answered_at or now
    case.save()


def reopen_decided(case: Case) -> None:
    """Open a decided case whose remedies can't all be carried out; its answer stays dated."""
    case.state = CaseState.OPEN
    case.save(update_fields=["state"])


def reopen_closed(case: Case, now: datetime) -> None:
    """Open a closed case because a person of ours says that it is a request, or because its sender
    proved who they are; of another one nothing is changed.
    """
    if case.state != CaseState.CLOSED:
        return
    end_silent_closing(case, now)
    case.state, case.due_at = CaseState.OPEN, fresh_deadline(now)
    case.answered_at = case.closed_at = None
    case.save()


def mark_closed(case: Case, now: datetime, *, is_answer: bool) -> None:
    """Close the case without a decision; *is_answer*: by us, and not by its customer."""
    _end_pause(case, now)
    case.state, case.closed_at = CaseState.CLOSED, now
    if is_answer:
        case.answered_at = case.answered_at or now
    case.save()


def fresh_deadline(now: datetime) -> datetime:
    """Return until when we answer what came now (7.6)."""
    return business_days.due_at(now, terms.in_force(now).review_within_business_days)


def end_silent_closing(case: Case, now: datetime) -> None:
    """Note that a case that was closed without a word is open again."""
    if case.state == CaseState.CLOSED:
        case.silent_closings.filter(reopened_at=None).update(reopened_at=now)


def _end_pause(case: Case, now: datetime) -> None:
    """End a pause that is answered by nobody: the time in which we waited counts against nobody. A
    deadline that was missed before the pause stays missed.
    """
    if case.paused_at is not None and case.paused_at <= case.due_at:
        case.due_at = business_days.resumed_due(
            due=case.due_at, paused_at=case.paused_at, resumed_at=now
        )
    case.paused_at = None
