"""Deadlines that we missed, and who had written to us first."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from jewelrymodel.support.models import Case, CaseEntry, CaseMerge
from jewelrymodel.support.statuses import LATE, CaseState


def late_without_notice(*, now: datetime) -> QuerySet[Case]:
    """Return the customers' requests whose deadline we have missed without a word about it: in
    the case, in one that was merged into it, or where it was merged itself for a while.
    """
    while_merged = CaseMerge.objects.filter(
        case=OuterRef(OuterRef("pk")),
        into=OuterRef("case"),
        merged_at__lte=OuterRef("created_at"),
        split_at__gte=OuterRef("created_at"),
    )
    there = Q(case=OuterRef("pk")) | Q(case__merged_into=OuterRef("pk")) | Exists(while_merged)
    notices = CaseEntry.objects.filter(there, author=str(LATE), created_at__gte=OuterRef("due_at"))
    late = Case.objects.filter(state=CaseState.OPEN, paused_at=None, due_at__lt=now)
    return late.filter(check_name="", account__isnull=False).exclude(Exists(notices))


def contacted_before(*, account_id: str, at: datetime) -> bool:
    """Return whether the account had written to us before *at* (the first fact of 9.1).

    Cases that we found ourselves are no contact; any matter counts, to the customer's side.
    """
    rows = Case.objects.filter(account_id=account_id, opened_at__lt=at, check_name="")
    return rows.exists()


def answered_late(*, account_id: str, at: datetime) -> bool:
    """Return whether we had missed our own deadline (7.6) towards this account by *at*.

    While we wait for the customer nothing is due, and nothing is after they withdrew. What still
    ran when a case was merged counts where it was merged; what was late before that stays late.
    """
    running = Q(paused_at=None, closed_at=None) & ~Q(state=CaseState.MERGED)
    stopped_late = Q(paused_at__gt=F("due_at")) | Q(closed_at__gt=F("due_at"))
    unanswered = Q(answered_at=None, due_at__lt=at) & (running | stopped_late)
    late = Q(answered_at__gt=F("due_at")) | unanswered
    return Case.objects.filter(late, account_id=account_id, opened_at__lt=at).exists()
