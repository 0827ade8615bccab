"""No table and no folder with something of an account can be forgotten, neither for the file with
somebody's data nor for the closing of their account.
"""

from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

from jewelrymodel.accounts.models import Account, User
from jewelrymodel.infra import storage
from jewelrymodel.infra.storage_places import UnknownPlace
from jewelrymodel.privacy.account_records import EXPORTED, NOT_EXPORTED

SECRETS = ("password", "key", "secret", "token", "thread_key", "idempotency_key", "session_url")
WITHOUT_A_KEY = {"account_id", "user_id", "recipient", "sender", "email", "envelope_to"}
"""Fields by which a row names an account or a person where it has no foreign key to them."""
OF_OUR_STORAGE = {"key", "image_key", "view_key", "original_key"}  # where a file lies: no secret


def tables_of_accounts() -> set[type[Model]]:
    """Every table with a row that leads to an account or a person, directly or through others."""
    everything: list[Any] = apps.get_models(include_auto_created=True)
    found: set[type[Model]] = {Account, User}
    found |= {
        one
        for one in everything
        if any(field.name in WITHOUT_A_KEY for field in one._meta.concrete_fields)
    }
    while True:
        more = {
            one
            for one in everything
            if one not in found
            and any(field.related_model in found for field in one._meta.concrete_fields)
        }
        if not more:
            return found
        found |= more


def test_every_table_of_an_account_is_handed_out_or_says_why_not() -> None:
    labels = {one._meta.label for one in tables_of_accounts()}
    exported = {kind.model for kind in EXPORTED}
    assert exported & NOT_EXPORTED.keys() == set()
    assert labels - exported - NOT_EXPORTED.keys() == set()
    assert (exported | NOT_EXPORTED.keys()) - labels == set()


def test_each_has_a_file_of_its_own_and_leaves_out_what_there_is() -> None:
    assert len({kind.file for kind in EXPORTED}) == len(EXPORTED)
    for kind in EXPORTED:
        names = {one.attname for one in apps.get_model(kind.model)._meta.concrete_fields}
        assert kind.without <= names, kind.file
        handed_out = names - kind.without - OF_OUR_STORAGE
        assert handed_out.isdisjoint(SECRETS), kind.file


def test_nothing_is_stored_where_nobody_says_what_becomes_of_it() -> None:
    with pytest.raises(UnknownPlace):
        storage.put("anywhere/acct_1/picture.png", b"")
