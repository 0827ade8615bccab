"""Asking once more for the link that confirms an address, without signing in."""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from jewelrymodel.infra import clock, rate_limiter
from jewelrymodel.web.auth_adapters import CONFIRMS
from jewelrymodel.web.form_addresses import form_of

_HOUR_S = 3600
PER_ADDRESS, PER_CALLER = 3, 20


@form_of("account_email_verification_sent")
def send_again(request: HttpRequest) -> HttpResponse:
    """Send the link again to the address that this visitor entered; at most three times an hour.

    The answer is the same whether or not the address has an account.
    """
    email = request.session.get(CONFIRMS, "")
    if not email:
        return redirect("account_login")
    try:
        _count(f"confirm:{email}", PER_ADDRESS)
        _count(f"confirm-from:{request.META.get('REMOTE_ADDR', '')}", PER_CALLER)
    except rate_limiter.TooOften:
        messages.warning(
            request, _("You’ve asked for the link several times. Please wait an hour, or sign in.")
        )
    else:
        _send(request, email)
        messages.success(request, _("We’re sending the link again."))
    return redirect("account_email_verification_sent")


def _count(key: str, limit: int) -> None:
    rate_limiter.count_or_refuse(key, limit=limit, window_s=_HOUR_S, now=clock.now())


def _send(request: HttpRequest, email: str) -> None:
    address = EmailAddress.objects.filter(email__iexact=email).order_by("-verified").first()
    if address is None or address.verified:
        get_adapter(request).send_account_already_exists_mail(email)
    else:
        EmailConfirmationHMAC.create(address).send(request, signup=True)
