"""One stand-in generator for all these tests, honest again before each of them."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pytest_django.fixtures import Settings

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation.adapters import hosted, provider_http
from jewelrymodel.generation.models import Photo
from tests.support import generation as world

HONEST = {"behaviour": "honest", "times": 0, "seconds": 0.05, "down": 0, "lose_answers": 0}


@pytest.fixture(scope="session")
def generator_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a stand-in generator that runs as it does in the demo."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    database = tmp_path_factory.mktemp("generator") / "generator.sqlite3"
    granian = Path(sys.executable).with_name("granian")
    command = [str(granian), "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(
        [*command, "--workers", "1", "--no-access-log", "jewelrymodel.sandbox.generator.asgi:app"],
        env={**os.environ, "GENERATOR_DB": str(database)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    _wait_for(url)
    yield url
    hosted.connections(url).close()
    provider_http.connections().close()
    server.terminate()
    server.wait(timeout=20)


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            httpx.get(f"{url}/healthz")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(url)


@pytest.fixture
def generator(generator_url: str, settings: Settings) -> str:
    """The stand-in, honest and quick, as the hosted generator."""
    kept = provider_http.connections()  # a new one reads every certificate of the machine
    kept.post(f"{generator_url}/_sandbox/faults", json=HONEST).raise_for_status()
    settings.HOSTED_GENERATOR_URL = generator_url
    return generator_url


@pytest.fixture
def files(tmp_path: Path, settings: Settings) -> Path:
    """The folder of the test's own that stored files go to."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.DATA_DIR = settings.STATIC_ROOT = tmp_path  # nothing is collected for tests
    return tmp_path / "files"


@pytest.fixture
def hands() -> world.Hands:
    """The clocks of a worker."""
    return world.Hands()


@pytest.fixture
def account(committing_db: None) -> Account:
    """A seller with ten credits, in a database that really commits."""
    return world.seller()


@pytest.fixture
def photo(account: Account, files: Path) -> Photo:
    """A pendant of theirs, cut out and approved."""
    return world.approve(world.approved_photo(account))
