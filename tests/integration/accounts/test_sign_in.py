import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from jewelrymodel.accounts.models import User
from tests.support.account_emails import PASSWORD, code_for, letters, link_in

pytestmark = pytest.mark.django_db
EMAIL = "ida@rings.example"


@pytest.fixture
def ida() -> User:
    user = User.objects.create_user(EMAIL, PASSWORD)
    EmailAddress.objects.create(user=user, email=EMAIL, primary=True, verified=True)
    return user


def sign_in(password: str = PASSWORD, email: str = EMAIL) -> Client:
    client = Client()
    client.post("/account/login/", {"login": email, "password": password})
    return client


def prove_it_is_you(client: Client) -> Client:
    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/settings"})
    return client


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def turn_on_second_factor(client: Client) -> str:
    page = prove_it_is_you(client).get("/account/2fa/totp/activate/")
    found = re.search(r'data-copy="([A-Z2-7]+)"', page.content.decode())
    assert found
    client.post("/account/2fa/totp/activate/", {"code": code_for(found.group(1))})
    return found.group(1)


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(ida: User) -> None:
    client = Client()
    client.post("/account/password/reset/", {"email": EMAIL})
    link = link_in(letters()[0])
    form = client.get(link)["Location"]
    new = {"password1": "bezel-set-sapphire", "password2": "bezel-set-sapphire"}
    client.post(form, new)
    assert letters()[-1].subject == "Your password was changed"
    assert is_in(sign_in("bezel-set-sapphire"))
    assert not is_in(sign_in(PASSWORD))
    assert "no longer works" in Client().get(link, follow=True).content.decode()


def test_a_new_address_counts_once_it_is_confirmed(ida: User) -> None:
    client = prove_it_is_you(sign_in())
    client.post("/account/email/", {"email": "ida@new.example", "action_add": ""})
    ida.refresh_from_db()
    assert ida.email == EMAIL
    (letter,) = [message for message in letters() if message.to == ["ida@new.example"]]
    client.post(link_in(letter))
    ida.refresh_from_db()
    assert ida.email == "ida@new.example"
    assert is_in(sign_in(email="ida@new.example"))
    assert not is_in(sign_in(email=EMAIL))


def test_what_was_typed_is_not_asked_again_after_is_it_you(ida: User) -> None:
    client = Client()
    client.force_login(ida)
    asked = client.post("/account/email/", {"email": "ida@new.example", "action_add": ""})
    assert asked["Location"].startswith("/account/reauthenticate/")
    client.post(asked["Location"], {"password": PASSWORD})
    assert [one.to for one in letters()] == [["ida@new.example"]]


def test_with_a_second_factor_the_password_alone_is_not_enough(ida: User) -> None:
    secret = turn_on_second_factor(sign_in())
    assert secret not in str(Authenticator.objects.values_list("data", flat=True))
    cache.clear()  # a code works once; the next one is due in half a minute
    client = sign_in()
    assert not is_in(client)
    assert "Two-step verification" in client.get("/account/2fa/authenticate/").content.decode()
    client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert not is_in(client)
    client.post("/account/2fa/authenticate/", {"code": code_for(secret)})
    assert is_in(client)


def test_guessing_a_password_is_stopped(ida: User) -> None:
    for _ in range(6):
        sign_in("a-wrong-password")
    assert not is_in(sign_in(PASSWORD))


def test_too_many_tries_are_told_to_wait(ida: User) -> None:
    client = Client()
    for _ in range(21):
        answer = client.post("/account/password/reset/", {"email": "unknown@rings.example"})
    assert answer.status_code == 429
    assert "Too many requests" in answer.content.decode()


def test_there_are_no_administration_pages(ida: User) -> None:
    for address in ("/admin", "/admin/", "/admin/login/"):
        assert Client().get(address).status_code == 404
