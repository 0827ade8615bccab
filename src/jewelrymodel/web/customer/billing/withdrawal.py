"""Withdrawing from the contract of an order: the statement, then its confirmation."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock
from jewelrymodel.payments import queries
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.queries import withdrawals
from jewelrymodel.support import operations
from jewelrymodel.support import queries as support
from jewelrymodel.web.tenant import TenantRequest, for_account
from jewelrymodel.web.withdrawal_form import WithdrawalForm


@require_http_methods(["GET", "HEAD", "POST"])
@for_account(Act.BILLING)
def withdraw(request: TenantRequest, order_id: str) -> HttpResponse:
    """Show the statement, then ask to confirm it; confirmed, it counts at once.

    Where the days are over, or it was stated before, the order's page says so.
    """
    order, now = _own(request, order_id), clock.now()
    charges = queries.charges_of_order(order_id=order.pk)
    until = withdrawals.open_until(order, charges, now=now)
    stated = support.withdrawal_of(order_id=order.pk)
    if stated is not None:
        return redirect("request", case_id=stated.case_id)
    if until is None:
        return _too_late(request, order)
    form = WithdrawalForm(request.POST or None, initial={"name": request.user.get_full_name()})
    context = {"order": order, "until": until, "form": form, "email": request.user.email}
    if request.method != "POST":
        return render(request, "billing/withdraw.html", context)
    if not form.is_valid():
        return render(request, "billing/withdraw.html", context, status=422)
    name = form.cleaned_data["name"]
    if request.POST.get("do") != "confirm":
        words = operations.statement_text(contract=order.label, name=name, email=request.user.email)
        return render(request, "billing/withdraw_confirm.html", {**context, "statement": words})
    return _confirmed(request, order, name)


def _confirmed(request: TenantRequest, order: Order, name: str) -> HttpResponse:
    try:
        stated = operations.state_withdrawal(
            account_id=request.account.id,
            order_id=order.pk,
            name=name,
            email=request.user.email,
            now=clock.now(),
        )
    except operations.NothingToWithdraw:
        return _too_late(request, order)
    messages.success(request, _("We’ve received your withdrawal and emailed you a confirmation."))
    return redirect("request", case_id=stated.case_id)


def _too_late(request: TenantRequest, order: Order) -> HttpResponse:
    """Say so, and lead to the form that is open to everybody: a person reads what is stated there,
    as by a buyer who wasn't told of the right.
    """
    words = (
        _(
            "You can’t withdraw from this order here: its days are over, or nothing is left to "
            "refund."
        ),
        reverse("withdraw"),
        _("If you believe that you still can, state it here."),
    )
    messages.info(request, format_html('{} <a href="{}">{}</a>', *words))
    return redirect("order", order_id=order.pk)


def _own(request: TenantRequest, order_id: str) -> Order:
    try:
        return queries.order(account_id=request.account.id, order_id=order_id)
    except queries.NoSuchOrder:
        raise Http404 from None
