"""Free images for who has just confirmed their address: granted then, or at the next sign-in."""

import logging
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, user_logged_in
from django.contrib import messages
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jewelrymodel.accounts import queries
from jewelrymodel.accounts.models import User
from jewelrymodel.accounts.roles import Role
from jewelrymodel.infra import clock, formats, rate_limiter
from jewelrymodel.ledger import operations as ledger
from jewelrymodel.ledger.models import Lot

NEW_FOR = timedelta(days=7)

log = logging.getLogger(__name__)


@receiver(email_confirmed)
def on_confirmed(request: HttpRequest, email_address: EmailAddress, **_rest: object) -> None:
    """Welcome whose address is known to be theirs now."""
    try:
        welcome(request, email_address.user, email_address.email)
    except rate_limiter.TooOften:
        messages.info(
            request,
            _(
                "Your free images aren’t here yet: several new accounts of your network got theirs "
                "today. Sign in again tomorrow, and we’ll add them."
            ),
        )


@receiver(user_logged_in)
def on_sign_in(request: HttpRequest, user: User, **_rest: object) -> None:
    """Welcome who wasn't, though their address is confirmed: we were interrupted, or it was too
    much for one day.
    """
    address = EmailAddress.objects.filter(user=user, verified=True).first()
    if address is None:
        return
    try:
        welcome(request, user, address.email)
    except rate_limiter.TooOften:
        log.info("the free images of user %s have to wait", user.pk)


def welcome(request: HttpRequest, user: User, email: str) -> None:
    """Grant what the catalog offers to the new account that *user* owns, once, and say so.

    Raises rate_limiter.TooOften.
    """
    now = clock.now()
    try:
        membership = queries.membership_of(user_id=user.pk)
    except queries.NoAccount:
        return
    account = membership.account
    if membership.role != Role.OWNER or account.created_at <= now - NEW_FOR:
        return
    try:
        lot = ledger.grant_welcome(
            account_id=account.pk,
            email=email,
            address=request.META.get("REMOTE_ADDR", ""),
            now=now,
        )
    except (ledger.AlreadyWelcomed, ledger.NoWelcome):
        return
    messages.success(request, _granted(lot))


def _granted(lot: Lot) -> str:
    sentence = ngettext(
        "Welcome! %(n)s credit is yours for free, until %(day)s.",
        "Welcome! %(n)s credits are yours for free, until %(day)s.",
        lot.quantity,
    )
    until = lot.expires_at or lot.created_at  # they always expire
    return sentence % {"n": lot.quantity, "day": formats.day(until)}
