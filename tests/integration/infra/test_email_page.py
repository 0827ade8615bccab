"""Email in and out at the desk: what was noted of the servers, and a test with its result."""

import smtplib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail as outgoing
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from jewelrymodel.accounts.roles import StaffRole
from jewelrymodel.config.commands import worker
from jewelrymodel.infra import clock, email_queue, mail, mail_intake, outgoing_mail_state, tasks
from jewelrymodel.infra.mail_sources import MailboxAccount, Security
from jewelrymodel.infra.models import OutgoingMailState, PendingEmail
from jewelrymodel.web.desk import access
from tests.support.shop import at_the_desk
from tests.support.smtp import smtp_listening
from tests.support.unkind_relay import Relay, relay

pytestmark = pytest.mark.django_db
PAGE = "/desk/email"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def vera() -> Client:
    """An operator at the desk."""
    return at_the_desk(role=StaffRole.OPERATOR)


@pytest.fixture
def server() -> Iterator[Relay]:
    """The mail server, which takes everything until it is told to be unkind."""
    with relay() as one:
        yield one


def run_its_job() -> None:
    """As a worker runs it: what the server refuses is noted when it has ended."""
    with outgoing_mail_state.failures_noted():
        tasks.send_email(email_id=PendingEmail.objects.get().pk)


def test_a_test_waits_and_is_taken(vera: Client, server: Relay) -> None:
    assert "None yet. Send yourself a test" in vera.get(PAGE).text
    assert vera.post(f"{PAGE}/test").status_code == 302
    assert "waits for the email server" in vera.get(PAGE).text
    server.says(mail="451 4.3.0 queue file write error")
    with pytest.raises(smtplib.SMTPSenderRefused):
        run_its_job()
    page = vera.get(PAGE).text
    assert "has taken nothing since" in page
    assert "queue file write error" in page
    server.says()
    run_its_job()
    (taken,) = server.taken
    assert b"vera@desk.example" in taken
    assert "The email server took the test" in vera.get(PAGE).text


def test_a_refused_address_and_one_that_was_given_up_are_not_called_taken(
    vera: Client, server: Relay
) -> None:
    vera.post(f"{PAGE}/test")
    server.says(rcpt="550 5.1.1 no such mailbox")
    run_its_job()
    page = vera.get(PAGE).text
    assert "was refused: 550 5.1.1 no such mailbox" in page
    assert "took the test" not in page
    assert "has taken nothing since" not in page
    vera.post(f"{PAGE}/test")
    PendingEmail.objects.update(created_at=clock.real_now() - timedelta(hours=6))
    server.says(mail="421 4.3.2 shutting down")
    run_its_job()
    page = vera.get(PAGE).text
    assert "given up" in page
    assert "shutting down" in page


@pytest.mark.parametrize(
    ("words", "is_of_server"),
    [
        ({"rcpt": "451 4.7.1 greylisted, come again"}, False),
        ({"rcpt": "450 come again"}, False),
        ({"rcpt": "452 4.2.2 mailbox full"}, False),
        ({"rcpt": "550 5.1.1 no such mailbox"}, False),
        ({"data": "451 4.7.1 greylisted, come again"}, False),
        ({"rcpt": "452 4.3.1 no room"}, True),
        ({"rcpt": "421 4.3.2 shutting down"}, True),
        ({"rcpt": "554 5.7.1 relay access denied"}, True),
        ({"mail": "530 5.7.0 authentication required"}, True),
        ({"data": "451 no room"}, True),
        ({"data": "554 5.7.1 we take nothing of yours"}, True),
    ],
)
def test_what_is_one_recipients_is_not_the_servers(
    server: Relay, words: dict[str, str], is_of_server: bool
) -> None:
    server.says(**words)
    letter = mail.compose(to="zoe@rings.example", subject="Hello", text="Here it is.")
    with outgoing_mail_state.failures_noted():
        with pytest.raises(smtplib.SMTPException):
            letter.send()
        assert outgoing_mail_state.state().problem == ""
    noted = outgoing_mail_state.state()
    assert (noted.failed_at is not None) is is_of_server
    assert "zoe@rings.example" not in noted.problem


