"""How mail to support comes in, read from the environment: MAIL_IN_* and what is refused of it."""

import os
from pathlib import Path

from jewelrymodel.config import environment_variables as env
from jewelrymodel.config.environment_variables import BadSetting
from jewelrymodel.infra.mail_sources import MailboxAccount, MailListener, Security
from jewelrymodel.infra.trusted_proxies import NotAProxy, Proxies, is_loopback

_PORTS = {Security.TLS: 993, Security.STARTTLS: 143, Security.NONE: 143}
_LONGEST_POLL_S = 25 * 60  # a server may log off who says nothing for 30 minutes (RFC 3501, 5.4)
_MOST_MB = 100


def mailbox(*, demo: bool) -> MailboxAccount | None:
    """Return the mailbox that MAIL_IN_HOST and its companions name, None without one.

    Raises BadSetting, also in the *demo*, whose mail is its own.
    """
    host = env.text("MAIL_IN_HOST")
    if not host:
        return None
    _refuse_in_demo("MAIL_IN_HOST", demo)
    security = _security(host)
    poll_s = env.number("MAIL_IN_POLL_S", 60)
    if not 1 <= poll_s <= _LONGEST_POLL_S:
        raise BadSetting(f"MAIL_IN_POLL_S is {poll_s}; set it to 1 to {_LONGEST_POLL_S} seconds")
    account = MailboxAccount(
        host=host,
        port=env.number("MAIL_IN_PORT", _PORTS[security]),
        user=env.text("MAIL_IN_USER"),
        password=_password(),
        security=security,
        folder=env.text("MAIL_IN_FOLDER") or "INBOX",
        move_to=env.text("MAIL_IN_MOVE_TO"),
        poll_s=poll_s,
    )
    if not account.user or not account.password:
        raise BadSetting("MAIL_IN_HOST is set: set MAIL_IN_USER and MAIL_IN_PASSWORD(_FILE) too")
    if account.move_to.lower() == account.folder.lower():
        raise BadSetting("MAIL_IN_MOVE_TO is the folder that is read; name another, or leave it")
    return account


def listener(*, demo: bool) -> MailListener | None:
    """Return where MAIL_IN_LISTEN has a mail server hand mail over, None without it.

    Raises BadSetting: whoever can connect there could write in anybody's name, so beyond this
    machine the servers that may are named.
    """
    text = env.text("MAIL_IN_LISTEN")
    if not text:
        return None
    _refuse_in_demo("MAIL_IN_LISTEN", demo)
    protocol, _, place = text.partition(":")
    if protocol not in ("lmtp", "smtp") or not place:
        raise BadSetting(
            f"MAIL_IN_LISTEN is {text!r}; set it to lmtp:127.0.0.1:8024, lmtp:/path/of/socket "
            "or smtp:127.0.0.1:8025"
        )
    is_lmtp = protocol == "lmtp"
    if place.startswith("/"):
        return MailListener(is_lmtp, path=Path(place))
    host, _, port = place.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise BadSetting(f"MAIL_IN_LISTEN is {text!r}; name an address and a port of 1 to 65535")
    try:
        trusted = Proxies.named(env.text("MAIL_IN_TRUSTED"))
    except NotAProxy as error:
        raise BadSetting(f"MAIL_IN_TRUSTED: {error}; name your mail servers") from None
    if not is_loopback(host) and not trusted:
        raise BadSetting(
            f"MAIL_IN_LISTEN is {text}, which other machines reach: name the mail servers that "
            "may hand mail over with MAIL_IN_TRUSTED"
        )
    return MailListener(is_lmtp, host=host.strip("[]"), port=int(port), trusted=trusted)


def largest_bytes() -> int:
    """Return how large a mail may be that is taken in whole; raises BadSetting."""
    megabytes = env.number("MAIL_IN_MAX_MB", 30)
    if not 1 <= megabytes <= _MOST_MB:
        raise BadSetting(f"MAIL_IN_MAX_MB is {megabytes}; set it to 1 to {_MOST_MB}")
    return megabytes * 1_000_000


def results_of() -> str:
    """Return whose Authentication-Results are believed, by MAIL_IN_RESULTS_OF; "" for nobody's.

    Raises BadSetting for what no server calls itself (RFC 8601, 2.5).
    """
    server = env.text("MAIL_IN_RESULTS_OF")
    if server.split() not in ([], [server]) or ";" in server:
        raise BadSetting(
            f"MAIL_IN_RESULTS_OF is {server!r}; name what your mail server calls itself in "
            "Authentication-Results, such as mx.example.com"
        )
    return server


def _refuse_in_demo(setting: str, demo: bool) -> None:
    if demo:
        raise BadSetting(f"the demo reads no real mail; set DEMO=0, or leave {setting} out")


def _security(host: str) -> Security:
    word = env.text("MAIL_IN_SECURITY", Security.TLS).lower()
    if word not in list(Security):
        raise BadSetting(f"MAIL_IN_SECURITY is {word!r}; set it to tls or starttls")
    if word == Security.NONE and not is_loopback(host):
        raise BadSetting(f"MAIL_IN_SECURITY is none, and {host} is another machine; set it to tls")
    return Security(word)


def _password() -> str:
    """The password, or the first line of the file that MAIL_IN_PASSWORD_FILE names."""
    file = env.text("MAIL_IN_PASSWORD_FILE")
    if not file:
        return os.environ.get("MAIL_IN_PASSWORD", "")
    try:
        return Path(file).read_text().partition("\n")[0]
    except (OSError, ValueError) as error:
        raise BadSetting(f"MAIL_IN_PASSWORD_FILE can't be read: {error}") from None
