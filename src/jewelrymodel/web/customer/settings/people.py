"""The people of an account: an owner invites them by email, changes their roles, removes them."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jewelrymodel.accounts import operations, queries
from jewelrymodel.accounts.models import Invitation, Membership
from jewelrymodel.accounts.rights import Act
from jewelrymodel.accounts.roles import Role
from jewelrymodel.infra import email_queue, languages
from jewelrymodel.infra.clock import now, real_now
from jewelrymodel.infra.rate_limiter import TooOften
from jewelrymodel.web.customer import rate_limits
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.responses import or_404
from jewelrymodel.web.tenant import TenantRequest, for_account

ROLE_HINTS = {
    Role.OWNER: gettext_lazy("Everything, including people and closing the account"),
    Role.BILLER: gettext_lazy("Buying, orders, receipts, and refunds; no studio"),
    Role.MEMBER: gettext_lazy("Studio and library; no purchases"),
}
"""What each role is for, in a line."""


class InvitationForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(label=gettext_lazy("Email address"), max_length=254)
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=[(one.value, one.label) for one in (Role.MEMBER, Role.BILLER, Role.OWNER)],
    )


@require_safe
@for_account(Act.PEOPLE)
def index(request: TenantRequest) -> HttpResponse:
    """List who belongs to the account and who is invited, with what can be done about each."""
    return _page(request, InvitationForm())


@for_account(Act.PEOPLE)
@form_of("settings-people")
def invite(request: TenantRequest) -> HttpResponse:
    """Invite somebody by email."""
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    email, at = form.cleaned_data["email"], now()
    try:
        rate_limits.count_letter(email, now=at)
        invitation = operations.invite(
            account_id=request.account.id,
            by_user_id=request.user.pk,
            email=email,
            role=Role(form.cleaned_data["role"]),
            now=at,
        )
    except TooOften:
        form.add_error("email", _("We’ve emailed this address often enough today."))
    except operations.AlreadyMember:
        form.add_error("email", _("This person belongs to the account already."))
    except operations.TooManyInvitations:
        form.add_error(None, _("Too many invitations are open. Revoke some first."))
    else:
        _send(request, invitation)
        messages.success(request, _("Invitation sent to %(email)s.") % {"email": email})
        return redirect("settings-people")
    return _page(request, form, status=422)


@for_account(Act.PEOPLE)
@form_of("settings-people")
def revoke(request: TenantRequest, invitation_id: str) -> HttpResponse:
    """Revoke an invitation that nobody accepted yet."""
    or_404(lambda: Invitation.objects.get(account_id=request.account.id, pk=invitation_id))
    try:
        operations.revoke_invitation(
            account_id=request.account.id,
            by_user_id=request.user.pk,
            invitation_id=invitation_id,
            now=now(),
        )
    except operations.NoInvitation:
        messages.info(request, _("This invitation isn’t open any more."))
    else:
        messages.success(request, _("The invitation is revoked; its link no longer works."))
    return redirect("settings-people")


@for_account(Act.PEOPLE)
@form_of("settings-people")
def change(request: TenantRequest, member_id: int) -> HttpResponse:
    """Give somebody another role, or take them out of the account."""
    member = or_404(lambda: _member(request, member_id))
    wanted = request.POST.get("role", "")
    about: Any = {
        "account_id": request.account.id,
        "by_user_id": request.user.pk,
        "member_id": member.pk,
        "now": now(),
    }
    try:
        if wanted == "remove":
            operations.remove_member(**about)
            messages.success(request, _("Removed. What they made stays in the account."))
        elif wanted in Role.values:
            operations.change_role(**about, role=Role(wanted))
            messages.success(request, _("The role is changed."))
    except operations.LastOwner:
        messages.error(request, _("The account needs an owner. Nothing was changed."))
    if member.user_id == request.user.pk:  # perhaps no owner any more
        return redirect("settings" if wanted in Role.values else "home")
    return redirect("settings-people")


def _send(request: TenantRequest, invitation: Invitation) -> None:
    """Queue the letter with the link, in the language of who is invited where that is known."""
    code = queries.language_of_address(email=invitation.email) or languages.current().code
    with languages.speaking(code):
        link = reverse("invitation", args=[operations.token_of(invitation)])
        context = {
            "account": request.account.name,
            "inviter": request.user.get_full_name() or request.user.email,
            "role": invitation.get_role_display(),
            "link": settings.PUBLIC_URL + link,
            "days": operations.INVITATION_LASTS.days,
            "brand": settings.BRAND,
        }
        text = render_to_string("customer/people/invitation_email.txt", context).strip()
        subject = _("Invitation to %(account)s at %(brand)s") % context
        email_queue.send_later(
            to=invitation.email, subject=subject, text=text, machine_now=real_now()
        )


def _member(request: TenantRequest, member_id: int) -> Membership:
    return Membership.objects.get(account_id=request.account.id, pk=member_id)


def _page(request: TenantRequest, form: InvitationForm, status: int = 200) -> HttpResponse:
    at, account_id = now(), request.account.id
    context = {
        "form": form,
        "members": queries.members_of(account_id=account_id),
        "invitations": queries.open_invitations(account_id=account_id, now=at),
        "roles": [(one.value, one.label, ROLE_HINTS[one]) for one in Role],
    }
    return render(request, "customer/people/index.html", context, status=status)
