"""The page of a database that is away: come again, with what can be shown back of what was sent."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from psycopg import errors

from jewelrymodel.accounts.models import Membership
from jewelrymodel.web import sessions

pytestmark = pytest.mark.django_db
PAGE = "/settings"


@pytest.fixture
def browser(seller: Membership, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The browser of a seller who is signed in, while the database is away."""
    client = Client(raise_request_exception=False)
    client.force_login(seller.user)
    fail_with(errors.CannotConnectNow("the database system is starting up"), monkeypatch)
    return client


def fail_with(cause: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every page of who is signed in meet an error of the database."""

    def fail(*_: object, **__: object) -> None:
        raise OperationalError(str(cause)) from cause

    monkeypatch.setattr(sessions, "_is_over", fail)


def test_a_page_leads_to_itself(browser: Client) -> None:
    answer = browser.get(f"{PAGE}?from=desk")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer["Cache-Control"] == "private, no-store"
    assert f'href="{PAGE}?from=desk"' in answer.text


def test_what_the_server_refuses_stays_an_error(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_with(errors.DeadlockDetected(), monkeypatch)
    answer = browser.get(PAGE)
    assert answer.status_code == 500
    assert "Retry-After" not in answer


RETURN = "/billing/orders/ord_1/return"  # where a buyer comes back to who has just paid
CHARGED = re.compile(r"nothing was charged|t charged|Nothing was lost|nichts.*berechnet", re.I)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "If you have just paid, your payment counts"),
        ("de", "Falls Sie gerade bezahlt haben, zählt Ihre Zahlung"),
        ("es", "Si acaba de pagar, su pago es válido"),
        ("fr", "Si vous venez de payer, votre paiement est pris en compte"),
        ("pt", "Se você acabou de pagar, seu pagamento é válido"),
    ],
)
@pytest.mark.parametrize("status", [503, 500])
def test_who_has_just_paid_is_not_told_that_nothing_was_charged(
    browser: Client,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    language: str,
    sentence: str,
) -> None:
    if status == 500:
        fail_with(errors.DeadlockDetected(), monkeypatch)
    browser.cookies["language"] = language  # what this browser chose: a draft is shown to no other
    answer = browser.get(RETURN)
    assert answer.status_code == status
    assert sentence in answer.text
    assert not CHARGED.search(answer.text)


def test_what_was_entered_is_sent_again_as_it_was(browser: Client) -> None:
    answer = browser.post(PAGE, data={"name": '"Ida"', "look": ["marble", "velvet"]})
    assert answer.status_code == 503
    assert 'name="name" value="&quot;Ida&quot;"' in answer.text
    assert answer.text.count('name="look"') == 2
    assert f'action="{PAGE}"' in answer.text


@pytest.mark.parametrize(
    "sent",
    [
        {"name": "Ida", "password1": "open-sesame"},
        {"name": "Ida", "code": "123456"},
        {"name": "Ida", "note": "x" * 300_000},
    ],
)
def test_what_is_secret_or_long_is_not_shown_back(browser: Client, sent: dict[str, str]) -> None:
    answer = browser.post(PAGE, data=sent)
    assert answer.status_code == 503
    assert 'type="hidden"' not in answer.text
    assert "Reload this page" in answer.text
    assert "open-sesame" not in answer.text
    assert "123456" not in answer.text


def test_files_are_not_shown_back(browser: Client) -> None:
    photo = SimpleUploadedFile("ring.jpg", b"a ring", "image/jpeg")
    answer = browser.post(PAGE, data={"name": "Ida", "photo": photo})
    assert answer.status_code == 503
    assert 'type="hidden"' not in answer.text
