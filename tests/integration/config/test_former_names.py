"""Names that an earlier version took lose what they hide."""

import pytest
from django.core.management import call_command

from jewelrymodel.accounts import operations
from jewelrymodel.accounts.models import Account, User
from jewelrymodel.infra.clock import now
from tests.support.former_schema import migrate_back


@pytest.mark.usefixtures("committing_db")
def test_names_of_before_lose_it() -> None:
    for email in ("ida@rings.example", "eve@rings.example"):
        operations.register(email=email, password=None, account_name="A", now=now())
    migrate_back("accounts", "0008_closed_accounts")
    named, nameless = Account.objects.order_by("id")
    Account.objects.filter(pk=named.pk).update(name="Ida\u202eevil\u202c\x07 rings")
    Account.objects.filter(pk=nameless.pk).update(name="\u202e")
    User.objects.update(first_name="I\x1bda")
    call_command("migrate", verbosity=0)
    names = dict(Account.objects.values_list("id", "name"))
    assert names == {named.pk: "Ida evil rings", nameless.pk: nameless.pk}
    assert set(User.objects.values_list("first_name", flat=True)) == {"I da"}
