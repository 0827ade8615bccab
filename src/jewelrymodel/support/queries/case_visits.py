"""What an agent should know who has a case open: who else has, what is new, and their drafts."""

from datetime import datetime, timedelta

from jewelrymodel.support.models import CaseVisit
from jewelrymodel.support.queries.messages import entries_shown_in
from jewelrymodel.support.statuses import EntryKind

THERE_FOR = timedelta(seconds=45)
"""How long somebody counts as there whose page has said so; it says so every 15 seconds."""


def visitors(*, case_id: str, but_user_id: int, now: datetime) -> list[int]:
    """Return the ids of the other colleagues who have the case open, who came last first."""
    rows = CaseVisit.objects.filter(case_id=case_id, seen_at__gte=now - THERE_FOR)
    others = rows.exclude(user_id=but_user_id).order_by("-seen_at")
    return list(others.values_list("user_id", flat=True))


def drafts(*, case_id: str, user_id: int) -> dict[str, str]:
    """Return what a colleague typed in the case and hasn't sent, by the form's name."""
    rows = CaseVisit.objects.filter(case_id=case_id, user_id=user_id)
    return dict(rows.values_list("drafts", flat=True).first() or {})


def newest_message(*, case_id: str) -> int:
    """Return the id of what the customer wrote last; 0 where they wrote nothing."""
    rows = entries_shown_in(case_id).filter(kind=EntryKind.MESSAGE_IN)
    return rows.order_by("-id").values_list("pk", flat=True).first() or 0
