"""Signing up, confirming and choosing a password while no email can be sent."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.core import mail as outgoing
from django.test import Client
from pytest_django import Settings

from jewelrymodel.accounts.models import User
from jewelrymodel.infra import mail
from tests.support.account_emails import PASSWORD, link_in
from tests.support.smtp import smtp_listening

pytestmark = pytest.mark.django_db
EMAIL = "zoe@rings.example"
NEW = "five-prongs-hold-it"
SIGN_UP = {"email": EMAIL, "password1": PASSWORD}
BACKEND = "jewelrymodel.infra.outgoing_email.SmtpBackend"
LOCAL = "django.core.mail.backends.locmem.EmailBackend"
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


def test_a_chosen_password_is_saved_and_the_page_says_what_is_missing(
    client: Client, break_mail: Break
) -> None:
    person = User.objects.create_user(EMAIL, PASSWORD)
    client.post("/account/password/reset/", {"email": EMAIL})
    form = client.get(link_in(outgoing.outbox[0]))["Location"]
    break_mail()
    answer = client.post(form, {"password1": NEW, "password2": NEW}, follow=True)
    assert answer.redirect_chain[-1][0] == "/account/password/reset/key/done/"
    page = answer.content.decode()
    assert "Your password has been changed" in page
    assert "couldn’t email you a confirmation" in page
    person.refresh_from_db()
    assert person.check_password(NEW)


def test_a_changed_password_is_saved_too(client: Client, break_mail: Break) -> None:
    person = User.objects.create_user(EMAIL, PASSWORD)
    client.force_login(person)
    break_mail()
    sent = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post("/account/password/change/", sent).status_code == 302
    person.refresh_from_db()
    assert person.check_password(NEW)


def test_a_link_that_was_not_sent_is_not_promised(client: Client, break_mail: Break) -> None:
    """The same answer whether or not we know the address."""
    User.objects.create_user(EMAIL, PASSWORD)
    break_mail()
    pages = []
    for email in (EMAIL, "unknown@rings.example"):
        answer = client.post("/account/password/reset/", {"email": email})
        assert answer.status_code == 503
        pages.append(answer.content.decode())
    assert all("Your password wasn’t changed" in page for page in pages)


def test_who_signs_up_is_saved_and_gets_the_link_at_the_next_sign_in(
    client: Client, break_mail: Break, settings: Settings
) -> None:
    break_mail()
    answer = client.post("/account/signup/", SIGN_UP)
    assert answer.status_code == 503
    assert "password are saved" in answer.content.decode()
    again = client.post("/account/signup/", SIGN_UP)
    assert (again.status_code, User.objects.count()) == (503, 1)
    assert "password are saved" in again.content.decode()
    settings.EMAIL_BACKEND = LOCAL
    signed_in = Client().post("/account/login/", {"login": EMAIL, "password": PASSWORD})
    assert signed_in["Location"] == "/account/confirm-email/"
    assert [one.to for one in outgoing.outbox] == [[EMAIL]]
