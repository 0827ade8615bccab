"""An operator signs somebody out, or everybody, by a command (ASVS 5, 7.4.5)."""

import pytest
from django.test import Client

from jewelrymodel.accounts import operations
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.config.cli import parser
from jewelrymodel.config.commands import staff
from jewelrymodel.infra.clock import now
from tests.support.account_emails import PASSWORD

IDA, EVE = "ida@rings.example", "eve@rings.example"


@pytest.fixture(autouse=True)
def _people(db: None) -> None:
    for email in (IDA, EVE):
        operations.register(email=email, password=PASSWORD, account_name="A", now=now())


def sign_in(email: str) -> Client:
    client = Client()
    client.post("/account/login/", {"login": email, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get("/settings").status_code == 200


def test_one_person_or_everybody() -> None:
    ida, phone, eve = sign_in(IDA), sign_in(IDA), sign_in(EVE)
    assert staff.run(parser().parse_args(["staff", "sign-out", IDA.upper()])) == 0
    assert [is_in(one) for one in (ida, phone, eve)] == [False, False, True]
    assert staff.run(parser().parse_args(["staff", "sign-out", "--everybody"])) == 0
    assert not is_in(eve)
    assert is_in(sign_in(IDA))
    noted = AuditEntry.objects.filter(action="sessions.ended").order_by("happened_at")
    assert [one.subject.partition(":")[0] for one in noted] == ["user", "service"]


def test_nobody_is_signed_out_by_a_misspelt_address() -> None:
    with pytest.raises(staff.StaffUnchanged):
        staff.run(parser().parse_args(["staff", "sign-out", "idda@rings.example"]))
    assert not AuditEntry.objects.filter(action="sessions.ended").exists()


@pytest.mark.parametrize("words", [[], [IDA, "--everybody"]])
def test_it_is_one_or_all(words: list[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["staff", "sign-out", *words])
