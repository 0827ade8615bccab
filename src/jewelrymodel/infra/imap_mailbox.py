"""One mailbox over IMAP: what is new in it, its bytes, and the mark of what was taken in.

The library's connections believe any certificate unless they are given a context; ours check it.
"""

import contextlib
import imaplib
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.consts import SHORT_MONTH_NAMES
from imap_tools.errors import ImapToolsError, MailboxLoginError
from imap_tools.utils import encode_folder

from jewelrymodel.infra.mail_sources import MailboxAccount, Security
from jewelrymodel.kernel.errors import CodedError

AWAY = (OSError, imaplib.IMAP4.error, ImapToolsError)
"""What is raised while a mailbox is away, or doesn't do what it is asked."""
KEYWORD = "JewelryModelTaken"
"""The mark of a mail that was taken in where it isn't moved (a keyword: RFC 3501, 2.3.2)."""
HEADING_BYTES = 100_000
"""As much of a mail that is too large is read: its headers are in it."""
_TIMEOUT_S = 30
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class KeepsNoMark(CodedError):
    """The server keeps no keyword of ours in this folder: set MAIL_IN_MOVE_TO to a folder."""


class CommandRefused(CodedError):
    """The server doesn't do what it was asked for one mail, such as moving it."""


class SignInRefused(CodedError):
    """The mailbox refuses this name and password."""


@dataclass(frozen=True)
class MailboxCounts:
    """What a mailbox holds; where it *can_idle*, it says by itself when mail comes."""

    total: int
    waiting: int
    can_idle: bool


