"""The grounds of a request: the one that it was opened for, and those that were added."""

from dataclasses import dataclass, replace

from jewelrymodel.remedies.assessments import RequestFacts, Subject, SubjectKind
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.remedies.statuses import NOT_DONE
from jewelrymodel.support.models import Case, CaseGround
from jewelrymodel.support.queries.appeals import was_objected_to
from jewelrymodel.support.queries.policy_requests import request_facts

FIRST = "first"
"""The key of the ground that the request was opened for; others have their number."""


@dataclass(frozen=True)
class Ground:
    """A ground of a request, and what was decided about it last; *row* is None for the first."""

    key: str
    category: str
    subject: Subject
    decision_id: str
    row: CaseGround | None = None


def grounds(case: Case) -> list[Ground]:
    """Return the request's grounds, the first of them first."""
    subject = Subject(SubjectKind(case.subject_kind), case.subject_id)
    first = Ground(FIRST, case.category, subject, case.decision_id)
    further = [
        Ground(
            str(one.pk),
            one.category,
            Subject(SubjectKind(one.subject_kind), one.subject_id),
            one.decision_id,
            one,
        )
        for one in case.further_grounds.order_by("id")
    ]
    return [first, *further]


def may_be_kept(case: Case, ground: Ground) -> bool:
    """Return whether what was decided about it last may stay: it gives what it says, and nothing of
    it failed; or it was declined, and the customer hasn't written since.
    """
    row = DecisionRecord.objects.filter(pk=ground.decision_id).first()
    if row is None:
        return False
    if row.denied:
        return not was_objected_to(case, row)
    return not row.remedies.filter(state__in=NOT_DONE).exists()


def has_failed(ground: Ground) -> bool:
    """Return whether what was decided about it last can't be carried out: it failed, or a second
    person rejected it.
    """
    row = DecisionRecord.objects.filter(pk=ground.decision_id, denied=False).first()
    return row is not None and row.remedies.filter(state__in=NOT_DONE).exists()


def facts_of_ground(case: Case, ground: Ground) -> RequestFacts | None:
    """Return what the policy may know of one ground, as ``request_facts`` does of the first."""
    facts = request_facts(case)
    if facts is None or ground.row is None:
        return facts
    kind = ground.subject.kind if ground.subject.id else SubjectKind.ACCOUNT
    return replace(
        facts,
        category=ground.category,
        subject=Subject(kind, ground.subject.id or facts.account_id),
        verified_records=tuple(ground.row.verified_records),
    )
