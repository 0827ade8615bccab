"""Closing one's account, with all that it means said before; keeping it after all."""

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.accounts.operations import NotTheOwner
from jewelrymodel.accounts.rights import Act
from jewelrymodel.catalog import terms
from jewelrymodel.infra import clock, formats
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.privacy import operations, queries
from jewelrymodel.web import landing
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.tenant import PersonRequest, TenantRequest, for_account, for_person

OF_SUBSCRIPTIONS, OF_CREDITS = "3.3", "4.2"
"""The clauses of the refund policy that say what canceling and unused credits give back."""


@require_safe
@for_account(Act.CLOSE_ACCOUNT)
@reauthentication_required  # type: ignore[untyped-decorator]  # the library ships no types
def index(request: TenantRequest) -> HttpResponse:
    """Say what ends, what is deleted when, what stays and why, and ask for the account's name."""
    return _page(request)


@for_account(Act.CLOSE_ACCOUNT)
@form_of("settings-close")
@reauthentication_required  # type: ignore[untyped-decorator]  # the library ships no types
def close(request: TenantRequest) -> HttpResponse:
    """Close the account and sign out; owners only."""
    name = request.POST.get("name", "")
    try:
        closing = operations.close_account(
            account_id=request.account.id,
            user_id=request.user.pk,
            name=name,
            now=clock.now(),
            machine_now=clock.real_now(),
        )
    except NotTheOwner as refused:
        raise PermissionDenied(_("Only an owner of the account can close it.")) from refused
    except operations.NotConfirmed:
        return _page(request, problem=_("Enter the account’s name exactly as it’s shown."))
    except operations.MustEndFirst:
        return _page(request, problem=_("Something is still under way; it has to end first."))
    except operations.AlreadyClosed:
        return redirect("account-closed")
    logout(request)
    words = _("Your account is closed. To keep it after all, sign in before %(at)s.")
    messages.success(request, words % {"at": formats.moment(closing.due_at)})
    return redirect("home")


@require_safe
@for_person
def closed(request: PersonRequest) -> HttpResponse:
    """Show until when a closed account can be kept; whoever has no closed one begins their work."""
    account = accounts.closed_account_of(user_id=request.user.pk)
    if account is None:
        return redirect(landing.start_of(request))
    closing, now = queries.closing_of(account_id=account.pk), clock.now()
    context = {
        "account": account,
        "closing": closing,
        "can_keep": closing is not None and closing.due_at > now,
        "matters": queries.open_matters(account_id=account.pk, now=now),
    }
    return render(request, "customer/closed.html", context)


@for_person
@form_of("account-closed")
def keep(request: PersonRequest) -> HttpResponse:
    """Open the closed account again, as it was."""
    account = accounts.closed_account_of(user_id=request.user.pk)
    if account is None:
        return redirect(landing.start_of(request))
    try:
        operations.keep_account(
            account_id=account.pk,
            user_id=request.user.pk,
            now=clock.now(),
            machine_now=clock.real_now(),
        )
    except operations.NothingToKeep:
        messages.warning(request, _("It’s too late: the account can’t be kept any more."))
        return redirect("account-closed")
    messages.success(request, _("Welcome back. Your account is open again."))
    return redirect("studio")


def _page(request: TenantRequest, problem: str = "") -> HttpResponse:
    now, account_id = clock.now(), request.account.id
    members = accounts.members_of(account_id=account_id)
    context = {
        "problem": problem,
        "matters": queries.open_matters(account_id=account_id, now=now),
        "subscriptions": queries.renewing(account_id=account_id),
        "balance": ledger.balance(account_id, now),
        "has_package_credits": queries.has_package_credits(account_id=account_id, now=now),
        "others": [one for one in members if one.user_id != request.user.pk],
        "undo_days": settings.CLOSING_UNDO_DAYS,
        "years": settings.RECORDS_KEPT_YEARS,
        **_clauses(),
    }
    return render(request, "customer/close.html", context, status=422 if problem else 200)


def _clauses() -> dict[str, object]:
    """What the refund policy says, word for word; nothing where none can be read."""
    try:
        edition = terms.in_force(clock.now())
    except terms.UNREADABLE:
        return {}
    return {
        "edition_on": edition.date,
        "of_subscriptions": edition.prose_of(OF_SUBSCRIPTIONS),
        "of_credits": edition.prose_of(OF_CREDITS),
    }
