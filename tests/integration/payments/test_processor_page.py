"""The operator's page about the payment processor: what is set, what it said, and never a key."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from jewelrymodel.accounts.roles import StaffRole
from jewelrymodel.infra import webhook_inbox
from jewelrymodel.infra.clock import now
from jewelrymodel.payments import operations
from jewelrymodel.payments.adapters import stripe_setup
from jewelrymodel.payments.operations.processor_setup import KeyKind, processor_settings
from tests.support.shop import at_the_desk

pytestmark = pytest.mark.django_db
PAGE = "/desk/processor"
KEY = "rk_" + "live_neverShown123"


@pytest.fixture
def olga() -> Client:
    """An operator at the desk."""
    return at_the_desk(role=StaffRole.OPERATOR)


def test_it_says_what_is_set_and_asks_nothing(
    olga: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripe_setup, "look", lambda: pytest.fail("it was asked"))
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = KEY, "whsec_neverShown"
    page = olga.get(PAGE).text
    assert "Restricted key" in page
    assert "Live: real money moves" in page
    assert f"{settings.PUBLIC_URL}/hooks/stripe" in page
    assert "None has arrived yet" in page
    assert "Not checked in the last month." in page
    assert "neverShown" not in page


@pytest.mark.parametrize(
    ("key", "kind"),
    [("", KeyKind.NONE), ("sk_" + "test_1", KeyKind.SECRET), (KEY, KeyKind.RESTRICTED)],
)
def test_each_kind_of_key_has_its_name(settings: Settings, key: str, kind: KeyKind) -> None:
    settings.STRIPE_SECRET_KEY = key
    assert processor_settings().key == kind


def test_what_it_answered_is_kept_until_it_is_asked_again(
    olga: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [
        stripe_setup.SetupFinding("charges", True, "can be read"),
        stripe_setup.SetupFinding("key", False, f"Invalid API Key provided: {KEY} and whsec_abc"),
    ]
    monkeypatch.setattr(stripe_setup, "look", lambda: said)
    assert olga.post(f"{PAGE}/ask").status_code == 302
    page = olga.get(PAGE).text
    assert "1 thing is wrong" in page
    assert page.index("Invalid API Key provided: …") < page.index("can be read")
    assert "neverShown" not in page
    assert "whsec_abc" not in page
    said[1:] = []
    olga.post(f"{PAGE}/ask")
    assert "nothing is wrong" in olga.get(PAGE).text


def test_the_last_message_and_those_that_wait_are_shown(olga: Client) -> None:
    for number, age in ((1, timedelta(hours=2)), (2, timedelta())):
        webhook_inbox.receive(
            source=operations.INBOX,
            external_id=f"evt_{number}",
            payload={"type": "charge.updated", "object_id": "ch_1"},
            task_name=operations.PROCESS,
            now=now() - age,
        )
    page = olga.get(PAGE).text
    summary = webhook_inbox.summary(source=operations.INBOX)
    assert summary.newest_at is not None
    assert summary.newest_at > now() - timedelta(hours=1)
    assert (summary.waiting, summary.parked) == (2, 0)
    assert "2 messages" in page


def test_an_agent_finds_no_such_page() -> None:
    agent = at_the_desk("Arun Example", role=StaffRole.AGENT)
    assert agent.get(PAGE).status_code == 404
    assert agent.post(f"{PAGE}/ask").status_code == 404
