"""The credits page."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jewelrymodel.infra.clock import now
from jewelrymodel.ledger import queries
from jewelrymodel.web.customer.credits.chart import chart
from jewelrymodel.web.customer.credits.links import address_of
from jewelrymodel.web.tenant import TenantRequest, for_account

_LINES = 50


@require_safe
@for_account
def index(request: TenantRequest) -> HttpResponse:
    """Show the balance lot by lot, and every movement with its cause."""
    at = now()
    entries = queries.statement(request.account.id, at)
    page = Paginator(entries, _LINES).get_page(request.GET.get("page"))
    points = [(entry.happened_at, entry.available_after) for entry in reversed(entries)]
    context = {
        "balance": queries.balance(request.account.id, at),
        "lines": [(entry, address_of(entry.link)) for entry in page],
        "page": page,
        "chart": chart(points, at),
    }
    return render(request, "customer/credits.html", context)
