"""A real Dovecot, read as support's mailbox: nothing is lost, and nothing is doubled."""

import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from pytest_django import Settings

from jewelrymodel.infra import imap_mailbox, mail, mail_intake
from jewelrymodel.infra.clock import real_now
from jewelrymodel.infra.imap_mailbox import KeepsNoMark, Mailbox, SignInRefused
from jewelrymodel.infra.mail_sources import MailboxAccount, Security
from jewelrymodel.infra.models import MailboxState, MailMessage
from jewelrymodel.support import operations
from jewelrymodel.support.models import InboundEmail
from jewelrymodel.support.statuses import MailOutcome
from tests.support.children import child, ended_by, in_a_child
from tests.support.dovecot import PASSWORD, USER, Dovecot, dovecot
from tests.support.proxies import Certificate
from tests.support.service import free_ports, wait_for

NOW = datetime(2026, 5, 14, 12, tzinfo=UTC)
SECONDS = count()
TRACED = {one.__file__ for one in (mail, mail_intake, imap_mailbox)}
END_THE_OTHERS = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
"""
pytestmark = pytest.mark.usefixtures("committing_db")


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that Dovecot's user may pass through."""
    root = Path(tempfile.mkdtemp(prefix="jm-imap-"))
    root.chmod(0o711)
    yield root
    shutil.rmtree(root)


@pytest.fixture(scope="module")
def server(place: Path, certificate: Certificate) -> Iterator[Dovecot]:
    """The operator's mail server."""
    plain = free_ports(2)
    folder = place / "first"
    folder.mkdir()
    folder.chmod(0o711)
    with dovecot(folder, plain=plain, tls=plain + 1, certificate=certificate) as running:
        yield running


@pytest.fixture
def account(server: Dovecot) -> Iterator[MailboxAccount]:
    """Support's mailbox there, empty."""
    yield MailboxAccount(
        "127.0.0.1", server.plain, USER, PASSWORD, security=Security.NONE, poll_s=60
    )
    with server.opened() as box:
        for folder in ("INBOX", "Taken"):
            if box.folder.exists(folder):
                box.folder.set(folder)
                box.delete(box.uids())


