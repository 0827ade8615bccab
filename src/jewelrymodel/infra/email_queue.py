"""Emails that wait for the mail server: a page that has one to send never waits with them."""

import logging
import smtplib
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import get_language

from jewelrymodel.infra import languages, mail, queue
from jewelrymodel.infra.models import PendingEmail
from jewelrymodel.kernel.ids import new_id

SEND = "infra.send_email"
LATE = timedelta(minutes=1)
_FOR_GOOD = 500  # from here on a server's answer is final (RFC 5321, 4.2.1)

log = logging.getLogger(__name__)


def send_later(*, to: str, subject: str, text: str, machine_now: datetime) -> PendingEmail:
    """Return the email, kept and its job deferred in the caller's transaction.

    It is written in the language that is spoken now.
    """
    with transaction.atomic():
        email = PendingEmail.objects.create(
            id=new_id("eml", now=machine_now),
            recipient=to,
            subject=" ".join(subject.split()),
            text=text,
            language=(get_language() or languages.ENGLISH).split("-")[0],
            created_at=machine_now,
        )
        queue.defer(SEND, email_id=email.pk)
    return email


def send(*, email_id: str) -> None:
    """Send an email and forget it, for it may hold a link that opens an account.

    Raises what the connection raises: the queue then comes again. An address that the server
    refuses for good is only logged. Killed in between, it is sent twice.
    """
    with transaction.atomic():
        email = PendingEmail.objects.select_for_update().filter(pk=email_id).first()
        if email is None:
            return
        with languages.speaking(email.language):
            message = mail.compose(to=email.recipient, subject=email.subject, text=email.text)
        try:
            message.send()
        except smtplib.SMTPRecipientsRefused as refused:
            if any(code < _FOR_GOOD for code, _words in refused.recipients.values()):
                raise
            log.warning("email %s was refused for good", email_id)
        email.delete()


def is_late(*, machine_now: datetime) -> bool:
    """Return whether any email has been waiting for longer than LATE."""
    return PendingEmail.objects.filter(created_at__lt=machine_now - LATE).exists()
