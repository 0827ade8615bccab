from datetime import UTC, datetime

import pytest
from django.test import Client

from jewelrymodel.accounts import operations
from jewelrymodel.demo.personas import PERSONAS
from jewelrymodel.infra import mail

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
    assert client.get("/demo/become").status_code == 405
    assert "Nobody is signed in" in client.get("/").content.decode()


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
    assert "No mail yet" in Client().get("/demo/outbox").content.decode()
