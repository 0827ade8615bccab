"""Email to support: written, posted over SMTP to our real listener, kept in the test's database."""

import io
import smtplib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.test import override_settings
from PIL import Image

from jewelrymodel.infra import mail
from jewelrymodel.infra.models import MailMessage
from jewelrymodel.infra.smtp import listener
from jewelrymodel.support import operations
from jewelrymodel.support.models import Case, InboundEmail
from jewelrymodel.support.statuses import MailOutcome
from tests.support.shop import now

BACKEND = "jewelrymodel.infra.outgoing_email.SmtpBackend"
"""What the service sends by; the tests' own settings have another in its place."""


@dataclass
class PostOffice:
    """Where our mail goes and where mail to us comes in, both over SMTP.

    The listener's own thread can't see the test's transaction, so what it hands over is kept
    here, by the same call.
    """

    port: int
    _arrived: list[dict[str, Any]] = field(default_factory=list)

    def post(self, raw: bytes | EmailMessage, *, sender: str, to: str = "") -> None:
        """Send *raw* as a mail server does, with ``MAIL FROM:<sender>``."""
        content = raw if isinstance(raw, bytes) else raw.as_bytes(policy=SMTP)
        with smtplib.SMTP("127.0.0.1", self.port) as client:
            client.sendmail(sender, [to or settings.SUPPORT_EMAIL], content)

    def say(self, *commands: str, raw: bytes) -> list[int]:
        """Speak the dialogue word by word; return the codes of the answers."""
        with smtplib.SMTP("127.0.0.1", self.port) as client:
            client.command_encoding = "utf-8"
            client.ehlo()
            codes = [client.docmd(one)[0] for one in commands]
            codes.append(client.data(raw)[0])
        return codes

    def arrived(self) -> list[MailMessage]:
        """Keep what came since it was asked last, and return it."""
        waiting, self._arrived[:] = list(self._arrived), []
        return [_keep(**one) for one in waiting]

    def taken(self) -> list[InboundEmail]:
        """Take in what came to support since it was asked last; return what became of it, in the
        order in which it came.
        """
        kept = self.arrived()
        for one in kept:
            operations.receive_email(mail_id=one.pk, now=now())
        found = InboundEmail.objects.in_bulk([one.pk for one in kept])
        return [found[one.pk] for one in kept if one.pk in found]


_keep = mail.keep


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """Run the listener, and have our own mail go there too."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    office = PostOffice(port)

    def hand_over(**arrived: Any) -> None:
        office._arrived.append(arrived)

    server = listener(port, now)
    with patch.object(mail, "keep", hand_over):
        server.start()
        try:
            with override_settings(
                EMAIL_BACKEND=BACKEND,
                EMAIL_HOST="127.0.0.1",
                EMAIL_PORT=port,
            ):
                yield office
        finally:
            server.stop()


def letter(sender: str, subject: str, text: str, **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, settings.SUPPORT_EMAIL, subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def arrive(message: EmailMessage, *, envelope: str = "") -> MailOutcome | None:
    kept = mail.keep(
        envelope_from=envelope or mail.parse_email(bytes(message)).address,
        envelope_to=[settings.SUPPORT_EMAIL],
        raw=bytes(message),
        now=now(),
    )
    return operations.receive_email(mail_id=kept.pk, now=now())


def newest() -> Case:
    return Case.objects.latest("number")


def picture(width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), (200, 180, 90)).save(buffer, "PNG")
    return buffer.getvalue()
