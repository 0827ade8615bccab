"""A password alone opens no desk, and nobody stays there for days."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import resolve
from pytest_django import Settings

from jewelrymodel.accounts import operations
from jewelrymodel.accounts.models import User
from jewelrymodel.accounts.roles import StaffRole
from jewelrymodel.infra.clock import now
from jewelrymodel.kernel.actors import Actor
from tests.support.account_emails import PASSWORD
from tests.support.second_factor import enter, set_up, signed_in_with_it

VERA = "vera@desk.example"
RECORDS = "account_authentication_methods"


@pytest.fixture
def client(db: None, settings: Settings) -> Client:
    """Vera, who has just signed in with her password, at a real service."""
    resolve("/desk")  # reads the addresses once, with the demo's among them as everywhere here
    settings.DEMO = False
    operations.register(email=VERA, password=PASSWORD, account_name="V", now=now())
    operations.make_staff(
        user_id=User.objects.get(email=VERA).pk,
        role=StaffRole.AGENT,
        actor=Actor.system("shell"),
        now=now(),
    )
    client = Client()
    client.post("/account/login/", {"login": VERA, "password": PASSWORD})
    return client


def age(client: Client, by: timedelta) -> None:
    """Let the session be as if all its sign-ins had been longer ago."""
    session = client.session
    for record in session[RECORDS]:
        record["at"] -= by.total_seconds()
    session.save()


def test_without_a_second_factor_the_desk_says_how_to_set_one_up(client: Client) -> None:
    for answer in (client.get("/desk"), client.post("/desk/cases/none/approve-remedy", {})):
        assert answer.status_code == 403
        assert 'href="/account/2fa/totp/activate/"' in answer.content.decode()


def test_it_is_set_up_and_leads_to_the_desk(client: Client) -> None:
    secret = set_up(client)
    asked = client.get("/desk?page=2")["Location"]
    assert asked == "/account/2fa/reauthenticate/?next=%2Fdesk%3Fpage%3D2"
    assert client.get(asked).status_code == 200
    assert enter(client, asked, "A" * 32) == ""
    assert client.get("/desk")["Location"].startswith("/account/2fa/reauthenticate/")
    assert enter(client, asked, secret) == "/desk?page=2"
    assert client.get("/desk").status_code == 200


def test_who_signs_in_with_it_is_not_asked_again(client: Client) -> None:
    set_up(client)
    assert signed_in_with_it(VERA).get("/desk").status_code == 200


def test_after_half_a_day_the_desk_asks_who_it_is(client: Client, settings: Settings) -> None:
    set_up(client)
    here = signed_in_with_it(VERA)
    age(here, timedelta(hours=settings.STAFF_SESSION_HOURS - 1))
    assert here.get("/desk").status_code == 200
    age(here, timedelta(hours=2))
    asked = here.get("/desk")["Location"]
    assert asked == "/account/reauthenticate/?next=%2Fdesk"
    assert here.post("/desk/cases/none/approve-remedy", {})["Location"] == asked
    assert here.post(asked, {"password": PASSWORD})["Location"] == "/desk"
    assert here.get("/desk").status_code == 200


def test_a_session_that_says_nothing_of_its_sign_in_is_none(client: Client) -> None:
    stray = Client()
    stray.force_login(User.objects.get(email=VERA))
    assert stray.get("/desk").status_code == 403
