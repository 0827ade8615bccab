"""Emails that we write, and what arrives over SMTP, kept as it came."""

import hashlib
import logging
import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import get_language

from jewelrymodel.infra import email_body, email_parser, events, quoted_text
from jewelrymodel.infra.models import MailMessage
from jewelrymodel.infra.outgoing_email import AUTOMATIC_HEADERS, OutgoingMail
from jewelrymodel.kernel.ids import new_id

SUBJECT_SHOWN = 200
_ADDRESS = 254  # RFC 5321, and what a case keeps
_ENVELOPE = 320
_HEADERS_END = re.compile(rb"\r?\n\r?\n")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MailContent:
    """One mail as its reader sees it; *html* is empty where it has only text."""

    sender: str
    recipients: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class ParsedEmail:
    """An email that came in: who says they sent it (unproven), and its headers in lower case.

    *text* is all that it says, *own_text* what of that is no quote (perhaps nothing),
    *attached_text* what attached messages say, which is also in the text. Where it *is_broken* its
    parts can't be told apart, and the text is the source of its body.
    """

    address: str
    subject: str
    text: str
    own_text: str
    attached_text: str
    message_id: str
    headers: dict[str, str]
    files: tuple[tuple[str, bytes], ...]
    is_broken: bool


def parse_email(raw: bytes) -> ParsedEmail:
    """Return all that the message *raw* says, what of it is its sender's own, and its files."""
    message, is_broken = email_parser.parse(raw)
    text = email_body.read_text(message)[0].strip()
    return ParsedEmail(
        address=email_parser.address(message),
        subject=email_parser.header(message, "Subject"),
        text=text,
        own_text=quoted_text.own_words(text),
        attached_text=email_body.attached_text(message),
        message_id=email_parser.header(message, "Message-ID")[:255],
        headers=email_parser.headers(message),
        files=tuple(email_parser.files(message)),
        is_broken=is_broken,
    )


def can_be_answered(*, address: str, envelope_from: str) -> bool:
    """Return whether an answer would reach somebody: an address, and it isn't our own.

    What comes without a return path is a machine's report; an answer would be wrong (RFC 3834, 2).
    """
    try:
        EmailValidator()(address)
    except ValidationError:
        return False
    return bool(envelope_from) and not is_ours(address) and len(address) <= _ADDRESS


def is_ours(address: str) -> bool:
    """Return whether mail from *address* is our own: support's, or what our mails say they are."""
    named = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return address.lower() in (settings.SUPPORT_EMAIL.lower(), named.lower())


def compose(*, to: str, subject: str, text: str, reference: str = "") -> OutgoingMail:
    """Return an email ready to send: *text* under our signature, and the same as plain HTML.

    Paragraphs of *text* are separated by an empty line; one that is only an address is a link. It
    is a program's, without a return path, until ``mark_as_written_by_a_person`` says otherwise.
    With the same *reference* it has the same Message-ID: sent twice because the answer to the first
    was lost, many mail programs show it once.
    """
    signature = f"-- \n{settings.LEGAL_ENTITY} · {settings.LEGAL_ADDRESS}\n{settings.SUPPORT_EMAIL}"
    email = OutgoingMail(
        subject=" ".join(subject.split()),
        body=f"{text.strip()}\n\n{signature}\n",
        to=[to],
        headers=dict(AUTOMATIC_HEADERS),
    )
    if reference:
        domain = settings.SUPPORT_EMAIL.rpartition("@")[2]
        email.extra_headers["Message-ID"] = f"<{reference}@{domain}>"
    email.attach_alternative(_as_html(subject, text), "text/html")
    return email


def read(raw: bytes) -> MailContent:
    """Return what a mail program would show of the message *raw*, its subject shortened."""
    message, _ = email_parser.parse(raw)
    text, html = email_body.read_text(message)
    return MailContent(
        sender=email_parser.header(message, "From"),
        recipients=email_parser.header(message, "To"),
        subject=email_parser.shortened(email_parser.header(message, "Subject"), SUBJECT_SHOWN),
        text=text,
        html=html,
    )