class Mailbox:
    """An open mailbox, its folder selected; every call raises one of AWAY, or CommandRefused."""

    def __init__(self, box: BaseMailBox, account: MailboxAccount) -> None:
        self._box, self._account = box, account
        self._select()
        _, said = box.client.capability()  # who has signed in is told more than was said before
        can = b" ".join(said).upper().split()
        self._can_idle, self._can_move = b"IDLE" in can, b"MOVE" in can
        self._can_expunge_one = b"UIDPLUS" in can

    def source(self, uid: int) -> str:
        """Return what *uid* is called outside this connection: never given to another mail.

        Numbers begin anew where the folder's UIDVALIDITY changes (RFC 3501, 2.3.1.1).
        """
        return f"imap:{self._account.name}:{self._validity}:{uid}"

    def new_uids(self) -> list[int]:
        """Return the mails that aren't marked as taken in, oldest first."""
        self._box.client.noop()  # lets the server say what changed meanwhile
        unmarked = "" if self._account.move_to else f"UNKEYWORD {KEYWORD} "
        return sorted(map(int, self._box.uids(f"{unmarked}UNDELETED", charset=None)))

    def size(self, uid: int) -> int | None:
        """Return how many bytes a mail has, as the server says; None where it is gone."""
        for part in self._fetched(uid, "(RFC822.SIZE)"):
            if found := _SIZE.search(part[0] if isinstance(part, tuple) else part):
                return int(found.group(1))
        return None

    def first_bytes(self, uid: int, *, at_most: int) -> bytes | None:
        """Return a mail as it came, cut after *at_most* bytes; None where it is gone.

        It isn't marked as read by that.
        """
        for part in self._fetched(uid, f"(BODY.PEEK[]<0.{at_most}>)"):
            if isinstance(part, tuple) and b"BODY[]" in part[0]:
                return part[1]
        return None

    def mark(self, uid: int) -> None:
        """Move a mail that was taken in out of the way, or mark it; repeating it changes nothing.

        Cut off between copy and deletion, a server without MOVE keeps one more copy: none is lost.
        """
        if self._account.move_to:
            self._move(uid, self._account.move_to)
        else:
            self._ask("STORE", str(uid), "+FLAGS.SILENT", f"({KEYWORD})")

    def unmark_since(self, day: date) -> int:
        """Have all mail that came on *day* or later looked at anew; return how much it was.

        After a restore: what was taken in since the backup is marked here and unknown there.
        """
        since = f"SINCE {day.day}-{SHORT_MONTH_NAMES[day.month - 1]}-{day.year} UNDELETED"
        if not self._account.move_to:
            uids = self._box.uids(f"KEYWORD {KEYWORD} {since}", charset=None)
            for uid in uids:
                self._ask("STORE", uid, "-FLAGS.SILENT", f"({KEYWORD})")
            return len(uids)
        self._box.folder.set(self._account.move_to)
        uids = sorted(self._box.uids(since, charset=None), key=int)
        for uid in uids:
            self._move(int(uid), self._account.folder)
        self._box.folder.set(self._account.folder)
        return len(uids)

    def _move(self, uid: int, folder: str) -> None:
        number = str(uid)
        if self._can_move:
            self._ask("MOVE", number, encode_folder(folder))
            return
        self._ask("COPY", number, encode_folder(folder))
        self._ask("STORE", number, "+FLAGS.SILENT", r"(\Deleted)")
        if self._can_expunge_one:
            self._ask("EXPUNGE", number)

    def wait(self) -> None:
        """Return once something changed, or the mailbox is to be looked at anyway."""
        if not self._can_idle:
            time.sleep(self._account.poll_s)
            return
        with self._box.idle as idle:
            if not self._has_said_more():
                idle.poll(timeout=self._account.poll_s)

    def _has_said_more(self) -> bool:
        """Whether there is more from the server than was read.

        Of a mail that came since it was asked last, it tells together with its consent to IDLE. The
        library then waits for the socket, which has nothing left to say: the mail would lie until
        the next look (findings/imap_tools_idle.sh).
        """
        connection = self._box.client.sock
        reader: Any = self._box.client.file
        timeout_s = connection.gettimeout()
        connection.settimeout(0)
        try:
            return bool(reader.peek(1))
        except ssl.SSLWantReadError:
            return False
        finally:
            connection.settimeout(timeout_s)

    def counts(self) -> MailboxCounts:
        """Return how many mails the folder has, and how many are to be taken in."""
        total = len(self._box.uids("ALL", charset=None))
        return MailboxCounts(total, len(self.new_uids()), self._can_idle)

    def _select(self) -> None:
        folder = self._account.move_to
        if folder and not self._box.folder.exists(folder):
            self._box.folder.create(folder)
        self._box.folder.set(self._account.folder)
        self._validity = self._said("UIDVALIDITY") or "0"
        flags = self._said("PERMANENTFLAGS")
        if not folder and "\\*" not in flags and KEYWORD not in flags:
            raise KeepsNoMark

    def _said(self, name: str) -> str:
        """What the server said of the folder when it was selected; "" where nothing."""
        data = self._box.client.untagged_responses.get(name) or [b""]
        last = data[-1]
        return last.decode("ascii", "replace") if isinstance(last, bytes) else ""

    def _fetched(self, uid: int, what: str) -> list[bytes | tuple[bytes, bytes]]:
        return [one for one in self._ask("FETCH", str(uid), what) if one]

    def _ask(self, *words: str | bytes) -> list[bytes | tuple[bytes, bytes]]:
        """Have a command by number carried out; raises what says that it wasn't."""
        status, data = self._box.client.uid(*words)  # type: ignore[arg-type]  # bytes are names
        if status != "OK":
            raise CommandRefused(command=str(words[0]), answer=repr(data)[:200])
        return list(data)


@contextmanager
def opened(account: MailboxAccount) -> Iterator[Mailbox]:
    """Sign in to *account* until the block ends; raises one of AWAY, SignInRefused, KeepsNoMark."""
    box = _connected(account)
    try:
        try:
            if account.user.isascii() and account.password.isascii():
                box.login(account.user, account.password, initial_folder=None)
            else:
                box.login_utf8(account.user, account.password, initial_folder=None)
        except MailboxLoginError as refused:
            raise SignInRefused from refused
        yield Mailbox(box, account)
    finally:
        with contextlib.suppress(*AWAY):
            box.logout()


def _connected(account: MailboxAccount) -> BaseMailBox:
    host, port = account.host, account.port
    if account.security == Security.NONE:
        return MailBoxUnencrypted(host, port, timeout=_TIMEOUT_S)
    trust = ssl.create_default_context()
    if account.security == Security.STARTTLS:
        return MailBoxStartTls(host, port, timeout=_TIMEOUT_S, ssl_context=trust)
    return MailBox(host, port, timeout=_TIMEOUT_S, ssl_context=trust)
