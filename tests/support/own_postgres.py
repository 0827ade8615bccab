"""A PostgreSQL as an operator has one of their own: reached by TCP, with a password.

It speaks no TLS: the package that it comes from is built without.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from jewelrymodel.infra.postgres import (
    DATABASE,
    OWNER,
    SERVICE_ROLE,
    EmbeddedPostgres,
    unprivileged,
)
from tests.support import prepared_database
from tests.support.service import wait_for

PASSWORD = "a-password-of-the-database"
_WHO_GETS_IN = "host all all 127.0.0.1/32 scram-sha-256\nlocal all all reject\n"


@contextmanager
def own_postgres(folder: Path, *, port: int) -> Iterator[str]:
    """Give the DATABASE_URL of a migrated database, in a server of its own in *folder*; ``owners``
    makes its DATABASE_OWNER_URL.

    Nobody gets in without the password, nor by its socket.
    """
    cluster = EmbeddedPostgres(folder / "pg", folder / "run", durable=False)
    prepared_database.unpack(cluster.data_dir)
    cluster.prepare()
    with _running(cluster.command(), cluster):  # reached by its private socket only
        cluster.wait_until_ready()
        with psycopg.connect(cluster.owner_url, autocommit=True) as connection:
            for role in (OWNER, SERVICE_ROLE):
                connection.execute(f"ALTER ROLE {role} PASSWORD '{PASSWORD}'")
    (cluster.data_dir / "pg_hba.conf").write_text(_WHO_GETS_IN)
    url = f"postgresql://{SERVICE_ROLE}:{PASSWORD}@127.0.0.1:{port}/{DATABASE}"
    served = ("--listen_addresses=127.0.0.1", f"--port={port}")
    with _running([*cluster.command(), *served], cluster):
        wait_for(lambda: _answers(url), timeout_s=60, what="the database doesn't answer")
        yield url


def owners(url: str) -> str:
    """The same database's address for whoever owns its tables."""
    return url.replace(f"//{SERVICE_ROLE}:", f"//{OWNER}:")


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def _running(command: list[str], cluster: EmbeddedPostgres) -> Iterator[None]:
    with (cluster.data_dir.parent / "postgres.log").open("ab") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, **unprivileged())
        try:
            yield
        finally:
            server.send_signal(2)
            server.wait(timeout=20)
