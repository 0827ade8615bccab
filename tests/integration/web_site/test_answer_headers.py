"""What every answer says to the browser besides its content (ASVS 5, 3.3 and 3.4)."""

from http.cookies import Morsel
from pathlib import Path

import pytest
from django.templatetags.static import static
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


@pytest.mark.parametrize(
    "address",
    ["/", "/healthz", "/robots.txt", "/sitemap.xml", "/refund-policy", "/hooks/stripe", "/nope"],
)
def test_every_text_says_its_charset(address: str) -> None:
    """JSON has none to say: it is UTF-8 (RFC 8259, 8.1)."""
    client = Client()
    answers = [client.get(address), client.post(address, b"{}", content_type="application/json")]
    for kind in (one["Content-Type"] for one in answers if one.content):
        assert kind == "application/json" or kind.endswith("; charset=utf-8"), kind
    if address == "/hooks/stripe":
        assert answers[1]["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("address", ["/", "/studio", "/healthz", "/metrics", "/account/login/"])
def test_nobody_is_answered_what_they_sent(address: str) -> None:
    """TRACE (ASVS 5, 13.4.4)."""
    assert Client().generic("TRACE", address).status_code == 405


def test_a_static_file_is_no_page_that_may_be_framed(tmp_path: Path, settings: Settings) -> None:
    """Gathered as an operator's start does; the middleware reads the folder once, as it begins."""
    settings.STATIC_ROOT = tmp_path
    settings.SECURE_HSTS_SECONDS = 31_536_000
    (tmp_path / "favicon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    answer = Client().get(static("favicon.svg"), secure=True)
    answer.close()
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/svg+xml"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("address", ["/static/", "/.git/config", "/files/", "/static/../settings"])
def test_nothing_is_listed_and_nothing_else_is_served(address: str) -> None:
    assert Client().get(address).status_code == 404


def test_what_broke_is_told_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_given: object) -> None:
        raise RuntimeError("words for us alone")

    monkeypatch.setattr("jewelrymodel.catalog.queries.products_on_sale", break_down)
    answer = Client(raise_request_exception=False).get("/pricing")
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "words for us alone" not in page
    assert "Traceback" not in page
    assert "RuntimeError" not in page
