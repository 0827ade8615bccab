"""Our own people: let in, led to the desk, ended; outside the demo too."""

import re
from argparse import Namespace
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError
from django.test import Client, override_settings
from django.urls import resolve
from pytest_django import Settings

from jewelrymodel.accounts import operations
from jewelrymodel.accounts.models import StaffMember, User
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.config.cli import parser
from jewelrymodel.config.commands import staff
from jewelrymodel.infra import clock
from tests.support.account_emails import PASSWORD, letters
from tests.support.second_factor import signed_in_with_it

VERA = "vera@desk.example"
Say = Callable[..., str]


@pytest.fixture
def say(db: None, settings: Settings, capsys: pytest.CaptureFixture[str]) -> Say:
    """Run ``jewelrymodel staff …`` of a real service; return what it said."""
    resolve("/desk")  # reads the addresses once, with the demo's among them as everywhere here
    settings.DEMO = False
    settings.PUBLIC_URL = "https://shop.example"

    def run(*words: str) -> str:
        options: Namespace = parser().parse_args(["staff", *words])
        assert staff.run(options) == 0
        return capsys.readouterr().out

    return run


def choose_password(said: str) -> None:
    """Follow the link that was printed, as its reader would."""
    found = re.search(r"https://shop\.example(/\S+)", said)
    assert found, said
    client = Client()
    form = client.get(found.group(1))["Location"]
    client.post(form, {"password1": PASSWORD, "password2": PASSWORD})


def sign_in(email: str = VERA) -> Client:
    client = Client()
    client.post("/account/login/", {"login": email, "password": PASSWORD})
    return client


def test_somebody_new_chooses_a_password_and_is_led_to_the_desk(say: Say) -> None:
    said = say("add", "Vera@Desk.example", "--role", "agent", "--name", "Vera Example")
    assert "works at the desk as agent" in said
    assert mail.outbox[0].to == [VERA]
    assert "https://shop.example/account/password/reset/key/" in str(mail.outbox[0].body)
    assert not User.objects.get(email=VERA).has_usable_password()
    choose_password(said)
    answer = Client().post("/account/login/", {"login": VERA, "password": PASSWORD})
    assert answer["Location"] == "/desk"
    client = signed_in_with_it(VERA)
    assert client.get("/desk").status_code == 200
    assert 'href="/desk"' in client.get("/").content.decode()
    assert 'href="/studio"' not in client.get("/").content.decode()
    for page in ("/account/2fa/", "/account/password/change/", "/account/email/", "/nothing"):
        html = client.get(page, follow=True).content.decode()
        assert 'href="/desk"' in html, page
        assert 'href="/studio"' not in html, page


def test_the_link_works_once(say: Say) -> None:
    said = say("add", VERA, "--role", "agent")
    choose_password(said)
    found = re.search(r"https://shop\.example(/\S+)", said)
    assert found
    again = Client().get(found.group(1), follow=True).content.decode()
    assert "This link no longer works" in again


def test_a_mail_server_that_is_away_keeps_nobody_out(say: Say) -> None:
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_PORT=1
    ):
        said = say("add", VERA, "--role", "operator")
    assert "hand the link over yourself" in said
    choose_password(said)
    assert signed_in_with_it(VERA).get("/desk").status_code == 200


def test_a_customer_who_joins_us_keeps_password_and_account(say: Say) -> None:
    operations.register(email=VERA, password=PASSWORD, account_name="V", now=clock.now())
    assert sign_in().get("/studio").status_code == 200
    assert "the password that they have" in say("add", VERA, "--role", "agent")
    html = sign_in().get("/").content.decode()
    assert 'href="/desk"' in html
    assert 'href="/studio"' in html


def test_an_address_that_nobody_confirmed_may_be_anybodys(say: Say) -> None:
    """Somebody signed up with a colleague's address and a password of their own."""
    user = User.objects.create_user(VERA, PASSWORD)
    EmailAddress.objects.create(user=user, email=VERA, primary=True, verified=False)
    say("add", VERA, "--role", "operator")
    assert "_auth_user_id" not in sign_in().session
    assert not User.objects.get(email=VERA).has_usable_password()


def test_who_is_neither_staff_nor_customer_is_led_home(say: Say) -> None:
    say("add", "olga@desk.example", "--role", "operator")
    choose_password(say("add", VERA, "--role", "agent"))
    say("end", VERA)
    answer = Client().post("/account/login/", {"login": VERA, "password": PASSWORD})
    assert answer["Location"] == "/"
    assert sign_in().get("/").status_code == 200


def test_an_end_takes_effect_at_once_and_ends_their_sessions(say: Say) -> None:
    say("add", "olga@desk.example", "--role", "operator")
    choose_password(say("add", VERA, "--role", "agent"))
    client = signed_in_with_it(VERA)
    assert client.get("/desk").status_code == 200
    assert "signed out everywhere" in say("end", VERA)
    assert client.get("/desk")["Location"].startswith("/account/login/")
    assert client.get("/account/email/")["Location"].startswith("/account/login/")
    assert f"{VERA:<40} agent     since" in say("list")
    assert ", ended " in say("list")
    assert AuditEntry.objects.filter(action="staff.ended").get().actor_label


def test_who_comes_back_is_let_in_again(say: Say) -> None:
    say("add", "olga@desk.example", "--role", "operator")
    choose_password(say("add", VERA, "--role", "agent"))
    say("end", VERA)
    say("add", VERA, "--role", "operator")
    assert signed_in_with_it(VERA).get("/desk").status_code == 200


def test_the_last_operator_stays_unless_it_is_meant(say: Say) -> None:
    say("add", VERA, "--role", "operator")
    say("add", "arun@desk.example", "--role", "agent")
    with pytest.raises(staff.StaffUnchanged, match="--force"):
        say("end", VERA)
    with pytest.raises(staff.StaffUnchanged):
        say("add", VERA, "--role", "agent")
    assert ", ended " not in say("list")
    say("end", VERA, "--force")
    assert ", ended " in say("list")


def test_nobody_is_ended_twice_and_nobody_unknown(say: Say) -> None:
    say("add", VERA, "--role", "agent")
    say("end", VERA)
    for email in (VERA, "nobody@desk.example"):
        with pytest.raises(staff.StaffUnchanged):
            say("end", email)
    with pytest.raises(staff.StaffUnchanged, match="'vera' is no email"):
        say("add", "vera", "--role", "agent")


def test_a_right_never_ends_before_it_begins(say: Say) -> None:
    say("add", VERA, "--role", "agent")
    with pytest.raises(IntegrityError, match="ends_after_it_begins"):
        StaffMember.objects.update(until_at=clock.now() - timedelta(days=1))


def test_a_mails_links_lead_to_the_public_address(say: Say) -> None:
    """Under whichever of our names the request came."""
    operations.register(
        email="ida@rings.example", password=PASSWORD, account_name="I", now=clock.now()
    )
    Client().post("/account/password/reset/", {"email": "ida@rings.example"})
    assert "https://shop.example/account/" in str(letters()[0].body)
    assert "testserver" not in str(letters()[0].body)
