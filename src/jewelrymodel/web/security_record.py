"""What happens at doors is kept for a while: sign-ins, failed ones, and who was refused."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from jewelrymodel.accounts.models import User
from jewelrymodel.accounts.rights import Act
from jewelrymodel.audit import operations as audit
from jewelrymodel.audit.statuses import SecurityEventKind
from jewelrymodel.infra.clock import real_now
from jewelrymodel.infra.networks import network_of


@receiver(user_logged_in)
def note_sign_in(request: HttpRequest | None = None, user: User | None = None, **_: Any) -> None:
    """Count a sign-in."""
    if request is not None and user is not None:
        _note(SecurityEventKind.SIGNED_IN, request, user.pk)


@receiver(user_login_failed)
def note_failure(
    credentials: dict[str, Any] | None = None, request: HttpRequest | None = None, **_: Any
) -> None:
    """Count a failed sign-in, with the person whose address was entered; what was entered, an
    address or perhaps a password in the wrong field, is kept nowhere.
    """
    if request is None:
        return
    entered = credentials or {}
    email = str(entered.get("email") or entered.get("username") or "").strip().lower()
    user_id = User.objects.filter(email=email).values_list("pk", flat=True).first()
    _note(SecurityEventKind.SIGN_IN_FAILED, request, user_id)


def note_refusal(request: HttpRequest, *acts: Act) -> None:
    """Count that somebody who is signed in was refused at a door."""
    about = ", ".join(act.value for act in acts)
    _note(SecurityEventKind.REFUSED, request, request.user.pk, about)


def _note(
    kind: SecurityEventKind, request: HttpRequest, user_id: int | None, about: str = ""
) -> None:
    network = network_of(request.META.get("REMOTE_ADDR", ""))
    audit.note_security_event(
        kind=kind, user_id=user_id, network=network, about=about, now=real_now()
    )
