import asyncio
import smtplib
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.mail import get_connection

from jewelrymodel.infra import mail, outgoing_mail_state
from jewelrymodel.infra.models import MailMessage
from jewelrymodel.infra.smtp import Keeper
from tests.support.smtp import smtp_listening
from tests.support.unkind_relay import relay

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SMTP = "django.core.mail.backends.smtp.EmailBackend"
TEXT = "Ein Wort für Zoë.\n\nhttp://localhost/account/confirm/abc\n\n<b>no markup</b>"


def test_a_letter_comes_over_the_wire_as_it_was_written(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[dict[str, Any]] = []
    monkeypatch.setattr(mail, "keep", lambda **arrived: kept.append(arrived))
    letter = mail.compose(to="zoe@rings.example", subject="Grüße\nan alle", text=TEXT)
    with smtp_listening(lambda: NOW) as port:
        connection = get_connection(SMTP, host="127.0.0.1", port=port)
        assert connection.send_messages([letter]) == 1
    (arrived,) = kept
    assert (arrived["envelope_to"], arrived["now"]) == (["zoe@rings.example"], NOW)
    content = mail.read(arrived["raw"])
    assert content.subject == "Grüße an alle"
    assert "für Zoë" in content.text
    assert 'href="http://localhost/account/confirm/abc"' in content.html
    assert "&lt;b&gt;no markup" in content.html


def test_a_mail_that_can_not_be_kept_is_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Told in plain words: what went wrong is for us to read. The next mail is taken as usual."""
    is_away = [True, False]

    def fail(**_: object) -> None:
        if is_away.pop(0):
            raise OSError("the database at 10.0.0.7 is away")

    monkeypatch.setattr(mail, "keep", fail)
    told = ("a@rings.example", ["b@rings.example"], b"Subject: x\r\n\r\ny")
    with smtp_listening(lambda: NOW) as port, smtplib.SMTP("127.0.0.1", port) as client:
        with pytest.raises(smtplib.SMTPDataError) as refusal:
            client.sendmail(*told)
        assert refusal.value.smtp_code == 451
        assert b"send it again later" in bytes(refusal.value.smtp_error)
        assert b"10.0.0.7" not in bytes(refusal.value.smtp_error)
        assert client.sendmail(*told) == {}


def test_no_failure_of_the_dialogue_is_told_to_a_sender() -> None:
    answer = asyncio.run(Keeper(lambda: NOW).handle_exception(ValueError("secret words")))
    assert answer.startswith("451 ")
    assert "secret" not in answer


@pytest.mark.django_db
def test_what_arrives_is_kept_byte_for_byte() -> None:
    raw = mail.compose(to="zoe@rings.example", subject="Grüße", text=TEXT).message().as_bytes()
    mail.keep(envelope_from="", envelope_to=["zoe@rings.example"], raw=raw, now=NOW)
    kept = MailMessage.objects.get()
    assert (kept.subject, bytes(kept.raw)) == ("Grüße", raw)


def test_a_mail_without_html_or_subject_can_be_read() -> None:
    content = mail.read(b"From: a@rings.example\r\n\r\nJust a line.")
    assert (content.subject, content.html) == ("", "")
    assert content.text.strip() == "Just a line."


def test_a_failure_is_noted_at_once_where_nothing_can_be_rolled_back(committing_db: None) -> None:
    letter = mail.compose(to="zoe@rings.example", subject="Hello", text=TEXT)
    with relay() as server:
        server.says(mail="451 4.3.0 queue file write error")
        with pytest.raises(smtplib.SMTPSenderRefused):
            letter.send()
        assert "queue file write error" in outgoing_mail_state.state().problem
        server.says()
        letter.send()
        assert outgoing_mail_state.state().problem == ""
