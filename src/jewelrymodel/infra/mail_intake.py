"""Reading a mailbox: each mail is stored first and marked then, so none is lost and none doubled.

Killed anywhere, the next look finds what isn't marked, and the store knows what it has.
"""

import logging
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from jewelrymodel.infra import email_parser, imap_mailbox, mail
from jewelrymodel.infra.imap_mailbox import KeepsNoMark, Mailbox, SignInRefused
from jewelrymodel.infra.locks import locked
from jewelrymodel.infra.mail_sources import MailboxAccount
from jewelrymodel.infra.models import MailboxState, MailMessage
from jewelrymodel.kernel.errors import CodedError

PATIENCE = timedelta(minutes=5)
"""How long a mailbox may be away before a person is told: longer than a server's restart."""
NOT_READ = "mailbox_not_read"
_LONGEST_WAIT_S = 60
_MAY_PASS = imap_mailbox.AWAY
_DATABASE = (OperationalError, InterfaceError)

log = logging.getLogger(__name__)


class NotAllTaken(CodedError):
    """Some mail could not be stored, or not be marked as taken in; the log says which and why."""


class NotHandedOut(CodedError):
    """The server has this mail and doesn't hand it out: it is not to be marked as taken in."""


@dataclass(frozen=True)
class MailboxAlarm:
    """What keeps mail from coming in: a code, and since when."""

    code: str
    since: datetime | None


def read_forever(account: MailboxAccount, now: Callable[[], datetime]) -> None:
    """Take in what comes to *account* until the process is told to stop.

    What breaks off is begun anew, later each time; *now* dates what arrives.
    """
    failures = 0
    while True:
        try:
            with imap_mailbox.opened(account) as box:
                while True:
                    take_in(box, account, now)
                    failures = 0
                    box.wait()
        except _DATABASE as problem:
            log.warning("mail stays in the mailbox: the database is away (%s)", problem)
            connection.close()
        except (*_MAY_PASS, SignInRefused, KeepsNoMark, NotAllTaken) as problem:
            log.warning("the mailbox %s can't be read: %s", account.name, problem or type(problem))
            _note_failure_if_possible(account, problem_code(problem), now())
        failures += 1
        time.sleep(min(2**failures, _LONGEST_WAIT_S))


def take_in(box: Mailbox, account: MailboxAccount, now: Callable[[], datetime]) -> int:
    """Store and mark each mail that is new, oldest first; return how many there were.

    Of several that read one mailbox one does so at a time. A mail that can't be stored, or marked,
    stops none of the others; NotAllTaken is raised after them.
    """
    left = None
    with locked(f"mailbox {account.name}"):
        uids = box.new_uids()
        for uid in uids:
            try:
                if _take_in_one(box, uid, now):
                    box.mark(uid)
            except (*_MAY_PASS, *_DATABASE):
                raise
            except Exception as problem:
                log.exception("mail %s of %s has to wait", uid, account.name)
                left = problem
        if left is not None:
            raise NotAllTaken from left
        note_read(account, now())
    return len(uids)


def note_read(account: MailboxAccount, at: datetime) -> None:
    """Note that all of the mailbox was read."""
    as_new = {"read_at": at, "failing_since": None, "problem": ""}
    MailboxState.objects.update_or_create(name=account.name, defaults=as_new)


def note_failure(account: MailboxAccount, problem: str, at: datetime) -> None:
    """Note that the mailbox can't be read; since when is kept from its first failure."""
    row, _ = MailboxState.objects.get_or_create(name=account.name)
    row.failing_since = row.failing_since or at
    row.problem = problem
    row.save()


def read_at(account: MailboxAccount) -> datetime | None:
    """Return when all of the mailbox was read last; None where it never was."""
    row = MailboxState.objects.filter(name=account.name).first()
    return row.read_at if row else None


def alarm(account: MailboxAccount, machine_now: datetime) -> MailboxAlarm | None:
    """Return what a person has to mend, None while mail comes in or may do so by itself again."""
    row = MailboxState.objects.filter(name=account.name).first()
    if row is None:
        return MailboxAlarm(NOT_READ, None)
    before = machine_now - PATIENCE
    if row.failing_since and row.failing_since < before:
        return MailboxAlarm(row.problem, row.failing_since)
    if row.read_at is None or row.read_at < before - timedelta(seconds=account.poll_s):
        return None if row.failing_since else MailboxAlarm(NOT_READ, row.read_at)
    return None


def problem_code(problem: BaseException) -> str:
    """Return the word for what keeps a mailbox from being read."""
    if isinstance(problem, SignInRefused):
        return "mailbox_refuses_sign_in"
    if isinstance(problem, KeepsNoMark):
        return "mailbox_keeps_no_mark"
    if isinstance(problem, NotAllTaken):
        return "mailbox_not_emptied"
    if isinstance(problem, ssl.SSLCertVerificationError):
        return "mailbox_certificate"
    return "mailbox_unreachable"


def _take_in_one(box: Mailbox, uid: int, now: Callable[[], datetime]) -> bool:
    """Store a mail; return whether it is here now. It isn't where somebody removed it meanwhile."""
    source = box.source(uid)
    if MailMessage.objects.filter(source=source).exists():
        return True
    size, largest = box.size(uid), settings.MAIL_IN_MAX_BYTES
    if size is None:
        return False
    is_too_large = size > largest
    at_most = imap_mailbox.HEADING_BYTES if is_too_large else largest + 1
    raw = box.first_bytes(uid, at_most=at_most)
    if raw is None:
        raise NotHandedOut(uid=uid)
    mail.keep_once(
        envelope_from=_return_path(raw),
        envelope_to=[settings.SUPPORT_EMAIL],
        raw=raw,
        source=source,
        too_large_bytes=max(size, len(raw)) if len(raw) > largest or is_too_large else 0,
        now=now(),
    )
    return True


def _return_path(raw: bytes) -> str:
    """The envelope's sender, which the last mail server writes on top (RFC 5321, 4.4).

    Without that header nothing says that the mail is a machine's: its From is taken.
    """
    try:
        heading = email_parser.heading(raw)
        paths = heading.get_all("Return-Path")
        return str(paths[0]) if paths else email_parser.address(heading)
    except Exception:
        log.exception("who sent a mail can't be read; it is answered by nobody")
        return ""


def _note_failure_if_possible(account: MailboxAccount, problem: str, at: datetime) -> None:
    try:
        note_failure(account, problem, at)
    except _DATABASE:
        connection.close()
