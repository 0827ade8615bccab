"""Our mail meets a relay that refuses at each stage: tried again within bounds, and never lost from
sight.
"""

import smtplib
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from pytest_django import Settings

from jewelrymodel.accounts.models import Membership
from jewelrymodel.infra import email_queue, mail, outgoing_email
from jewelrymodel.infra.clock import real_now
from jewelrymodel.infra.models import PendingEmail
from jewelrymodel.infra.tasks import send_email
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case, CaseEntry
from jewelrymodel.support.rules.mail_retries import GIVEN_UP_AFTER
from jewelrymodel.support.statuses import REPORTS
from jewelrymodel.support.tasks import mail_entry
from tests.support.inbound_email import arrive, letter, newest
from tests.support.shop import now
from tests.support.unkind_relay import Relay, relay

pytestmark = pytest.mark.django_db
EMAIL = "ida@rings.example"
NO_SUCH = "550 5.1.1 no such user here"
TEMPORARY = [
    {"mail": "451 4.7.1 greylisted, come back later"},
    {"rcpt": "450 4.2.0 greylisted"},
    {"rcpt": "452 4.2.2 mailbox full"},
    {"data": "451 4.3.0 try again"},
    {"mail": "550 5.7.1 sender may not relay"},
    {"rcpt": "554 5.7.1 relay access denied"},
    {"rcpt": "550 5.7.1 relaying denied"},
    {"data": "554 5.7.1 looks like spam"},
    {"data": Relay.HANG_UP},
]
FOR_GOOD = ["550 no such user", "550 5.1.1 no such user", "553 bad name", "554 5.2.1 disabled"]


@pytest.fixture
def post() -> Iterator[Relay]:
    with relay() as one:
        yield one


@pytest.fixture
def entry(seller: Membership) -> CaseEntry:
    """The acknowledgement that waits after somebody wrote."""
    arrive(letter(EMAIL, "Where is it?", "My image is late."))
    return newest().entries.filter(mail_due=True).earliest("pk")


def notes(case: Case) -> list[str]:
    return [one.text for one in case.entries.filter(author=str(REPORTS), internal=True)]


@pytest.mark.parametrize("unkind", TEMPORARY, ids=lambda one: " ".join(map(" ".join, one.items())))
def test_what_may_pass_is_tried_again_under_the_same_name(
    post: Relay, entry: CaseEntry, unkind: dict[str, str]
) -> None:
    post.says(**unkind)
    mail_entry(entry_id=entry.pk)
    assert entry.pk in queries.entries_to_mail(before=now() + timedelta(hours=1))
    assert notes(entry.case) == []
    post.says()
    mail_entry(entry_id=entry.pk)
    mail_entry(entry_id=entry.pk)
    assert len(post.taken) == (2 if unkind.get("data") == Relay.HANG_UP else 1)
    assert len(set(post.message_ids)) == 1


@pytest.mark.parametrize("words", FOR_GOOD)
def test_an_address_that_is_refused_for_good_stands_in_the_case(
    post: Relay, entry: CaseEntry, words: str
) -> None:
    post.says(rcpt=words)
    mail_entry(entry_id=entry.pk)
    (note,) = notes(entry.case)
    assert "could not be delivered" in note
    assert words in note
    asked = post.asked
    mail_entry(entry_id=entry.pk)
    assert (post.asked, notes(entry.case)) == (asked, [note])
    assert entry.pk not in queries.entries_to_mail(before=now() + timedelta(days=9))
    entry.refresh_from_db()
    assert entry.mailed_at is None


def test_what_is_never_taken_is_given_up_after_days_and_said(post: Relay, entry: CaseEntry) -> None:
    post.says(rcpt="452 4.2.2 mailbox full")
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        operations.mail_entry(entry_id=entry.pk, now=entry.created_at + GIVEN_UP_AFTER)
    over = entry.created_at + GIVEN_UP_AFTER + timedelta(seconds=1)
    assert operations.mail_entry(entry_id=entry.pk, now=over) is False
    (note,) = notes(entry.case)
    assert "mailbox full" in note


def test_the_sweeper_comes_less_often_the_longer_it_takes(entry: CaseEntry) -> None:
    def due(age: timedelta) -> bool:
        at = entry.created_at + age
        return entry.pk in queries.entries_to_retry(before=at - timedelta(minutes=1), now=at)

    tried = sum(due(timedelta(minutes=minute)) for minute in range(2, 60))
    assert tried == 58
    assert not due(timedelta(seconds=30))
    assert sum(due(timedelta(hours=3, minutes=minute)) for minute in range(60)) == 2
    assert due(GIVEN_UP_AFTER + timedelta(minutes=7))


def test_a_relay_may_think_about_a_mail(
    post: Relay, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who hangs up after the ten seconds of connecting would send it again each minute."""
    heard: list[float | None] = []
    sendmail = smtplib.SMTP.sendmail

    def listening(client: smtplib.SMTP, *given: object) -> object:
        heard.append(client.sock.gettimeout() if client.sock else None)
        return sendmail(client, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(smtplib.SMTP, "sendmail", listening)
    mail.compose(to=EMAIL, subject="Hi", text="Hi").send()
    assert heard == [outgoing_email.ANSWER_S]
    assert settings.EMAIL_TIMEOUT < outgoing_email.ANSWER_S
    assert len(post.taken) == 1


def test_a_letter_keeps_its_name_and_is_given_up_in_the_end(post: Relay) -> None:
    letter = email_queue.send_later(to=EMAIL, subject="Hi", text="Hi", machine_now=real_now())
    post.says(data=Relay.HANG_UP)
    for _ in range(2):
        with pytest.raises((OSError, smtplib.SMTPException)):
            send_email(email_id=letter.pk)
    domain = settings.SUPPORT_EMAIL.rpartition("@")[2]
    assert post.message_ids == [f"<{letter.pk}@{domain}>"] * 2
    post.says(rcpt="554 5.7.1 relay access denied")
    with pytest.raises(smtplib.SMTPException):
        send_email(email_id=letter.pk)
    old = real_now() - email_queue.GIVEN_UP_AFTER - timedelta(minutes=1)
    PendingEmail.objects.update(created_at=old)
    assert email_queue.is_late(machine_now=real_now())
    send_email(email_id=letter.pk)
    assert not email_queue.is_late(machine_now=real_now())


def test_a_letter_to_nobody_waits_no_longer(post: Relay) -> None:
    letter = email_queue.send_later(to=EMAIL, subject="Hi", text="Hi", machine_now=real_now())
    post.says(rcpt=NO_SUCH)
    send_email(email_id=letter.pk)
    assert not PendingEmail.objects.exists()
    assert post.taken == []
