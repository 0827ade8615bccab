"""The file of a decision is what its page says: anybody can check it, without us."""

import hashlib
import sys
from pathlib import Path

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.config.cli import main
from jewelrymodel.payments.models import Order
from jewelrymodel.remedies.models import DecisionRecord
from tests.support.shop import Sandbox, charge_again

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(seller: Membership) -> Client:
    client = Client()
    client.force_login(seller.user)
    return client


@pytest.fixture
def decided(sandbox: Sandbox, order: Order, buyer: Client) -> DecisionRecord:
    charge_again(sandbox, order)
    buyer.post("/requests/new", {"category": "duplicate", "order": order.pk, "do": "settle"})
    return DecisionRecord.objects.get()


def verify(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """The command's exit status."""
    monkeypatch.setattr(sys, "argv", ["jewelrymodel", "policy", "verify", *words])
    with pytest.raises(SystemExit) as left:
        main()
    return int(str(left.value.code))


@pytest.mark.clause("10.2", "6.6")
def test_the_file_has_the_digest_of_its_page_and_follows_from_its_facts(
    decided: DecisionRecord,
    buyer: Client,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    content = buyer.get(f"/requests/decisions/{decided.pk}.json").content
    page = buyer.get(f"/requests/decisions/{decided.pk}").content.decode()
    sha256 = hashlib.sha256(content).hexdigest()
    assert sha256 == decided.sha256
    assert sha256 in page
    for program in ("certutil", "shasum", "sha256sum", "jewelrymodel policy verify"):
        assert program in page
    file, texts = tmp_path / "kept.json", tmp_path / "texts"
    file.write_bytes(content)
    texts.mkdir()
    (text,) = {one["date"] for one in decided.body["editions"]}
    assert f"/refund-policy/{text}.md" in page
    (texts / f"{text}.md").write_bytes(buyer.get(f"/refund-policy/{text}.md").content)
    assert verify(monkeypatch, str(file), "--sha256", sha256, "--editions", str(texts)) == 0
    assert "decides the same from its facts" in capsys.readouterr().out
    file.write_bytes(content.replace(b'"value":3900', b'"value":3901', 1))
    assert verify(monkeypatch, str(file), "--sha256", sha256) == 1
    assert "the file was changed" in capsys.readouterr().err
    assert verify(monkeypatch, str(file)) == 1, "what was charged is what is given back"
    assert verify(monkeypatch, str(file), "--editions", str(tmp_path)) == 1
    assert "can't be read" in capsys.readouterr().err


def test_a_customer_sees_what_tells_their_case_and_none_of_our_limits(
    decided: DecisionRecord, buyer: Client, order: Order
) -> None:
    page = buyer.get(f"/requests/decisions/{decided.pk}").content.decode()
    assert "a machine may refund" not in page
    assert "two people decide" not in page
    assert "How far the sender is known" not in page
    assert order.label in page
    assert "lot_" not in page
    assert "no incident" not in page
    file = buyer.get(f"/requests/decisions/{decided.pk}.json").content.decode()
    assert '"limit.machine_minor"' in file, "the file keeps all"
