"""What happens at doors is kept for a while: sign-ins, failed ones, who was refused,
and what changed of passwords and second factors."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from jewelrymodel.accounts.models import User
from jewelrymodel.accounts.rights import Act
from jewelrymodel.audit import operations as audit
from jewelrymodel.audit.statuses import SecurityEventKind
from jewelrymodel.infra.clock import real_now
from jewelrymodel.infra.networks import network_of
from jewelrymodel.web.sessions import renew_session


@receiver(user_logged_in)
def note_sign_in(request: HttpRequest | None = None, user: User | None = None, **_: Any) -> None:
    """Count a sign-in, with what the person showed for it: a password, a code."""
    if request is not None and user is not None:
        shown = [str(one["method"]) for one in get_authentication_records(request, user)]
        _note(SecurityEventKind.SIGNED_IN, request, user.pk, ", ".join(shown))


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
    _note(SecurityEventKind.SIGN_IN_FAILED, request, _person_of(entered))


def note_too_many(request: HttpRequest, **entered: Any) -> None:
    """Count a sign-in that wasn't even tried, because too many had failed."""
    _note(SecurityEventKind.SIGN_IN_FAILED, request, _person_of(entered), "too many tries")


@receiver(factors.authentication_failed)
def note_wrong_code(request: HttpRequest, user: User, **_: Any) -> None:
    """Count a wrong code of a second factor."""
    _note(SecurityEventKind.CODE_FAILED, request, user.pk)


@receiver(user_logged_out)
def note_sign_out(request: HttpRequest | None = None, user: User | None = None, **_: Any) -> None:
    """Count a sign-out; of who wasn't signed in there is none."""
    if request is not None and user is not None:
        _note(SecurityEventKind.SIGNED_OUT, request, user.pk)


@receiver((password_changed, password_reset, password_set))
def note_new_password(request: HttpRequest, user: User, **_: Any) -> None:
    """Count a new password, chosen by who knew the old one or followed the link to a new one."""
    _note(SecurityEventKind.PASSWORD_CHANGED, request, user.pk)


@receiver((factors.authenticator_added, factors.authenticator_removed, factors.authenticator_reset))
def note_factor(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Count a second factor that was set up, renewed or removed."""
    _note(SecurityEventKind.FACTOR_CHANGED, request, user.pk, str(authenticator.type))


@receiver(factors.authenticator_used)
def renew_after_code(request: HttpRequest, reauthenticated: bool = False, **_: Any) -> None:
    """Go on under another session key once who is signed in has proved again who it is."""
    if reauthenticated:
        renew_session(request)


def note_refusal(request: HttpRequest, *acts: Act) -> None:
    """Count that somebody who is signed in was refused at a door."""
    about = ", ".join(act.value for act in acts)
    _note(SecurityEventKind.REFUSED, request, request.user.pk, about)


def _person_of(entered: dict[str, Any]) -> int | None:
    email = str(entered.get("email") or entered.get("username") or "").strip().lower()
    return User.objects.filter(email=email).values_list("pk", flat=True).first()


def _note(
    kind: SecurityEventKind, request: HttpRequest, user_id: int | None, about: str = ""
) -> None:
    network = network_of(request.META.get("REMOTE_ADDR", ""))
    audit.note_security_event(
        kind=kind, user_id=user_id, network=network, about=about, now=real_now()
    )
