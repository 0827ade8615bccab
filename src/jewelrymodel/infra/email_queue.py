"""Emails that wait for the mail server: a page that has one to send never waits with them."""

import logging
import smtplib
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import get_language

from jewelrymodel.infra import languages, mail, outgoing_mail_state, queue
from jewelrymodel.infra.models import PendingEmail
from jewelrymodel.infra.outgoing_email import address_refusal
from jewelrymodel.kernel.ids import new_id

SEND = "infra.send_email"
LATE = timedelta(minutes=1)
GIVEN_UP_AFTER = timedelta(hours=5)
"""Then the queue stops putting its job back, and a link in it is of little use."""

_GIVEN_UP = "not taken by the mail server for five hours, and given up"

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
    refuses for good is only noted. Killed in between, it is sent twice, as the same letter.
    """
    with transaction.atomic():
        email = PendingEmail.objects.select_for_update().filter(pk=email_id).first()
        if email is None:
            return
        with languages.speaking(email.language):
            message = mail.compose(
                to=email.recipient, subject=email.subject, text=email.text, reference=email.pk
            )
        try:
            message.send()
        except smtplib.SMTPRecipientsRefused as refused:
            refusal = address_refusal(refused)
            if not refusal:
                raise
            log.warning("email %s was refused for good", email_id)
            outgoing_mail_state.note_refusal(email_id=email_id, words=refusal)
        email.delete()


def give_up(*, email_id: str, machine_now: datetime) -> bool:
    """Forget an email that could not be sent for GIVEN_UP_AFTER; return whether it is forgotten.

    It would stand forever for mail that is late, and keep what is in it.
    """
    old = PendingEmail.objects.filter(pk=email_id, created_at__lt=machine_now - GIVEN_UP_AFTER)
    with transaction.atomic():
        is_old = bool(old.delete()[0])
        if is_old:
            outgoing_mail_state.note_refusal(email_id=email_id, words=_GIVEN_UP)
    if is_old:
        log.error("email %s was not taken by the mail server for hours; it is given up", email_id)
    return is_old


def waiting() -> int:
    """Return how many emails the mail server hasn't taken yet."""
    return PendingEmail.objects.count()


def waiting_since() -> datetime | None:
    """Return since when the oldest of them waits; None without any."""
    oldest = PendingEmail.objects.order_by("created_at").values_list("created_at", flat=True)
    return oldest.first()


def is_waiting(*, email_id: str) -> bool:
    """Return whether this one does."""
    return PendingEmail.objects.filter(pk=email_id).exists()


def is_late(*, machine_now: datetime) -> bool:
    """Return whether any email has been waiting for longer than LATE."""
    return PendingEmail.objects.filter(created_at__lt=machine_now - LATE).exists()
