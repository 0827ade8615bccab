"""Ten seconds to undo: an agent confirms, and a worker carries that out once the time is over.

Until then nothing is decided, paid or mailed. Confirming and carrying out are one code: what is
confirmed is carried out in a transaction that is rolled back, so whatever would be refused is
refused at once, and its agent still sees the form. The row is the truth: the job is only a nudge,
and a sweeper nudges again. A case has one pending row, and a row ends once (0016), so a worker that
is killed, two workers, or an undo in the same moment have exactly one outcome.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from jewelrymodel.accounts.queries import refuse_own_account, staff_member
from jewelrymodel.accounts.rights import Act, may
from jewelrymodel.accounts.roles import StaffRole
from jewelrymodel.infra import queue
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.policy.decision import RemedyKind
from jewelrymodel.remedies.assessments import Chosen
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.remedies.operations import GroundAct
from jewelrymodel.support import queries
from jewelrymodel.support.models import Case, ConfirmedDecision
from jewelrymodel.support.operations.case_decisions import decide_case
from jewelrymodel.support.operations.damage_review import review_damage
from jewelrymodel.support.operations.ground_decisions import decide_case_grounds
from jewelrymodel.support.operations.timeline import add_entry, locked, note_act, undecided
from jewelrymodel.support.statuses import UNDO_TIME, ConfirmationState, ConfirmedAct, EntryKind

_US = Actor.system("confirmed")
_NOTHING_OWED = "Saved. No credits are owed for these images: answer in a message."


class AlreadyConfirmed(CodedError):
    """A decision of this case was confirmed and can still be undone. Nothing was changed."""


class NewMessage(CodedError):
    """The customer wrote since the page was opened; a decline, or an approval in a list, goes over
    no message that nobody read. Nothing was decided.
    """


class MayNotDecide(CodedError):
    """Who confirmed it doesn't work at the desk now, or may not decide. Nothing was decided."""


class NothingConfirmed(CodedError):
    """Nothing of this case waits any more: it was carried out or undone. Nothing was changed."""


def confirm_decision(
    *,
    case_id: str,
    signature: str,
    remedies_chosen: Sequence[Chosen] | None,
    reason: str,
    user_id: int,
    now: datetime,
    machine_clock: Callable[[], datetime],
    read_up_to: int = 0,
    from_list: str = "",
) -> ConfirmedDecision:
    """Return what an agent confirmed; ``decide_case`` with it follows after UNDO_TIME.

    *machine_clock* tells the queue's time, which the demo never moves; *now* is the time before the
    processor is asked, and what that takes is none of UNDO_TIME. *read_up_to* is the newest message
    of the customer that the agent had before them. Raises AlreadyConfirmed, NewMessage
    where a decline would be over a newer one, and at once all that ``decide_case`` would raise.

    *from_list* is the incident in whose list of alike requests it was chosen. That list has just
    assessed it, and carrying out compares the signature, so nothing is rehearsed; but nobody opens
    the request by itself, so NewMessage is raised where any message is newer than *read_up_to*.
    """
    chosen = None if remedies_chosen is None else [_written(one) for one in remedies_chosen]
    return _confirm(
        case_id,
        ConfirmedAct.DECIDE,
        {
            "signature": signature,
            "chosen": chosen,
            "read_up_to": read_up_to,
            "from_list": from_list,
        },
        reason=reason,
        user_id=user_id,
        now=now,
        machine_clock=machine_clock,
        from_list=from_list,
    )


def confirm_grounds(
    *,
    case_id: str,
    acts: Mapping[str, tuple[str, GroundAct]],
    reason: str,
    user_id: int,
    now: datetime,
    machine_clock: Callable[[], datetime],
    read_up_to: int = 0,
) -> ConfirmedDecision:
    """Return what an agent confirmed of a case's grounds; ``decide_case_grounds`` with it follows
    after UNDO_TIME. Declining one of them goes over no message that nobody read.

    Raises AlreadyConfirmed, NewMessage, and at once all that ``decide_case_grounds`` would raise.
    """
    declines = any(act is GroundAct.DECLINE for _, act in acts.values())
    return _confirm(
        case_id,
        ConfirmedAct.DECIDE,
        {
            "grounds": {key: [signature, act.value] for key, (signature, act) in acts.items()},
            "chosen": [] if declines else None,
            "read_up_to": read_up_to,
        },
        reason=reason,
        user_id=user_id,
        now=now,
        machine_clock=machine_clock,
    )


