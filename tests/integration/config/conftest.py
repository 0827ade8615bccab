"""A cluster of its own, for what a role of the database may do and what not."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from jewelrymodel.infra.postgres import SERVICE_ROLE, EmbeddedPostgres, unprivileged
from tests.support import prepared_database


@pytest.fixture
def former_cluster() -> Iterator[EmbeddedPostgres]:
    """A cluster as earlier versions left one: one role, which is a superuser, is both."""
    root = Path(tempfile.mkdtemp(prefix="jm-roles-"))
    root.chmod(0o711)
    prepared_database.unpack(root / "pg")
    cluster = EmbeddedPostgres(root / "pg", root / "run", durable=False)
    cluster.prepare()
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(cluster.command(), stdout=quiet, stderr=quiet, **unprivileged())
    cluster.wait_until_ready()
    with psycopg.connect(cluster.owner_url, autocommit=True) as opened:
        opened.execute(f"DROP OWNED BY {SERVICE_ROLE}")
        opened.execute(f"DROP ROLE {SERVICE_ROLE}")
    yield cluster
    server.send_signal(2)
    server.wait(timeout=20)
    subprocess.run(["rm", "-rf", root], check=True)
