"""The settings page and the two forms on it."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jewelrymodel.accounts import operations, queries
from jewelrymodel.accounts.rights import Act
from jewelrymodel.accounts.roles import BuyerCapacity
from jewelrymodel.infra import languages
from jewelrymodel.infra.clock import now
from jewelrymodel.web import landing
from jewelrymodel.web.customer.settings.forms import AccountForm, PersonForm
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.tenant import (
    ACCOUNT_KEY,
    PersonRequest,
    TenantRequest,
    for_account,
    for_person,
)


@require_safe
@for_account(Act.SETTINGS)
def index(request: TenantRequest) -> HttpResponse:
    """Show everything that can be set."""
    return _page(request, PersonForm.of(request.user), AccountForm.of(request.account))


@for_account(Act.SETTINGS)
@form_of("settings")
def change_person(request: TenantRequest) -> HttpResponse:
    """Save the name of the person who is signed in."""
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _page(request, form, AccountForm.of(request.account), status=422)
    language = form.cleaned_data.pop("language")
    operations.choose_emails(
        user_id=request.user.pk, when_ready=form.cleaned_data.pop("wants_ready_email")
    )
    operations.rename_person(user_id=request.user.pk, **form.cleaned_data)
    operations.choose_language(user_id=request.user.pk, language=language)
    with languages.speaking(language or languages.current().code):
        messages.success(request, _("Your profile is saved."))
    return redirect("settings")


@for_account(Act.ACCOUNT)
@form_of("settings")
def change_account(request: TenantRequest) -> HttpResponse:
    """Save what the account is called, where it is and as what it buys; owners only."""
    form = AccountForm(request.POST)
    if not form.is_valid():
        return _page(request, PersonForm.of(request.user), form, status=422)
    try:
        operations.change_account(
            account_id=request.account.id,
            by_user_id=request.user.pk,
            name=form.cleaned_data["name"],
            country=form.cleaned_data["country"],
            buyer_capacity=BuyerCapacity(form.cleaned_data["buyer_capacity"]),
            now=now(),
        )
    except operations.NotTheOwner as refused:
        raise PermissionDenied(
            _("Only an owner of the account can change this. Nothing was changed.")
        ) from refused
    messages.success(request, _("Your account has been saved."))
    return redirect("settings")


@for_person
@form_of("settings")
def choose_account(request: PersonRequest) -> HttpResponse:
    """Work for another of one's accounts from now on."""
    wanted = request.POST.get("account", "")
    chosen = queries.membership_of(user_id=request.user.pk, account_id=wanted)
    request.session[ACCOUNT_KEY] = chosen.account_id
    return redirect(landing.start_of(request, as_member=True))


def _page(
    request: TenantRequest, person: PersonForm, account: AccountForm, status: int = 200
) -> HttpResponse:
    context = {
        "person_form": person,
        "account_form": account,
        "members": queries.members_of(account_id=request.account.id),
        "second_factor": Authenticator.objects.filter(
            user=request.user, type=Authenticator.Type.TOTP
        ).exists(),
    }
    return render(request, "customer/settings.html", context, status=status)
