"""A local mail server: it takes every mail and keeps it, and never sends one on."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from asgiref.sync import sync_to_async
from django.db import close_old_connections

from jewelrymodel.infra import mail

_MAX_BYTES = 10_000_000
_LATER = "451 4.3.0 Not kept: we can't take mail just now. Please send it again later."

log = logging.getLogger(__name__)


class Keeper:
    """Answers the SMTP dialogue; a mail is acknowledged once ``keep`` has stored it."""

    kept, later = "250 Kept", _LATER

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    async def handle_DATA(  # noqa: N802  the library calls it by this name
        self, server: Any, session: Any, envelope: Envelope
    ) -> str:
        """Store the mail and say so; a database that is away makes the sender try again."""
        try:
            await sync_to_async(self._keep)(envelope)
        except Exception:
            log.exception("a mail could not be kept; its sender is asked to send it again")
            return self.later
        return self.kept

    async def handle_exception(self, error: Exception) -> str:
        """Answer for whatever else goes wrong: what it was is for us to read, not for a sender."""
        log.error("the mail dialogue failed", exc_info=error)
        return self.later

    def keep(self, envelope: Envelope) -> None:
        """Store a mail, for whomever it was sent to."""
        mail.keep(
            envelope_from=envelope.mail_from or "",
            envelope_to=[str(address) for address in envelope.rcpt_tos],
            raw=bytes(envelope.original_content or b""),
            now=self._now(),
        )

    def _keep(self, envelope: Envelope) -> None:
        close_old_connections()
        try:
            self.keep(envelope)
        finally:
            close_old_connections()


def listener(port: int, now: Callable[[], datetime]) -> Controller:
    """Return the server for the loopback *port*, not started; *now* dates what arrives."""
    return Controller(Keeper(now), hostname="127.0.0.1", port=port, data_size_limit=_MAX_BYTES)
