"""What every answer says to the browser besides its content (ASVS 5, 3.3 and 3.4)."""

from http.cookies import Morsel

import pytest
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def over_tls(settings: Settings) -> Client:
    """A browser of a service whose address is https."""
    settings.COOKIE_PREFIX = "__Host-"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    return Client()


@pytest.mark.parametrize(
    ("address", "sent"),
    [("/theme", {"theme": "dark", "next": "/"}), ("/language", {"language": "de", "next": "/"})],
)
def test_what_we_have_a_browser_keep_is_bound_to_our_host(
    over_tls: Client, address: str, sent: dict[str, str]
) -> None:
    kept: Morsel[str] = over_tls.post(address, sent, secure=True).cookies[f"__Host-{address[1:]}"]
    assert kept["secure"]
    assert kept["httponly"]
    assert (kept["path"], kept["domain"], kept["samesite"]) == ("/", "", "Lax")
    page = over_tls.get("/", secure=True).content.decode()
    assert ('data-theme="dark"' in page) or ('<html lang="de"' in page)


def test_a_cookie_that_a_neighbor_set_counts_for_nothing(over_tls: Client) -> None:
    over_tls.cookies["theme"] = "dark"
    assert 'data-theme="dark"' not in over_tls.get("/", secure=True).content.decode()


@pytest.mark.parametrize("address", ["/", "/no-such-page", "/healthz", "/hooks/stripe"])
def test_every_answer_is_guarded(over_tls: Client, address: str) -> None:
    answer = over_tls.get(address, secure=True)
    assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    policy = answer["Content-Security-Policy"]
    for directive in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert directive in policy
    assert "unsafe" not in policy
    assert "Access-Control-Allow-Origin" not in answer
