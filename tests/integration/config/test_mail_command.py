"""``jewelrymodel mail`` without a way in, and its test mail; what doctor says of a mailbox."""

import smtplib
from datetime import date

import pytest
from django.conf import settings
from django.core import mail as outgoing
from pytest_django import Settings

from jewelrymodel.config.commands import doctor
from jewelrymodel.config.commands import mail as command
from jewelrymodel.infra import mail
from jewelrymodel.infra.mail_sources import MailboxAccount, MailListener, Security
from jewelrymodel.infra.outgoing_email import OutgoingMail
from tests.support.shop import now

pytestmark = pytest.mark.django_db
Printed = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def no_way_in(settings: Settings) -> None:
    settings.DEMO = False
    settings.MAIL_IN_MAILBOX = settings.MAIL_IN_LISTENER = None


@pytest.mark.parametrize(
    ("run", "setting"),
    [
        (command.fetch, "MAIL_IN_HOST"),
        (lambda: command.again(date(2026, 5, 14)), "MAIL_IN_HOST"),
        (command.listen, "MAIL_IN_LISTEN"),
    ],
)
def test_without_its_setting_it_says_which(run: object, setting: str) -> None:
    assert callable(run)
    with pytest.raises(command.NoMailIn, match=setting):
        run()


def test_a_mail_to_somebody_else_is_only_sent(capsys: Printed) -> None:
    assert command.test("me@rings.shop", 1) == 0
    assert [one.to for one in outgoing.outbox] == [["me@rings.shop"]]
    assert "Sent to me@rings.shop" in capsys.readouterr().out


def test_without_a_way_in_none_is_waited_for(capsys: Printed) -> None:
    assert command.test(settings.SUPPORT_EMAIL, 60) == 1
    assert "No mail comes in" in capsys.readouterr().out


def test_one_that_comes_in_is_seen_and_one_that_does_not_is_said(
    settings: Settings, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAIL_IN_LISTENER = MailListener(is_lmtp=True, host="127.0.0.1", port=8024)
    assert command.test(settings.SUPPORT_EMAIL, 0) == 1
    assert "It didn't come in" in capsys.readouterr().out

    def arrive(letter: OutgoingMail) -> int:
        raw = letter.message().as_bytes()
        mail.keep(envelope_from="", envelope_to=letter.to, raw=raw, now=now())
        return 1

    monkeypatch.setattr(OutgoingMail, "send", arrive)
    monkeypatch.setattr(command, "now", now)
    assert command.test(settings.SUPPORT_EMAIL, 60) == 0
    assert "It came in after" in capsys.readouterr().out


def test_a_relay_that_takes_nothing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: OutgoingMail) -> int:
        raise smtplib.SMTPDataError(554, b"not from here")

    monkeypatch.setattr(OutgoingMail, "send", refuse)
    with pytest.raises(command.NotSent, match="not from here"):
        command.test("me@rings.shop", 1)


def test_a_mailbox_that_is_away_is_named(settings: Settings) -> None:
    settings.MAIL_IN_MAILBOX = MailboxAccount(
        "127.0.0.1", 1, "support", "secret", security=Security.NONE
    )
    with pytest.raises(command.NotRead, match="support@127"):
        command.again(date(2026, 5, 14))


def test_doctor_names_what_keeps_a_mailbox_from_being_read(settings: Settings) -> None:
    assert [*doctor._mail_in()] == []
    settings.MAIL_IN_MAILBOX = MailboxAccount(
        "127.0.0.1", 1, "support", "secret", security=Security.NONE
    )
    (finding,) = doctor._mail_in()
    assert finding.is_fine is False
    assert "(mailbox_unreachable)" in finding.words
    assert "secret" not in finding.words
