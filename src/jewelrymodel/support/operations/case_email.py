"""Emails of a case: each message to the customer goes out once, under a Message-ID of its own."""

import re
import smtplib
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.infra import formats, languages, mail
from jewelrymodel.infra.outgoing_email import OutgoingMail, address_refusal
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.support import queries
from jewelrymodel.support.models import Case, CaseEntry, InboundEmail
from jewelrymodel.support.operations.email_subjects import YOUR_ACCOUNT, YOUR_REQUEST
from jewelrymodel.support.operations.sender_confirmation import (
    CONFIRMATION_REQUEST,
    confirmation_link,
)
from jewelrymodel.support.operations.timeline import add_entry
from jewelrymodel.support.rules import email_references, mail_retries
from jewelrymodel.support.statuses import REPORTS, Channel, EntryKind, MailOutcome

_MESSAGE_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")
_REPLIES = (Actor.system("acknowledgement"), CONFIRMATION_REQUEST)
"""Whose emails answer another one automatically; those of other programs answer nothing."""


def mail_entry(*, entry_id: int, now: datetime) -> bool:
    """Mail one message to its customer and note when; return whether a mail was sent.

    A second worker leaves it to the first. Sent before it is noted: a crash in between repeats the
    mail, under the same Message-ID, rather than losing it. Where the address is refused for good,
    or the server took nothing for days, the case says so, and it isn't tried again. Raises what the
    connection raises before that.
    """
    waiting = CaseEntry.objects.filter(pk=entry_id, mail_due=True, mailed_at__isnull=True)
    with transaction.atomic():
        entry = waiting.select_for_update(skip_locked=True).first()
        if entry is None:
            return False
        account_id = entry.case.account_id or ""
        try:
            with languages.speaking(accounts.language_of(account_id=account_id)):
                _email_of(entry).send()
        except (OSError, smtplib.SMTPException) as problem:
            is_over = now - entry.created_at > mail_retries.GIVEN_UP_AFTER
            why = address_refusal(problem) or (f"{problem}"[:300] if is_over else "")
            if not why:
                raise
            waiting.update(mail_due=False)
            _note_undelivered(entry, why, now)
            return False
        waiting.update(mailed_at=now)
    return True


def _note_undelivered(entry: CaseEntry, why: str, now: datetime) -> None:
    """For whoever works on the case: nothing else tells that a message never left."""
    words = f"Our message of {formats.moment(entry.created_at)} could not be delivered."
    text = f"{words}\n\nTo: {entry.case.email}\nThe mail server says: {why}"
    add_entry(entry.case, EntryKind.EVENT, text, author=REPORTS, internal=True, now=now)


def _request_link(case: Case) -> str:
    """What the email is about, and for proven customers where the rest is: it is read alone."""
    if case.account_id is None:
        return ""
    about = queries.subject_label(case)
    return f"\n\n{case.label}{about and f', {about}'}: {settings.PUBLIC_URL}/requests/{case.pk}"


def _email_of(entry: CaseEntry) -> OutgoingMail:
    """What a person wrote has a return path: where it can't be delivered, its case says so."""
    case, domain = entry.case, settings.SUPPORT_EMAIL.rpartition("@")[2]
    about = _(YOUR_ACCOUNT if case.channel == Channel.MACHINE else YOUR_REQUEST)
    subject = email_references.email_subject(
        settings.BRAND, about, email_references.tag(case.number, case.thread_key)
    )
    text = entry.text + _request_link(case)
    author = Actor.parse(entry.author)
    if author == CONFIRMATION_REQUEST:  # only the sender's mailbox ever holds the link
        text = f"{text}\n\n{confirmation_link(case)}"
    email = mail.compose(to=case.email, subject=subject, text=text)
    email.reply_to = [settings.SUPPORT_EMAIL]
    email.extra_headers["Message-ID"] = email_references.message_id(
        key=case.thread_key, entry_id=entry.pk, domain=domain
    )
    email.extra_headers["References"] = f"<{case.thread_key}@{domain}>"
    answered = _message_id_to_answer(case)
    if answered:
        email.extra_headers["In-Reply-To"] = answered
        email.extra_headers["References"] += f" {answered}"
    if author.is_user:
        email.mark_as_written_by_a_person()
    elif author in _REPLIES:
        email.extra_headers["Auto-Submitted"] = "auto-replied"  # RFC 3834, 5
    return email


def _message_id_to_answer(case: Case) -> str:
    """The Message-ID of the newest mail in the case, so that ours stands below it at its writer's.

    Empty where there is none, or where what they sent isn't one (RFC 5322, 3.6.4).
    """
    ids = queries.with_merged([case.pk])
    mails = InboundEmail.objects.filter(case__in=ids, message_id__isnull=False)
    taken_in = mails.filter(outcome__in=(MailOutcome.OPENED, MailOutcome.THREADED))
    newest = taken_in.order_by("-received_at", "-pk").first()
    named = newest.message_id if newest and newest.message_id else ""
    return named if _MESSAGE_ID.fullmatch(named) else ""
