"""Sign-up answers alike, and works alike, whether or not somebody has the address already."""

from secrets import token_hex
from typing import Any

from allauth.account.forms import SignupForm as LibraryForm
from django.db import transaction
from django.http import HttpRequest

_NOBODY = "rehearsal.invalid"
"""A domain that nobody ever has (RFC 2606)."""


class SignupForm(LibraryForm):  # type: ignore[misc]  # the library ships no types
    """Does for an address that somebody has all that it does for a new one.

    Else the time until the answer tells who has an account here: a password's hash alone takes a
    quarter of a second.
    """

    def try_save(self, request: HttpRequest) -> tuple[Any, Any]:
        """Return the new person, or the answer that tells nothing."""
        if self.account_already_exists:
            self._rehearse(request)
        answer: tuple[Any, Any] = super().try_save(request)
        return answer

    def _rehearse(self, request: HttpRequest) -> None:
        """Sign nobody up: the same hash and the same rows, and then none of them."""
        address = self.cleaned_data["email"]
        self.cleaned_data["email"] = f"{token_hex(8)}@{_NOBODY}"
        self.account_already_exists = False
        try:
            with transaction.atomic():
                self.save(request)
                transaction.set_rollback(True)
        finally:
            self.cleaned_data["email"] = address
            self.account_already_exists = True
