"""What was already given for an order or a task: no loss is made good twice."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

from jewelrymodel.kernel.actors import Actor
from jewelrymodel.policy.amounts import Loss
from jewelrymodel.remedies.assessments import RequestFacts, SubjectKind
from jewelrymodel.remedies.models import DecisionRecord, RemedyRow
from jewelrymodel.remedies.rules import loss_keys
from jewelrymodel.remedies.statuses import LIVE, RemedyState


@dataclass(frozen=True)
class EarlierRemedies:
    """What earlier decisions gave for the same thing.

    *credits* were given for the task, *outage_minutes* made good for the purchase; *rounds* says
    for each loss how often it was made good, so that the next decision has a key of its own.
    """

    by_person: bool
    credits: int
    outage_minutes: int
    rounds: Mapping[str, int]


def earlier_remedies(request: RequestFacts, *, order_id: str) -> EarlierRemedies:
    """Return what was given for the request's subject, and its order, up to now.

    Has to be read before the facts are: what is done in between then collides with its key.
    """
    same = Q(decision__subject_kind=request.subject.kind, decision__subject_id=request.subject.id)
    of_order = Q(once_key__contains=f":{SubjectKind.ORDER}:{order_id}:")
    remedies = RemedyRow.objects.filter(
        same | of_order if order_id else same,
        decision__account_id=request.account_id,
        state__in=LIVE,
    )
    rows = list(remedies.select_related("decision"))
    done = [row for row in rows if row.state == RemedyState.DONE]
    outages = {row.decision_id: row.decision for row in done if _is_outage(row)}
    return EarlierRemedies(
        by_person=any(
            Actor.parse(row.decision.decided_by).is_user and _is_about(row.decision, request)
            for row in rows
        ),
        credits=sum(
            row.credits for row in done if _is_about(row.decision, request) and not _is_outage(row)
        ),
        outage_minutes=sum(map(_minutes, outages.values())),
        rounds=loss_keys.next_rounds(row.once_key for row in done),
    )


def _is_about(decision: DecisionRecord, request: RequestFacts) -> bool:
    subject = request.subject
    return (decision.subject_kind, decision.subject_id) == (subject.kind, subject.id)


def _is_outage(row: RemedyRow) -> bool:
    return loss_keys.loss_of_key(row.once_key) == Loss.OUTAGE


def _minutes(decision: DecisionRecord) -> int:
    """The minutes that a decision's remedies made good: those that it counted, once."""
    return int(decision.body["facts"]["outage.minutes"]["value"])
