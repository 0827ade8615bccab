"""What sign-up and sign-in do besides what django-allauth does: an account, and our letters."""

import logging
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jewelrymodel.accounts import operations, queries
from jewelrymodel.accounts.models import User
from jewelrymodel.infra import languages, mail
from jewelrymodel.infra.clock import now
from jewelrymodel.web import landing

_TRY_AGAIN = _("Please try again in a few minutes.")
_SIGN_UP = _(
    "Your email address and password are saved. Please sign in with them in a few minutes, and "
    "we’ll send the confirmation link again."
)
_RESET = _("Your password wasn’t changed. Please ask for the link again in a few minutes.")
_UNSENT = {
    "email_confirmation_signup": _SIGN_UP,
    "account_already_exists": _SIGN_UP,  # nobody learns from the page which addresses we know
    "email_confirmation": _(
        "This address isn’t confirmed yet. Please ask for the link again in a few minutes."
    ),
    "password_reset_key": _RESET,
    "unknown_account": _RESET,
}
_UNNOTIFIED = _("Your change is saved, but we couldn’t email you a confirmation of it.")

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library ships no types
    """Opens an account with every new person, and writes mails as letters of ours."""

    def save_user(
        self, request: HttpRequest, user: User, form: forms.Form, commit: bool = True
    ) -> User:
        """Save the person, their account and their membership: all three or none."""
        with transaction.atomic():
            saved: User = super().save_user(request, user, form, commit)
            name = saved.email.partition("@")[0]
            code = languages.current().code
            operations.choose_language(user_id=saved.pk, language=code)
            operations.open_account(user_id=saved.pk, name=name, now=now())
        return saved

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where somebody begins: the desk, the studio, or home where they have neither."""
        return landing.start_of(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send an email that somebody waits for; where it can't be sent, the page says so.

        Whatever was saved stays, and the link may be asked for again at once.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as problem:  # smtplib's exceptions are such, too
            log.warning("%s was not sent: %s", template_prefix, problem)
            ratelimit.clear(self.request, action="confirm_email", key=email.lower())
            sentence = _UNSENT.get(template_prefix.rpartition("/")[2], _TRY_AGAIN)
            page = "account/email_unsent.html"
            raise ImmediateHttpResponse(
                render(self.request, page, {"sentence": sentence}, status=503)
            ) from problem

    def send_notification_mail(self, *args: Any, **options: Any) -> None:
        """Email somebody that something was changed; where that can't be, the next page says so."""
        try:
            super().send_notification_mail(*args, **options)
        except ImmediateHttpResponse:  # the email wasn't sent; what it is about was done before
            messages.warning(self.request, _UNNOTIFIED)

    def render_mail(
        self,
        template_prefix: str,
        email: str,
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Return the letter that ``<prefix>_subject.txt`` and ``<prefix>_message.txt`` say.

        Its links lead to PUBLIC_URL, under whichever name the request came.
        """
        links = {name: _public(url) for name, url in context.items() if name.endswith("_url")}
        ours = {"brand": settings.BRAND, "support_email": settings.SUPPORT_EMAIL}
        words = {**context, **links, **ours}
        language = queries.language_of_address(email=email) or languages.current().code
        with languages.speaking(language):
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


def password_reset_link(user: User) -> str:
    """Return the address at which *user* chooses a password: once, and for three days."""
    token = default_token_generator.make_token(user)
    words = {"uidb36": user_pk_to_url_str(user), "key": token}
    return settings.PUBLIC_URL + reverse("account_reset_password_from_key", kwargs=words)


def _public(url: str) -> str:
    return settings.PUBLIC_URL + urlsplit(url)._replace(scheme="", netloc="").geturl()


def _seal() -> Fernet:
    key = sha256(b"second factor " + settings.SECRET_KEY.encode()).digest()
    return Fernet(urlsafe_b64encode(key))
