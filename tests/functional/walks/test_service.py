"""The service is there, and says so."""

import subprocess
from importlib.metadata import version

import pytest
from playwright.sync_api import Page, expect

from tests.support.inside import run_inside
from tests.support.service import COMMAND, PARTS, Service

COLD = [
    ["manage", "shell", "--no-imports", "-v", "0", "-c", "print(6 * 7)"],
    ["staff", "add", "cold@desk.example", "--role", "agent", "--name", "Cold Example"],
    ["staff", "end", "cold@desk.example"],
    ["mail", "test", "cold@rings.example"],
    ["reconcile"],
]
"""What other tests run in a process that has loaded everything; ``test_docs`` starts the commands
that the documents name.
"""


def test_health_names_every_part(service: Service) -> None:
    health = service.health()
    assert health["healthy"], health
    assert health["parts"].keys() == {"database", *PARTS} - {"postgres"}
    assert health["version"] == version("jewelrymodel")


def test_the_greeting_names_the_address(service: Service) -> None:
    assert "Ready in" in service.log
    assert service.url in service.log


def test_the_home_page_opens(page: Page) -> None:
    answer = page.goto("/")
    assert answer is not None
    assert answer.status == 200
    expect(page.locator("h1")).to_be_visible()


def test_whichever_test_asks_one_process_runs_its_code(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "import os; print(os.getppid())"
    monkeypatch.setenv("PYTEST_CURRENT_TEST", "one (call)")
    first = run_inside(service, code)
    monkeypatch.setenv("PYTEST_CURRENT_TEST", "another (call)")
    assert run_inside(service, code) == first


def test_an_operators_commands_start_by_themselves(service: Service) -> None:
    """In this order, since one ends what another began."""
    for words in COLD:
        done = subprocess.run(
            [COMMAND, *words],
            env=service.env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, (words, done.stdout + done.stderr)
        assert done.stdout.strip() or words[0] == "reconcile", words