def confirm_damage_review(
    *,
    case_id: str,
    damaged: Mapping[str, bool],
    reason: str,
    user_id: int,
    now: datetime,
    machine_clock: Callable[[], datetime],
    read_up_to: int = 0,
) -> ConfirmedDecision:
    """Return what an agent saw of images; ``review_damage`` with it follows after UNDO_TIME.

    Raises AlreadyConfirmed, NewMessage, and at once all that ``review_damage`` would raise.
    """
    return _confirm(
        case_id,
        ConfirmedAct.REVIEW_DAMAGE,
        {"damaged": dict(damaged), "read_up_to": read_up_to},
        reason=reason,
        user_id=user_id,
        now=now,
        machine_clock=machine_clock,
    )


def undo_confirmed(*, case_id: str, user_id: int, now: datetime) -> ConfirmedDecision:
    """Return what was confirmed, undone: any colleague may, as long as it isn't carried out.

    That is at least UNDO_TIME, and longer while no worker runs. Raises NothingConfirmed, and
    OwnAccount where they belong to the account.
    """
    with transaction.atomic():
        case = locked(case_id)
        refuse_own_account(user_id=user_id, account_id=case.account_id or "")
        row = case.confirmed_decisions.filter(state=ConfirmationState.PENDING).first()
        if row is None:
            raise NothingConfirmed
        _end(row, ConfirmationState.UNDONE, by=Actor.user(user_id), now=now)
        note_act(case, "case.decision_undone", user_id, row.reason, now)
    return row


def carry_out_confirmed(*, confirmed_id: int, now: datetime) -> ConfirmedDecision:
    """Return what was confirmed, carried out once its time has come; repeating it repeats nothing.

    What is refused by then (the facts moved, the case is closed, who confirmed it works for us no
    more) decides nothing: the refusal is kept in the row and on the timeline, and the case stays as
    it was. Raises ProcessorDown and ProcessorRefused; then it waits, and can still be undone.
    """
    case_id = ConfirmedDecision.objects.values_list("case_id", flat=True).get(pk=confirmed_id)
    with transaction.atomic():
        case = locked(case_id)
        row = ConfirmedDecision.objects.get(pk=confirmed_id)
        if row.state != ConfirmationState.PENDING or now < row.due_at:
            return row
        try:
            _refuse_who_left(row, now)
            with transaction.atomic():
                decision = _perform(row, now)
        except (ProcessorDown, ProcessorRefused):
            raise
        except CodedError as refusal:
            _refuse(case, row, refusal, now)
        else:
            row.decision_id = decision.pk if decision else ""
            if decision is None:
                add_entry(case, EntryKind.EVENT, _NOTHING_OWED, author=_US, internal=True, now=now)
            _end(row, ConfirmationState.CARRIED_OUT, by=Actor.parse(row.confirmed_by), now=now)
    return row


def _confirm(
    case_id: str,
    act: ConfirmedAct,
    details: Mapping[str, object],
    *,
    reason: str,
    user_id: int,
    now: datetime,
    machine_clock: Callable[[], datetime],
    from_list: str = "",
) -> ConfirmedDecision:
    row = ConfirmedDecision(
        case_id=case_id,
        act=act,
        details=details,
        reason=reason,
        confirmed_by=str(Actor.user(user_id)),
    )
    begun = machine_clock()
    with transaction.atomic():
        case = undecided(case_id)
        if case.confirmed_decisions.filter(state=ConfirmationState.PENDING).exists():
            raise AlreadyConfirmed
        if not from_list:
            _rehearse(row, now)
        elif queries.newest_message(case_id=case_id) != row.details["read_up_to"]:
            raise NewMessage
        machine_now = machine_clock()
        row.confirmed_at = now + (machine_now - begun)
        row.due_at = row.confirmed_at + UNDO_TIME
        row.save()
        queue.defer(
            "support.carry_out_confirmed",
            schedule_at=machine_now + UNDO_TIME,
            once_key=f"confirmed:{row.pk}",
            confirmed_id=row.pk,
        )
    return row


