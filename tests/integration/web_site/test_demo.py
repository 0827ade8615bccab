import socket
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from pytest_django import Settings

from jewelrymodel.accounts import operations
from jewelrymodel.accounts.models import Membership
from jewelrymodel.demo.personas import PERSONAS
from jewelrymodel.infra import clock, formats, mail
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.models import Order, Subscription
from tests.support.shop import Sandbox, settle, start

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db
IDA = PERSONAS[0]


def test_one_click_makes_the_visitor_a_persona_that_exists() -> None:
    operations.register(email=IDA.email, password=None, account_name="Ida's rings", now=NOW)
    client = Client()
    html = client.get("/demo/").content.decode()
    assert IDA.name in html
    assert PERSONAS[1].name not in html
    assert client.post("/demo/become", {"persona": IDA.email})["Location"] == IDA.start
    assert f"Signed in as <strong>{IDA.email}</strong>" in client.get("/").content.decode()


def test_nobody_becomes_a_person_who_is_not_of_the_demo() -> None:
    operations.register(email="real@rings.example", password=None, account_name="R", now=NOW)
    client = Client()
    assert client.post("/demo/become", {"persona": "real@rings.example"}).status_code == 404
    assert client.get("/demo/become")["Location"] == "/demo/"
    assert "You’re not signed in" in client.get("/").content.decode()


def test_a_mail_is_shown_as_its_reader_sees_it_and_can_run_nothing() -> None:
    letter = mail.compose(to="ida@rings.example", subject="Hello", text="A word.")
    kept = mail.keep(
        envelope_from="",
        envelope_to=["ida@rings.example"],
        raw=letter.message().as_bytes(),
        now=NOW,
    )
    client = Client()
    assert "Hello" in client.get("/demo/outbox").content.decode()
    assert "A word." in client.get(f"/demo/outbox/{kept.id}").content.decode()
    html = client.get(f"/demo/outbox/{kept.id}/html")
    assert "A word." in html.content.decode()
    assert "sandbox" in html["Content-Security-Policy"]
    assert "script-src" not in html["Content-Security-Policy"]
    assert html["X-Frame-Options"] == "SAMEORIGIN"


def test_an_empty_outbox_says_how_to_fill_it() -> None:
    assert "No emails yet" in Client().get("/demo/outbox").content.decode()


def test_time_moves_on_for_us_and_for_the_processor(sandbox: Sandbox, settings: Settings) -> None:
    settings.SANDBOX_PORT = urlsplit(sandbox.url).port
    client = Client()
    assert "The demo time is" not in client.get("/pricing").content.decode()
    before = clock.now()
    for step in ("hour", "month"):
        assert client.post("/demo/time", {"step": step})["Location"] == "/demo/"
    told = timedelta(days=31, hours=1)
    assert told <= clock.now() - before < told + timedelta(minutes=1)
    assert sandbox.panel("clock")["offset_s"] == told.total_seconds()
    notice = f"The demo time is {formats.day(clock.now())}"
    assert notice in client.get("/pricing").content.decode()
    assert client.post("/demo/time", {"step": "back"}).status_code == 404
    assert client.get("/demo/time")["Location"] == "/demo/"


def test_time_moves_on_beside_a_processor_that_is_away_and_that_is_said(settings: Settings) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.SANDBOX_PORT = nobody.getsockname()[1]
        html = Client().post("/demo/time", {"step": "day"}, follow=True).content.decode()
    assert "didn’t follow" in html
    assert clock.offset() == timedelta(days=1)


def test_a_plan_renews_when_its_month_has_passed(
    sandbox: Sandbox, seller: Membership, settings: Settings
) -> None:
    settings.SANDBOX_PORT = urlsplit(sandbox.url).port
    checkout = start(seller, sku="bench")
    sandbox.pay(checkout.url)
    settle(checkout.order)
    Client().post("/demo/time", {"step": "month"})
    plan = Subscription.objects.get()
    payments.settle_subscription(
        processor_subscription_id=plan.processor_subscription_id, now=clock.now()
    )
    plan.refresh_from_db()
    assert plan.period_ends_at > clock.now()
    assert Order.objects.filter(account_id=seller.account_id).count() == 2
