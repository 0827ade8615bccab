"""The database restarts under everything: who asks meanwhile is told so, and nobody has to help.

It is shut down in order, as for an upgrade, and its settings are kept from it for a while, so that
what the supervisor starts ends at once, as where a disk isn't there yet.
"""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.support import visitor
from tests.support.inside import run_inside
from tests.support.outside import open_account
from tests.support.service import COMMAND, Service, free_ports, wait_for

EMAIL = "patient@story.example"
DEFERRED = """
from jewelrymodel.infra import queue
print(queue.defer("infra.clear", once_key="restarted"))
"""
LEFT = """
from procrastinate.contrib.django.models import ProcrastinateJob
print(ProcrastinateJob.objects.filter(queueing_lock="restarted", status="todo").count())
"""
AWAY_S = 60
BACK_S = 180


@contextmanager
def away(service: Service) -> Iterator[None]:
    """Keep the database down until the block ends; then the supervisor gets it up by itself."""
    needed = service.data_dir / "pg" / "postgresql.conf"
    hidden = needed.with_name("elsewhere.conf")
    leader = service.leader_of("postgres")
    assert leader is not None
    needed.rename(hidden)
    try:
        os.kill(leader, signal.SIGINT)
        wait_for(
            lambda: "database" in service.health().get("down", []),
            timeout_s=AWAY_S,
            pause_s=0.5,
            what=lambda: f"the database is still there: {service.health()}",
        )
        yield
    finally:
        hidden.rename(needed)
    wait_for(
        lambda: service.health().get("healthy"),
        timeout_s=BACK_S,
        pause_s=1,
        what=lambda: f"{service.health()}\n{service.log[-3000:]}",
    )


def signed_in(service: Service, browser: httpx.Client) -> str:
    """Sign in; the token that this browser's forms send."""
    address = "/account/login/"
    page = browser.get(address).text
    told = {"login": EMAIL, "password": visitor.PASSWORD, "csrfmiddlewaretoken": token(page)}
    assert browser.post(address, data=told).status_code == 302
    return token(browser.get("/settings").text)


def token(page: str) -> str:
    """The token of a page's first form."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found, page
    return found[1]


def seconds_to_wait(answer: httpx.Response) -> int:
    """What an answer of a database that is away says: come again after so long."""
    assert answer.status_code == 503, answer.text[-500:]
    return int(answer.headers["Retry-After"])


@pytest.fixture
def browser(service: Service) -> Iterator[httpx.Client]:
    """A browser on the service."""
    with httpx.Client(base_url=service.url, timeout=60) as one:
        yield one


def test_pages_ask_to_come_again_and_keep_what_was_entered(
    service: Service, browser: httpx.Client
) -> None:
    open_account(service, EMAIL, given=3)
    mark = signed_in(service, browser)
    web, since = service.leader_of("web"), len(service.log)
    entered = {"csrfmiddlewaretoken": mark, "name": 'Ida "the ring" <b>', "next": "/studio"}
    with away(service):
        for address in ("/", "/pricing", "/studio", "/library", "/desk", "/account/login/", "/no"):
            answer = browser.get(address)
            assert 0 < seconds_to_wait(answer) <= 60, address
            assert "We’ll be right back" in answer.text
            assert f'href="{address}"' in answer.text
        german = browser.get("/pricing", headers={"Accept-Language": "de"})
        assert seconds_to_wait(german)
        assert 'lang="de"' in german.text
        kept = browser.post("/settings", data=entered)
        assert seconds_to_wait(kept)
        assert 'value="Ida &quot;the ring&quot; &lt;b&gt;"' in kept.text
        assert token(kept.text) == mark
        secret = browser.post("/account/login/", data={"login": EMAIL, "password": "open-sesame"})
        assert seconds_to_wait(secret)
        assert "open-sesame" not in secret.text
        assert seconds_to_wait(browser.post("/hooks/stripe", content=b"{}"))
        health = httpx.get(f"{service.url}/healthz", timeout=60)
        assert health.status_code == 503
        assert {"database", "worker"} <= set(health.json()["down"])
        assert browser.get("/static/all.css").status_code == 200
    assert browser.get("/studio").status_code == 200  # still signed in
    assert service.leader_of("web") == web  # and by the same process
    said = [line for line in service.log[since:].splitlines() if line.startswith("      web |")]
    assert any("the database is away" in line for line in said), said
    assert [line for line in said if "Traceback" in line] == []


def test_who_works_and_who_begins_meanwhile_waits(service: Service, tmp_path: Path) -> None:
    """None gives up, and what begins as on another machine serves nothing that it hasn't seen."""
    port, since, words = free_ports(2), len(service.log), tmp_path / "words"
    here = f"http://127.0.0.1:{port}"
    with ExitStack() as stack:
        log = stack.enter_context(words.open("wb"))
        with away(service):
            late = [
                subprocess.Popen(
                    [COMMAND, one], env={**service.env, "PORT": str(port)}, stdout=log, stderr=log
                )
                for one in ("web", "worker")
            ]
            for one in late:
                stack.callback(one.wait)
                stack.callback(one.terminate)
            wait_for(
                lambda: (
                    "waiting for the database" in service.log[since:]
                    and "waiting for the database" in words.read_text()
                    and answer_of(here) == 503
                ),
                timeout_s=AWAY_S,
                pause_s=0.5,
                what=lambda: words.read_text() + service.log[since:],
            )
        wait_for(lambda: answer_of(here) == 200, timeout_s=AWAY_S, what=words.read_text)
        assert [one.poll() for one in late] == [None, None], words.read_text()
    said = words.read_text() + service.log[since:]
    assert "Traceback" not in said, said
    assert run_inside(service, DEFERRED).strip() == "True"
    wait_for(
        lambda: run_inside(service, LEFT).strip() == "0",
        timeout_s=BACK_S,
        pause_s=1,
        what="nobody works",
    )


def answer_of(url: str) -> int:
    """The status of the prices there, 0 while nobody answers."""
    try:
        return httpx.get(f"{url}/pricing", timeout=30).status_code
    except httpx.HTTPError:
        return 0
