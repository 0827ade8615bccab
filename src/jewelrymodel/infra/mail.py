"""Mail at the edge: what arrives over SMTP is kept as it came, and can be read back."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from jewelrymodel.infra.models import MailMessage
from jewelrymodel.kernel.ids import new_id


@dataclass(frozen=True)
class MailContent:
    """One mail as its reader sees it; *html* is empty where it has only text."""

    sender: str
    recipients: str
    subject: str
    text: str
    html: str


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
    """Store a mail that arrived, and return it."""
    return MailMessage.objects.create(
        id=new_id("mail", now=now),
        envelope_from=envelope_from,
        envelope_to=envelope_to,
        subject=str(_parse(raw).get("Subject", "")),
        raw=raw,
        received_at=now,
    )


def _parse(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)  # noqa: S101  what this policy makes
    return message


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""
