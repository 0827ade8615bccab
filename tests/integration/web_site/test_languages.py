"""Whose language a page, an email and a choice are in."""

import pytest
from django.test import Client

from jewelrymodel.accounts import operations, queries
from jewelrymodel.accounts.models import Membership, User
from jewelrymodel.infra.clock import real_now
from tests.support.account_emails import letters

pytestmark = pytest.mark.django_db


def member(email: str = "ida@atelier.example") -> Membership:
    return operations.register(
        email=email, password="long enough here", account_name="Atelier", now=real_now()
    )


def language_of(client: Client, address: str = "/pricing", **headers: str) -> str:
    answer = client.get(address, headers=headers or None)
    assert f'<html lang="{answer["Content-Language"]}"' in answer.content.decode()
    return answer["Content-Language"]


@pytest.mark.parametrize(
    ("wanted", "written"),
    [
        ("", "en"),
        ("de-AT,en;q=0.5", "de"),
        ("nl,de;q=0.5", "de"),
        ("fr,de;q=0.5", "de"),  # a draft is shown only to who chooses it
        ("fr", "en"),
        ("*", "en"),
    ],
)
def test_a_page_is_in_the_first_finished_language_of_the_browser(wanted: str, written: str) -> None:
    answer = Client().get("/pricing", headers={"Accept-Language": wanted})
    assert answer["Content-Language"] == written
    assert {"Accept-Language", "Cookie"} <= set(answer["Vary"].split(", "))


def test_a_choice_is_remembered_and_leads_back() -> None:
    client = Client()
    answer = client.post("/language", {"language": "fr", "next": "/status"})
    assert answer["Location"] == "/status"
    assert language_of(client) == "fr"
    assert "la version anglaise fait foi" in client.get("/pricing").content.decode()


def test_a_choice_leads_to_no_other_site_and_to_no_other_language() -> None:
    client = Client()
    answer = client.post("/language", {"language": "xx", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"
    assert language_of(client) == "en"
    assert client.get("/language")["Location"] == "/"


def test_a_choice_needs_the_token_of_its_page() -> None:
    assert Client(enforce_csrf_checks=True).post("/language", {"language": "de"}).status_code == 403


def test_a_persons_choice_goes_before_that_of_the_browser() -> None:
    client, owner = Client(), member()
    client.force_login(owner.user)
    client.post("/language", {"language": "de"})
    assert queries.language_of(account_id=owner.account_id) == "de"
    another = Client()
    another.force_login(User.objects.get(pk=owner.user_id))
    assert language_of(another, "/settings", **{"Accept-Language": "en"}) == "de"


def test_settings_change_the_language() -> None:
    client, owner = Client(), member()
    client.force_login(owner.user)
    client.post("/settings/person", {"first_name": "Ida", "last_name": "", "language": "de"})
    assert queries.language_of(account_id=owner.account_id) == "de"
    refused = client.post("/settings/person", {"language": "xx"})
    assert refused.status_code == 422


def test_an_account_without_a_choice_has_no_language() -> None:
    assert queries.language_of(account_id=member().account_id) == ""
    assert queries.language_of(account_id=None) == ""
    assert queries.language_of_address(email="nobody@atelier.example") == ""


def test_who_signs_up_is_written_to_in_the_language_of_that_page() -> None:
    client = Client(headers={"Accept-Language": "de"})
    client.post(
        "/account/signup/", {"email": "neu@atelier.example", "password1": "long enough here"}
    )
    assert User.objects.get(email="neu@atelier.example").language == "de"
    assert '<html lang="de"' in str(letters()[0].alternatives[0][0])


def test_a_mail_about_a_person_is_in_that_persons_language() -> None:
    owner = member()
    operations.choose_language(user_id=owner.user_id, language="de")
    Client().post("/account/password/reset/", {"email": "ida@atelier.example"})
    assert '<html lang="de"' in str(letters()[0].alternatives[0][0])


def test_the_staffs_pages_are_english() -> None:
    answer = Client(headers={"Accept-Language": "de"}).get("/desk")
    assert answer["Content-Language"] == "en"


def test_the_policy_says_in_the_readers_language_that_its_english_text_binds() -> None:
    german = Client(headers={"Accept-Language": "de"}).get("/refund-policy").content.decode()
    assert "verbindlich ist nur der englische Text" in german
    assert '<article lang="en">' in german
    assert "binding" not in Client().get("/refund-policy").content.decode().split("<article")[0]
