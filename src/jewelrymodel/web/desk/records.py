"""The records that facts are links to: orders and jobs."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jewelrymodel.audit import queries as audit
from jewelrymodel.generation import queries as generation
from jewelrymodel.generation.models import Task
from jewelrymodel.infra import clock
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.payments.models import Charge, ChargeDispute, Order, Refund
from jewelrymodel.payments.values import OrderState
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.support import queries as support
from jewelrymodel.web.decision_display import DecisionDisplay
from jewelrymodel.web.desk import actor_names
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.disputes import state_words
from jewelrymodel.web.desk.forms import ReviewForm
from jewelrymodel.web.responses import or_404

_OWN_PAGES = {
    "account": "desk_customer",
    "decision": "desk_decision",
    "incident": "desk_incident",
    "order": "desk_order",
    "task": "desk_task",
}
_ACTS = {
    "order.canceled": gettext_lazy("Canceled"),
    "order.charged_in_error": gettext_lazy("Charged in error"),
    "order.closed": gettext_lazy("Closed"),
    "order.delivered": gettext_lazy("Delivered after review"),
    "order.held": gettext_lazy("Held for review"),
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
    return show_order(request, order_id, ReviewForm())


def show_order(
    request: StaffRequest, order_id: str, form: ReviewForm, *, status: int = 200
) -> HttpResponse:
    """Return the order's page; while it waits for a person, with *form* and what to look at."""
    found = Order.objects.select_related("product_version", "account", "terms_edition")
    row = found.filter(pk=order_id).first()
    if row is None:
        raise Http404
    charges = payments.charges_of_order(order_id=row.pk)
    disputes = ChargeDispute.objects.filter(charge__in=charges).order_by("opened_at")
    acts = audit.entries_about(subject=f"order:{row.pk}")
    names = actor_names.names(one.actor for one in acts)
    context = {
        "order": row,
        "disputes": [(one, state_words(one)) for one in disputes],
        "charges": charges,
        "refunds": Refund.objects.filter(charge__in=charges).order_by("created_at"),
        "bought": ledger.purchase(row.account_id, row.pk, clock.now()),
        "acts": [(one, names[one.actor], _ACTS.get(one.action, one.action)) for one in acts],
        "review": _review(row, form) if row.state == OrderState.HELD else None,
    }
    return render(request, "desk/order.html", context, status=status)


def _review(row: Order, form: ReviewForm) -> dict[str, object]:
    """What a person needs to deal with a held order: what the processor says of it now."""
    request = support.order_request(row, now=clock.now())
    try:
        found = remedies.assess(request=request, now=clock.now())
    except (ProcessorDown, ProcessorRefused):
        problem = _("The payment service can't be reached; the facts can't be looked up now.")
        return {"form": form, "problem": problem, "signature": "", "facts": []}
    facts = [one for one in DecisionDisplay(found.decision).facts if one.name.startswith("charge.")]
    return {"form": form, "problem": "", "signature": found.signature, "facts": facts}


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
