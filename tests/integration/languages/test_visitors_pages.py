"""On no page for visitors, and in no email about an account, is a sentence left untranslated."""

import re
from collections.abc import Iterator

import pytest
from django.core.cache import cache

from tests.support import pseudo
from tests.support.account_emails import PASSWORD, code_for, letters, link_in
from tests.support.pseudo_pages import Walk

pytestmark = pytest.mark.django_db
EMAIL = "neu@atelier.example"


@pytest.fixture(autouse=True)
def _pseudo() -> Iterator[None]:
    with pseudo.spoken():
        yield


def test_a_visitors_pages(terms: None) -> None:
    walk = Walk()
    policy = walk.client.get("/refund-policy", follow=True).redirect_chain
    edition = re.search(r"/refund-policy/[\d-]+", walk.get("/refund-policy"))
    assert edition, policy
    for address in ("/", "/pricing", "/image-check", "/status", "/nowhere"):
        walk.get(address)
    for address in (edition[0], f"{edition[0]}/changes"):
        walk.get(address)
    assert not walk.escaped, walk.report()


def test_an_accounts_pages_and_emails(terms: None) -> None:
    walk = Walk()
    _sign_up(walk)
    _forget_the_password(walk)
    _change_everything(walk)
    _use_a_second_factor(walk)
    for one in letters():
        walk.read(one)
    assert not walk.escaped, walk.report()


def _sign_up(walk: Walk) -> None:
    walk.get("/account/signup/")
    walk.post("/account/signup/", email="no address", password1="1234")
    walk.post("/account/signup/", email=EMAIL, password1=PASSWORD)
    walk.post("/confirmation-link")
    link = link_in(letters()[-1])
    walk.get(link)
    walk.get("/account/confirm-email/wrong/")
    walk.post(link)
    walk.post("/account/signup/", email=EMAIL, password1=PASSWORD)
    walk.get("/account/logout/")
    walk.post("/account/logout/")
    walk.post("/account/signup/", email=EMAIL, password1=PASSWORD)
    walk.get("/account/login/")
    walk.post("/account/login/", login=EMAIL, password="not the password")
    walk.get("/studio")


def _forget_the_password(walk: Walk) -> None:
    walk.get("/account/password/reset/")
    walk.post("/account/password/reset/", email="unknown@atelier.example")
    walk.post("/account/password/reset/", email=EMAIL)
    link = link_in(letters()[-1])
    walk.get(link)
    form = walk.client.get(link)["Location"]
    walk.post(form, password1="1234", password2="12345")
    walk.post(form, password1="bezel-set-sapphire", password2="bezel-set-sapphire")
    walk.get(link)
    walk.get("/account/password/reset/key/done/")


def _change_everything(walk: Walk) -> None:
    cache.clear()
    walk.post("/account/login/", login=EMAIL, password="bezel-set-sapphire")
    walk.get("/settings")
    walk.get("/account/password/change/")
    walk.post("/account/password/change/", oldpassword="wrong", password1="1", password2="2")
    walk.get("/account/reauthenticate/")
    walk.post("/account/reauthenticate/", password="wrong")
    walk.post("/account/reauthenticate/", password="bezel-set-sapphire")
    new = {"oldpassword": "bezel-set-sapphire", "password1": PASSWORD, "password2": PASSWORD}
    walk.post("/account/password/change/", **new)
    walk.get("/account/email/")
    walk.post("/account/email/", email="neu", action_add="")
    walk.post("/account/email/", email=EMAIL, action_add="")
    walk.post("/account/email/", email="neuer@atelier.example", action_add="")
    walk.get("/account/email/")
    walk.post("/account/email/", email="neuer@atelier.example", action_send="")
    link = link_in(next(one for one in letters() if one.to == ["neuer@atelier.example"]))
    walk.post(link)
    walk.get("/account/password/set/")


def _use_a_second_factor(walk: Walk) -> None:
    cache.clear()
    walk.post("/account/reauthenticate/", password=PASSWORD)
    walk.get("/account/2fa/")
    walk.get("/settings/devices")
    walk.post("/settings/devices/end")
    page = walk.get("/account/2fa/totp/activate/")
    walk.post("/account/2fa/totp/activate/", code="000000")
    secret = re.search(r'data-copy="([A-Z2-7]+)"', page)
    assert secret
    walk.post("/account/2fa/totp/activate/", code=code_for(secret[1]))
    walk.get("/account/2fa/")
    walk.get("/account/2fa/recovery-codes/")
    walk.get("/account/2fa/recovery-codes/generate/")
    walk.post("/account/2fa/recovery-codes/generate/")
    cache.clear()
    walk.get("/account/reauthenticate/")
    walk.get("/account/2fa/reauthenticate/")
    walk.post("/account/2fa/reauthenticate/", code="000000")
    walk.post("/account/logout/")
    walk.post("/account/login/", login="neuer@atelier.example", password=PASSWORD)
    walk.get("/account/2fa/authenticate/")
    walk.post("/account/2fa/authenticate/", code="000000")
    walk.post("/account/2fa/authenticate/", code=code_for(secret[1]))
    walk.get("/account/2fa/totp/deactivate/")
    walk.post("/account/2fa/totp/deactivate/")
