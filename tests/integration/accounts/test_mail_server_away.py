"""Signing up, confirming and choosing a password while no email can be sent."""

import smtplib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail as outgoing
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from jewelrymodel.accounts.models import User
from jewelrymodel.config.commands import doctor
from jewelrymodel.infra import email_queue, mail
from jewelrymodel.infra.clock import real_now
from jewelrymodel.infra.models import PendingEmail
from jewelrymodel.infra.outgoing_email import OutgoingMail
from tests.support.account_emails import PASSWORD, letters, link_in
from tests.support.smtp import smtp_listening

pytestmark = pytest.mark.django_db
EMAIL = "zoe@rings.example"
NEW = "five-prongs-hold-it"
SIGN_UP = {"email": EMAIL, "password1": PASSWORD}
BACKEND = "jewelrymodel.infra.outgoing_email.SmtpBackend"
LOCAL = "django.core.mail.backends.locmem.EmailBackend"
LATE_WORDS = "as soon as we can"
Break = Callable[[], None]


@pytest.fixture(params=["away", "refuses"])
def break_mail(
    request: pytest.FixtureRequest, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Break]:
    """From the call on, the mail server can't be reached, or takes nothing."""

    def refuse(**_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(mail, "keep", refuse)
    with smtp_listening(lambda: datetime(2026, 11, 22, 12, tzinfo=UTC)) as port:

        def begin() -> None:
            settings.EMAIL_BACKEND = BACKEND
            settings.EMAIL_HOST = "127.0.0.1"
            settings.EMAIL_PORT = port if request.param == "refuses" else 1

        yield begin


def wait(minutes: int) -> None:
    """What waits has been waiting for so long."""
    PendingEmail.objects.update(created_at=real_now() - timedelta(minutes=minutes))


def test_a_chosen_password_is_saved_and_told_later(client: Client, break_mail: Break) -> None:
    person = User.objects.create_user(EMAIL, PASSWORD)
    client.post("/account/password/reset/", {"email": EMAIL})
    form = client.get(link_in(letters()[0]))["Location"]
    break_mail()
    answer = client.post(form, {"password1": NEW, "password2": NEW}, follow=True)
    assert answer.redirect_chain[-1][0] == "/account/password/reset/key/done/"
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert PendingEmail.objects.get().recipient == EMAIL


def test_a_changed_password_is_saved_too(client: Client, break_mail: Break) -> None:
    person = User.objects.create_user(EMAIL, PASSWORD)
    client.force_login(person)
    break_mail()
    sent = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post("/account/password/change/", sent).status_code == 302
    person.refresh_from_db()
    assert person.check_password(NEW)


def test_a_reset_is_answered_alike_whoever_asks(client: Client, break_mail: Break) -> None:
    User.objects.create_user(EMAIL, PASSWORD)
    break_mail()
    for email in (EMAIL, "unknown@rings.example"):
        answer = client.post("/account/password/reset/", {"email": email})
        assert answer["Location"] == "/account/password/reset/done/"
    assert PendingEmail.objects.count() == 2
    assert LATE_WORDS not in client.get("/account/password/reset/done/").content.decode()
    wait(minutes=2)
    assert LATE_WORDS in client.get("/account/password/reset/done/").content.decode()


def test_who_signs_up_gets_the_link_once_the_server_is_back(
    client: Client, break_mail: Break, settings: Settings
) -> None:
    break_mail()
    assert client.post("/account/signup/", SIGN_UP)["Location"] == "/account/confirm-email/"
    job = ProcrastinateJob.objects.get(task_name=email_queue.SEND)
    assert (job.queue_name, job.queueing_lock) == ("mail", None)
    for _ in range(2):  # the queue puts back what failed
        with pytest.raises((ConnectionRefusedError, smtplib.SMTPException)):
            email_queue.send(**job.args)
    wait(minutes=2)
    page = client.get("/account/confirm-email/").content.decode()
    assert LATE_WORDS in page
    assert EMAIL in page
    settings.EMAIL_BACKEND = LOCAL
    for _ in range(2):
        email_queue.send(**job.args)
    assert [one.to for one in outgoing.outbox] == [[EMAIL]]
    assert not PendingEmail.objects.exists()
    assert client.post(link_in(outgoing.outbox[0]))["Location"] == "/studio"
    assert LATE_WORDS not in client.get("/account/confirm-email/").content.decode()


def test_the_link_comes_again_three_times_an_hour(client: Client) -> None:
    client.post("/account/signup/", SIGN_UP)
    assert len(letters()) == 1
    for _ in range(5):
        again = client.post("/confirmation-link")
        assert again["Location"] == "/account/confirm-email/"
    assert [one.to for one in letters()] == [[EMAIL]] * 4
    assert client.post(link_in(letters()[-1]))["Location"] == "/studio"


def test_who_has_an_account_is_told_so_again_and_nobody_else_is(client: Client) -> None:
    User.objects.create_user(EMAIL, PASSWORD)
    pages = []
    for email in (EMAIL, "new@rings.example"):
        browser = Client()
        browser.post("/account/signup/", {"email": email, "password1": PASSWORD})
        page = browser.post("/confirmation-link", follow=True).content.decode()
        pages.append(page.replace(email, "").replace(browser.cookies["csrftoken"].value, ""))
    assert "already have an account" in letters()[1].subject
    assert "sending the link again" in pages[0]
    assert client.post("/confirmation-link")["Location"] == "/account/login/"


def test_an_address_that_is_refused_for_good_waits_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code = 451

    def refuse(_: object) -> None:
        raise smtplib.SMTPRecipientsRefused({EMAIL: (code, b"not here")})

    monkeypatch.setattr(OutgoingMail, "send", refuse)
    email = email_queue.send_later(to=EMAIL, subject="Hi", text="Hi", machine_now=real_now())
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        email_queue.send(email_id=email.pk)
    assert PendingEmail.objects.exists()
    code = 550
    email_queue.send(email_id=email.pk)
    assert not PendingEmail.objects.exists()


def test_doctor_says_that_no_mail_can_be_sent(settings: Settings, break_mail: Break) -> None:
    settings.DEMO = False
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = BACKEND, "127.0.0.1", 1
    (finding,) = doctor._mail_server()
    assert finding.is_fine is False
    assert "127.0.0.1:1" in finding.words
    with smtp_listening(real_now) as settings.EMAIL_PORT:
        (finding,) = doctor._mail_server()
    assert finding.is_fine is True
