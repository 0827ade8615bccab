"""Our account at the processor: what ``doctor --payments`` finds, and the endpoint that is made."""

import argparse

import pytest
from pytest_django import Settings

from jewelrymodel.config.commands import payments as command
from jewelrymodel.payments.adapters import stripe_setup
from jewelrymodel.payments.adapters.stripe_client import client
from jewelrymodel.payments.operations.event_dispatch import FOLLOWERS
from jewelrymodel.payments.rules.webhook_events import EVENTS, missing_events
from tests.support.shop import Sandbox

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ours(sandbox: Sandbox, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://shop.example"


def wrong() -> dict[str, str]:
    return {one.what: one.words for one in stripe_setup.look() if one.is_fine is False}


def test_an_endpoint_is_made_once_and_found_right(capsys: pytest.CaptureFixture[str]) -> None:
    assert "run jewelrymodel payments endpoint" in wrong()["endpoint"]
    assert command.run(argparse.Namespace(what="endpoint")) == 0
    assert "STRIPE_WEBHOOK_SECRET=whsec_" in capsys.readouterr().out
    assert wrong() == {}
    assert command.run(argparse.Namespace(what="endpoint")) == 0
    assert "STRIPE_WEBHOOK_SECRET" not in capsys.readouterr().out
    made = client().v1.webhook_endpoints.list().data
    assert [one.url for one in made].count("https://shop.example/hooks/stripe") == 1
    assert command.check() == 0


def test_an_endpoint_that_lacks_events_or_was_switched_off_is_mended() -> None:
    made = stripe_setup.make_endpoint()
    lame = {"enabled_events": ["charge.succeeded", "customer.created"], "disabled": True}
    client().v1.webhook_endpoints.update(made.id, lame)  # type: ignore[arg-type]  # words
    assert "customer.subscription.updated" in wrong()["events"]
    assert "is disabled" in wrong()["endpoint"]
    assert stripe_setup.make_endpoint().id == made.id
    assert wrong() == {}
    kept = client().v1.webhook_endpoints.retrieve(made.id).enabled_events
    assert "customer.created" in kept, "what somebody else wants to hear stays"


@pytest.mark.parametrize("key", ["expired", "invalid"])
def test_a_key_that_is_refused_is_said(sandbox: Sandbox, key: str) -> None:
    sandbox.panel("faults", key=key)
    assert "set STRIPE_SECRET_KEY" in wrong()["key"]
    assert command.check() == 1


def test_a_right_that_is_missing_is_named(sandbox: Sandbox) -> None:
    stripe_setup.make_endpoint()
    sandbox.panel("faults", missing_right="dispute_read")
    assert set(wrong()) == {"disputes"}


def test_no_key_and_nobody_there_are_findings(sandbox: Sandbox, settings: Settings) -> None:
    sandbox.panel("faults", down=True)
    assert set(wrong()) == {"processor"}
    settings.STRIPE_SECRET_KEY = ""
    assert set(wrong()) == {"key"}


def test_the_events_cover_every_kind_of_object_that_is_followed() -> None:
    assert missing_events(["*"]) == []
    kinds = {one.rpartition(".")[0].rpartition(".")[2] for one in EVENTS}
    assert {"subscription", "invoice", "refund", "charge", "dispute", "session"} <= kinds
    assert set(FOLLOWERS) <= {*kinds, "radar.early_fraud_warning"}
