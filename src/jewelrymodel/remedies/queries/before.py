"""What was already done about an order or a job: nothing is put right twice."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

from jewelrymodel.remedies import rules
from jewelrymodel.remedies.models import RemedyRow
from jewelrymodel.remedies.values import LIVE, RemedyState, RequestFacts

_OUTAGE_RULE = "6.3"


@dataclass(frozen=True)
class Before:
    """What earlier decisions gave for the same thing.

    *credits* and *outage_minutes* were given, or made good for; *rounds* says for each way of
    putting it right how often it was done, so that the next decision has a key of its own.
    """

    by_person: bool
    credits: int
    outage_minutes: int
    rounds: Mapping[str, int]


def before(request: RequestFacts) -> Before:
    """Return what was done about the request's subject up to now.

    Has to be read before the facts are: what is done in between then collides with its key.
    """
    same = Q(
        decision__account_id=request.account_id,
        decision__subject_kind=request.subject.kind,
        decision__subject_id=request.subject.id,
    )
    rows = list(RemedyRow.objects.filter(same, state__in=LIVE).select_related("decision"))
    done = [row for row in rows if row.state == RemedyState.DONE]
    return Before(
        by_person=any(row.decision.decided_by.startswith("user:") for row in rows),
        credits=sum(row.credits for row in done),
        outage_minutes=sum(map(_minutes, done)),
        rounds=rules.rounds(row.once_key for row in done),
    )


def _minutes(row: RemedyRow) -> int:
    """The minutes that a remedy made good for: those that its decision counted."""
    if rules.cause(row.once_key) != _OUTAGE_RULE:
        return 0
    return int(row.decision.body["facts"]["outage.minutes"]["value"])
