"""Sign-ins that are over, and what was noted of their browsers."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from jewelrymodel.accounts.models import User
from jewelrymodel.audit import operations as audit
from jewelrymodel.kernel.actors import Actor


@transaction.atomic
def sign_out(*, email: str | None, actor: Actor, actor_label: str, now: datetime) -> int:
    """Sign a person out everywhere, or everybody where *email* is None; return how many people
    that were. They may sign in again. *now* is the machine's instant. Noted, where it is anybody.
    """
    people = User.objects.all() if email is None else User.objects.filter(email=email.lower())
    only = people.first() if email is not None else None
    many = people.update(sessions_ended_at=now)
    if many:
        audit.record(
            actor=actor,
            actor_label=actor_label,
            action="sessions.ended",
            subject=f"user:{only.pk}" if only else "service:sessions",
            reason="",
            account_id="",
            now=now,
        )
    return many


def forget_ended_sessions(*, machine_now: datetime) -> int:
    """Remove sessions past their end, and each browser's note whose session is gone; return how
    many notes went.
    """
    Session.objects.filter(expire_date__lt=machine_now).delete()
    alive = Session.objects.values("session_key")
    gone, _by_table = UserSession.objects.exclude(session_key__in=alive).delete()
    return int(gone)
