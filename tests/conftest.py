"""One embedded PostgreSQL for the whole run; every worker gets a database of its own in it."""

import gc
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import hypothesis
import pytest

from jewelrymodel.infra.postgres import DATABASE, OWNER, EmbeddedPostgres, unprivileged
from tests.support import prepared_database

pytest_plugins = ["tests.support.browsing"]
_SOCKET = "JEWELRYMODEL_TEST_SOCKET_DIR"
_MEMORY, _ROOM_BYTES = Path("/dev/shm"), 6_000_000_000
_ALLOCATED_BEFORE_A_SEARCH = 50_000


def _choose_temporary_folder() -> None:
    """Keep what tests write in memory where there is room: on some disks, copying a database's
    thousand small files takes fifteen times as long.
    """
    is_ours = "TMPDIR" not in os.environ and _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK)
    if is_ours and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES:
        os.environ["TMPDIR"] = str(_MEMORY)
        tempfile.tempdir = None  # whoever asked before


_choose_temporary_folder()
# By itself it fails an example that took over 200 ms: a busy machine is no fault of the code.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")
gc.disable()  # until all is loaded, which stays: see below


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """Search for cycles among what the tests allocate, and rarely.

    Modules and tests, half a million objects, were searched again and again while they were loaded
    and after: a third of what a process takes before its first test, and a tenth of the rest.
    """
    gc.freeze()
    gc.enable()
    gc.set_threshold(_ALLOCATED_BEFORE_A_SEARCH)


def pytest_configure(config: pytest.Config) -> None:
    """Start the database once, in the controlling process, before any worker is spawned."""
    if hasattr(config, "workerinput"):
        return
    root = Path(tempfile.mkdtemp(prefix="jm-"))
    root.chmod(0o711)  # our own folder: the database's user must pass through it
    postgres = EmbeddedPostgres(root / "pg", root / "run", durable=False)
    prepared_database.unpack(root / "pg")
    postgres.prepare()
    server = subprocess.Popen(
        postgres.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **unprivileged()
    )
    postgres.wait_until_ready()
    os.environ[_SOCKET] = str(postgres.socket_dir)

    def stop() -> None:
        server.send_signal(2)
        server.wait(timeout=20)
        shutil.rmtree(root)

    config.add_cleanup(stop)


@pytest.fixture(scope="session", autouse=True)
def quick_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep files in a folder of the run's own; serve static files uncollected; hash cheaply.

    A processor that is down is asked again at once: that it is asked again is what matters.
    """
    import logging

    import stripe
    from django.conf import settings

    # A mail server that ends after its test has nowhere left to write that somebody hung up.
    logging.getLogger("mail.log").setLevel(logging.WARNING)

    stripe.HTTPClient.INITIAL_DELAY = 0.01

    settings.DATA_DIR = tmp_path_factory.mktemp("data")
    settings.MEDIA_ROOT = settings.DATA_DIR / "files"
    settings.STATIC_ROOT = settings.DATA_DIR / "static"
    settings.STATIC_ROOT.mkdir()
    settings.DISK_RESERVE_MB = 0  # how full the testing machine's disk is is no story's subject
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES["staticfiles"]["BACKEND"] = plain


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """Point Django at the run's own server, and name the test database once for all who ask."""
    from django.db import connections

    default = connections["default"].settings_dict
    default["HOST"] = os.environ[_SOCKET]
    default["USER"] = (
        OWNER  # who makes and drops databases; the service's role has tests of its own
    )
    default["TEST"]["TEMPLATE"] = DATABASE
    default["TEST"]["NAME"] = default["TEST"].get("NAME") or f"test_{default['NAME']}"
