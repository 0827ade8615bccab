"""Adding a ground to a request, and removing one that nobody has decided about."""

from datetime import datetime

from django.db import transaction

from jewelrymodel.kernel.actors import Actor
from jewelrymodel.remedies.assessments import Subject
from jewelrymodel.support import queries
from jewelrymodel.support.models import Case, CaseGround
from jewelrymodel.support.operations.ground_refusals import (
    GroundRefusal,
    GroundRefused,
    refuse_another_ground,
    refuse_while_deciding,
)
from jewelrymodel.support.operations.timeline import add_entry, note_act, undecided
from jewelrymodel.support.operations.triage import UnknownRecord
from jewelrymodel.support.statuses import EntryKind


def add_ground(
    *,
    case_id: str,
    category: str,
    subject: Subject,
    verified_records: tuple[str, ...],
    user_id: int,
    now: datetime,
) -> CaseGround:
    """Return a further ground of the case; whoever decides it decides all of them together.

    Who may read the request is told by what it is about, so a ground about money joins only one
    that is. Raises CaseOver, GroundRefused and UnknownRecord.
    """
    with transaction.atomic():
        case = undecided(case_id)
        refuse_another_ground(case, category, subject)
        named = [f"{subject.kind}:{subject.id}"] if subject.id else []
        for record in (*named, *verified_records):
            if queries.record_named(account_id=case.account_id or "", text=record) != record:
                raise UnknownRecord(record=record)
        row = CaseGround.objects.create(
            case=case,
            category=category,
            subject_kind=subject.kind,
            subject_id=subject.id,
            verified_records=list(verified_records),
            added_by=str(Actor.user(user_id)),
            added_at=now,
        )
        _note(case, "case.ground_added", f"Category added: {_words(row)}", user_id, now)
    return row


def remove_ground(*, case_id: str, ground_id: int, user_id: int, now: datetime) -> None:
    """Remove a ground that nobody has decided about; what was written of it stays.

    Raises CaseOver, CaseGround.DoesNotExist and GroundRefused.
    """
    with transaction.atomic():
        case = undecided(case_id)
        refuse_while_deciding(case)
        row = case.further_grounds.get(pk=ground_id)
        if row.decision_id:
            raise GroundRefused(GroundRefusal.DECIDED)
        row.delete()
        _note(case, "case.ground_removed", f"Category removed: {_words(row)}", user_id, now)


def _note(case: Case, action: str, text: str, user_id: int, now: datetime) -> None:
    add_entry(case, EntryKind.EVENT, text, author=Actor.user(user_id), internal=True, now=now)
    note_act(case, action, user_id, text, now)


def _words(row: CaseGround) -> str:
    about = f"{row.subject_kind}:{row.subject_id}" if row.subject_id else "the account"
    return f"{row.category}, {about}"