def letter(number: int, text: str = "Where is my image?", **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = f"ida{number}@rings.example", settings.SUPPORT_EMAIL
    message["Subject"], message["Message-ID"] = f"Mail {number}", f"<{number}@rings.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return bytes(message)


def now() -> datetime:
    """Later at each look, so that what is stored is in its order."""
    return NOW + timedelta(seconds=next(SECONDS))


def taken(account: MailboxAccount) -> int:
    with imap_mailbox.opened(account) as box:
        return mail_intake.take_in(box, account, now)


def subjects() -> list[str]:
    return list(MailMessage.objects.order_by("pk").values_list("subject", flat=True))


@pytest.mark.parametrize("move_to", ["", "Taken"])
def test_what_arrives_is_stored_in_its_order_and_once(
    server: Dovecot, account: MailboxAccount, move_to: str
) -> None:
    account = replace(account, move_to=move_to)
    server.deliver(*map(letter, range(3)))
    assert taken(account) == 3
    assert subjects() == ["Mail 0", "Mail 1", "Mail 2"]
    assert taken(account) == 0
    server.deliver(letter(3))
    assert taken(account) == 1
    assert subjects() == ["Mail 0", "Mail 1", "Mail 2", "Mail 3"]
    assert server.count() == (0 if move_to else 4)
    assert server.count(criteria="SEEN") == 0
    if move_to:
        assert server.count("Taken") == 4


@pytest.mark.parametrize("move_to", ["", "Taken"])
def test_killed_at_any_line_there_is_one_mail(
    server: Dovecot, account: MailboxAccount, move_to: str
) -> None:
    """A real SIGKILL, before each sixth line of ours; the two kinds of mark begin apart."""
    account = replace(account, move_to=move_to)
    with ExitStack() as open_ones:
        desk = open_ones.enter_context(server.opened())
        again = open_ones.enter_context(imap_mailbox.opened(account))
        killed = 0
        for line in range(4 if move_to else 1, 400, 6):
            raw = letter(line)
            desk.append(raw, "INBOX")
            is_killed = ended_by(in_a_child(partial(dying_at, line, account))) == signal.SIGKILL
            mail_intake.take_in(again, account, now)
            assert subjects() == [f"Mail {line}"], f"killed before line {line}"
            assert again.new_uids() == []
            MailMessage.objects.all().delete()
            if not is_killed:
                break
            killed += 1
    assert killed > 10


def dying_at(line: int, account: MailboxAccount) -> None:
    """Take in what there is; killed when the so-many-th line of ours is to be run."""
    lines = count(1)

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename not in TRACED:
            return None
        if event == "line" and next(lines) == line:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace

    with imap_mailbox.opened(account) as box:
        sys.settrace(trace)
        mail_intake.take_in(box, account, now)
        sys.settrace(None)


def test_two_at_once_take_each_mail_once(server: Dovecot, account: MailboxAccount) -> None:
    server.deliver(*map(letter, range(12)))
    both = [in_a_child(partial(taken, account)) for _ in range(2)]
    assert [ended_by(one) for one in both] == [0, 0]
    assert subjects() == [f"Mail {number}" for number in range(12)]
    assert taken(account) == 0


def test_numbers_that_begin_anew_double_nothing(
    server: Dovecot, account: MailboxAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """UIDVALIDITY changes while a mail is stored and not yet marked."""
    server.deliver(letter(1))
    with monkeypatch.context() as patched:
        patched.setattr(Mailbox, "mark", lambda *_: None)
        assert taken(account) == 1
    before = MailMessage.objects.get().source
    for path in (server.folder / "mail").glob("dovecot*[xt]"):
        path.unlink()
    server.deliver(letter(2))
    assert taken(account) == 2
    assert subjects() == ["Mail 1", "Mail 2"]
    assert MailMessage.objects.get(subject="Mail 1").source != before


@pytest.mark.parametrize("move_to", ["", "Taken"])
def test_after_a_restore_what_came_since_the_backup_is_taken_in(
    server: Dovecot, account: MailboxAccount, move_to: str
) -> None:
    account = replace(account, move_to=move_to)
    server.deliver(*map(letter, range(3)))
    taken(account)
    MailMessage.objects.filter(subject__in=["Mail 1", "Mail 2"]).delete()
    today = real_now().date()
    with imap_mailbox.opened(account) as box:
        assert box.unmark_since(today + timedelta(days=2)) == 0
        assert box.unmark_since(today - timedelta(days=1)) == 3
        assert mail_intake.take_in(box, account, now) == 3
        assert box.new_uids() == []
    assert subjects() == ["Mail 0", "Mail 1", "Mail 2"]


def test_what_the_server_does_not_hand_out_is_not_marked(
    server: Dovecot, account: MailboxAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.deliver(letter(1))
    with monkeypatch.context() as patched:
        patched.setattr(Mailbox, "first_bytes", lambda *_, **__: None)
        with pytest.raises(mail_intake.NotAllTaken) as left:
            taken(account)
    assert mail_intake.problem_code(left.value) == "mailbox_not_emptied"
    assert taken(account) == 1
    assert subjects() == ["Mail 1"]


def test_a_server_that_can_do_little_is_enough(place: Path, account: MailboxAccount) -> None:
    """Neither MOVE nor UIDPLUS: what was taken is copied, and goes when somebody cleans up."""
    folder = place / "plain"
    folder.mkdir()
    folder.chmod(0o711)
    port = free_ports(1)
    with dovecot(folder, plain=port, capability="IMAP4rev1") as plain:
        little = replace(account, port=port, move_to="Taken")
        plain.deliver(letter(1))
        assert [taken(little), taken(little)] == [1, 0]
        assert subjects() == ["Mail 1"]
        assert plain.count("Taken") == 1
        assert plain.count(criteria="DELETED") == 1


def test_a_mail_that_is_too_large_is_noted_and_not_loaded(
    server: Dovecot, account: MailboxAccount, settings: Settings
) -> None:
    settings.MAIL_IN_MAX_BYTES = 50_000
    server.deliver(letter(1, text="A long story.\n" * 10_000), letter(2))
    assert taken(account) == 2
    large = MailMessage.objects.get(subject="Mail 1")
    assert large.left_out_bytes > 140_000
    assert b"A long story" not in bytes(large.raw)
    assert operations.receive_email(mail_id=large.pk, now=NOW) == MailOutcome.QUARANTINED
    assert "too large (0.2 MB)" in InboundEmail.objects.get(mail_id=large.pk).reason
    case = operations.release_email(mail_id=large.pk, user_id=1, now=NOW)
    assert case.email == "ida1@rings.example"


def test_the_envelope_is_what_the_last_server_wrote(
    server: Dovecot, account: MailboxAccount
) -> None:
    forged = letter(1, Return_Path="<ida@rings.example>")
    server.deliver(b"Return-Path: <>\r\n" + forged, letter(2), letter(3, Return_Path="<i@x.de>"))
    taken(account)
    rows = MailMessage.objects.order_by("pk")
    assert [one.envelope_from for one in rows] == ["", "ida2@rings.example", "i@x.de"]
    assert {one.envelope_to[0] for one in rows} == {settings.SUPPORT_EMAIL}


def test_one_that_cannot_be_stored_or_marked_holds_up_no_other(
    server: Dovecot, account: MailboxAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.deliver(*map(letter, range(3)))
    keep = mail.keep_once

    def stumble(**given: Any) -> MailMessage:
        if b"Mail 1" in given["raw"]:
            raise ValueError
        return keep(**given)

    with monkeypatch.context() as patched:
        patched.setattr(mail, "keep_once", stumble)
        with pytest.raises(mail_intake.NotAllTaken):
            taken(account)
    assert subjects() == ["Mail 0", "Mail 2"]
    assert taken(account) == 1
    assert subjects() == ["Mail 0", "Mail 2", "Mail 1"]


@pytest.mark.parametrize("security", [Security.NONE, Security.STARTTLS])
def test_a_mail_that_comes_while_we_wait_is_announced(
    server: Dovecot,
    account: MailboxAccount,
    certificate: Certificate,
    monkeypatch: pytest.MonkeyPatch,
    security: Security,
) -> None:
    """Unannounced it would lie for ten minutes, until the next look.

    The first comes before we wait, and is told of together with the server's consent.
    """
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.authority))
    patient = replace(account, host="localhost", security=security, poll_s=600)
    began_s = time.monotonic()
    with imap_mailbox.opened(patient) as box:
        assert box.new_uids() == []
        server.deliver(letter(1))
        box.wait()
        assert mail_intake.take_in(box, patient, now) == 1
        pid = in_a_child(lambda: server.deliver(letter(2)))
        while not box.new_uids():  # a server may have something else to say
            box.wait()
        assert ended_by(pid) == 0
    assert time.monotonic() - began_s < patient.poll_s


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_certificate_is_checked(
    server: Dovecot,
    account: MailboxAccount,
    certificate: Certificate,
    security: Security,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    port = server.tls if security == Security.TLS else server.plain
    private = replace(account, host="localhost", port=port, security=security)
    server.deliver(letter(1))
    with pytest.raises(OSError, match="certificate verify failed") as refused:
        taken(private)
    assert mail_intake.problem_code(refused.value) == "mailbox_certificate"
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.authority))
    assert taken(private) == 1


def test_a_wrong_password_is_said(account: MailboxAccount) -> None:
    with (
        pytest.raises(SignInRefused) as refused,
        imap_mailbox.opened(replace(account, password="guessed")),
    ):
        pass
    assert mail_intake.problem_code(refused.value) == "mailbox_refuses_sign_in"


def test_a_folder_that_keeps_no_mark_is_refused(
    account: MailboxAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Mailbox._said

    def reluctant(box: Mailbox, name: str) -> str:
        return r"(\Seen \Deleted)" if name == "PERMANENTFLAGS" else said(box, name)

    monkeypatch.setattr(Mailbox, "_said", reluctant)
    with pytest.raises(KeepsNoMark), imap_mailbox.opened(account):
        pass
    with imap_mailbox.opened(replace(account, move_to="Taken")) as box:
        assert box.new_uids() == []


def test_one_that_was_away_is_read_in_its_order_when_it_is_back(place: Path) -> None:
    folder = place / "late"
    folder.mkdir()
    folder.chmod(0o711)
    port = free_ports(1)
    late = MailboxAccount("127.0.0.1", port, USER, PASSWORD, security=Security.NONE, poll_s=1)
    states = MailboxState.objects
    with child(lambda: mail_intake.read_forever(late, real_now)):
        wait_for(lambda: states.exclude(problem=""), timeout_s=60, what="it isn't missed")
        with dovecot(folder, plain=port) as server:
            server.deliver(*map(letter, range(3)))
            wait_for(lambda: MailMessage.objects.count() == 3, timeout_s=120, what="it stays away")
            wait_for(lambda: not states.exclude(problem=""), timeout_s=60, what="it still fails")
            with connection.cursor() as cursor:  # the database goes away from under the reader
                cursor.execute(END_THE_OTHERS)
            server.deliver(letter(3))
            wait_for(lambda: MailMessage.objects.count() == 4, timeout_s=120, what="it gave up")
    by_time = MailMessage.objects.order_by("received_at").values_list("subject", flat=True)
    assert list(by_time) == ["Mail 0", "Mail 1", "Mail 2", "Mail 3"]
