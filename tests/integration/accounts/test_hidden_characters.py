"""A name shows all that it holds, at the desk and on receipts."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from jewelrymodel.accounts import operations
from jewelrymodel.accounts.models import Account, User
from jewelrymodel.infra.clock import now
from tests.support.account_emails import PASSWORD

TURNED = "Ida\u202eevil\u202c\x07 rings"  # from right to left, and a bell
PLAIN = "Ida evil rings"


@pytest.fixture
def ida(db: None) -> Client:
    member = operations.register(
        email="ida@rings.example", password=PASSWORD, account_name=TURNED, now=now()
    )
    client = Client()
    client.force_login(member.user)
    return client


def test_a_name_is_kept_without_it(ida: Client) -> None:
    assert Account.objects.get().name == PLAIN
    ida.post("/settings/account", {"name": f"\u2067{TURNED}", "buyer_capacity": "unknown"})
    ida.post("/settings/person", {"first_name": "I\x1bda", "last_name": "\u202e"})
    assert Account.objects.get().name == PLAIN
    assert User.objects.values_list("first_name", "last_name").get() == ("I da", "")


def test_a_name_of_nothing_else_is_refused(ida: Client) -> None:
    answer = ida.post("/settings/account", {"name": "\u202e\x07", "buyer_capacity": "unknown"})
    assert answer.status_code == 422
    assert Account.objects.get().name == PLAIN


def test_an_account_that_is_opened_with_none_has_its_id(ida: Client) -> None:
    user = User.objects.get()
    member = operations.open_account(user_id=user.pk, name="\x01", now=now())
    assert member.account.name == member.account_id


@pytest.mark.usefixtures("ida")
def test_the_database_refuses_it() -> None:
    for model, column in ((Account, "name"), (User, "first_name"), (User, "last_name")):
        for hidden in ("\x01", "\x7f", "\u0085", "\u202e", "\u2066", "\ufeff"):
            with pytest.raises(IntegrityError, match="show"), transaction.atomic():
                model.objects.update(**{column: f"a{hidden}b"})
