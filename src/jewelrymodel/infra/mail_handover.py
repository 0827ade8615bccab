"""Taking mail from a mail server in front, over LMTP or SMTP: acknowledged once it is stored."""

import asyncio
import logging
import signal
from collections.abc import Callable
from datetime import datetime
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, syntax
from django.conf import settings

from jewelrymodel.infra import mail
from jewelrymodel.infra.mail_sources import MailListener
from jewelrymodel.infra.smtp import Keeper

_LONGEST_LINE = 1_000_000  # programs write longer ones than the standard has (RFC 5322, 2.1.1)
_IDLE_S = 120
_LATER = "451 4.3.0 Not kept: mail can't be taken just now. Please send it again later."
_NOBODY = "550 5.1.1 No such address here"

log = logging.getLogger(__name__)


class Intake(Keeper):
    """Answers the dialogue with the mail server in front."""

    kept, later = "250 2.0.0 Kept", _LATER

    async def handle_RCPT(  # noqa: N802  the library calls it by this name
        self, _server: Any, _session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take mail to support only: what nobody would read is refused while its sender hears."""
        if not is_for_support(address):
            return _NOBODY
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    def keep(self, envelope: Envelope) -> None:
        """Store a mail to support, once however often it is handed over."""
        mail.keep_once(
            envelope_from=envelope.mail_from or "",
            envelope_to=[settings.SUPPORT_EMAIL],
            raw=bytes(envelope.original_content or b""),
            now=self._now(),
        )


def is_for_support(address: str) -> bool:
    """Return whether mail to *address* is support's: its own, or with something after a plus."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}" == settings.SUPPORT_EMAIL.lower()


class _OurSmtp(SMTP):
    """SMTP that takes long lines, and hangs up on whoever isn't named as a mail server."""

    line_length_limit = _LONGEST_LINE

    def __init__(self, listener: MailListener, handler: Intake, **options: Any) -> None:
        super().__init__(handler, **options)
        self._listener = listener

    def connection_made(self, transport: Any) -> None:
        peer = transport.get_extra_info("peername")
        caller = str(peer[0]) if isinstance(peer, tuple) else ""
        if not self._listener.lets_in(caller):
            log.warning("%s isn't in MAIL_IN_TRUSTED and hands over no mail", caller)
            transport.abort()
            return
        super().connection_made(transport)


class _OurLmtp(_OurSmtp, LMTP):
    """LMTP that answers a mail's end once for each recipient (RFC 2033, 4.2).

    The library does so once for all (findings/aiosmtpd_lmtp_answers.sh): a server that sent to two
    would take the second's answer for that of its next command. All recipients are support's, and
    are stored as one mail.
    """

    _owed = 0

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        await super().smtp_DATA(arg)

    async def push(self, status: Any) -> None:
        if str(status).startswith("354 ") and self.envelope is not None:
            self._owed = len(self.envelope.rcpt_tos)
            await super().push(status)
            return
        times, self._owed = max(self._owed, 1), 0
        for _ in range(times):
            await super().push(status)


async def serve(listener: MailListener, now: Callable[[], datetime]) -> None:
    """Take mail at *listener* until SIGTERM or SIGINT; *now* dates what arrives.

    A socket is for our user and group only: put the mail server's user into the group. Who is cut
    off hands over again, and the store knows what it has.
    """
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)

    def dialogue() -> SMTP:
        kind = _OurLmtp if listener.is_lmtp else _OurSmtp
        return kind(
            listener,
            Intake(now),
            data_size_limit=settings.MAIL_IN_MAX_BYTES,
            enable_SMTPUTF8=True,
            ident=settings.BRAND,
            timeout=_IDLE_S,
            loop=loop,
        )

    if listener.path is not None:
        server = await loop.create_unix_server(dialogue, listener.path)
        listener.path.chmod(0o660)
    else:
        server = await loop.create_server(dialogue, listener.host, listener.port)
    log.info("taking mail at %s", listener)
    await stop.wait()
    server.close()
