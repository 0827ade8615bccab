"""Every browser that is signed in can be seen and signed out from any other."""

import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from jewelrymodel.accounts import operations
from jewelrymodel.infra.clock import now, real_now
from tests.support.account_emails import PASSWORD

IDA, EVE = "ida@rings.example", "eve@rings.example"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)
PAGE = "/settings/devices"


@pytest.fixture(autouse=True)
def _people(db: None) -> None:
    for email in (IDA, EVE):
        operations.register(email=email, password=PASSWORD, account_name="A", now=now())


def sign_in(email: str = IDA, *, browser: str = "", ip: str = "127.0.0.1") -> Client:
    client = Client(HTTP_USER_AGENT=browser, REMOTE_ADDR=ip)
    client.post("/account/login/", {"login": email, "password": PASSWORD})
    return client


def proved(client: Client) -> Client:
    """The same browser, whose person has just said the password again."""
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get("/settings").status_code == 200


def shown(client: Client) -> str:
    return " ".join(client.get(PAGE).content.decode().split())


def test_each_is_named_with_its_address() -> None:
    here, phone = sign_in(), sign_in(browser=PHONE, ip="127.0.0.9")
    page = shown(here)
    assert "Mobile Safari on iOS" in page
    assert "from 127.0.0.9" in page
    assert "A browser that doesn’t say its name" in page
    assert page.count("This one") == 1
    assert page.count('name="id"') == 1
    assert is_in(phone)


def test_one_is_signed_out_and_the_others_stay() -> None:
    here, phone, shop = proved(sign_in()), sign_in(browser=PHONE), sign_in()
    row = UserSession.objects.get(user_agent=PHONE)
    here.post(f"{PAGE}/end", {"id": row.pk})
    assert [is_in(one) for one in (here, phone, shop)] == [True, False, True]
    here.post(f"{PAGE}/end")
    assert [is_in(one) for one in (here, phone, shop)] == [True, False, False]
    assert "Sign out everywhere else" not in shown(here)


def test_nobody_ends_anothers_or_their_own_by_it() -> None:
    here, other = proved(sign_in()), sign_in(EVE)
    rows = {row.user.email: row.pk for row in UserSession.objects.all()}
    for sent in (str(rows[EVE]), str(rows[IDA]), "x", "9" * 40, "-1"):
        assert here.post(f"{PAGE}/end", {"id": sent})["Location"] == PAGE
    assert is_in(other)
    assert is_in(here)


def test_who_was_signed_in_before_is_listed_too() -> None:
    here = sign_in()
    UserSession.objects.all().delete()
    assert "This one" in shown(here)


def test_everywhere_else_is_also_who_was_never_noted() -> None:
    here, phone = proved(sign_in()), sign_in(browser=PHONE)
    UserSession.objects.filter(user_agent=PHONE).delete()
    assert is_in(phone)
    here.post(f"{PAGE}/end")
    assert [is_in(one) for one in (here, phone)] == [True, False]
    assert shown(here).count("This one") == 1


def test_a_new_password_ends_the_others() -> None:
    here, phone = sign_in(), sign_in(browser=PHONE)
    new = f"{PASSWORD}-2"
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    here.post("/account/password/change/", sent)
    assert not is_in(phone)
    assert "Mobile Safari" not in shown(here)


def test_the_librarys_own_page_leads_here() -> None:
    assert sign_in().get("/account/sessions/")["Location"] == PAGE
    assert Client().get(PAGE)["Location"].startswith("/account/login/")
    assert re.search(PAGE, sign_in().get("/settings").content.decode())


def test_what_is_over_is_forgotten() -> None:
    here = sign_in()
    sign_in(browser=PHONE)
    row = UserSession.objects.get(user_agent=PHONE)
    over = real_now() - timedelta(minutes=1)
    Session.objects.filter(session_key=row.session_key).update(expire_date=over)
    assert operations.forget_ended_sessions(machine_now=real_now()) == 1
    assert UserSession.objects.count() == Session.objects.count() == 1
    assert is_in(here)
