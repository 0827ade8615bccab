"""The records that facts are links to: orders and jobs."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from jewelrymodel.generation import queries as generation
from jewelrymodel.generation.models import Task
from jewelrymodel.infra import clock
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.models import Charge, ChargeDispute, Order, Refund
from jewelrymodel.web.desk.disputes import state_words
from jewelrymodel.web.desk.door import StaffRequest, for_staff
from jewelrymodel.web.found import or_404

_OWN_PAGES = {
    "account": "desk_customer",
    "decision": "desk_decision",
    "incident": "desk_incident",
    "order": "desk_order",
    "task": "desk_task",
}
_SHOWN_WITHIN: dict[str, Callable[[str], str]] = {
    "charge": lambda found: Charge.objects.get(pk=found).order_id,
    "lot": lambda found: ledger.order_of_lot(lot_id=found),
}
"""What has no page of its own: the order whose page shows it."""


@require_safe
@for_staff()
def record(request: StaffRequest, kind: str, record_id: str) -> HttpResponse:
    """Lead to the page that shows the record which a fact was read from."""
    if kind == "setting":
        return redirect("desk_policy")
    if kind in _SHOWN_WITHIN:
        return redirect("desk_order", or_404(lambda: _SHOWN_WITHIN[kind](record_id)))
    if kind not in _OWN_PAGES:
        raise Http404
    return redirect(_OWN_PAGES[kind], record_id)


@require_safe
@for_staff()
def order(request: StaffRequest, order_id: str) -> HttpResponse:
    """Show an order with its charges, refunds, disputes and what became of its credits."""
    found = Order.objects.select_related("product_version", "account", "terms_edition")
    row = found.filter(pk=order_id).first()
    if row is None:
        raise Http404
    charges = payments.charges_of_order(order_id=row.pk)
    disputes = ChargeDispute.objects.filter(charge__in=charges).order_by("opened_at")
    context = {
        "order": row,
        "disputes": [(one, state_words(one)) for one in disputes],
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
