"""Merging a case into another one of the same customer, and splitting it off again.

The merged case points at the other one, which then shows what was written in both; what comes under
the old key lands there too. Nothing is moved, so a split puts back what nobody has changed since.
What was decided, or is being decided, is never merged away: nothing is decided twice, and no
decision loses its case (0020). Nor are requests merged of which the one would be lost in the other:
about different things, from different people of an account, or about money beside what every
member may read.
"""

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.support.models import Case, CaseMerge, ConfirmedDecision
from jewelrymodel.support.operations.case_states import end_silent_closing, fresh_deadline
from jewelrymodel.support.operations.ground_refusals import GroundRefused, refuse_other_subject
from jewelrymodel.support.operations.timeline import add_entry, note_act
from jewelrymodel.support.rules.about_money import is_about_money
from jewelrymodel.support.statuses import CaseState, ConfirmationState, EntryKind

_CHANGED = ("state", "due_at", "paused_at", "answered_at", "closed_at")
_SUBJECT = ("category", "subject_kind", "subject_id", "verified_records")


class MergeRefusal(StrEnum):
    """Why two cases aren't merged, or one isn't split off."""

    OTHER_CUSTOMER = "merge_other_customer"
    OTHER_WRITER = "merge_other_writer"
    OTHER_SUBJECT = "merge_other_subject"
    MONEY = "merge_money"
    DUE_BEFORE = "merge_due_before"
    UNCONFIRMED = "merge_unconfirmed"
    DECIDED = "merge_decided"
    BEING_DECIDED = "merge_being_decided"
    MERGED = "merge_merged"
    OURS = "merge_ours"
    DAMAGE = "merge_damage"
    GROUNDS = "merge_grounds"
    NOT_MERGED = "merge_not_merged"


class CannotMerge(CodedError):
    """These requests can't be merged, or split. Nothing was changed."""

    codes = MergeRefusal


def merge_cases(*, case_id: str, into_id: str, user_id: int, now: datetime) -> Case:
    """Return the case *into_id*, which now has all of *case_id* as well.

    Where that one was open, this one is, by the earlier of both deadlines. Its subject and category
    count where this one named none. Raises CannotMerge.
    """
    with transaction.atomic():
        rows = {one.pk: one for one in _locked(case_id, into_id)}
        if len(rows) < 2:
            raise CannotMerge(MergeRefusal.MERGED)
        case, into = rows[case_id], rows[into_id]
        _refuse(case, into)
        before = {"case": _kept(case, _CHANGED), "into": _kept(into, (*_CHANGED, *_SUBJECT))}
        _take_over_clock(case, into, now)
        if case.subject_id and not into.subject_id:
            for name in _SUBJECT:
                setattr(into, name, getattr(case, name))
        into.save()
        case.state, case.merged_into = CaseState.MERGED, into  # its dates still say what was late
        case.save()
        CaseMerge.objects.create(
            case=case,
            into=into,
            merged_by=str(Actor.user(user_id)),
            merged_at=now,
            before={**before, "after": _kept(into, (*_CHANGED, *_SUBJECT, "decision_id"))},
        )
        _note(case, f"Merged into {into.label}.", user_id, now)
        _note(into, f"{case.label} was merged into this request.", user_id, now)
        note_act(case, "case.merged", user_id, f"into case:{into.pk}", now)
    return into


def split_case(*, case_id: str, user_id: int, now: datetime) -> Case:
    """Return the case, split off again as it was before; the other one gets back what nobody has
    changed since. Messages that came since stay there. Where its customer was answered, asked or
    given another day meanwhile, its days begin now, unless more were promised. Raises CannotMerge.
    """
    with transaction.atomic():
        merge = CaseMerge.objects.select_for_update().filter(case=case_id, split_at=None).first()
        if merge is None:
            raise CannotMerge(MergeRefusal.NOT_MERGED)
        rows = {one.pk: one for one in _locked(case_id, merge.into_id)}
        case, into = rows[case_id], rows[merge.into_id]
        after = merge.before["after"]
        if into.decision_id != after.get("decision_id", ""):
            raise CannotMerge(MergeRefusal.DECIDED)
        _refuse_while_deciding(into)
        case.merged_into = None
        _put_back(case, merge.before["case"])
        if case.state == CaseState.OPEN and _was_answered(into, merge):
            case.due_at = max(case.due_at, fresh_deadline(now))
        case.save()
        _give_back(into, merge)
        merge.split_by, merge.split_at = str(Actor.user(user_id)), now
        merge.save()
        _note(case, f"Split off from {into.label} again.", user_id, now)
        _note(into, f"{case.label} was split off again.", user_id, now)
        note_act(case, "case.split", user_id, f"from case:{into.pk}", now)
    return case


def _locked(*case_ids: str) -> list[Case]:
    """Always in the same order, so that two people who merge both ways wait, and one is refused."""
    return list(Case.objects.select_for_update().filter(pk__in=case_ids).order_by("pk"))


