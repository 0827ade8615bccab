"""A mail server that refuses, thinks for long or hangs up, each at the stage that a test names."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from django.test import override_settings

BACKEND = "jewelrymodel.infra.outgoing_email.SmtpBackend"


@dataclass
class Relay:
    """What it says at a stage (``mail``, ``rcpt``, ``data``) in place of yes, the so-many next
    times; HANG_UP ends the connection after the mail was taken, before that is said.
    """

    HANG_UP = "hang up"
    words: dict[str, str] = field(default_factory=dict)
    times: int = 1_000
    taken: list[bytes] = field(default_factory=list)
    asked: int = 0

    def says(self, **words: str) -> None:
        """Be unkind from now on, or kind again where nothing is named."""
        self.words, self.times = words, 1_000

    @property
    def message_ids(self) -> list[str]:
        """Those of the mails that it has taken, in their order."""
        return [str(message_from_bytes(one)["Message-ID"]) for one in self.taken]

    async def handle_MAIL(  # noqa: N802  the library calls it by this name
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.asked += 1
        envelope.mail_from = address
        return self._answer("mail")

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self._answer("rcpt")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: Any, _session: Any, envelope: Envelope
    ) -> str:
        answer = self._answer("data")
        if answer == self.HANG_UP:
            self.taken.append(bytes(envelope.original_content or b""))
            server.transport.abort()
            await asyncio.sleep(0)
            return "421 gone"
        if answer.startswith("2"):
            self.taken.append(bytes(envelope.original_content or b""))
        return answer

    def _answer(self, stage: str) -> str:
        words = self.words.get(stage)
        if words is None or self.times <= 0:
            return "250 OK"
        self.times -= 1
        return words


@contextmanager
def relay() -> Iterator[Relay]:
    """Run one, and have our mail go there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    one = Relay()
    server = Controller(one, hostname="127.0.0.1", port=port)
    server.start()
    try:
        with override_settings(EMAIL_BACKEND=BACKEND, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port):
            yield one
    finally:
        server.stop()
