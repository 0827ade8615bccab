"""A generation at the desk: what was held, made, delivered and charged, step by step (5.4)."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.rights import Act
from jewelrymodel.generation import queries as generation
from jewelrymodel.generation.models import Task
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.web.desk.access import StaffRequest, for_staff


@require_safe
@for_staff(Act.DESK)
def task(request: StaffRequest, task_id: str) -> HttpResponse:
    """Show a generation, its images, its credits and its steps."""
    row = Task.objects.select_related("account", "photo").filter(pk=task_id).first()
    if row is None:
        raise Http404
    context = {
        "task": row,
        "items": generation.items(row),
        "hold": ledger.hold_fate(row.account_id, row.hold_id),
    }
    return render(request, "desk/generation.html", context)
