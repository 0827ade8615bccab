"""What account pages are asked with: the link of an email, the code of a second factor."""

import re

from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.core.mail import EmailMessage

from jewelrymodel.infra import email_queue
from jewelrymodel.infra.models import PendingEmail

PASSWORD = "four-prongs-hold-it"


def letters() -> list[EmailMessage]:
    """Send what waits, as the worker does; return all letters that were sent."""
    send_waiting()
    return mail.outbox


def send_waiting() -> None:
    """Send what waits, as the worker does."""
    for one in PendingEmail.objects.order_by("id"):
        email_queue.send(email_id=one.pk)


def link_in(letter: EmailMessage) -> str:
    """Return the path of the first address in *letter*."""
    found = re.search(r"http://[^/\s]+(/\S+)", str(letter.body))
    assert found
    return found.group(1)


def code_for(secret: str, *, nth: int = 1) -> str:
    """Return the code that an authenticator app shows now, or with *nth* 0 the one before and
    with 2 the one after, which are taken as well since clocks differ. The one before is taken
    until this half minute ends: a test that sends it may come too late.
    """
    return str(format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[nth])))
