"""How mail comes in: what is read from the environment, and what is refused of it."""

from pathlib import Path

import pytest

from jewelrymodel.config import mail_in_settings
from jewelrymodel.config.environment_variables import BadSetting
from jewelrymodel.infra.mail_sources import Security

MAILBOX = {
    "MAIL_IN_HOST": "imap.rings.shop",
    "MAIL_IN_USER": "help@rings.shop",
    "MAIL_IN_PASSWORD": " spaces are kept ",
}


@pytest.fixture(autouse=True)
def env(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """None of the variables is set."""
    for name in ("HOST", "PORT", "USER", "PASSWORD", "PASSWORD_FILE", "SECURITY", "FOLDER"):
        monkeypatch.delenv(f"MAIL_IN_{name}", raising=False)
    for name in ("MOVE_TO", "POLL_S", "LISTEN", "TRUSTED", "MAX_MB"):
        monkeypatch.delenv(f"MAIL_IN_{name}", raising=False)
    return monkeypatch


def given(env: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        env.setenv(name, value)


def test_no_mail_comes_in_unless_something_is_set() -> None:
    assert mail_in_settings.mailbox(demo=False) is None
    assert mail_in_settings.listener(demo=False) is None
    assert mail_in_settings.largest_bytes() == 30_000_000


def test_a_mailbox_is_read_over_tls(env: pytest.MonkeyPatch) -> None:
    given(env, **MAILBOX)
    account = mail_in_settings.mailbox(demo=False)
    assert account is not None
    assert (account.port, account.security, account.folder) == (993, Security.TLS, "INBOX")
    assert account.password == " spaces are kept "
    assert account.password not in repr(account)
    assert account.name == "help@rings.shop@imap.rings.shop:993/INBOX"


def test_a_password_comes_from_a_file(env: pytest.MonkeyPatch, tmp_path: Path) -> None:
    kept = tmp_path / "password"
    kept.write_text("from a file\n")
    given(env, **MAILBOX, MAIL_IN_PASSWORD_FILE=str(kept), MAIL_IN_SECURITY="starttls")
    account = mail_in_settings.mailbox(demo=False)
    assert account is not None
    assert (account.password, account.port) == ("from a file", 143)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"MAIL_IN_SECURITY": "none"}, "MAIL_IN_SECURITY is none"),
        ({"MAIL_IN_SECURITY": "ssl"}, "MAIL_IN_SECURITY is 'ssl'"),
        ({"MAIL_IN_PASSWORD": ""}, "MAIL_IN_HOST is set"),
        ({"MAIL_IN_PASSWORD_FILE": "/nowhere"}, "MAIL_IN_PASSWORD_FILE can't be read"),
        ({"MAIL_IN_USER": ""}, "MAIL_IN_HOST is set"),
        ({"MAIL_IN_POLL_S": "0"}, "MAIL_IN_POLL_S is 0"),
        ({"MAIL_IN_POLL_S": "3600"}, "MAIL_IN_POLL_S is 3600"),
        ({"MAIL_IN_MOVE_TO": "inbox"}, "MAIL_IN_MOVE_TO is the folder"),
    ],
)
def test_a_mailbox_that_cannot_be_read_safely_is_refused(
    env: pytest.MonkeyPatch, values: dict[str, str], words: str
) -> None:
    given(env, **MAILBOX | values)
    with pytest.raises(BadSetting, match=words):
        mail_in_settings.mailbox(demo=False)


def test_this_machines_own_needs_no_tls(env: pytest.MonkeyPatch) -> None:
    given(env, **MAILBOX | {"MAIL_IN_HOST": "127.0.0.1", "MAIL_IN_SECURITY": "none"})
    account = mail_in_settings.mailbox(demo=False)
    assert account is not None
    assert account.port == 143


def test_the_demo_reads_nobodys_mail(env: pytest.MonkeyPatch) -> None:
    given(env, **MAILBOX, MAIL_IN_LISTEN="lmtp:127.0.0.1:8024")
    for setting in (mail_in_settings.mailbox, mail_in_settings.listener):
        with pytest.raises(BadSetting, match="the demo reads no real mail"):
            setting(demo=True)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("lmtp:127.0.0.1:8024", "lmtp:127.0.0.1:8024"),
        ("smtp:localhost:25", "smtp:localhost:25"),
        ("lmtp:[::1]:8024", "lmtp:::1:8024"),
        ("lmtp:/run/x/lmtp.sock", "lmtp:/run/x/lmtp.sock"),
    ],
)
def test_a_mail_server_hands_mail_over(env: pytest.MonkeyPatch, text: str, shown: str) -> None:
    given(env, MAIL_IN_LISTEN=text)
    assert str(mail_in_settings.listener(demo=False)) == shown


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"MAIL_IN_LISTEN": "8024"}, "MAIL_IN_LISTEN is '8024'"),
        ({"MAIL_IN_LISTEN": "lmtp:"}, "MAIL_IN_LISTEN is 'lmtp:'"),
        ({"MAIL_IN_LISTEN": "imap:127.0.0.1:8024"}, "MAIL_IN_LISTEN is"),
        ({"MAIL_IN_LISTEN": "lmtp:127.0.0.1:many"}, "an address and a port"),
        ({"MAIL_IN_LISTEN": "lmtp:127.0.0.1:70000"}, "an address and a port"),
        ({"MAIL_IN_LISTEN": "lmtp:0.0.0.0:8024"}, "which other machines reach"),
        ({"MAIL_IN_LISTEN": "lmtp:10.0.0.2:1", "MAIL_IN_TRUSTED": "*"}, "MAIL_IN_TRUSTED"),
        ({"MAIL_IN_LISTEN": "lmtp:10.0.0.2:1", "MAIL_IN_TRUSTED": "::/0"}, "MAIL_IN_TRUSTED"),
    ],
)
def test_a_listener_that_anybody_could_reach_is_refused(
    env: pytest.MonkeyPatch, values: dict[str, str], words: str
) -> None:
    given(env, **values)
    with pytest.raises(BadSetting, match=words):
        mail_in_settings.listener(demo=False)


def test_only_the_mail_servers_that_are_named_hand_mail_over(env: pytest.MonkeyPatch) -> None:
    given(env, MAIL_IN_LISTEN="lmtp:10.0.0.2:24", MAIL_IN_TRUSTED="10.0.0.3, 10.1.0.0/16")
    listener = mail_in_settings.listener(demo=False)
    assert listener is not None
    callers = ("10.0.0.3", "10.1.9.9", "127.0.0.1", "::ffff:10.0.0.3", "10.0.0.2")
    assert all(map(listener.lets_in, callers))
    assert not any(map(listener.lets_in, ("10.0.0.4", "", "nobody")))
    given(env, MAIL_IN_LISTEN="lmtp:/run/lmtp.sock")
    socket = mail_in_settings.listener(demo=False)
    assert socket is not None
    assert socket.lets_in("")


@pytest.mark.parametrize("megabytes", ["0", "101"])
def test_the_largest_mail_is_within_reason(env: pytest.MonkeyPatch, megabytes: str) -> None:
    given(env, MAIL_IN_MAX_MB=megabytes)
    with pytest.raises(BadSetting, match="MAIL_IN_MAX_MB"):
        mail_in_settings.largest_bytes()
