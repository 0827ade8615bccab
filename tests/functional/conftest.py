"""The whole service, demo world included, once for all these tests; and a browser."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from tests.support.browsers import program
from tests.support.service import Service, start

PATIENCE_MS = 15_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep these tests together on one worker: they share one service."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker("browser")
            item.add_marker(pytest.mark.xdist_group("functional"))


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    """``jewelrymodel up``, ready, its demo world loaded."""
    root = Path(tempfile.mkdtemp(prefix="jm-"))
    root.chmod(0o711)  # the database's user must pass through it
    running = start(root / "data")
    running.wait_until_ready()
    yield running
    running.stop()
    shutil.rmtree(root)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright keeps a loop in this thread; Django's own tests may go on beside it."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    running = playwright.chromium.launch(
        executable_path=program(), args=["--no-sandbox", "--disable-gpu"]
    )
    yield running
    running.close()


@pytest.fixture
def page(browser: Browser, service: Service) -> Iterator[Page]:
    """A fresh visitor at the service; whatever a page's script throws fails the test."""
    context = browser.new_context(base_url=service.url, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    thrown: list[str] = []
    context.on("weberror", lambda problem: thrown.append(str(problem.error)))
    yield context.new_page()
    context.close()
    assert not thrown, thrown
