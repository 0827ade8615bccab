"""From a purchase and its refund to the file that proves them, and the command that checks it."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.attestation import operations, queries
from jewelrymodel.attestation.models import AttestedRecord
from jewelrymodel.attestation.rules.proof_file import OtherSigner
from jewelrymodel.config import cli
from jewelrymodel.config.commands import proof as command
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.remedies import operations as remedies
from jewelrymodel.web.customer import rate_limits
from tests.support.decisions import about
from tests.support.refunds import refunds_done
from tests.support.shop import Sandbox, charge_again, now, register, settle, start

pytestmark = pytest.mark.usefixtures("committing_db")
Printed = pytest.CaptureFixture[str]
TOMORROW = timedelta(days=1)


@pytest.fixture
def owner(committing_db: None, sandbox: Sandbox) -> Membership:
    """Somebody who bought, was charged twice, and got the second charge back."""
    owner = register()
    checkout = start(owner)
    sandbox.pay(checkout.url)
    order = settle(checkout.order)
    operations.attest(now=now())
    charge_again(sandbox, order)
    decision = remedies.decide_by_machine(
        request=about(order, "duplicate"), actor=Actor.system("test"), now=now()
    )
    remedies.carry_out(decision_id=decision.pk, now=now())
    refunds_done()
    return owner


def _client(owner: Membership) -> Client:
    client = Client()
    client.force_login(owner.user)
    return client


def _download(client: Client, address: str, path: Path) -> Path:
    path.write_bytes(client.get(address).content)
    return path


def _verify(*words: object) -> int:
    options = cli.parser().parse_args(["proof", "verify", *map(str, words)])
    return command.verify(options)


def test_a_customer_keeps_files_and_checks_one_by_the_other(
    owner: Membership, tmp_path: Path, capsys: Printed
) -> None:
    client = _client(owner)
    assert "/credits/proof.json" in client.get("/credits").content.decode()
    first = _download(client, "/credits/proof.json", tmp_path / "first.json")
    operations.attest(now=now())
    second = _download(client, "/credits/proof.json", tmp_path / "second.json")
    listed = _download(client, "/status/attestations.json", tmp_path / "listed.json")
    key = queries.published()[0].public_key

    assert _verify(second, "--earlier", first, "--published", listed, "--key", key) == 0
    said = capsys.readouterr().out
    assert f"Proven: 100 credits of account {owner.account_id} (100 available, 0 held" in said
    assert "are in the 100 credits that attestation 2 of" in said
    assert "are as they were" in said
    assert "unbroken, and this one is in it" in said
    kinds = [one["kind"] for one in json.loads(second.read_bytes())["records"]]
    assert kinds[-2:] == ["decision", "refund"]
    assert set(AttestedRecord.objects.values_list("attestation_id", flat=True)) == {2}

    operations.attest(now=now())
    assert AttestedRecord.objects.count() == 2


def test_what_is_not_so_is_said_in_a_sentence(
    owner: Membership, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = _download(_client(owner), "/credits/proof.json", tmp_path / "proof.json")
    with pytest.raises(OtherSigner):
        _verify(file, "--key", "00" * 32)
    with pytest.raises(command.FileUnreadable, match="can't be read"):
        _verify(tmp_path / "nowhere.json")
    with pytest.raises(command.FileUnreadable, match="no list of published attestations"):
        _verify(file, "--published", file)
    monkeypatch.setattr(command, "MOST_BYTES", 10)
    with pytest.raises(command.FileUnreadable, match="has more than"):
        _verify(file)


def test_before_the_first_night_the_page_says_when(capsys: Printed) -> None:
    client = _client(register())
    assert "The first one will be here tomorrow." in client.get("/status").content.decode()
    page = client.get("/credits/proof.json", follow=True)
    assert page.redirect_chain == [("/credits", 302)]
    assert "Your next proof will be ready tomorrow" in page.content.decode()
    assert command.make() == 0
    assert json.loads(capsys.readouterr().out)["credits"] == 0
    assert "Attestation 1, signed" in client.get("/status").content.decode()


def test_who_asks_too_often_is_told(owner: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = rate_limits.RateLimit("proof", 1, 3600)
    monkeypatch.setattr(rate_limits, "PROOFS", limit)
    client = _client(owner)
    assert client.get("/credits/proof.json").headers["Content-Type"] == "application/json"
    page = client.get("/credits/proof.json", follow=True)
    assert "downloaded the proof too often" in page.content.decode()
