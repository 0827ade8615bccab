"""Where somebody is signed in, and signing out there from here."""

from dataclasses import dataclass
from datetime import datetime

from allauth.account.decorators import reauthentication_required
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from ua_parser import parse

from jewelrymodel.accounts import operations
from jewelrymodel.infra.clock import real_now
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.tenant import PersonRequest, for_person


@dataclass(frozen=True)
class Device:
    """A browser that is signed in, *ip* as it was then."""

    id: int
    browser: str
    system: str
    ip: str
    signed_in_at: datetime
    is_this: bool


@require_safe
@for_person
def index(request: PersonRequest) -> HttpResponse:
    """List every browser that is signed in, this one first, then the latest."""
    UserSession.objects.create_from_request(request)  # also who was signed in before there was this
    rows = UserSession.objects.purge_and_list(request.user)
    devices = [_device(row, request.session.session_key) for row in rows]
    devices.sort(key=lambda one: (one.is_this, one.signed_in_at), reverse=True)
    return render(request, "customer/devices.html", {"devices": devices})


@for_person
@form_of("settings-devices")
@reauthentication_required  # type: ignore[untyped-decorator]  # the library ships no types
def end(request: PersonRequest) -> HttpResponse:
    """Sign out the one browser that is named, or all but this one where none is: also those that
    nobody noted, because they signed in before that was done.
    """
    named = request.POST.get("id", "")
    if not named:
        operations.end_sessions(user_id=request.user.pk, now=real_now())
        request.user.refresh_from_db()
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Signed out there."))
        return redirect("settings-devices")
    others = UserSession.objects.filter(user=request.user).exclude(
        session_key=request.session.session_key
    )
    is_number = named.isdecimal() and len(named) < 19
    if row := others.filter(pk=named).first() if is_number else None:
        row.end()
        messages.success(request, _("Signed out there."))
    else:
        messages.info(request, _("Nobody was signed in there any more."))
    return redirect("settings-devices")


def _device(row: UserSession, here: str | None) -> Device:
    read = parse(row.user_agent)
    return Device(
        id=row.pk,
        browser=read.user_agent.family if read.user_agent else "",
        system=read.os.family if read.os else "",
        ip=row.ip,
        signed_in_at=row.created_at,
        is_this=row.session_key == here,
    )
