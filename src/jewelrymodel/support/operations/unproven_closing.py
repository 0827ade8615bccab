"""Closing what waits for its sender, many at once and without a word; and undoing that.

Nobody is mailed, so nothing has to wait until it can't be undone: it is closed at once, and opened
again as one. A sender who writes, or follows our link, opens their own again (`case_states.py`).
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Greatest

from jewelrymodel.audit import operations as audit
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.support import queries
from jewelrymodel.support.models import Case, CaseEntry, SilentClosing
from jewelrymodel.support.operations.timeline import require_text
from jewelrymodel.support.statuses import CaseState, EntryKind

_REOPENED = "The closing was undone: it waits for its sender again."
_CHUNK = 500  # rows of one INSERT


def close_unproven(
    *, case_ids: Collection[str] | None, reason: str, read_up_to: int, user_id: int, now: datetime
) -> str:
    """Return the batch of what was closed: the cases with these ids, or all (None), of those that
    still wait for their sender; empty where none did.

    What was written after the entry *read_up_to* nobody saw, so its case stays. Raises
    EmptyMessage where no *reason* is given.
    """
    require_text(reason)
    with transaction.atomic():
        # Who writes holds the row, so only what is asked once all rows are held sees every message.
        held = queries.waiting(case_ids=case_ids).select_for_update().order_by("pk")
        ids = list(held.values_list("pk", flat=True))
        cases = list(queries.closable(case_ids=ids, read_up_to=read_up_to).order_by("pk"))
        if not cases:
            return ""
        batch, author = new_id("batch", now=now), Actor.user(user_id)
        Case.objects.filter(pk__in=[one.pk for one in cases]).update(
            state=CaseState.CLOSED,
            paused_at=None,
            closed_at=now,
            answered_at=now,
            due_at=Greatest("due_at", now),  # nothing was due, so nothing is late
        )
        closings = [
            SilentClosing(
                case=one, batch=batch, closed_by=str(author), closed_at=now, reason=reason
            )
            for one in cases
        ]
        SilentClosing.objects.bulk_create(closings, batch_size=_CHUNK)
        _note_each(cases, reason, author, now)
        audit.record(
            actor=author,
            action="case.closed_together",
            subject=f"batch:{batch}",
            reason=f"{len(cases)}: {reason}",
            account_id="",
            now=now,
        )
    return batch


def undo_closing(*, batch: str, user_id: int, now: datetime) -> int:
    """Return how many cases of a batch wait for their sender again; none for those that meanwhile
    are open anyhow. Repeating it changes nothing.
    """
    author = Actor.user(user_id)
    with transaction.atomic():
        closings = SilentClosing.objects.filter(batch=batch, reopened_at=None)
        closed = Case.objects.filter(
            pk__in=closings.values("case"),
            state=CaseState.CLOSED,
            identity_level=0,
            account__isnull=True,
        )
        cases = list(closed.select_for_update().order_by("pk"))
        if not cases:
            return 0
        ids = [one.pk for one in cases]
        closings.filter(case__in=ids).update(reopened_at=now)
        Case.objects.filter(pk__in=ids).update(
            state=CaseState.UNPROVEN, paused_at=now, closed_at=None, answered_at=None
        )
        _note_each(cases, _REOPENED, author, now)
        audit.record(
            actor=author,
            action="case.closing_undone",
            subject=f"batch:{batch}",
            reason=str(len(cases)),
            account_id="",
            now=now,
        )
    return len(cases)


def _note_each(cases: Collection[Case], text: str, author: Actor, now: datetime) -> None:
    entries = [
        CaseEntry(
            case=one,
            kind=EntryKind.EVENT,
            internal=True,
            author=str(author),
            text=text,
            created_at=now,
        )
        for one in cases
    ]
    CaseEntry.objects.bulk_create(entries, batch_size=_CHUNK)
