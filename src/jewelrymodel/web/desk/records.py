"""The records that facts are links to: orders, jobs, decisions."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jewelrymodel.generation import queries as generation
from jewelrymodel.generation.models import Task
from jewelrymodel.infra import clock
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.models import Order, Refund
from jewelrymodel.policy.decisions import from_json
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.web.decisions import Shown
from jewelrymodel.web.desk.door import StaffRequest, for_staff


@require_safe
@for_staff()
def order(request: StaffRequest, order_id: str) -> HttpResponse:
    """Show an order with its charges, refunds and what became of its credits."""
    found = Order.objects.select_related("product_version", "account", "terms_edition")
    row = found.filter(pk=order_id).first()
    if row is None:
        raise Http404
    charges = payments.charges_of_order(order_id=row.pk)
    context = {
        "order": row,
        "charges": charges,
        "refunds": Refund.objects.filter(charge__in=charges).order_by("created_at"),
        "bought": ledger.purchase(row.account_id, row.pk, clock.now()),
    }
    return render(request, "desk/order.html", context)


@require_safe
@for_staff()
def task(request: StaffRequest, task_id: str) -> HttpResponse:
    """Show a job's whole timeline: what was held, delivered, charged and said (5.4)."""
    row = Task.objects.select_related("account", "photo").filter(pk=task_id).first()
    if row is None:
        raise Http404
    context = {
        "task": row,
        "items": generation.items(row),
        "fate": ledger.hold_fate(row.account_id, row.hold_id),
    }
    return render(request, "desk/task.html", context)


@require_safe
@for_staff()
def decision(request: StaffRequest, decision_id: str) -> HttpResponse:
    """Show a decision whole, with why-not and what defeated what."""
    try:
        row = remedies.decision(decision_id=decision_id)
    except DecisionRecord.DoesNotExist:
        raise Http404 from None
    context = {
        "row": row,
        "shown": Shown(from_json(row.body)),
        "remedies": [(one, remedies.words(one)) for one in row.remedies.all()],
    }
    return render(request, "desk/decision.html", context)
