"""A real Dovecot of the machine's own: one mailbox over IMAP, with TLS where it is given a key."""

import getpass
import grp
import os
import pwd
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from imap_tools import MailBoxUnencrypted

from tests.support.proxies import PLACES, Certificate, standing

USER, PASSWORD = "support", "let-me-in"
_MAIL_USER = "nobody"
_CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/run
log_path = /dev/stderr
ssl = {ssl}
{keys}
disable_plaintext_auth = no
auth_failure_delay = 0
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
first_valid_uid = 1
mail_location = maildir:{folder}/mail
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
  }}
}}
protocol imap {{
  imap_capability = {capability}
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """One that runs; *tls* is 0 without a certificate."""

    folder: Path
    plain: int
    tls: int

    @contextmanager
    def opened(self) -> Iterator[MailBoxUnencrypted]:
        """Its mailbox, as a mail program sees it."""
        with MailBoxUnencrypted("127.0.0.1", self.plain, timeout=20) as box:
            box.login(USER, PASSWORD)
            yield box

    def deliver(self, *mails: bytes) -> None:
        """Put mails into the inbox."""
        with self.opened() as box:
            for one in mails:
                box.append(one, "INBOX")

    def count(self, folder: str = "INBOX", criteria: str = "ALL") -> int:
        """How many mails of that kind *folder* has."""
        with self.opened() as box:
            box.folder.set(folder)
            return len(box.uids(criteria))


@contextmanager
def dovecot(
    folder: Path,
    *,
    plain: int,
    tls: int = 0,
    certificate: Certificate | None = None,
    capability: str = "",
) -> Iterator[Dovecot]:
    """Dovecot on a *folder* that its user may pass through; *capability* is all that it can."""
    program = _program()
    owner = _MAIL_USER if os.geteuid() == 0 else getpass.getuser()
    entry = pwd.getpwnam(owner)
    (folder / "mail").mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        os.chown(folder / "mail", entry.pw_uid, entry.pw_gid)
    keys = f"ssl_cert = <{certificate.chain}\nssl_key = <{certificate.key}" if certificate else ""
    config = folder / "dovecot.conf"
    config.write_text(
        _CONFIG.format(
            folder=folder,
            ssl="yes" if certificate else "no",
            keys=keys,
            user=owner,
            group=grp.getgrgid(entry.pw_gid).gr_name,
            password=PASSWORD,
            plain=plain,
            tls=tls if certificate else 0,
            capability=capability,
        )
    )
    with standing([program, "-F", "-c", str(config)], plain, {}):
        yield Dovecot(folder, plain, tls)


def is_here() -> bool:
    """Whether the machine has a Dovecot."""
    return shutil.which("dovecot", path=PLACES) is not None


def _program() -> str:
    """Dovecot's path; skips where the machine has none: it isn't ours to install there."""
    found = shutil.which("dovecot", path=PLACES)
    if found is None:
        pytest.skip("dovecot isn't here: make setup installs it as root (dovecot-imapd)")
    return found


def read_from(inbox: Dovecot | None, certificate: Certificate) -> dict[str, str]:
    """The settings by which mail comes in."""
    if inbox is None:
        return {}
    password = inbox.folder / "password"
    password.write_text(f"{PASSWORD}\n")
    return {
        "MAIL_IN_HOST": "localhost",
        "MAIL_IN_PORT": str(inbox.tls),
        "MAIL_IN_USER": USER,
        "MAIL_IN_PASSWORD_FILE": str(password),
        "MAIL_IN_MOVE_TO": "Taken",
        "SSL_CERT_FILE": str(certificate.authority),
    }
