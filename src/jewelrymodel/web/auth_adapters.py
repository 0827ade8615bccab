"""What sign-up and sign-in do besides what django-allauth does: an account, and our letters."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from jewelrymodel.accounts import operations, queries
from jewelrymodel.accounts.models import User
from jewelrymodel.audit import queries as audit
from jewelrymodel.infra import email_queue, languages
from jewelrymodel.infra.clock import now, real_now
from jewelrymodel.infra.networks import network_of
from jewelrymodel.web import landing
from jewelrymodel.web.legal_acceptance import note_acceptance
from jewelrymodel.web.security_record import note_too_many
from jewelrymodel.web.sessions import renew_session

CONFIRMS = "address_to_confirm"
"""The session's key for the address that a visitor entered and has to confirm."""
_CONFIRMATIONS = ("email_confirmation_signup", "email_confirmation", "account_already_exists")
_NAME = "account/email/"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library ships no types
    """Opens an account with every new person, and writes mails as letters of ours."""

    def reauthenticate(self, user: User, password: str) -> bool:
        """Return whether *password* is theirs; then the session goes on under a new key."""
        is_theirs: bool = super().reauthenticate(user, password)
        if is_theirs:
            renew_session(self.request)
        return is_theirs

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count this try; raises ValidationError, and keeps it, where too many have failed."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            note_too_many(request, **credentials)
            raise

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Return what failed sign-ins are counted by: the address, whatever name of ours was asked.

        From a network where this person signed in before, theirs are counted apart, so that a
        stranger who tries passwords elsewhere locks nobody out (ASVS 5, 6.1.1).
        """
        login = str(credentials.get("email") or credentials.get("username") or "").strip().lower()
        network = network_of(request.META.get("REMOTE_ADDR", ""))
        people = User.objects.filter(email=login).values("pk")
        is_known = audit.has_signed_in(user_ids=people, network=network)
        return f"{login} from {network}" if is_known else login

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
            note_acceptance(request, saved)
        return saved

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where somebody begins: the desk, the studio, or home where they have neither."""
        return landing.start_of(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the letter that ``<prefix>_subject.txt`` and ``<prefix>_message.txt`` say.

        Its links lead to PUBLIC_URL, under whichever name the request came. It is the same whether
        or not we know the address, and whether or not the mail server answers.
        """
        if template_prefix.removeprefix(_NAME) in _CONFIRMATIONS:
            self.request.session[CONFIRMS] = email
        links = {name: _public(url) for name, url in context.items() if name.endswith("_url")}
        ours = {"brand": settings.BRAND, "support_email": settings.SUPPORT_EMAIL}
        words = {**context, **links, **ours, "email": email}
        language = queries.language_of_address(email=email) or languages.current().code
        with languages.speaking(language):
            subject = render_to_string(f"{template_prefix}_subject.txt", words)
            text = render_to_string(f"{template_prefix}_message.txt", words)
            email_queue.send_later(to=email, subject=subject, text=text, machine_now=real_now())


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # the library ships no types
    """Keeps second-factor keys and recovery codes encrypted: the database alone opens nothing."""

    def encrypt(self, text: str) -> str:
        """Return *text* sealed under SECRET_KEY."""
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the text that was sealed; raises InvalidToken under another SECRET_KEY that isn't
        among the former ones.
        """
        return _seal().decrypt(encrypted_text.encode()).decode()


def password_reset_link(user: User) -> str:
    """Return the address at which *user* chooses a password: once, and for three days."""
    token = default_token_generator.make_token(user)
    words = {"uidb36": user_pk_to_url_str(user), "key": token}
    return settings.PUBLIC_URL + reverse("account_reset_password_from_key", kwargs=words)


def _public(url: str) -> str:
    return settings.PUBLIC_URL + urlsplit(url)._replace(scheme="", netloc="").geturl()


def _seal() -> MultiFernet:
    """What seals under the key in use, and opens under the former ones too."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    keys = (sha256(b"second factor " + one.encode()).digest() for one in secrets)
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys])
