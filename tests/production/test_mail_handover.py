"""A mail server hands mail over: answered for each recipient once it is stored, and kept once."""

import asyncio
import os
import signal
import smtplib
import socket
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError

from jewelrymodel.config.health import listener_answers
from jewelrymodel.infra import mail, mail_handover
from jewelrymodel.infra.clock import now
from jewelrymodel.infra.mail_sources import MailListener
from jewelrymodel.infra.models import MailMessage
from tests.support.children import child, ended_by, in_a_child
from tests.support.service import free_ports, wait_for

TEXT = b"From: ida@rings.example\r\nSubject: Where is it?\r\n\r\nMy image is late.\r\n"
TAGGED = settings.SUPPORT_EMAIL.replace("@", "+ring@")
pytestmark = pytest.mark.usefixtures("committing_db")


class Client(smtplib.LMTP):
    """A mail server in front, as far as it hands over."""

    def hand_over(self, raw: bytes, *to: str, sender: str = "ida@rings.example") -> list[int]:
        """Speak one mail's dialogue; the codes of the answers from the first recipient's on."""
        self.docmd(f"MAIL FROM:<{sender}>")
        codes = [self.docmd(f"RCPT TO:<{one}>")[0] for one in to]
        taken = codes.count(250)
        if taken:
            self.docmd("DATA")
            self.send(raw + b".\r\n")
            codes += [self.getreply()[0] for _ in range(taken)]
        return codes


@contextmanager
def listening(
    listener: MailListener, work: Callable[[MailListener], object] | None = None
) -> Iterator[int]:
    """Have *listener* served by a child; yield its number."""
    with child(lambda: (work or serve)(listener)) as pid:
        wait_for(lambda: listener_answers(listener), timeout_s=60, what="nobody listens")
        yield pid


def serve(listener: MailListener) -> None:
    asyncio.run(mail_handover.serve(listener, now))


@pytest.fixture
def listener() -> MailListener:
    """One on this machine, over LMTP."""
    return MailListener(is_lmtp=True, host="127.0.0.1", port=free_ports(1))


@contextmanager
def client(listener: MailListener) -> Iterator[Client]:
    """A mail server that has said hello."""
    with Client(listener.host, listener.port, timeout=60) as one:
        one.ehlo("mx.rings.shop")
        yield one


def test_each_recipient_is_answered_and_the_mail_is_one(listener: MailListener) -> None:
    with listening(listener), client(listener) as front:
        codes = front.hand_over(TEXT, settings.SUPPORT_EMAIL, "billing@rings.shop", TAGGED)
        assert codes == [250, 550, 250, 250, 250]
        assert front.noop()[0] == 250
        assert front.hand_over(b"Subject: 2\r\n\r\n", TAGGED, sender="") == [250, 250]
    first, second = MailMessage.objects.order_by("pk")
    assert (first.envelope_from, first.envelope_to) == (
        "ida@rings.example",
        [settings.SUPPORT_EMAIL],
    )
    assert bytes(first.raw) == TEXT
    assert second.envelope_from == ""


def test_what_is_too_large_is_refused_for_each(listener: MailListener, settings: Any) -> None:
    settings.MAIL_IN_MAX_BYTES = 20_000
    with listening(listener), client(listener) as front:
        large = TEXT + b"A long story.\r\n" * 2_000
        codes = front.hand_over(large, settings.SUPPORT_EMAIL, TAGGED)
        assert codes == [250, 250, 552, 552]
        assert front.docmd("MAIL FROM:<ida@rings.example> SIZE=60000000")[0] == 552
        assert front.noop()[0] == 250
        assert front.hand_over(TEXT, settings.SUPPORT_EMAIL) == [250, 250]
    assert MailMessage.objects.count() == 1


def test_a_line_longer_than_the_standard_has_is_taken(listener: MailListener) -> None:
    raw = TEXT + b"x" * 70_000 + b"\r\n"
    with listening(listener), client(listener) as front:
        assert front.hand_over(raw, settings.SUPPORT_EMAIL) == [250, 250]
    assert bytes(MailMessage.objects.get().raw) == raw


def test_while_the_database_is_away_it_is_asked_to_come_again(listener: MailListener) -> None:
    def without_database(listener: MailListener) -> None:
        mail.keep_once = away  # type: ignore[assignment]  # in the child
        serve(listener)

    def away(**_: Any) -> MailMessage:
        raise OperationalError

    with listening(listener, without_database), client(listener) as front:
        assert front.hand_over(TEXT, settings.SUPPORT_EMAIL, TAGGED) == [250, 250, 451, 451]
    assert MailMessage.objects.count() == 0


def test_killed_before_the_answer_it_is_handed_over_again_and_is_one(
    listener: MailListener,
) -> None:
    keep = mail.keep_once

    def killed_once_kept(**given: Any) -> MailMessage:
        keep(**given)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    def dying(listener: MailListener) -> None:
        mail.keep_once = killed_once_kept
        serve(listener)

    pid = in_a_child(lambda: dying(listener))
    wait_for(lambda: listener_answers(listener), timeout_s=60, what="nobody listens")
    with pytest.raises((OSError, smtplib.SMTPException)), client(listener) as front:
        front.hand_over(TEXT, settings.SUPPORT_EMAIL)
    assert ended_by(pid) == signal.SIGKILL
    assert MailMessage.objects.count() == 1
    with listening(listener), client(listener) as front:
        assert front.hand_over(TEXT, settings.SUPPORT_EMAIL) == [250, 250]
    assert MailMessage.objects.count() == 1


def test_who_is_not_named_is_hung_up_on(listener: MailListener) -> None:
    class Strict(MailListener):
        def lets_in(self, peer: str) -> bool:
            return peer != "127.0.0.1"

    strict = Strict(is_lmtp=True, host=listener.host, port=listener.port)
    with listening(strict):
        line = socket.create_connection((strict.host, strict.port), timeout=60)
        with line, suppress(ConnectionResetError):
            assert line.recv(1000) == b""  # nobody greets


def test_a_socket_is_for_our_group_only(tmp_path: Path) -> None:
    path = Path("/tmp") / f"jm-{os.getpid()}.sock"
    listener = MailListener(is_lmtp=True, path=path)
    try:
        with listening(listener):
            wait_for(lambda: stat.S_IMODE(path.stat().st_mode) == 0o660, timeout_s=60, what="open")
            with Client(str(path), timeout=60) as front:
                front.ehlo("mx.rings.shop")
                assert front.hand_over(TEXT, settings.SUPPORT_EMAIL) == [250, 250]
        with listening(listener), Client(str(path), timeout=60) as again:
            assert again.noop()[0] == 250
    finally:
        path.unlink()


def test_smtp_answers_once(listener: MailListener) -> None:
    plain = MailListener(is_lmtp=False, host=listener.host, port=listener.port)
    with listening(plain), smtplib.SMTP(plain.host, plain.port, timeout=60) as front:
        refused = front.sendmail("ida@rings.example", [settings.SUPPORT_EMAIL, TAGGED], TEXT)
        assert refused == {}
        assert front.noop()[0] == 250
    assert MailMessage.objects.count() == 1
