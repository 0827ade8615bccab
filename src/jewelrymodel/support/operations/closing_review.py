"""A second person looks at some of what was closed without a word, and opens what was a request."""

from datetime import datetime

from django.db import transaction

from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.support.models import SilentClosing
from jewelrymodel.support.operations.case_states import reopen_closed
from jewelrymodel.support.operations.timeline import add_entry, locked, note_act
from jewelrymodel.support.statuses import CaseState, ClosingVerdict, EntryKind


class OwnClosing(CodedError):
    """Whoever closed a request doesn't say whether that was right. Nothing was changed."""


class ClosingReviewed(CodedError):
    """A colleague has said whether it was right to close it. Nothing was changed."""


class ClosingOver(CodedError):
    """This isn't closed silently any more: it was opened again, or merged. Nothing was changed."""


def review_closing(
    *, closing_id: int, verdict: ClosingVerdict, user_id: int, now: datetime
) -> SilentClosing:
    """Return the closing with what a second person says of it; where it was wrong, the case is open
    and its days begin now. Raises OwnClosing, ClosingReviewed, ClosingOver, and
    SilentClosing.DoesNotExist.
    """
    author = Actor.user(user_id)
    case_id = SilentClosing.objects.values_list("case_id", flat=True).get(pk=closing_id)
    with transaction.atomic():
        case = locked(case_id)
        closing = SilentClosing.objects.select_for_update().get(pk=closing_id)
        if closing.closed_by == str(author):
            raise OwnClosing
        if closing.verdict:
            raise ClosingReviewed
        if closing.reopened_at is not None or case.state != CaseState.CLOSED:
            raise ClosingOver
        closing.verdict, closing.reviewed_by, closing.reviewed_at = verdict, str(author), now
        closing.save()
        text = "A second person agrees that this was closed."
        if verdict == ClosingVerdict.WRONG:
            text = "A second person opened this again: it should not have been closed silently."
            reopen_closed(case, now)
        add_entry(case, EntryKind.EVENT, text, author=author, internal=True, now=now)
        note_act(case, "case.closing_reviewed", user_id, verdict.value, now)
    return closing
