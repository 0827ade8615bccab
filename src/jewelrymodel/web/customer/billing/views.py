"""What became of a payment, the account's orders, and their receipts."""

from contextlib import suppress

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from jewelrymodel.accounts import countries
from jewelrymodel.infra import clock
from jewelrymodel.payments import operations, queries, rules
from jewelrymodel.payments.adapters.receipt_pdf import render_receipt
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.values import UNPAID_STATES
from jewelrymodel.payments.words import refund_words
from jewelrymodel.web.customer.billing.words import badge
from jewelrymodel.web.tenant import TenantRequest, for_account


@require_safe
@for_account
def orders(request: TenantRequest) -> HttpResponse:
    """Show every order and charge of the account."""
    rows = [(order, *badge(order.state)) for order in queries.orders(account_id=request.account.id)]
    context = {
        "rows": rows,
        "plans": queries.subscriptions(account_id=request.account.id),
        "charges": queries.charges(account_id=request.account.id),
        "refunds": [
            (one, refund_words(one)) for one in queries.refunds(account_id=request.account.id)
        ],
    }
    return render(request, "billing/orders.html", context)


@require_safe
@for_account
def order(request: TenantRequest, order_id: str) -> HttpResponse:
    """Show what one order was, what was agreed to, and what happened to it."""
    found = _own(request, order_id)
    kind, words = badge(found.state)
    context = {
        "order": found,
        "kind": kind,
        "words": words,
        "charges": found.charges.all(),
        "refunds": [
            (one, refund_words(one))
            for one in queries.refunds(account_id=request.account.id)
            if one.charge.order_id == found.pk
        ],
        "country": dict(countries.choices()).get(found.country, found.country),
    }
    return render(request, "billing/order.html", context)


@require_safe
@never_cache
@for_account
def payment(request: TenantRequest, order_id: str) -> HttpResponse:
    """Ask the processor about the payment now and show what it says; asked again while unpaid."""
    found = _own(request, order_id)
    is_down = False
    try:
        operations.settle_order(order_id=found.id, now=clock.now())
    except (ProcessorDown, ProcessorRefused):
        is_down = True
    found = _own(request, order_id)
    shown = rules.digest(f"{found.state}|{is_down}|{found.decline}")[:16]
    if request.htmx:  # the page asks by itself: it is loaded anew only when there is news
        is_news = request.GET.get("shown") != shown
        return HttpResponseClientRefresh() if is_news else HttpResponse(status=204)
    is_open = found.state in UNPAID_STATES
    context = {"order": found, "is_down": is_down, "is_open": is_open, "shown": shown}
    return render(request, "billing/payment.html", context)


@require_POST
@for_account
def cancel(request: TenantRequest, order_id: str) -> HttpResponse:
    """Give up an unpaid order."""
    _own(request, order_id)
    with suppress(ProcessorDown, ProcessorRefused):  # the next page asks again, and says so
        operations.cancel_order(account_id=request.account.id, order_id=order_id, now=clock.now())
    return redirect("payment", order_id=order_id)


@require_safe
@for_account
def receipt(request: TenantRequest, order_id: str) -> HttpResponse:
    """Hand out the receipt of a paid order as PDF."""
    try:
        found = queries.receipt(account_id=request.account.id, order_id=order_id)
    except queries.NoReceipt:
        raise Http404 from None
    name = f'attachment; filename="{found.label}.pdf"'
    return HttpResponse(
        render_receipt(found), "application/pdf", headers={"Content-Disposition": name}
    )


def _own(request: TenantRequest, order_id: str) -> Order:
    try:
        return queries.order(account_id=request.account.id, order_id=order_id)
    except queries.NoSuchOrder:
        raise Http404 from None
