"""The requests of one outage side by side: those that are alike, and those to look at alone.

Only approvals are confirmed together, each still its own decision with its own letter; nobody
declines in bulk. What differs from the rest in any way that a person would ask about stands apart.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median

from django.utils.translation import gettext as _

from jewelrymodel.accounts.queries import OwnAccount, refuse_own_account
from jewelrymodel.incidents.models import Incident
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.policy.decision import RemedyKind
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.assessments import Assessment, Chosen
from jewelrymodel.support import queries
from jewelrymodel.support.models import Case, ConfirmedDecision
from jewelrymodel.web.decision_display import DecisionDisplay
from jewelrymodel.web.desk.affected_periods import AffectedPeriod, affected_periods
from jewelrymodel.web.desk.case_assessment import assessed
from jewelrymodel.web.desk.confirmed import PendingDecision, kept_decision, pending_decision
from jewelrymodel.web.desk.refusal_messages import refusal_message

_MUCH_LARGER = 3  # times what is given in the middle case


@dataclass(frozen=True)
class ReviewedRequest:
    """A request with its recommendation; *why_apart* is empty where it is like the others."""

    period: AffectedPeriod
    case: Case
    signature: str = ""
    newest_message: int = 0
    shown: DecisionDisplay | None = None
    shape: tuple[object, ...] = ()
    size: int = 0
    why_apart: str = ""


@dataclass(frozen=True)
class AlikeRequests:
    """An outage's requests: alike, apart, confirmed and undone with one press; how many are
    decided.
    """

    alike: list[ReviewedRequest]
    apart: list[ReviewedRequest]
    pending: list[tuple[Case, PendingDecision]]
    decided: int

    @property
    def seconds_left(self) -> int:
        """How long the last of them can still be undone."""
        return max((one.seconds_left for _case, one in self.pending), default=0)


def alike_requests(incident: Incident, *, user_id: int, now: datetime) -> AlikeRequests:
    """Return the requests of the billing periods that an outage affected, as one reviews them."""
    rows, pending, decided = [], [], 0
    for period in affected_periods(incident, now):
        case = period.case
        if case is None:
            continue
        if not case.is_open:
            decided += bool(case.decision_id)
        elif waits := pending_decision(case.pk, now):
            if is_undone_together(waits.row, incident, user_id):
                pending.append((case, waits))
            else:
                why = _("A colleague confirmed a decision that can still be undone")
                rows.append(ReviewedRequest(period, case, why_apart=why))
        else:
            rows.append(_reviewed(period, case, user_id))
    alike, apart = sorted_apart(rows)
    return AlikeRequests(alike, apart, pending, decided)


def is_undone_together(row: ConfirmedDecision, incident: Incident, user_id: int) -> bool:
    """Return whether "Undo all" is about it: it was confirmed in this list, or by this person."""
    is_theirs = row.confirmed_by == str(Actor.user(user_id))
    return is_theirs or row.details.get("from_list") == incident.pk


def undone_together(incident: Incident, *, user_id: int, now: datetime) -> list[str]:
    """Return the cases that "Undo all" is about; nothing is assessed, since seconds count."""
    cases = [one.case for one in affected_periods(incident, now) if one.case and one.case.is_open]
    rows = [queries.pending_decision(case_id=case.pk) for case in cases]
    return [row.case_id for row in rows if row and is_undone_together(row, incident, user_id)]


def sorted_apart(
    rows: Sequence[ReviewedRequest],
) -> tuple[list[ReviewedRequest], list[ReviewedRequest]]:
    """Return what is alike, and what stands apart with its reason: another remedy or clause than
    most have, or much more than the middle one gives.
    """
    shapes = Counter(one.shape for one in rows if not one.why_apart)
    most = shapes.most_common(1)[0][0] if shapes else ()
    sizes = [one.size for one in rows if not one.why_apart and one.shape == most]
    large = _MUCH_LARGER * median(sizes) if sizes else 0
    alike: list[ReviewedRequest] = []
    apart: list[ReviewedRequest] = []
    for one in rows:
        why = one.why_apart
        if not why and one.shape != most:
            why = _("Another remedy or clause than the others")
        elif not why and one.size > large:
            why = _("Much larger than the others")
        (apart if why else alike).append(replace(one, why_apart=why))
    return alike, apart


def _reviewed(period: AffectedPeriod, case: Case, user_id: int) -> ReviewedRequest:
    assessment, problem = assessed(case)
    row = ReviewedRequest(period, case, newest_message=queries.newest_message(case_id=case.pk))
    if assessment is None:
        return replace(row, why_apart=problem)
    given = assessment.decision.remedies
    return replace(
        row,
        signature=assessment.signature,
        shown=DecisionDisplay(assessment.decision),
        shape=(*((one.kind, one.formula) for one in given), assessment.decision.cites),
        size=sum(one.amount_minor + one.credits for one in given),
        why_apart=_why_apart(case, assessment, user_id),
    )


def _why_apart(case: Case, assessment: Assessment, user_id: int) -> str:
    """Why a person looks at this request alone; empty where nothing asks for that."""
    shown, given = DecisionDisplay(assessment.decision), assessment.decision.remedies
    try:
        refuse_own_account(user_id=user_id, account_id=case.account_id or "")
    except OwnAccount:
        return _("You belong to this account yourself")
    if remedies.rests_on_running_outage(assessment.decision):
        return refusal_message(deciding.RemedyUnfit(deciding.Unfit.OUTAGE_RUNS))
    if case.further_grounds.exists():
        return _("It has several categories, which are decided together")
    kept = kept_decision(case.pk)
    if kept and kept.why:
        return kept.why
    if not (shown.settles or shown.leans_to_yes) or not given:
        return _("No approval is recommended")
    if any(one.kind is RemedyKind.OTHER for one in given):
        return _("The correction is made by hand and needs a reason")
    if queries.newest_message(case_id=case.pk):
        return _("The customer wrote")
    if remedies.decisions_about(
        account_id=case.account_id or "", subject=assessment.request.subject
    ):
        return _("Something was decided about it before")
    chosen = [Chosen(one.kind, one.credits, one.amount_minor, one.currency) for one in given]
    if deciding.needs_second_approval(chosen, by_person=True):
        return _("It needs a second approval")
    return ""
