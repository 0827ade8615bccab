"""The queue, and one case: claim against fact, timeline, recommendation, acts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jewelrymodel.infra import clock
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.remedies.values import Assessment
from jewelrymodel.support import queries
from jewelrymodel.support.models import Case
from jewelrymodel.support.rules import ZONE
from jewelrymodel.support.values import CaseState, Ground
from jewelrymodel.web.decisions import Shown
from jewelrymodel.web.desk.door import StaffRequest, for_staff
from jewelrymodel.web.desk.forms import DecideForm, SayForm, SortForm
from jewelrymodel.web.found import or_404, stored_picture

SOON = timedelta(hours=8)


@dataclass(frozen=True)
class Row:
    """One case in the queue, with its clock in words."""

    case: Case
    clock: str
    kind: str


@require_safe
@for_staff()
def queue(request: StaffRequest) -> HttpResponse:
    """Show the cases, due first; filters by state, ground and whose they are."""
    now = clock.now()
    mine = request.user.pk if request.GET.get("mine") else None
    found = queries.queue(
        state=request.GET.get("state", ""), ground=request.GET.get("ground", ""), mine=mine
    )
    context = {
        "rows": [Row(one, *clock_words(one, now)) for one in found],
        "overdue": queries.overdue(now=now),
        "states": CaseState.choices,
        "grounds": Ground.choices,
        "chosen": request.GET,
        "seconds": remedies.awaiting_second(),
        "quarantine": queries.quarantine(limit=5),
    }
    return render(request, "desk/queue.html", context)


@require_safe
@for_staff()
def case(request: StaffRequest, case_id: str) -> HttpResponse:
    """Show one case."""
    return show(request, found_case(case_id))


@require_safe
@for_staff()
def picture(request: StaffRequest, case_id: str, picture_id: str) -> HttpResponse:
    """Hand out a picture that came with a message."""
    found = found_case(case_id)
    return stored_picture(or_404(lambda: queries.picture_key(case=found, picture_id=picture_id)))


def found_case(case_id: str) -> Case:
    """Return the case; raises Http404."""
    return or_404(lambda: queries.case(case_id=case_id))


def show(
    request: StaffRequest,
    case: Case,
    *,
    decide: DecideForm | None = None,
    say: SayForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the case's page; with a form that could not be taken, that one and its errors."""
    found, problem = assessed(case)
    decision = taken(case)
    about = {
        "ground": case.ground,
        "subject_kind": case.subject_kind,
        "subject_id": case.subject_id,
        "records": "\n".join(case.verified_records),
    }
    words, kind = clock_words(case, clock.now())
    context = {
        "case": case,
        "clock": words,
        "clock_kind": kind,
        "due": case.due_at.astimezone(ZONE).strftime("%a %-d %b %Y, %H:%M %Z"),
        "entries": queries.entries(case_id=case.pk, internal=True),
        "shown": Shown(found.decision) if found else None,
        "problem": problem,
        "decide": decide or DecideForm(initial={"signature": found.signature if found else ""}),
        "signature": found.signature if found else "",
        "say": say or SayForm(),
        "sort": SortForm(initial=about),
        "decision": decision,
        "remedies": [(one, remedies.words(one)) for one in decision.remedies.all()]
        if decision
        else [],
    }
    return render(request, "desk/case.html", context, status=status)


def assessed(case: Case) -> tuple[Assessment | None, str]:
    """Return what the policy says of a case now, or why that can't be said."""
    facts = queries.request_facts(case)
    if facts is None:
        return None, _("The sender hasn't proven that an account is theirs: no record is shown.")
    try:
        return remedies.assess(request=facts, now=clock.now()), ""
    except remedies.UnknownSubject:
        return None, _("What it is said to be about is not in this account.")
    except (ProcessorDown, ProcessorRefused):
        return None, _("The payment service can't be reached; the facts can't be looked up now.")


def taken(case: Case) -> DecisionRecord | None:
    """Return the decision of a case; None while there is none."""
    return remedies.decision(decision_id=case.decision_id) if case.decision_id else None


def clock_words(case: Case, now: datetime) -> tuple[str, str]:
    """Return how a case stands against its deadline, in words and as a badge's kind."""
    if not case.is_open:
        return str(case.get_state_display()), ""
    if case.paused_at is not None:
        return _("clock stands still"), "warn"
    left = case.due_at - now
    if left < timedelta():
        return _("overdue by %(span)s") % {"span": _span(-left)}, "bad"
    return _("due in %(span)s") % {"span": _span(left)}, "warn" if left < SOON else "info"


def _span(span: timedelta) -> str:
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    if hours >= 48:
        return _("%(n)s days") % {"n": hours // 24}
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
