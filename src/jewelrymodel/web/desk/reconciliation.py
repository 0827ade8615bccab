"""Reconciliation checks: what each one found, what was fixed, and what waits for a person."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock
from jewelrymodel.support import queries
from jewelrymodel.support.models import Case
from jewelrymodel.support.reconcilers import CHECKS, is_late
from jewelrymodel.support.statuses import CaseState
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.queue import STATUS_LABELS

_NEWEST = 10


@require_safe
@for_staff(Act.DESK)
def index(request: StaffRequest) -> HttpResponse:
    """Show every check with its last run and its newest cases."""
    runs = {one.check_name: one for one in queries.reconciler_runs()}
    rows = [
        {
            "check": check,
            "run": runs.get(check.name),
            "late": is_late(check, runs.get(check.name), now=clock.now()),
            "cases": _newest_cases(check.name),
        }
        for check in CHECKS
    ]
    return render(request, "desk/reconciliation.html", {"rows": rows})


def _newest_cases(check_name: str) -> list[tuple[Case, str]]:
    """The newest cases that a check opened, each with its status."""
    cases = Case.objects.filter(check_name=check_name).order_by("-opened_at")[:_NEWEST]
    return [(one, str(STATUS_LABELS[CaseState(one.state)])) for one in cases]
