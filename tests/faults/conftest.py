"""A service of their own for the tests that kill: nobody else's story is disturbed."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import prepared_database
from tests.support.service import Service, start


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark these tests as what they are."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker("faults")


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A data folder with a short name: a socket's path is limited."""
    root = Path(tempfile.mkdtemp(prefix="jm-faults-"))
    root.chmod(0o711)  # the database's user must pass through it
    (root / "data").mkdir()
    prepared_database.unpack(root / "data" / "pg")
    yield root / "data"
    shutil.rmtree(root)


@pytest.fixture(scope="module")
def service(folder: Path) -> Iterator[Service]:
    """The demo without its world, which these tests don't look at."""
    running = start(folder, "--empty")
    running.wait_until_ready()
    yield running
    if running.process.poll() is None:
        running.stop()