def _rehearse(row: ConfirmedDecision, now: datetime) -> None:
    """Carry it out and roll that back: it raises what carrying it out would raise."""
    with transaction.atomic():
        _perform(row, now)
        transaction.set_rollback(True)


def _perform(row: ConfirmedDecision, now: datetime) -> DecisionRecord | None:
    user_id = Actor.parse(row.confirmed_by).user_id
    assert user_id is not None  # noqa: S101  held by support_confirmed_by_a_person
    _refuse_over_new_message(row)
    if row.act == ConfirmedAct.REVIEW_DAMAGE:
        return review_damage(
            case_id=row.case_id,
            damaged=row.details["damaged"],
            reason=row.reason,
            user_id=user_id,
            now=now,
        )
    if grounds := row.details.get("grounds"):
        return decide_case_grounds(
            case_id=row.case_id,
            acts={key: (one, GroundAct(act)) for key, (one, act) in grounds.items()},
            reason=row.reason,
            user_id=user_id,
            now=now,
        )
    chosen = row.details["chosen"]
    return decide_case(
        case_id=row.case_id,
        signature=row.details["signature"],
        remedies_chosen=None if chosen is None else [_read(one) for one in chosen],
        reason=row.reason,
        user_id=user_id,
        now=now,
    )


def _refuse_who_left(row: ConfirmedDecision, now: datetime) -> None:
    """Rights end at once, also within the ten seconds: raises MayNotDecide."""
    member = staff_member(user_id=Actor.parse(row.confirmed_by).user_id or 0, now=now)
    if member is None or not may(StaffRole(member.role), Act.DECIDE):
        raise MayNotDecide


def _refuse_over_new_message(row: ConfirmedDecision) -> None:
    """A decline answers all that was written: raises NewMessage where its agent hadn't read it."""
    if row.act == ConfirmedAct.REVIEW_DAMAGE:
        is_decline = not any(row.details["damaged"].values())
    else:
        is_decline = row.details["chosen"] == []
    newest = queries.newest_message(case_id=row.case_id)
    if is_decline and newest > row.details.get("read_up_to", 0):
        raise NewMessage


def _refuse(case: Case, row: ConfirmedDecision, refusal: CodedError, now: datetime) -> None:
    params = refusal.params.items()
    row.failure = refusal.code
    row.failure_params = {name: one if isinstance(one, int) else str(one) for name, one in params}
    _end(row, ConfirmationState.REFUSED, by=_US, now=now)
    text = f"A confirmed decision was refused and nothing was decided: {refusal.code}."
    add_entry(case, EntryKind.EVENT, text, author=_US, internal=True, now=now)


def _end(row: ConfirmedDecision, state: ConfirmationState, *, by: Actor, now: datetime) -> None:
    row.state, row.ended_by, row.ended_at = state, str(by), now
    row.save()


def _written(one: Chosen) -> dict[str, str | int | bool]:
    return {
        "kind": one.kind.value,
        "credits": one.credits,
        "amount_minor": one.amount_minor,
        "currency": one.currency,
        "revokes_credits": one.revokes_credits,
    }


def _read(written: Mapping[str, object]) -> Chosen:
    return Chosen(
        RemedyKind(str(written["kind"])),
        credits=int(str(written["credits"])),
        amount_minor=int(str(written["amount_minor"])),
        currency=str(written["currency"]),
        revokes_credits=bool(written["revokes_credits"]),
    )
