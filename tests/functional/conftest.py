"""The whole service, demo world included, once for all these tests."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support import addresses, prepared_database
from tests.support.service import Service, start


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark these tests as what they are."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    """``jewelrymodel up``, ready, its demo world loaded."""
    root = Path(tempfile.mkdtemp(prefix="jm-"))
    root.chmod(0o711)  # the database's user must pass through it
    (root / "data").mkdir()
    prepared_database.unpack(root / "data" / "pg")
    running = start(root / "data")
    running.wait_until_ready()
    yield running
    running.stop()
    shutil.rmtree(root)


@pytest.fixture(scope="session")
def known_ids(browser: Browser, service: Service) -> addresses.KnownIds:
    """One id of each kind that addresses take."""
    return addresses.known_ids(browser, service)
