import hashlib
import logging
import re
from datetime import timedelta
from itertools import pairwise

import pytest
from django.conf import settings
from django.test import Client

from jewelrymodel.accounts import operations as accounts
from jewelrymodel.accounts.models import Membership
from jewelrymodel.accounts.roles import StaffRole
from jewelrymodel.generation.models import Photo, Task
from jewelrymodel.infra.clock import real_now
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.policy.clauses import CLAUSES

pytestmark = pytest.mark.django_db
PAGES = [
    "/",
    "/pricing",
    "/refund-policy",
    "/refund-policy/2026-05-14",
    "/status",
    "/image-check",
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
    assert "Page not found" in answer.content.decode()


@pytest.fixture
def everybody() -> list[Client]:
    """Nobody, a seller, and an agent."""
    now = real_now()
    clients = [Client(), Client(), Client()]
    clients[1].force_login(seller("ida@rings.example").user)
    agent = seller("vera@desk.example")
    accounts.make_staff(
        user_id=agent.user_id, role=StaffRole.AGENT, actor=Actor.system("test"), now=now
    )
    clients[2].force_login(agent.user)
    return clients


def seller(email: str) -> Membership:
    return accounts.register(email=email, password=None, account_name="Ida", now=real_now())


NUL_IN_PATH = [
    "/%00",
    "/requests/case_%00",
    "/billing/orders/ord_%00",
    "/studio/photos/%00",
    "/demo/outbox/%00",
    "/demo/outbox/%00/html",
    "/desk/cases/case_%00",
    "/desk/incidents/%00",
    "/account/confirm-email/%00",
    "/refund-policy/%00",
]
NUL_IN_QUERY = [
    "/desk?state=%00",
    "/desk?category=a%00b",
    "/status?%00",
    "/library?page=%00",
    "/requests/new?category=other&order=%00",
    "/account/login/?next=/%00",
]


@pytest.mark.parametrize(
    ("address", "status", "told"),
    [(one, 404, "Page not found") for one in NUL_IN_PATH]
    + [(one, 400, "Invalid address") for one in NUL_IN_QUERY],
)
def test_an_address_with_a_nul_names_nothing(
    address: str,
    status: int,
    told: str,
    everybody: list[Client],
    caplog: pytest.LogCaptureFixture,
) -> None:
    for client in everybody:
        answer = client.get(address)
        assert answer.status_code == status
        assert told in answer.content.decode()
        assert client.post(address).status_code == status
    for one in caplog.records:
        assert one.levelno <= logging.WARNING
        assert not one.exc_info
        assert "\0" not in one.getMessage()


def test_what_only_looks_like_a_nul_is_an_address_like_others() -> None:
    assert Client().get("/status?q=%2500").status_code == 200
    assert Client().get("/%2500").status_code == 404


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("order=ord_not_theirs", "Choose one of the orders in this list."),
        ("task=task_not_theirs", "Choose one of the generations in this list."),
    ],
)
def test_what_a_request_names_has_to_be_the_accounts_own(named: str, told: str) -> None:
    client = Client()
    client.force_login(seller("ida@rings.example").user)
    html = page(f"/requests/new?category=failed_task&{named}", client)
    assert html.count(told) == 2, "in the summary and beside the field"
    assert "Select a valid choice" not in html


def test_a_job_is_the_accounts_own_however_old_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jewelrymodel.web.customer.requests.forms._MOST_TASKS", 1)
    clients, jobs = [], []
    for name in ("ida", "otto"):
        owner = seller(f"{name}@rings.example")
        clients.append(Client())
        clients[-1].force_login(owner.user)
        jobs.append([job(owner, days) for days in (1, 9)])
    (_newer, older), (_other, foreign) = jobs
    html = page(f"/requests/new?task={older}", clients[0])
    assert f'<option value="{older}" selected>' in html
    told = "Choose one of the generations in this list."
    assert told not in page(f"/requests/new?category=&task={older}", clients[0])
    assert told in page(f"/requests/new?category=&task={foreign}", clients[0])
    sent = {"category": "failed_task", "task": "a\0b", "explanation": "It is late."}
    assert told in clients[0].post("/requests/new", sent).content.decode()


def job(owner: Membership, days: int) -> str:
    """A job that was ordered so many days ago; its id."""
    at = real_now() - timedelta(days=days)
    photo = Photo.objects.create(
        id=new_id("pho", now=at),
        account=owner.account,
        piece=owner.account.pieces.create(id=new_id("piece", now=at), created_at=at),
        original_key="x",
        view_key="x",
        sha256="0" * 64,
        width_px=9,
        height_px=9,
        created_at=at,
    )
    task = Task.objects.create(
        id=new_id("task", now=at),
        account=owner.account,
        photo=photo,
        generator="embedded",
        kind="ring",
        size_mm=20,
        edge_px=1024,
        credits_held=1,
        idempotency_key=str(days),
        created_at=at,
    )
    return task.pk


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
    assert "Down" in html  # no worker runs beside this test
    assert "uptime" not in html


def test_the_server_is_asked_for_reading_only() -> None:
    assert Client().post("/pricing").status_code == 405
