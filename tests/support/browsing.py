"""Fixtures: one Chromium for the run, and a fresh visitor at whatever ``service`` the test has."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from tests.support.browsers import FLAGS, program
from tests.support.service import Service

PATIENCE_MS = 15_000

NewVisitor = Callable[[], Page]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright keeps a loop in this thread; Django's own tests may go on beside it."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    running = playwright.chromium.launch(executable_path=program(), args=list(FLAGS))
    yield running
    running.close()


@pytest.fixture
def let_in(browser: Browser, service: Service) -> Iterator[NewVisitor]:
    """Lets another visitor in, with cookies of their own; what a page's script throws fails."""
    contexts: list[BrowserContext] = []
    thrown: list[str] = []

    def enter() -> Page:
        context = browser.new_context(
            base_url=service.url,
            viewport={"width": 1280, "height": 900},
            reduced_motion="reduce",  # drawn anew 60 times a second, what waits takes a processor
        )
        context.set_default_timeout(PATIENCE_MS)
        context.on("weberror", lambda problem: thrown.append(str(problem.error)))
        contexts.append(context)
        return context.new_page()

    yield enter
    for context in contexts:
        context.close()
    assert not thrown, thrown


@pytest.fixture
def page(let_in: NewVisitor) -> Page:
    """A fresh visitor at the service."""
    return let_in()
