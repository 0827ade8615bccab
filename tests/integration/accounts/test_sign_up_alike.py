"""Who signs up with an address that somebody has costs as much work as somebody new."""

import re
from collections import Counter
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jewelrymodel.accounts import operations
from jewelrymodel.accounts.models import Account, User
from jewelrymodel.infra import clock
from jewelrymodel.infra.models import PendingEmail

pytestmark = pytest.mark.django_db
PASSWORD = "a ring of old gold"


def sign_up(email: str) -> tuple[int, Counter[str], tuple[int, str]]:
    """How many passwords were hashed, the statements by kind and table, and the answer."""
    browser = Client()
    browser.get("/account/signup/")
    with (
        patch.object(MD5PasswordHasher, "encode", autospec=True, side_effect=_encode) as hashed,
        CaptureQueriesContext(
            connection,
        ) as asked,
    ):
        answer = browser.post("/account/signup/", {"email": email, "password1": PASSWORD})
    said = Counter(_kind(one["sql"]) for one in asked.captured_queries)
    return hashed.call_count, said, (answer.status_code, answer.headers["Location"])


_encode = MD5PasswordHasher.encode


def _kind(sql: str) -> str:
    found = re.match(
        r'\W*(INSERT INTO|UPDATE|DELETE FROM|SELECT)\b(?:.*?\bFROM)?\s+"?(\w+)', sql, re.S
    )
    return " ".join(found.groups()) if found else ""


def test_a_known_address_costs_the_same_hash_and_the_same_rows() -> None:
    operations.register(
        email="ida@rings.example", password=PASSWORD, account_name="Ida", now=clock.now()
    )
    new, known = sign_up("new@rings.example"), sign_up("ida@rings.example")
    assert known[2] == new[2]
    assert known[0] == new[0] == 1
    written_new, written = (
        Counter({kind: many for kind, many in said.items() if kind.startswith("INSERT")})
        for said in (new[1], known[1])
    )
    for one in (written, written_new):
        one.pop("INSERT INTO infra_cache")  # a new one is counted against one limit more
    assert written == written_new
    assert abs(sum(known[1].values()) - sum(new[1].values())) <= 6, (
        known[1] - new[1],
        new[1] - known[1],
    )


def test_nothing_stays_of_who_was_not_signed_up() -> None:
    operations.register(
        email="ida@rings.example", password=PASSWORD, account_name="Ida", now=clock.now()
    )
    before = (User.objects.count(), Account.objects.count())
    sign_up("ida@rings.example")
    assert (User.objects.count(), Account.objects.count()) == before
    assert [one.recipient for one in PendingEmail.objects.all()] == ["ida@rings.example"]
