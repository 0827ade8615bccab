import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from jewelrymodel.accounts.models import Account, Membership, User
from jewelrymodel.accounts.roles import Role
from tests.support.account_emails import PASSWORD, letters, link_in

pytestmark = pytest.mark.django_db
SIGN_UP = {"email": "New.Seller@rings.example", "password1": PASSWORD}


def test_a_new_seller_confirms_their_address_and_owns_an_account(client: Client) -> None:
    assert client.post("/account/signup/", SIGN_UP)["Location"] == "/account/confirm-email/"
    assert client.get("/settings")["Location"].startswith("/account/login/")
    assert [message.to for message in letters()] == [["new.seller@rings.example"]]

    link = link_in(letters()[0])
    assert "Confirm email address" in client.get(link).content.decode()
    assert client.post(link)["Location"] == "/studio"
    membership = Membership.objects.select_related("account", "user").get()
    assert (membership.role, membership.account.name) == (Role.OWNER, "new.seller")
    assert EmailAddress.objects.get(user=membership.user).verified

    client.post("/account/logout/")
    entered = {"login": SIGN_UP["email"], "password": PASSWORD}
    assert client.post("/account/login/", entered)["Location"] == "/studio"


def test_without_confirmation_nobody_gets_in(client: Client) -> None:
    client.post("/account/signup/", SIGN_UP)
    entered = {"login": SIGN_UP["email"], "password": PASSWORD}
    answer = Client().post("/account/login/", entered)
    assert answer["Location"] == "/account/confirm-email/"


def test_person_and_account_are_made_together_or_not_at_all(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("jewelrymodel.accounts.operations.open_account", fail)
    with pytest.raises(RuntimeError):
        client.post("/account/signup/", SIGN_UP)
    assert (User.objects.count(), Account.objects.count()) == (0, 0)


def test_signing_up_twice_tells_only_the_owner_of_the_address(client: Client) -> None:
    User.objects.create_user(SIGN_UP["email"], PASSWORD)
    answer = client.post("/account/signup/", SIGN_UP)
    assert answer["Location"] == "/account/confirm-email/"
    assert User.objects.count() == 1
    assert "already have an account" in letters()[0].subject


def test_a_reset_answers_alike_whether_or_not_the_address_is_known(client: Client) -> None:
    User.objects.create_user("known@rings.example", PASSWORD)
    answers = [
        client.post("/account/password/reset/", {"email": email})
        for email in ("known@rings.example", "unknown@rings.example")
    ]
    assert {answer["Location"] for answer in answers} == {"/account/password/reset/done/"}
    assert "new password" in letters()[0].subject
    assert "account with this email address" in letters()[1].subject


def test_a_short_password_is_explained_beside_its_field(client: Client) -> None:
    page = client.post("/account/signup/", {**SIGN_UP, "password1": "ring"}).content.decode()
    assert "error-summary" in page
    assert "too short" in page
    assert not User.objects.exists()