def test_a_failure_is_noted_whoever_sends_and_though_that_is_rolled_back(server: Relay) -> None:
    """Receipts, replies and letters about refunds and disputes have tasks of their own."""
    server.says(mail="451 4.3.0 queue file write error")
    letter = mail.compose(to="zoe@rings.example", subject="Hello", text="Here it is.")

    def send() -> None:
        with transaction.atomic():
            letter.send()

    with pytest.raises(smtplib.SMTPSenderRefused):
        worker._note_mail_failures(send, None, None)
    state = outgoing_mail_state.state()
    assert "queue file write error" in state.problem
    outgoing_mail_state.note_accepted()

    def send_twice() -> None:
        with suppress(smtplib.SMTPException):
            send()
        server.says()
        send()

    worker._note_mail_failures(send_twice, None, None)
    assert outgoing_mail_state.state().problem == ""


def test_what_a_server_takes_is_noted_after_the_transaction(
    settings: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """By the connection that every mail of ours goes over; an earlier problem is over then."""
    kept: list[dict[str, Any]] = []
    letter = mail.compose(to="zoe@rings.example", subject="Hello", text="Here it is.")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mail, "keep", lambda **arrived: kept.append(arrived))
        with smtp_listening(lambda: NOW) as port:
            settings.EMAIL_PORT = port
            outgoing_mail_state.note_failure(OSError("connection refused"))
            backend = "jewelrymodel.infra.outgoing_email.SmtpBackend"
            with django_capture_on_commit_callbacks(execute=True):
                outgoing.get_connection(backend, port=port).send_messages([letter])
                assert outgoing_mail_state.state().accepted_at is None
            state = outgoing_mail_state.state()
    assert len(kept) == 1
    assert state.accepted_at is not None
    assert (state.failed_at, state.problem) == (None, "")


def test_since_when_it_fails_is_kept_from_the_first_failure() -> None:
    outgoing_mail_state.note_failure(OSError("first"))
    first = outgoing_mail_state.state().failed_at
    outgoing_mail_state.note_failure(OSError())
    state = outgoing_mail_state.state()
    assert (state.failed_at, state.problem) == (first, "OSError")
    with pytest.raises(IntegrityError):
        OutgoingMailState.objects.update(problem="")


def test_mail_in_is_shown_with_what_is_wrong(
    vera: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "asked_again", lambda *_: None)  # for a second factor
    settings.DEMO, settings.MAIL_IN_LISTENER = False, None
    settings.MAIL_IN_MAILBOX = None
    assert "requests by email don’t come in" in vera.get(PAGE).text
    account = MailboxAccount("imap.rings.shop", 993, "support", "hush-hush", Security.TLS)
    settings.MAIL_IN_MAILBOX = account
    now = clock.real_now()
    mail_intake.note_read(account, now)
    mail.keep(
        envelope_from="ida@rings.example",
        envelope_to=[settings.SUPPORT_EMAIL],
        raw=b"Subject: Hello\r\n\r\nHello",
        now=now,
    )
    page = vera.get(PAGE).text
    assert "support@imap.rings.shop:993/INBOX" in page
    assert "isn’t read" not in page
    assert "hush-hush" not in page
    assert mail.last_to(settings.SUPPORT_EMAIL) == now
    assert mail.last_to("others@rings.shop") is None
    mail_intake.note_failure(account, "mailbox_refuses_sign_in", now - timedelta(hours=1))
    page = vera.get(PAGE).text
    assert "The mailbox isn’t read." in page
    assert "mailbox_refuses_sign_in" in page


def test_waiting_email_is_counted(vera: Client) -> None:
    at = clock.real_now() - timedelta(minutes=9)
    email_queue.send_later(to="a@b.example", subject="x", text="y", machine_now=at)
    page = vera.get(PAGE).text
    assert "1 email about accounts" in page
    assert "Late: is a worker running?" in page


def test_an_agent_finds_no_such_page() -> None:
    agent = at_the_desk("Arun Example", role=StaffRole.AGENT)
    assert agent.get(PAGE).status_code == 404
    assert agent.post(f"{PAGE}/test").status_code == 404
