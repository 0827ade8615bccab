"""What sign-up and sign-in do besides what django-allauth does: an account, and our letters."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django import forms
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string

from jewelrymodel.accounts import operations
from jewelrymodel.accounts.models import User
from jewelrymodel.infra import mail
from jewelrymodel.infra.clock import now


class IdentityAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library ships no types
    """Opens an account with every new person, and writes mails as letters of ours."""

    def save_user(
        self, request: HttpRequest, user: User, form: forms.Form, commit: bool = True
    ) -> User:
        """Save the person, their account and their membership: all three or none."""
        with transaction.atomic():
            saved: User = super().save_user(request, user, form, commit)
            name = saved.email.partition("@")[0]
            operations.open_account(user_id=saved.pk, name=name, now=now())
        return saved

    def render_mail(
        self,
        template_prefix: str,
        email: str,
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Return the letter that ``<prefix>_subject.txt`` and ``<prefix>_message.txt`` say."""
        words = {**context, "brand": settings.BRAND, "support_email": settings.SUPPORT_EMAIL}
        subject = render_to_string(f"{template_prefix}_subject.txt", words)
        text = render_to_string(f"{template_prefix}_message.txt", words)
        return mail.compose(to=email, subject=subject, text=text)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # the library ships no types
    """Keeps second-factor keys and recovery codes encrypted: the database alone opens nothing."""

    def encrypt(self, text: str) -> str:
        """Return *text* sealed under SECRET_KEY."""
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the text that was sealed; raises InvalidToken under another SECRET_KEY."""
        return _seal().decrypt(encrypted_text.encode()).decode()


def _seal() -> Fernet:
    key = sha256(b"second factor " + settings.SECRET_KEY.encode()).digest()
    return Fernet(urlsafe_b64encode(key))
