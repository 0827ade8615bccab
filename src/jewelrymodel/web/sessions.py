"""A session's key changes each time that somebody proves who they are (ASVS 5, 7.2.4)."""

from allauth.usersessions.models import UserSession
from django.http import HttpRequest


def renew_session(request: HttpRequest) -> None:
    """Give the session another key; its browser stays in the list of those signed in."""
    former = request.session.session_key
    request.session.cycle_key()
    rows = UserSession.objects.filter(session_key=former)
    rows.update(session_key=request.session.session_key)
