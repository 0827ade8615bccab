"""Sign-ins that are over, and what was noted of their browsers."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session


def forget_ended_sessions(*, machine_now: datetime) -> int:
    """Remove sessions past their end, and each browser's note whose session is gone; return how
    many notes went.
    """
    Session.objects.filter(expire_date__lt=machine_now).delete()
    alive = Session.objects.values("session_key")
    gone, _by_table = UserSession.objects.exclude(session_key__in=alive).delete()
    return int(gone)
