"""How long a session goes on, and under which key (ASVS 5, 7.2.4 and 7.3.2)."""

from collections.abc import Callable

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from jewelrymodel.accounts.models import User
from jewelrymodel.infra import clock

_DAY_S = 86_400


def renew_session(request: HttpRequest) -> None:
    """Give the session another key; its browser stays in the list of those signed in."""
    former = request.session.session_key
    request.session.cycle_key()
    rows = UserSession.objects.filter(session_key=former)
    rows.update(session_key=request.session.session_key)


def bounded(
    answer: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return the middleware that signs out who has proved nothing for SESSION_DAYS, however busy
    the session is; it stands below the one that says who is signed in.
    """

    def guarded(request: HttpRequest) -> HttpResponseBase:
        if SESSION_KEY in request.session and _is_over(request):
            logout(request)
        return answer(request)

    return guarded


def _is_over(request: HttpRequest) -> bool:
    proofs = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY) or []
    latest_s = max((one["at"] for one in proofs), default=None)
    if latest_s is None:  # who came by confirming an address: the library notes nothing then
        at = request.user.last_login if isinstance(request.user, User) else None
        latest_s = at.timestamp() if at else 0.0
    return bool(clock.real_now().timestamp() - latest_s > settings.SESSION_DAYS * _DAY_S)