def last_to(address: str) -> datetime | None:
    """Return when the newest mail to *address* reached us; None where none did."""
    messages = MailMessage.objects.filter(envelope_to__contains=[address])
    return messages.order_by("-received_at").values_list("received_at", flat=True).first()


def keep(
    *,
    envelope_from: str,
    envelope_to: list[str],
    raw: bytes,
    now: datetime,
    source: str | None = None,
    fingerprint: str | None = None,
    left_out_bytes: int = 0,
) -> MailMessage:
    """Store a mail that arrived, let those who want it know, and return it.

    The null return path comes as ``<>`` from one transport and as nothing from another; it is kept
    as an empty string.
    """
    with transaction.atomic():
        message = MailMessage.objects.create(
            id=new_id("mail", now=now),
            envelope_from=_bare(envelope_from)[:_ENVELOPE],
            envelope_to=[_bare(one) for one in envelope_to],
            subject=_subject(raw),
            raw=raw,
            received_at=now,
            source=source,
            fingerprint=fingerprint,
            left_out_bytes=left_out_bytes,
        )
        events.emit("mail.received", subject_id=message.pk)
    return message


def keep_once(
    *,
    envelope_from: str,
    envelope_to: list[str],
    raw: bytes,
    now: datetime,
    source: str = "",
    too_large_bytes: int = 0,
) -> MailMessage:
    """Store a mail that arrived unless it is here already, and return it either way.

    It is, where the same bytes for the same people came before: read a second time because we, or
    a line, broke off, or under a new number in its mailbox. *source* is then the newer one. Where
    it is too large, *raw* is how it begins: only its headers are kept, and its size.
    """
    if too_large_bytes:
        raw = _headers(raw)
    envelope = "\n".join([envelope_from, *sorted(envelope_to), str(too_large_bytes), ""])
    fingerprint = hashlib.sha256(envelope.encode(errors="replace") + raw).hexdigest()
    known = MailMessage.objects.defer("raw")
    try:
        with transaction.atomic():
            message = known.filter(fingerprint=fingerprint).first()
            if message is None:
                return keep(
                    envelope_from=envelope_from,
                    envelope_to=envelope_to,
                    raw=raw,
                    now=now,
                    source=source or None,
                    fingerprint=fingerprint,
                    left_out_bytes=too_large_bytes,
                )
            if source and message.source != source:
                known.filter(pk=message.pk).update(source=source)
            return message
    except IntegrityError:  # somebody else kept it meanwhile
        return known.get(Q(fingerprint=fingerprint) | Q(source=source or None))


def _headers(raw: bytes) -> bytes:
    """What stands before the body; all of it where no body begins."""
    end = _HEADERS_END.search(raw)
    return raw[: end.end()] if end else raw + b"\r\n\r\n"


def _subject(raw: bytes) -> str:
    """What is shown of a mail in a list; one whose headers can't be read is kept all the same."""
    try:
        subject = email_parser.header(email_parser.heading(raw), "Subject")
    except Exception:
        log.exception("the headers of a mail can't be read; it is kept without its subject")
        return ""
    return email_parser.shortened(subject, SUBJECT_SHOWN)


def _as_html(subject: str, text: str) -> str:
    paragraphs = [part.strip() for part in text.split("\n\n") if part.strip()]
    context = {
        "language": get_language() or settings.LANGUAGE_CODE,
        "brand": settings.BRAND,
        "legal_entity": settings.LEGAL_ENTITY,
        "legal_address": settings.LEGAL_ADDRESS,
        "support_email": settings.SUPPORT_EMAIL,
        "subject": subject,
        "parts": [{"text": part, "link": part if _is_link(part) else ""} for part in paragraphs],
    }
    return render_to_string("mail/email.html", context)


def _bare(address: str) -> str:
    """An envelope's address without the brackets that it has on the wire."""
    bare = email_parser.clean(address).strip()
    return bare[1:-1].strip() if bare.startswith("<") and bare.endswith(">") else bare


def _is_link(part: str) -> bool:
    return part.startswith(("http://", "https://")) and len(part.split()) == 1
