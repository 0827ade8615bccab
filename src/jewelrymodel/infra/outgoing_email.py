"""Sending mail: what a program wrote has no return path, so that no report of it is answered."""

import logging
import re
import smtplib
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address
from django.db import transaction

from jewelrymodel.infra import outgoing_mail_state

AUTOMATIC_HEADERS = {
    "Auto-Submitted": "auto-generated",  # RFC 3834, 5
    "X-Auto-Response-Suppress": "OOF, AutoReply",  # what Exchange reads in its place
}

ANSWER_S = 300
"""How long a server may think about a mail: one that filters it takes a while, and who hangs up
meanwhile sends it again, to somebody who has it already (RFC 5321, 4.5.3.2).
"""
_FOR_GOOD = 500  # from here on a server's answer is final (RFC 5321, 4.2.1)
_NO_SUCH_ADDRESS = (550, 551, 553)
_CLOSING = 421
_ENHANCED = re.compile(rb"^\s*[45]\.(\d{1,3})\.\d{1,3}\b")
_OF_ADDRESS_OR_MAILBOX = (b"1", b"2")  # RFC 3463, 3: the subjects of an enhanced code
_OF_MAIL_SYSTEM, _OF_POLICY = b"3", b"7"

log = logging.getLogger(__name__)


def address_refusal(problem: Exception) -> str:
    """Return the server's words where it refuses the address for good; else "".

    It says that it is the address by an enhanced code (RFC 3463: 5.1 and 5.2), or without one by
    550, 551 or 553. Whatever else is refused, such as relaying, is the operator's to mend.
    """
    if not isinstance(problem, smtplib.SMTPRecipientsRefused):
        return ""
    for code, words in problem.recipients.values():
        if not _refuses_address(code, words):
            return ""
    return "; ".join(
        f"{code} {' '.join(words.decode('utf-8', 'replace').split())[:300]}"
        for code, words in problem.recipients.values()
    )


def is_of_server(problem: Exception) -> bool:
    """Return whether *problem* keeps other mail from being taken too, as far as its code says.

    Greylisting (4.7, 4.2 or no code), a full mailbox or a wrong address are one recipient's. That
    the server closes (421), lacks room (4.3), refuses to relay or knows no sender isn't.
    """
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return any(_is_of_server(*one) for one in problem.recipients.values())
    if isinstance(problem, smtplib.SMTPDataError):
        words = problem.smtp_error
        words = words.encode() if isinstance(words, str) else words
        subject = _subject(words)
        of_recipient = subject in (*_OF_ADDRESS_OR_MAILBOX, _OF_POLICY)
        return problem.smtp_code >= _FOR_GOOD or not of_recipient
    return True


def _is_of_server(code: int, words: bytes) -> bool:
    if code >= _FOR_GOOD:
        return not _refuses_address(code, words)
    return code == _CLOSING or _subject(words) == _OF_MAIL_SYSTEM


def _refuses_address(code: int, words: bytes) -> bool:
    subject = _subject(words)
    of_address = subject in _OF_ADDRESS_OR_MAILBOX if subject else code in _NO_SUCH_ADDRESS
    return code >= _FOR_GOOD and of_address


def _subject(words: bytes) -> bytes:
    """The middle number of an enhanced code; nothing where the server sends none."""
    enhanced = _ENHANCED.match(words)
    return bytes(enhanced[1]) if enhanced else b""


class OutgoingMail(EmailMultiAlternatives):
    """A mail of ours. *return_path* is where reports of its delivery go; "" asks for none.

    The ``From`` header stays: it says who writes, the return path only who hears of failures
    (RFC 5321, 4.4 and 4.5.5).
    """

    return_path = ""

    def mark_as_written_by_a_person(self) -> None:
        """Have reports of its delivery come to support, and let automatic replies come too."""
        self.return_path = settings.SUPPORT_EMAIL
        for name in AUTOMATIC_HEADERS:
            self.extra_headers.pop(name, None)


class SmtpBackend(EmailBackend):
    """Django's SMTP backend, which can send a mail without a return path."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send each, and return how many were; raises what the connection raises.

        Either way it is noted for the operator, apart from the caller's transaction.
        """
        try:
            sent = self._send_each(email_messages)
        except (OSError, smtplib.SMTPException) as problem:
            if is_of_server(problem):
                outgoing_mail_state.remember_failure(problem)
            raise
        if sent:  # not in the caller's transaction: all that sends would wait for one row
            outgoing_mail_state.forget_failure()
            transaction.on_commit(outgoing_mail_state.note_accepted, robust=True)
        return sent

    def _send_each(self, email_messages: Sequence[EmailMessage]) -> int:
        ours = [one for one in email_messages if isinstance(one, OutgoingMail) and one.recipients()]
        others = [one for one in email_messages if not isinstance(one, OutgoingMail)]
        sent = super().send_messages(others) or 0
        was_closed = self.open() if ours else False
        try:
            for one in ours:
                self._send_ours(one)
        finally:
            if was_closed:
                self.close()
        return sent + len(ours)

    def _send_ours(self, mail: OutgoingMail) -> None:
        """Some servers refuse the null return path: a mail that loops nowhere is better than none.

        Reports then come to support, where they are noted or kept, and never answered.
        """
        try:
            self._hand_over(mail, mail.return_path)
        except smtplib.SMTPSenderRefused as refused:
            if mail.return_path or refused.smtp_code == _CLOSING:  # the connection is over then
                raise
            log.warning("the mail server refuses a mail without a return path: it gets support's")
            self._hand_over(mail, settings.SUPPORT_EMAIL)

    def _hand_over(self, mail: OutgoingMail, return_path: str) -> None:
        message: Any = mail.message()  # a subclass of Django's, whose lines can end as SMTP's do
        recipients = [sanitize_address(one, settings.DEFAULT_CHARSET) for one in mail.recipients()]
        if self.connection is None:
            raise smtplib.SMTPServerDisconnected
        if self.connection.sock is not None:
            self.connection.sock.settimeout(ANSWER_S)
        self.connection.sendmail(return_path, recipients, message.as_bytes(linesep="\r\n"))
