"""What account pages are asked with: the link of an email, the code of a second factor."""

import re

from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.mail import EmailMessage

PASSWORD = "four-prongs-hold-it"


def link_in(letter: EmailMessage) -> str:
    """Return the path of the first address in *letter*."""
    found = re.search(r"http://[^/\s]+(/\S+)", str(letter.body))
    assert found
    return found.group(1)


def code_for(secret: str) -> str:
    """Return the code that an authenticator app shows now."""
    return str(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))
