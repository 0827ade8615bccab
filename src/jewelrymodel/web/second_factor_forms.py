"""The code of a second factor counts once, for as long as it would be taken."""

from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms
from allauth.mfa.models import Authenticator
from django.core.cache import cache


def _valid_s() -> int:
    """How long a code is taken: its own half minute, and the tolerance on either side."""
    return int(app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1))


class _Once:
    """A code of an app counts once for as long as it could be entered (ASVS 5, 6.5.1)."""

    user: Any
    authenticator: Authenticator

    def clean_code(self) -> str:
        """Return the code; raises ValidationError where it is wrong or was entered before."""
        code: str = super().clean_code()  # type: ignore[misc]  # a form's, by the classes below
        if self.authenticator.type != Authenticator.Type.TOTP:
            return code
        key = f"second-factor-used:{self.user.pk}:{''.join(filter(str.isdigit, code))}"
        if not cache.add(key, "y", timeout=_valid_s()):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(_Once, forms.AuthenticateForm):  # type: ignore[misc]  # untyped library
    """Asks for a code at the sign-in."""


class ReauthenticateForm(_Once, forms.ReauthenticateForm):  # type: ignore[misc]  # untyped library
    """Asks for a code again, before something that matters."""
