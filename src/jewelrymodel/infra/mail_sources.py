"""Where mail to us comes from: a mailbox that we read, or a mail server that hands it over."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from jewelrymodel.infra.trusted_proxies import Proxies, address, is_loopback


class Security(StrEnum):
    """How the connection to a mailbox is kept private; NONE on this machine only."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True)
class MailboxAccount:
    """A mailbox with all mail to support, reached over IMAP.

    What was taken in is moved to the folder *move_to*; where that is empty it stays, and is marked.
    The password is kept out of what is printed.
    """

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    security: Security = Security.TLS
    folder: str = "INBOX"
    move_to: str = ""
    poll_s: int = 60

    @property
    def name(self) -> str:
        """Which folder of which mailbox this is; the same on each machine that reads it."""
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"


@dataclass(frozen=True)
class MailListener:
    """Where a mail server in front hands mail over: a socket's *path*, or *host* and *port*.

    LMTP answers for each recipient (RFC 2033), SMTP for the mail as a whole.
    """

    is_lmtp: bool
    path: Path | None = None
    host: str = ""
    port: int = 0
    trusted: Proxies = field(default_factory=Proxies)

    def lets_in(self, peer: str) -> bool:
        """Return whether the caller at the address *peer* may hand mail over.

        Whoever may write to a socket may, and so may this machine, by whichever address of its own.
        """
        called_from = address(peer) if peer else None
        if called_from is None:
            return self.path is not None
        is_ours = is_loopback(str(called_from)) or called_from == address(f"[{self.host}]")
        return is_ours or called_from in self.trusted

    def __str__(self) -> str:
        where = str(self.path) if self.path else f"{self.host}:{self.port}"
        return f"{'lmtp' if self.is_lmtp else 'smtp'}:{where}"
