"""What was closed without a word: some of it for a second person to look at, and how much it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import CharField, Count, Q, QuerySet
from django.db.models.functions import MD5, Cast

from jewelrymodel.kernel.actors import Actor
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support.models import SilentClosing
from jewelrymodel.support.statuses import CaseState, ClosingVerdict

LOOKED_AT_FOR = timedelta(days=30)


@dataclass(frozen=True)
class ClosingCounts:
    """How much was closed silently within LOOKED_AT_FOR and still is, how much was looked
    at, how much of that was wrong, and how many requests people declined meanwhile. What is still
    closed counts like what was declined: somebody asked, and got nothing.
    """

    closed: int
    reviewed: int
    wrong: int
    declined: int

    @property
    def denials(self) -> int:
        """How many got nothing, silent or not."""
        return self.closed + self.declined


def closings_to_review(*, user_id: int, now: datetime, limit: int) -> list[SilentClosing]:
    """Return some that others closed and nobody looked at, in no order that anybody chose."""
    still_closed = {"reopened_at": None, "case__state": CaseState.CLOSED}  # and not merged since
    rows = _recent(now).filter(verdict="", **still_closed).select_related("case")
    rows = rows.exclude(closed_by=str(Actor.user(user_id)))
    drawn = rows.order_by(MD5(Cast("pk", CharField())))
    return list(drawn[:limit])


def closing_counts(*, now: datetime) -> ClosingCounts:
    """Return how much was closed silently of late, and what a second person said of it."""
    counts = _recent(now).aggregate(
        closed=Count("pk", filter=Q(reopened_at=None)),
        reviewed=Count("pk", filter=~Q(verdict="")),
        wrong=Count("pk", filter=Q(verdict=ClosingVerdict.WRONG)),
    )
    declined = DecisionRecord.objects.filter(denied=True, decided_at__gt=now - LOOKED_AT_FOR)
    return ClosingCounts(**counts, declined=declined.count())


def _recent(now: datetime) -> QuerySet[SilentClosing]:
    return SilentClosing.objects.filter(closed_at__gt=now - LOOKED_AT_FOR)
