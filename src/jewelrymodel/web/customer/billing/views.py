"""What happened to a payment, the account's orders, and their receipts."""

from collections import defaultdict
from contextlib import suppress

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from jewelrymodel.accounts import countries
from jewelrymodel.accounts.rights import Act
from jewelrymodel.generation import operations as generation
from jewelrymodel.infra import clock
from jewelrymodel.payments import operations, queries, rules
from jewelrymodel.payments.adapters.credit_note_pdf import render_credit_note
from jewelrymodel.payments.adapters.receipt_pdf import render_receipt
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.queries import withdrawals
from jewelrymodel.payments.refund_status import refund_words
from jewelrymodel.payments.statuses import UNPAID_STATES, OrderState
from jewelrymodel.promises import queries as promises
from jewelrymodel.support import queries as support
from jewelrymodel.web.customer.billing.bought_choice import kept_choice, to_work
from jewelrymodel.web.customer.billing.order_history import history
from jewelrymodel.web.customer.billing.order_status import (
    badge,
    charge_status,
    order_amounts,
    second_plan_refusal,
)
from jewelrymodel.web.customer.billing.promise_words import (
    ShownPromise,
    promise_file,
    shown_promise,
)
from jewelrymodel.web.customer.billing.subscription_cards import subscription_cards
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.tenant import TenantRequest, for_account


@require_safe
@for_account(Act.BILLING)
def orders(request: TenantRequest) -> HttpResponse:
    """Show every order and charge of the account."""
    account_id, now = request.account.id, clock.now()
    charges = queries.charges(account_id=account_id)
    of_order = defaultdict(list)
    for charge in charges:
        of_order[charge.order_id].append(charge)
    rows = queries.orders(account_id=account_id)
    context = {
        "rows": [
            (order, *badge(order, charged), order_amounts(order, charged))
            for order in rows
            for charged in [of_order[order.pk]]
        ],
        "subscriptions": subscription_cards(account_id=account_id, now=now),
        "charges": [(charge, charge_status(charge)) for charge in charges],
        "unsure": [
            order
            for order in rows
            if order.state == OrderState.REQUIRES_REVIEW and not of_order[order.pk]
        ],
        "refunds": [(one, refund_words(one)) for one in queries.refunds(account_id=account_id)],
    }
    return render(request, "billing/orders.html", context)


@require_safe
@for_account(Act.BILLING)
def order(request: TenantRequest, order_id: str) -> HttpResponse:
    """Show what one order was, what was agreed to, and what happened to it."""
    order = _own(request, order_id)
    charges = [
        charge
        for charge in reversed(queries.charges(account_id=request.account.id))
        if charge.order_id == order.pk
    ]
    kind, words = badge(order, charges)
    context = {
        "order": order,
        "kind": kind,
        "words": words,
        "charges": charges,
        "taxed": queries.taxed_charge(order_id=order.pk),
        "credit_notes": queries.credit_notes_of_order(order_id=order.pk),
        "charged": [(charge, charge_status(charge)) for charge in charges],
        "moments": history(order, charges),
        "promise": _promise(order),
        "is_disputed": any(charge.disputes.all() for charge in charges),
        "withdraw_until": withdrawals.open_until(order, charges, now=clock.now()),
        "withdrawn": support.withdrawal_of(order_id=order.pk),
        "country": countries.name_of(order.country),
    }
    return render(request, "billing/order.html", context)


@require_safe
@never_cache
@for_account(Act.BILLING)
def payment(request: TenantRequest, order_id: str) -> HttpResponse:
    """Ask the processor about the payment now and show what it says; asked again while unpaid."""
    order = _own(request, order_id)
    is_down = False
    try:
        operations.settle_order(order_id=order.id, now=clock.now())
    except (ProcessorDown, ProcessorRefused):
        is_down = True
    order = _own(request, order_id)
    is_open = order.state in UNPAID_STATES
    refusal = second_plan_refusal(order.account_id, order.product_version) if is_open else ""
    shown = rules.digest(f"{order.state}|{is_down}|{order.decline}|{refusal}")[:16]
    if request.htmx:  # the page asks by itself: it is loaded anew only when there is news
        is_news = request.GET.get("shown") != shown
        return HttpResponseClientRefresh() if is_news else HttpResponse(status=204)
    if order.state == OrderState.DELIVERED:
        task = generation.start_selection(order_id=order.pk, now=clock.now())
        if task is not None:
            return to_work(request, order, task)
    charges = queries.charges_of_order(order_id=order.pk)
    context = {
        "order": order,
        "choice": kept_choice(order),
        "charges": [(charge, charge_status(charge)) for charge in charges],
        "is_down": is_down,
        "is_open": is_open,
        "refusal": refusal,
        "shown": shown,
    }
    return render(request, "billing/payment.html", context)


@require_safe
@never_cache
@for_account(Act.BILLING)
def pay(request: TenantRequest, order_id: str) -> HttpResponse:
    """Lead to the payment page of an unpaid order; back to ours where it can't be paid any more."""
    _own(request, order_id)
    with suppress(operations.AlreadySubscribed, ProcessorDown, ProcessorRefused):  # said there
        account_id = request.account.id
        started = operations.continue_to_pay(account_id=account_id, order_id=order_id)
        if started.url:
            return redirect(started.url)
    return redirect("payment", order_id=order_id)


@for_account(Act.BILLING)
@form_of("payment")
def cancel(request: TenantRequest, order_id: str) -> HttpResponse:
    """Give up an unpaid order."""
    _own(request, order_id)
    with suppress(ProcessorDown, ProcessorRefused):  # the next page asks again, and says so
        operations.cancel_order(account_id=request.account.id, order_id=order_id, now=clock.now())
    return redirect("payment", order_id=order_id)


@require_safe
@for_account(Act.BILLING)
def receipt(request: TenantRequest, order_id: str) -> HttpResponse:
    """Hand out the receipt of a paid order as PDF."""
    try:
        receipt = queries.receipt(account_id=request.account.id, order_id=order_id)
    except queries.NoReceipt:
        raise Http404 from None
    name = f'attachment; filename="{receipt.label}.pdf"'
    return HttpResponse(
        render_receipt(receipt), "application/pdf", headers={"Content-Disposition": name}
    )


@require_safe
@for_account(Act.BILLING)
def credit_note(request: TenantRequest, credit_note_id: str) -> HttpResponse:
    """Hand out one of the account's credit notes as PDF."""
    try:
        note = queries.credit_note(account_id=request.account.id, credit_note_id=credit_note_id)
    except queries.NoCreditNote:
        raise Http404 from None
    name = f'attachment; filename="{note.label}.pdf"'
    return HttpResponse(
        render_credit_note(note), "application/pdf", headers={"Content-Disposition": name}
    )


@require_safe
@for_account(Act.BILLING)
def promise(request: TenantRequest, order_id: str) -> HttpResponse:
    """Hand out what was promised with an order, with its signature."""
    try:
        kept = promises.order_promise(account_id=request.account.id, order_id=order_id)
    except promises.NoPromise:
        raise Http404 from None
    return promise_file(kept.signed, order_id)


def _promise(order: Order) -> ShownPromise | None:
    try:
        kept = promises.order_promise(account_id=order.account_id, order_id=order.pk)
    except promises.NoPromise:
        return None
    return shown_promise(kept.promise.lines)


def _own(request: TenantRequest, order_id: str) -> Order:
    try:
        return queries.order(account_id=request.account.id, order_id=order_id)
    except queries.NoSuchOrder:
        raise Http404 from None
