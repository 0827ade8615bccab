"""The credits page."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jewelrymodel.infra.clock import now
from jewelrymodel.ledger import queries
from jewelrymodel.payments import queries as payments
from jewelrymodel.web.customer.credits.chart import chart
from jewelrymodel.web.customer.credits.links import address_of
from jewelrymodel.web.tenant import TenantRequest, for_account

_LINES = 50


@require_safe
@for_account
def index(request: TenantRequest) -> HttpResponse:
    """Show the balance lot by lot, and every movement with its cause and its order."""
    at, account_id = now(), request.account.id
    entries = queries.statement(account_id, at)
    page = Paginator(entries, _LINES).get_page(request.GET.get("page"))
    points = [(entry.happened_at, entry.after.available) for entry in reversed(entries)]
    balance = queries.balance(account_id, at)
    named = {entry.order_id for entry in page} | {lot.source_ref for lot in balance.lots}
    orders = payments.orders_named(account_id=account_id, order_ids=named)
    context = {
        "balance": balance,
        "lots": [(lot, orders.get(lot.source_ref)) for lot in balance.lots],
        "lines": [(entry, address_of(entry.link), orders.get(entry.order_id)) for entry in page],
        "page": page,
        "chart": chart(points, at),
    }
    return render(request, "customer/credits.html", context)
