"""The code of a second factor counts once, for as long as it would be taken."""

from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.base import forms
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def _valid_s() -> int:
    """How long a code is taken: its own half minute, and the tolerance on either side."""
    return int(app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1))


def _key(user: Any, code: str) -> str:
    return f"second-factor-used:{user.pk}:{''.join(filter(str.isdigit, code))}"


class _Once:
    """A code of an app counts once for as long as it could be entered (ASVS 5, 6.5.1). A used
    one is a guess like another: it is on record, and counts among those that are limited.
    """

    user: Any
    authenticator: Authenticator
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        """Return the code; raises ValidationError where it is wrong or was entered before."""
        if cache.get(_key(self.user, self.cleaned_data["code"])):
            raise self._used()  # before the library, which would begin to count guesses anew
        code: str = super().clean_code()  # type: ignore[misc]  # a form's, by the classes below
        is_app = self.authenticator.type == Authenticator.Type.TOTP
        if is_app and not cache.add(_key(self.user, code), "y", timeout=_valid_s()):
            raise self._used()  # it was entered twice at once
        return code

    def _used(self) -> ValidationError:
        """Count the guess and keep it; the error to raise. Raises another after too many."""
        check_rate_limit(self.user)
        app = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.TOTP).first()
        self._emit_authentication_failed(app)  # type: ignore[attr-defined]  # a form's, as above
        return ValidationError(_("This code was already used. Wait for the next one."))


class AuthenticateForm(_Once, forms.AuthenticateForm):  # type: ignore[misc]  # untyped library
    """Asks for a code at the sign-in."""


class ReauthenticateForm(_Once, forms.ReauthenticateForm):  # type: ignore[misc]  # untyped library
    """Asks for a code again, before something that matters."""


class ActivateForm(ActivateTOTPForm):  # type: ignore[misc]  # untyped library
    """Asks for the first code, which shows that the app has the secret; it counts once as well."""

    def clean_code(self) -> str:
        """Return the code; raises ValidationError where it is wrong."""
        code: str = super().clean_code()
        cache.set(_key(self.user, code), "y", timeout=_valid_s())
        return code
