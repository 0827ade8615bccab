"""Cases that wait for their sender, and what was closed of them at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Max, OuterRef, QuerySet

from jewelrymodel.kernel.actors import Actor
from jewelrymodel.support.models import Case, CaseEntry, SilentClosing
from jewelrymodel.support.statuses import CaseState, EntryKind

OFFERED_FOR = timedelta(hours=1)
"""How long the page offers to undo what somebody closed there."""


@dataclass(frozen=True)
class ClosedBatch:
    """What somebody closed in one act: how many of it are still closed, and since when."""

    batch: str
    count: int
    closed_at: datetime


def unproven() -> QuerySet[Case]:
    """Return the cases that wait for their sender, newest first."""
    return Case.objects.filter(state=CaseState.UNPROVEN).order_by("-opened_at", "-number")


def unproven_count() -> int:
    """Return how many cases wait for their sender."""
    return Case.objects.filter(state=CaseState.UNPROVEN).count()


def closable(*, case_ids: Collection[str] | None, read_up_to: int) -> QuerySet[Case]:
    """Return those that wait for their sender, of these ids or all (None), in which nothing was
    written after the entry *read_up_to*: nobody has seen that.
    """
    unread = CaseEntry.objects.filter(
        case=OuterRef("pk"), kind=EntryKind.MESSAGE_IN, pk__gt=read_up_to
    )
    return waiting(case_ids=case_ids).exclude(Exists(unread))


def waiting(*, case_ids: Collection[str] | None) -> QuerySet[Case]:
    """Return those that wait for their sender, of these ids or all (None)."""
    rows = Case.objects.filter(state=CaseState.UNPROVEN)
    return rows if case_ids is None else rows.filter(pk__in=case_ids)


def newest_entry() -> int:
    """Return the id of what was written last in any case: what a page that lists cases can show."""
    return CaseEntry.objects.aggregate(newest=Max("pk"))["newest"] or 0


def closed_batch(*, user_id: int, now: datetime) -> ClosedBatch | None:
    """Return what this person closed last of the cases that waited, within OFFERED_FOR; None where
    nothing of it is closed any more.
    """
    rows = SilentClosing.objects.filter(
        closed_by=str(Actor.user(user_id)),
        closed_at__gt=now - OFFERED_FOR,
        batch__startswith="batch_",  # what was closed alone on its own page isn't undone here
    )
    last = rows.order_by("-closed_at", "-pk").values("batch", "closed_at").first()
    if last is None:
        return None
    still = SilentClosing.objects.filter(batch=last["batch"], reopened_at=None)
    count = still.aggregate(n=Count("pk"))["n"]
    return ClosedBatch(last["batch"], count, last["closed_at"]) if count else None
