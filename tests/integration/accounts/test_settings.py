from datetime import UTC, datetime

import pytest
from django.test import Client

from jewelrymodel.accounts import operations, queries
from jewelrymodel.accounts.models import Account, Membership, User
from jewelrymodel.accounts.roles import BuyerCapacity, Role
from jewelrymodel.audit.models import AuditEntry

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db
CHANGE = {"name": "Ida & Daughters", "country": "PT", "buyer_capacity": "business"}


def register(email: str = "ida@rings.example", name: str = "Ida's rings") -> Membership:
    return operations.register(email=email, password=None, account_name=name, now=NOW)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_an_owner_changes_the_account_and_it_is_on_record() -> None:
    owner = register()
    client = signed_in(owner.user)
    assert client.post("/settings/account", CHANGE)["Location"] == "/settings"
    account = Account.objects.get()
    assert (account.name, account.country) == ("Ida & Daughters", "PT")
    assert account.buyer_capacity == BuyerCapacity.BUSINESS
    entry = AuditEntry.objects.get(account_id=account.id)
    assert entry.action == "account.changed"
    assert "Ida &amp; Daughters" in client.get("/settings").content.decode()


def test_a_member_may_not_change_the_account() -> None:
    owner = register()
    member = User.objects.create_user("noor@rings.example")
    Membership.objects.create(account=owner.account, user=member, role=Role.MEMBER, joined_at=NOW)
    assert signed_in(member).post("/settings/account", CHANGE).status_code == 403
    assert Account.objects.get().name == "Ida's rings"
    assert "Save account" not in signed_in(member).get("/settings").content.decode()


def test_an_unknown_country_is_refused_with_a_word_about_it() -> None:
    client = signed_in(register().user)
    answer = client.post("/settings/account", {**CHANGE, "country": "XX"})
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert Account.objects.get().country == ""


def test_a_person_changes_their_own_name() -> None:
    client = signed_in(register().user)
    client.post("/settings/person", {"first_name": "Ida", "last_name": "Example"})
    assert User.objects.get().get_full_name() == "Ida Example"
    too_long = client.post("/settings/person", {"first_name": "x" * 200})
    assert too_long.status_code == 422


def test_the_workspace_sends_strangers_to_the_sign_in_and_back() -> None:
    answer = Client().get("/settings")
    assert answer["Location"] == "/account/login/?next=/settings"


def test_what_can_not_be_repeated_leads_to_the_studio_after_the_sign_in() -> None:
    answer = Client().post("/settings/account", CHANGE)
    assert answer["Location"] == "/account/login/?next=/studio"


def test_a_part_of_a_page_leads_the_whole_page_to_the_sign_in() -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/credits"}
    answer = Client().get("/settings", headers=headers)
    assert answer["HX-Redirect"] == "/account/login/?next=/credits"


def test_without_an_open_account_there_is_no_workspace() -> None:
    owner = register()
    Account.objects.update(closed_at=NOW)
    assert signed_in(owner.user).get("/settings")["Location"] == "/settings/closed"
    Account.objects.update(erased_at=NOW)
    assert signed_in(owner.user).get("/settings").status_code == 404


def test_one_works_for_the_account_chosen_unless_it_is_somebody_elses() -> None:
    first, other = register(), register("noor@rings.example", "Noor")
    second = operations.open_account(user_id=first.user.pk, name="Second", now=NOW)

    def chosen(account_id: str | None) -> str:
        return queries.membership_of(user_id=first.user.pk, account_id=account_id).account_id

    assert chosen(second.account_id) == second.account_id
    assert chosen(other.account_id) == first.account_id
    assert chosen(None) == first.account_id
