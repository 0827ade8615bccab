"""How well somebody of ours has to be signed in before the desk opens.

ASVS 5, 6.3.3 (a second factor) and 7.3.2 (an end to a session, however busy). What the session
says of it is read first: only who isn't known well enough costs a query.
"""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from jewelrymodel.accounts.models import User
from jewelrymodel.infra import clock


def asked_again(request: HttpRequest, user: User) -> HttpResponseBase | None:
    """Return the page that *user* has to pass first; None where they are known well enough.

    Without a second factor: how to set one up. Signed in without it, or more than
    STAFF_SESSION_HOURS ago: it, or the password, is asked for and leads back. The demo's people are
    one press away for everybody at the machine, so it asks for nothing.
    """
    if settings.DEMO:
        return None
    records = get_authentication_records(request, user)
    latest_s = max((one["at"] for one in records), default=0.0)
    has_passed = any(one["method"] == "mfa" for one in records)
    if not has_passed:
        if not _has_second_factor(user):
            return render(request, "desk/second_factor.html", status=403)
        return _to("mfa_reauthenticate", request)
    signed_in_at = datetime.fromtimestamp(latest_s, UTC)
    if clock.real_now() - signed_in_at > timedelta(hours=settings.STAFF_SESSION_HOURS):
        return _to("account_reauthenticate", request)
    return None


def _has_second_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def _to(name: str, request: HttpRequest) -> HttpResponse:
    back = request.get_full_path() if request.method == "GET" else reverse("desk")
    return redirect(f"{reverse(name)}?{urlencode({'next': back})}")
