"""What we watch ourselves: each promise, what broke it, what was mended, what waits."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jewelrymodel.infra import clock
from jewelrymodel.support import queries
from jewelrymodel.support.models import Case
from jewelrymodel.support.reconcilers import CHECKS, is_late
from jewelrymodel.web.desk.access import StaffRequest, for_staff

_NEWEST = 10


@require_safe
@for_staff()
def index(request: StaffRequest) -> HttpResponse:
    """Show every check with its last run and its newest cases."""
    runs = {one.check_name: one for one in queries.reconciler_runs()}
    rows = [
        {
            "check": check,
            "run": runs.get(check.name),
            "late": is_late(check, runs.get(check.name), now=clock.now()),
            "cases": Case.objects.filter(check_name=check.name).order_by("-opened_at")[:_NEWEST],
        }
        for check in CHECKS
    ]
    return render(request, "desk/reconciliation.html", {"rows": rows})
