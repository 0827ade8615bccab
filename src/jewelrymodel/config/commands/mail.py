"""``jewelrymodel mail``: how mail comes in, and a letter that shows that it goes out.

Without a word it is the demo's mail server, which keeps every mail for the outbox. What takes mail
in asks first whether the database is ours, and waits while it is away, as pages and worker do.
"""

import asyncio
import logging
import secrets
import signal
import smtplib
import sys
import time
from datetime import date, timedelta

from django.conf import settings

from jewelrymodel.config import database_wait
from jewelrymodel.infra import imap_mailbox, mail, mail_handover, mail_intake
from jewelrymodel.infra.clock import now, real_now
from jewelrymodel.infra.models import MailMessage
from jewelrymodel.infra.smtp import listener
from jewelrymodel.kernel.errors import CodedError

_LOOK_S = 0.5

log = logging.getLogger(__name__)


class NoMailIn(Exception):
    """The setting that this command needs isn't there; the message names it."""


class NotRead(Exception):
    """The mailbox doesn't do what it is asked; the message says what it said."""


class NotSent(Exception):
    """The mail server didn't take the mail; the message says what it said."""


def demo() -> int:
    """Take mail on the loopback port SMTP_PORT until SIGTERM or SIGINT."""
    database_wait.require_ours()
    stops = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    server = listener(settings.SMTP_PORT, now)
    server.start()
    log.info("taking mail on 127.0.0.1:%d", settings.SMTP_PORT)
    signal.sigwait(stops)
    server.stop()
    return 0


def fetch() -> int:
    """Read the mailbox MAIL_IN_HOST until SIGTERM or SIGINT; raises NoMailIn without one."""
    account = settings.MAIL_IN_MAILBOX
    if account is None:
        raise NoMailIn("MAIL_IN_HOST isn't set, so there is no mailbox to read")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))  # the connection is still ended in order
    database_wait.require_ours()
    log.info("reading the mailbox %s", account.name)
    mail_intake.read_forever(account, real_now)
    return 0


def again(day: date) -> int:
    """Have what the mailbox got since *day* taken in again, if it isn't here; always 0.

    Raises NoMailIn without one, NotRead while it is away.
    """
    account = settings.MAIL_IN_MAILBOX
    if account is None:
        raise NoMailIn("MAIL_IN_HOST isn't set, so there is no mailbox to read")
    try:
        with imap_mailbox.opened(account) as box:
            count = box.unmark_since(day)
    except (*imap_mailbox.AWAY, CodedError) as problem:
        raise NotRead(f"{account.name} can't be read: {problem}; see MAIL_IN_*") from problem
    print(f"{count} mails since {day} are looked at again; what is here already stays one.")
    return 0


def listen() -> int:
    """Take what a mail server hands over at MAIL_IN_LISTEN; raises NoMailIn without that."""
    if settings.MAIL_IN_LISTENER is None:
        raise NoMailIn("MAIL_IN_LISTEN isn't set, so nobody hands mail over")
    database_wait.require_ours()
    asyncio.run(mail_handover.serve(settings.MAIL_IN_LISTENER, now))
    return 0


def test(address: str, wait_s: int) -> int:
    """Send a mail to *address*; where that is support's, wait for it to come in. 0 when it did.

    Raises NotSent.
    """
    token = secrets.token_hex(4)
    letter = mail.compose(
        to=address,
        subject=f"Test {token}",
        text="This is a test of outgoing mail. No answer is needed.",
    )
    started_s, sent_at = time.monotonic(), now()
    try:
        letter.send()
    except (OSError, smtplib.SMTPException) as problem:
        raise NotSent(
            f"the mail server took no mail: {problem}; see EMAIL_HOST and its companions"
        ) from problem
    print(f"Sent to {address} in {time.monotonic() - started_s:.1f} s as “Test {token}”.")
    if not mail_handover.is_for_support(address):
        print("Look whether it arrived there, and not as spam.")
        return 0
    if not (settings.DEMO or settings.MAIL_IN_MAILBOX or settings.MAIL_IN_LISTENER):
        print("No mail comes in: set MAIL_IN_HOST or MAIL_IN_LISTEN.")
        return 1
    return _wait_for(token, sent_at - timedelta(minutes=1), started_s, wait_s)


def _wait_for(token: str, since: object, started_s: float, wait_s: int) -> int:
    arrived = MailMessage.objects.filter(received_at__gte=since, subject__contains=token)
    while time.monotonic() - started_s < wait_s:
        if arrived.exists():
            print(f"It came in after {time.monotonic() - started_s:.1f} s.")
            return 0
        time.sleep(_LOOK_S)
    print(f"It didn't come in within {wait_s} s; jewelrymodel doctor looks at the mailbox.")
    return 1
