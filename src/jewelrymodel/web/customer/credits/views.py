"""The credits page."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.rights import Act
from jewelrymodel.accounts.roles import Role
from jewelrymodel.infra.clock import now
from jewelrymodel.ledger import queries
from jewelrymodel.payments import queries as payments
from jewelrymodel.web.customer.credits.chart import chart
from jewelrymodel.web.customer.credits.links import address_of
from jewelrymodel.web.tenant import TenantRequest, for_account

_LINES = 50


@require_safe
@for_account(Act.CREDITS)
def index(request: TenantRequest) -> HttpResponse:
    """Show the balance lot by lot, and every movement with its cause and its order."""
    at, account_id = now(), request.account.id
    numbers = range(queries.statement_length(account_id, at))
    page = Paginator(numbers, _LINES).get_page(request.GET.get("page"))
    offset = max(0, page.start_index() - 1)  # of no lines the first is number 0
    lines = queries.statement(account_id, at, limit=_LINES, offset=offset)
    request.balance = balance = queries.balance(account_id, at)
    named = {entry.order_id for entry in lines} | {lot.source_ref for lot in balance.lots}
    orders = payments.orders_named(account_id=account_id, order_ids=named)
    role = Role(request.membership.role)
    context = {
        "balance": balance,
        "lots": [(lot, orders.get(lot.source_ref)) for lot in balance.lots],
        "lines": [
            (entry, address_of(entry.link, role), orders.get(entry.order_id)) for entry in lines
        ],
        "page": page,
        "collecting": payments.collecting(account_id=account_id, now=at),
        "chart": chart(queries.balance_over_time(account_id, at, available=balance.available), at),
    }
    return render(request, "customer/credits.html", context)
