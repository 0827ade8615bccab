"""Who works on a case, and what it is about."""

from datetime import datetime

from django.db import transaction

from jewelrymodel.kernel.actors import CUSTOMER, Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.remedies.assessments import Subject
from jewelrymodel.support import queries
from jewelrymodel.support.models import Case
from jewelrymodel.support.operations.case_states import start_clock
from jewelrymodel.support.operations.ground_refusals import GroundRefused, refuse_other_subject
from jewelrymodel.support.operations.timeline import add_entry, locked, note_act, unclosed
from jewelrymodel.support.statuses import EntryKind


class UnknownRecord(CodedError):
    """There is no such record in this account. Nothing was changed."""


def assign(*, case_id: str, user_id: int | None, by_user_id: int, now: datetime) -> Case:
    """Return the case assigned to a member of staff, or to nobody.

    A case that waits for its sender is taken up so: its clock starts.
    """
    with transaction.atomic():
        case = locked(case_id)
        if case.assigned_to_id == user_id:
            return case
        event = "Unassigned." if user_id is None else "Assigned."
        if user_id and case.assigned_to_id:
            event = "Taken over from a colleague."
        case.assigned_to_id = user_id
        case.save(update_fields=["assigned_to"])
        if user_id is not None:
            start_clock(case, now)
        add_entry(
            case, EntryKind.EVENT, event, author=Actor.user(by_user_id), internal=True, now=now
        )
        note_act(case, "case.assigned", by_user_id, f"to user:{user_id}", now)
    return case


def categorize(
    *,
    case_id: str,
    category: str,
    subject: Subject,
    verified_records: tuple[str, ...],
    user_id: int,
    now: datetime,
) -> Case:
    """Return the case with what it is about corrected; records link a verified error (6.4).

    Each has to be one of the account's: a claim is no record (edge 14). Raises UnknownRecord, and
    GroundRefused where it doesn't go with the case's further grounds.
    """
    with transaction.atomic():
        case = unclosed(case_id)
        refuse_other_subject(case, category, subject)
        named = [f"{subject.kind}:{subject.id}"] if subject.id else []
        for record in (*named, *verified_records):
            if queries.record_named(account_id=case.account_id or "", text=record) != record:
                raise UnknownRecord(record=record)
        case.category, case.subject_kind, case.subject_id = category, subject.kind, subject.id
        case.verified_records = list(verified_records)
        case.save()
        event = f"{category}, {subject.kind}:{subject.id}, {', '.join(verified_records)}"
        add_entry(case, EntryKind.EVENT, event, author=Actor.user(user_id), internal=True, now=now)
        note_act(case, "case.sorted", user_id, event, now)
    return case


def name_subject(case: Case, subject: Subject, now: datetime) -> None:
    """Say what the case is about, as a message of its customer named it; it was about nothing yet.

    Not where that doesn't go with its further grounds: a person sorts it. In the caller's
    transaction, which has locked the case.
    """
    try:
        refuse_other_subject(case, case.category, subject)
    except GroundRefused:
        return
    case.subject_kind, case.subject_id = subject.kind, subject.id
    case.save(update_fields=["subject_kind", "subject_id"])
    event = f"The customer named {subject.kind}:{subject.id}."
    add_entry(case, EntryKind.EVENT, event, author=CUSTOMER, internal=True, now=now)
