"""Mail: letters that we write, and what arrives over SMTP, kept as it came."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.translation import get_language

from jewelrymodel.infra import facts
from jewelrymodel.infra.models import MailMessage
from jewelrymodel.kernel.ids import new_id

_QUOTES = re.compile(r"^(On .+ wrote:|-+ ?Original Message ?-+|From: .+@.+)$")


@dataclass(frozen=True)
class MailContent:
    """One mail as its reader sees it; *html* is empty where it has only text."""

    sender: str
    recipients: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Letter:
    """A mail that came in: who says they sent it (unproven), and its headers in lower case."""

    address: str
    subject: str
    text: str
    message_id: str
    headers: dict[str, str]
    files: tuple[tuple[str, bytes], ...]


def read_letter(raw: bytes) -> Letter:
    """Return what the message *raw* says, its text without what it quotes below, and its files."""
    message = _parse(raw)
    text = _part(message, "plain") or strip_tags(_part(message, "html"))
    return Letter(
        address=parseaddr(str(message.get("From", "")))[1],
        subject=" ".join(str(message.get("Subject", "")).split()),
        text=_without_quote(text),
        message_id=str(message.get("Message-ID", "")).strip()[:255],
        headers={name.lower(): str(value) for name, value in message.items()},
        files=tuple(_files(message)),
    )


def compose(*, to: str, subject: str, text: str) -> EmailMultiAlternatives:
    """Return a letter ready to send: *text* under our signature, and the same as plain HTML.

    Paragraphs of *text* are separated by an empty line; one that is only an address is a link.
    """
    signature = f"-- \n{settings.LEGAL_ENTITY} · {settings.LEGAL_ADDRESS}\n{settings.SUPPORT_EMAIL}"
    letter = EmailMultiAlternatives(
        subject=" ".join(subject.split()), body=f"{text.strip()}\n\n{signature}\n", to=[to]
    )
    letter.attach_alternative(_as_html(subject, text), "text/html")
    return letter


def read(raw: bytes) -> MailContent:
    """Return what a mail program would show of the message *raw*."""
    message = _parse(raw)
    return MailContent(
        sender=str(message.get("From", "")),
        recipients=str(message.get("To", "")),
        subject=str(message.get("Subject", "")),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def keep(*, envelope_from: str, envelope_to: list[str], raw: bytes, now: datetime) -> MailMessage:
    """Store a mail that arrived, let those who want it know, and return it."""
    with transaction.atomic():
        kept = MailMessage.objects.create(
            id=new_id("mail", now=now),
            envelope_from=envelope_from,
            envelope_to=envelope_to,
            subject=str(_parse(raw).get("Subject", "")),
            raw=raw,
            received_at=now,
        )
        facts.emit("mail.received", subject_id=kept.pk)
    return kept


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
    return render_to_string("mail/letter.html", context)


def _without_quote(text: str) -> str:
    """The part above the first quoted line: what is below is ours, or was read already."""
    kept: list[str] = []
    for line in text.splitlines():
        if line.startswith(">") or _QUOTES.match(line):
            break
        kept.append(line)
    return "\n".join(kept).strip() or text.strip()


def _is_link(part: str) -> bool:
    return part.startswith(("http://", "https://")) and len(part.split()) == 1


def _files(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    """What is attached, and pictures inside the text: name and bytes."""
    for part in message.walk():
        name = part.get_filename()
        if not part.is_multipart() and (name or part.get_content_maintype() == "image"):
            yield name or "picture", bytes(part.get_payload(decode=True) or b"")


def _parse(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)  # noqa: S101  what this policy makes
    return message


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""
