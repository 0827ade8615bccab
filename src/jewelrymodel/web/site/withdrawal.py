"""Withdrawing from a contract without signing in, and what the law says about it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jewelrymodel.catalog import law
from jewelrymodel.infra import clock, rate_limiter
from jewelrymodel.support import operations
from jewelrymodel.web.withdrawal_form import ContractForm

_DAY_S = 86_400
PER_ADDRESS, PER_CALLER = 3, 10
"""Statements for one address and from one network address a day: each is answered by an email."""


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    """Show the form, then ask to confirm it; confirmed, it is acknowledged by email.

    The answer is the same whether or not there is such an order or an account.
    """
    if request.method != "POST":
        return _page(request, ContractForm())
    form = ContractForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    data = form.cleaned_data
    if request.POST.get("do") != "confirm":
        form.hide()
        words = operations.statement_text(**data)
        return render(
            request, "site/withdraw_confirm.html", {"form": form, "statement": words, **data}
        )
    try:
        _count(f"withdraw:{data['email']}", PER_ADDRESS)
        _count(f"withdraw-from:{request.META.get('REMOTE_ADDR', '')}", PER_CALLER)
    except rate_limiter.TooOften:
        words = _("This form was sent several times today. Please withdraw by email instead.")
        form.add_error(None, words)
        return _page(request, form, status=429)
    operations.claim_withdrawal(**data, now=clock.now())
    words = _(
        "We’ve received your withdrawal and emailed a confirmation to %(email)s. Please follow the "
        "link in it, so we can carry it out."
    )
    messages.success(request, words % {"email": data["email"]})
    return redirect("withdraw")


def _count(key: str, limit: int) -> None:
    rate_limiter.count_or_refuse(key, limit=limit, window_s=_DAY_S, now=clock.now())


def _page(request: HttpRequest, form: ContractForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "law": law.newest()}
    return render(request, "site/withdraw.html", context, status=status)
