"""The files of a promise and of a decision, by the command that anybody can run."""

import sys
from pathlib import Path

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.config.cli import main
from jewelrymodel.payments.models import Order
from jewelrymodel.promises.models import OrderPromise
from jewelrymodel.remedies.models import DecisionRecord
from tests.support.shop import Sandbox, charge_again, settle, start

pytestmark = pytest.mark.django_db


def verify(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """The command's exit status."""
    monkeypatch.setattr(sys, "argv", ["jewelrymodel", "policy", "verify", *words])
    with pytest.raises(SystemExit) as left:
        main()
    return int(str(left.value.code))


@pytest.fixture
def files(
    sandbox: Sandbox, seller: Membership, client: Client, tmp_path: Path
) -> tuple[str, str, str]:
    """A decision about a second charge, the promise of its order, and the folder of editions."""
    client.force_login(seller.user)
    checkout = start(seller)
    sandbox.pay(checkout.url)
    order: Order = settle(checkout.order)
    charge_again(sandbox, order)
    client.post("/requests/new", {"category": "duplicate", "order": order.pk, "do": "settle"})
    decision = DecisionRecord.objects.get()
    texts = tmp_path / "texts"
    texts.mkdir()
    (day,) = {one["date"] for one in decision.body["editions"]}
    (texts / f"{day}.md").write_bytes(client.get(f"/refund-policy/{day}.md").content)
    kept, promise = tmp_path / "decision.json", tmp_path / "promise.json"
    kept.write_bytes(client.get(f"/requests/decisions/{decision.pk}.json").content)
    promise.write_bytes(client.get(f"/billing/orders/{order.pk}/promise.json").content)
    return str(kept), str(promise), str(texts)


def test_a_decision_is_proven_not_to_be_worse_than_its_promise(
    files: tuple[str, str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    decision, promise, texts = files
    assert verify(monkeypatch, promise, "--editions", texts) == 0
    said = capsys.readouterr().out
    assert "charged_twice (clause 6.1): Full refund: $39.00" in said
    assert OrderPromise.objects.get().public_key in said
    key = OrderPromise.objects.get().public_key
    asked = (decision, "--promise", promise, "--editions", texts, "--key", key)
    assert verify(monkeypatch, *asked) == 0
    assert "not worse than the promise" in capsys.readouterr().out


def test_what_is_wrong_is_said_in_a_sentence(
    files: tuple[str, str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    decision, promise, texts = files
    asked = (decision, "--promise", promise, "--editions", texts)
    assert verify(monkeypatch, *asked, "--key", "00") == 1
    assert "not by 00" in capsys.readouterr().err
    content = Path(promise).read_text()
    Path(promise).write_text(content.replace("3900", "3901"))
    assert verify(monkeypatch, *asked) == 1
    assert "the promise was changed" in capsys.readouterr().err
    Path(promise).write_text("{}")
    assert verify(monkeypatch, *asked) == 1
    assert "holds no promise" in capsys.readouterr().err
    Path(promise).unlink()
    assert verify(monkeypatch, *asked) == 1
    assert "can't be read" in capsys.readouterr().err
