"""What an operator sees of the providers: health, status page, doctor, and the contract check."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from jewelrymodel.accounts.models import Account, StaffMember
from jewelrymodel.accounts.roles import StaffRole
from jewelrymodel.config import answer_shapes
from jewelrymodel.config.alarms import generator_alarms
from jewelrymodel.config.commands import contract_check, doctor
from jewelrymodel.generation.adapters import generators
from jewelrymodel.generation.models import Photo
from jewelrymodel.generation.provider_health import provider_health
from jewelrymodel.generation.queries.provider_costs import ProviderCost, provider_costs
from jewelrymodel.infra.clock import real_now
from tests.support.generation import NOW, Hands, order, work
from tests.support.providers import access, bill, panel, set_up
from tests.support.shop import at_the_desk


@pytest.fixture
def url(generator_url: str) -> str:
    """The stand-ins, as new."""
    panel(generator_url, forget=True)
    return generator_url


def test_a_retired_model_is_an_alarm_and_on_the_status_page(
    db: None, settings: Settings, client: Client
) -> None:
    nobody = "http://127.0.0.1:9"
    settings.PROVIDERS = [access(nobody, "openai", model="gpt-image-1"), access(nobody, "bfl")]
    alarm = {"part": "generators", "code": "no_model", "provider": "openai"}
    assert generator_alarms() == [alarm]
    health = client.get(reverse("healthz"))
    assert alarm in health.json()["alarms"]
    told = {one.what: one.is_fine for one in doctor._providers()}
    kept_off = {"generated people": True}
    assert told == {"generator openai": False, "generator bfl": True, **kept_off}
    assert [one.takes_requests for one in provider_health(NOW)] == [False, True]
    assert b"1 of 2" in client.get(reverse("status")).content


def test_nothing_is_said_where_no_provider_is_set_up(
    db: None, settings: Settings, client: Client
) -> None:
    settings.PROVIDERS = []
    assert generator_alarms() == []
    assert list(doctor._providers()) == []
    assert b"Image generators" not in client.get(reverse("status")).content


def test_costs_stand_beside_the_credits_that_they_earned(
    account: Account, photo: Photo, url: str, settings: Settings, hands: Hands
) -> None:
    set_up(settings, url, "bfl")
    hands.at = real_now()
    panel(url, fault="disconnect")
    for key in ("k1", "k2"):
        task = order(photo, looks=["generated-stone"], key=key)
        for _ in range(4):
            if not task.finished_at:
                task = work(task, hands)
                hands.pass_(seconds=5)
    one = ProviderCost("bfl", 2, 1, 0, 100_000, 50_000, 1)
    assert provider_costs(since=hands.at - timedelta(days=1)) == [one]
    operator = at_the_desk()
    StaffMember.objects.update(role=StaffRole.OPERATOR)
    page = operator.get(reverse("desk_margins")).content.decode()
    assert "0.10" in page
    assert "0.05" in page


@pytest.mark.parametrize("name", list(generators.ADAPTERS))
def test_the_contract_check_finds_the_stand_in_like_itself(
    url: str, settings: Settings, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(settings, url, name)
    file = tmp_path / "report.json"
    assert contract_check.run(name, yes=True, output=str(file), pause_s=0.05) == 0
    assert len(bill(url)) == 1  # the wrong key and the wrong model cost nothing
    report = json.loads(file.read_text())
    assert not any(report["differences"].values())
    assert "about $" in capsys.readouterr().out
    kept = file.read_text()
    assert "sandbox" not in kept
    assert max(map(len, kept.split('"'))) < 80  # no picture, no words


def test_nothing_is_sent_without_a_yes(
    url: str, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(settings, url, "openai")
    monkeypatch.setattr("builtins.input", lambda question: "")
    assert contract_check.run("openai", yes=False, output=str(tmp_path / "none.json")) == 1
    assert contract_check.run("fal", yes=True, output=str(tmp_path / "none.json")) == 1
    assert not (tmp_path / "none.json").exists()
    assert bill(url) == []


def calls(*answers: tuple[str, int, Any]) -> list[answer_shapes.Call]:
    """What is noted of these answers."""
    by_path = {path: httpx.Response(status, json=body) for path, status, body in answers}
    transport = httpx.MockTransport(lambda request: by_path[request.url.path])
    with (
        httpx.Client(transport=transport) as through,
        answer_shapes.recorded(through) as (client, noted),
    ):
        for path in by_path:
            client.get(f"https://api.example{path}")
    return noted


def test_shapes_differ_by_field_type_status_and_word() -> None:
    ours = calls(("/a", 200, {"id": "x1", "n": 1, "rows": [{"status": "Ready"}], "gone": None}))
    theirs = calls(("/a", 202, {"id": 7, "n": 2.5, "rows": [{"status": "Done"}], "new": True}))
    assert answer_shapes.differences(ours, theirs) == [
        "answer 1: HTTP 202, at the stand-in 200",
        "answer 1: no gone (nothing)",
        "answer 1: new (true or false) is new",
        "answer 1: id is number, not text",
        "answer 1: rows[].status is 'Done', not 'Ready'",
    ]
    assert answer_shapes.differences(ours, []) == ["0 kinds of answers, at the stand-in 1"]
    assert answer_shapes.differences(ours, ours) == []