def _refuse(case: Case, into: Case) -> None:
    if case.state == CaseState.MERGED or into.state == CaseState.MERGED:
        raise CannotMerge(MergeRefusal.MERGED)
    if case.merged_cases.exists():
        raise CannotMerge(MergeRefusal.MERGED)
    if case.account_id != into.account_id or (
        case.account_id is None and case.email.lower() != into.email.lower()
    ):
        raise CannotMerge(MergeRefusal.OTHER_CUSTOMER)
    if case.email.lower() != into.email.lower():  # what we answer goes to one of them
        raise CannotMerge(MergeRefusal.OTHER_WRITER)
    if min(case.identity_level, into.identity_level) < 2:
        raise CannotMerge(MergeRefusal.UNCONFIRMED)
    if case.check_name:
        raise CannotMerge(MergeRefusal.OURS)
    if case.decision_id:
        raise CannotMerge(MergeRefusal.DECIDED)
    if case.damage_reports.exists():
        raise CannotMerge(MergeRefusal.DAMAGE)
    if case.further_grounds.exists():
        raise CannotMerge(MergeRefusal.GROUNDS)
    _refuse_what_is_lost(case, into)
    _refuse_while_deciding(case, into)
    _refuse_what_grounds_exclude(case, into)


def _refuse_what_is_lost(case: Case, into: Case) -> None:
    """One decision is about one thing, who may read it is told by what it is about, and no deadline
    lies before the request that it would be of.
    """
    about, about_into = (is_about_money(one.category, one.subject_kind) for one in (case, into))
    if about != about_into:
        raise CannotMerge(MergeRefusal.MONEY)
    named = {(one.subject_kind, one.subject_id) for one in (case, into) if one.subject_id}
    if len(named) > 1:
        raise CannotMerge(MergeRefusal.OTHER_SUBJECT)
    if case.is_open and case.due_at < into.opened_at:
        raise CannotMerge(MergeRefusal.DUE_BEFORE)


def _refuse_what_grounds_exclude(case: Case, into: Case) -> None:
    """What is about nothing becomes what the other is about, also beside its further grounds."""
    if not case.subject_id or into.subject_id:
        return
    subject = Subject(SubjectKind(case.subject_kind), case.subject_id)
    try:
        refuse_other_subject(into, case.category, subject)
    except GroundRefused:
        raise CannotMerge(MergeRefusal.OTHER_SUBJECT) from None


def _refuse_while_deciding(*cases: Case) -> None:
    """Ten seconds to undo: what is about to be decided is decided on the case as it was."""
    pending = ConfirmedDecision.objects.filter(case__in=cases, state=ConfirmationState.PENDING)
    if pending.exists():
        raise CannotMerge(MergeRefusal.BEING_DECIDED)


def _take_over_clock(case: Case, into: Case, now: datetime) -> None:
    """Who waits for us in either waits for us in both, until what was promised first."""
    if not case.is_open:
        return
    end_silent_closing(into, now)
    if case.state == CaseState.OPEN:
        into.due_at = min(into.due_at, case.due_at) if into.state == CaseState.OPEN else case.due_at
        into.state, into.paused_at = CaseState.OPEN, None
    elif not into.is_open:
        into.state, into.paused_at, into.due_at = case.state, case.paused_at, case.due_at
    into.answered_at = into.closed_at = None


def _give_back(into: Case, merge: CaseMerge) -> None:
    """What the merge took from the case that the other one was merged into: its clock, unless it
    was moved since or its customer wrote, and what it was about. Nothing while another case stands
    in it that was merged later: that one waits there.
    """
    before = merge.before["into"]
    later = CaseMerge.objects.filter(into=into, split_at=None, merged_at__gte=merge.merged_at)
    if later.exclude(pk=merge.pk).exists():
        return
    messages = into.entries.filter(kind=EntryKind.MESSAGE_IN, created_at__gt=merge.merged_at)
    if _is_as_merged(into, merge, _CHANGED) and not messages.exists():
        _put_back(into, {name: before[name] for name in _CHANGED})
        if into.state == CaseState.CLOSED:
            into.silent_closings.filter(reopened_at=merge.merged_at).update(reopened_at=None)
    if _is_as_merged(into, merge, _SUBJECT):
        _put_back(into, {name: before[name] for name in _SUBJECT})
    into.save()


def _was_answered(into: Case, merge: CaseMerge) -> bool:
    """Whether its customer was answered or asked since, or given another day; an earlier deadline
    is only that of a third case.
    """
    is_given_more = into.due_at > datetime.fromisoformat(merge.before["after"]["due_at"])
    names = tuple(name for name in _CHANGED if name != "due_at")
    return is_given_more or not _is_as_merged(into, merge, names)


def _is_as_merged(into: Case, merge: CaseMerge, names: tuple[str, ...]) -> bool:
    after = merge.before["after"]
    return _kept(into, names) == {name: after[name] for name in names}


def _kept(case: Case, names: tuple[str, ...]) -> dict[str, object]:
    """What these fields hold, as JSON keeps it."""
    values = {name: getattr(case, name) for name in names}
    return {
        name: one.isoformat() if isinstance(one, datetime) else one for name, one in values.items()
    }


def _put_back(case: Case, values: dict[str, object]) -> None:
    for name, value in values.items():
        is_instant = name.endswith("_at") and isinstance(value, str)
        setattr(case, name, datetime.fromisoformat(str(value)) if is_instant else value)


def _note(case: Case, text: str, user_id: int, now: datetime) -> None:
    add_entry(case, EntryKind.EVENT, text, author=Actor.user(user_id), internal=True, now=now)
