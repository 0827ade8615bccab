import hashlib
import re
from itertools import pairwise

import pytest
from django.conf import settings
from django.test import Client

from jewelrymodel.policy.clauses import CLAUSES

pytestmark = pytest.mark.django_db
PAGES = [
    "/",
    "/pricing",
    "/refund-policy",
    "/refund-policy/2026-05-14",
    "/status",
    "/account/login/",
    "/account/signup/",
    "/account/password/reset/",
]


def page(address: str, client: Client | None = None) -> str:
    answer = (client or Client()).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_one_title_and_skips_no_level_of_headings(address: str) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])", page(address))]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(deeper - level <= 1 for level, deeper in pairwise(levels))


@pytest.mark.parametrize("address", PAGES)
def test_a_page_obeys_its_own_content_policy(address: str) -> None:
    html = page(address)
    assert not re.search(r"<[^>]+\s(style|on\w+)=", html)
    assert not re.search(r"<style|<script(?![^>]+src=)", html)
    assert 'href="#content"' in html


def test_every_clause_can_be_linked_to_and_shows_its_number() -> None:
    html = page("/refund-policy")
    for clause in CLAUSES:
        assert html.count(f'id="clause-{clause}"') == 1
        assert f'href="#clause-{clause}"' in html


@pytest.mark.clause("0.1", "10.2")
def test_the_policy_shows_its_date_and_the_hash_of_the_text_it_serves() -> None:
    html = page("/refund-policy")
    assert "14 May 2026" in html
    source = Client().get("/refund-policy/2026-05-14.md").content
    assert source == (settings.TERMS_DIR / "refund" / "2026-05-14.md").read_bytes()
    assert hashlib.sha256(source).hexdigest() in html


@pytest.mark.parametrize(
    "address", ["/refund-policy/2020-01-01", "/refund-policy/2026-02-31", "/x"]
)
def test_what_is_not_there_says_so_in_our_words(address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 404
    assert "Nothing is here" in answer.content.decode()


def test_light_or_dark_is_remembered_and_leads_back() -> None:
    client = Client()
    answer = client.post("/theme", {"theme": "dark", "next": "/pricing"})
    assert answer["Location"] == "/pricing"
    assert 'data-theme="dark"' in page("/pricing", client)
    client.post("/theme", {"theme": "auto", "next": "/pricing"})
    assert "data-theme" not in page("/pricing", client)


def test_the_theme_never_leads_to_another_site() -> None:
    answer = Client().post("/theme", {"theme": "dark", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"


def test_status_claims_only_what_it_measured() -> None:
    html = page("/status")
    assert "not well" in html  # no worker runs beside this test
    assert "No uptime is claimed" in html


def test_the_server_is_asked_for_reading_only() -> None:
    assert Client().post("/pricing").status_code == 405
