"""One service on one data folder: the lock that says so, and the database that may be needed."""

import contextlib
import fcntl
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from psycopg.errors import InsufficientPrivilege

from jewelrymodel.config import components
from jewelrymodel.config.child_processes import signal_group, spawn
from jewelrymodel.infra.postgres import DatabaseUnavailable


class AlreadyRunning(Exception):
    """Another process works on this data folder."""


class NotSetUp(Exception):
    """There is no database, or it lacks a migration of this version, or our role its rights."""

    def __init__(self) -> None:
        super().__init__("The database isn't set up for this version; run `jewelrymodel prepare`.")


@contextlib.contextmanager
def sole_use() -> Iterator[None]:
    """Hold the data folder for ourselves; raises AlreadyRunning, naming who holds it."""
    path = settings.DATA_DIR / "up.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise AlreadyRunning(
                f"process {holder} already runs on {settings.DATA_DIR}; "
                "stop it, or choose another folder with DATA_DIR=…"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def is_running() -> bool:
    """Return whether somebody holds the data folder now."""
    try:
        with sole_use():
            return False
    except AlreadyRunning:
        return True


@contextlib.contextmanager
def database_running(*, create: bool = False) -> Iterator[None]:
    """Make sure the database answers inside this block.

    The embedded one is started for the time of the block unless it runs already. Raises NotSetUp
    where there is none and *create* is False, DatabaseUnavailable when it doesn't start.
    """
    if not settings.EMBEDDED_DATABASE:
        yield
        return
    cluster = components.cluster()
    if not create and not (cluster.data_dir / "PG_VERSION").exists():
        raise NotSetUp
    if is_running():
        cluster.wait_until_ready()
        yield
        return
    with sole_use():
        server = _start()
        try:
            cluster.wait_until_ready()
            yield
        finally:
            _close_our_connections()
            signal_group(server, signal.SIGINT)
            server.wait(timeout=20)


@contextlib.contextmanager
def rights_given() -> Iterator[None]:
    """Raise NotSetUp where our role lacks a right inside this block: ``prepare`` gives them."""
    from django.db import ProgrammingError

    try:
        yield
    except ProgrammingError as error:
        if isinstance(error.__cause__, InsufficientPrivilege):
            raise NotSetUp from error
        raise


def migrations_wait() -> bool:
    """Return whether the database lacks a migration of this version, or our role its rights."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        with rights_given():
            executor = MigrationExecutor(connection)
            return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except NotSetUp:
        return True


def require_prepared() -> None:
    """Raise NotSetUp where the database lacks a migration."""
    if migrations_wait():
        raise NotSetUp


def _start() -> subprocess.Popen[str]:
    cluster, part = components.cluster(), components.database()
    cluster.prepare()
    remove_stale_locks()
    return spawn(
        part.command,
        env=os.environ,
        on_line=print,
        orphaned=part.orphaned_signal,
        identity=part.identity,
    )


def _close_our_connections() -> None:
    from django.db import connections

    connections.close_all()


def remove_stale_locks() -> None:
    """Remove the lock files of a server that is gone; stop one that outlived its supervisor.

    Call it only under ``sole_use``. PostgreSQL itself can't tell a stale lock whose process number
    has meanwhile been given to another program, as happens after a restart of the machine.
    """
    cluster = components.cluster()
    pid_file = cluster.data_dir / "postmaster.pid"
    pid = _first_number(pid_file)
    if pid is None:
        return
    if _is_server(pid, cluster.data_dir):
        _stop_orphan(pid)
    pid_file.unlink(missing_ok=True)
    for lock in cluster.socket_dir.glob(".s.PGSQL.*.lock"):
        lock.unlink(missing_ok=True)


def _first_number(path: Path) -> int | None:
    try:
        return int(path.read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _is_server(pid: int, data_dir: Path) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return command[0].endswith(b"postgres") and str(data_dir).encode() in command


def _stop_orphan(pid: int) -> None:
    descriptor = os.pidfd_open(pid)
    try:
        signal.pidfd_send_signal(descriptor, signal.SIGINT)
        if not _gone(descriptor, timeout_s=20):
            raise DatabaseUnavailable(f"PostgreSQL (process {pid}) does not stop; kill it")
    except ProcessLookupError:
        return
    finally:
        os.close(descriptor)


def _gone(descriptor: int, *, timeout_s: float) -> bool:
    import select

    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(timeout_s * 1000))
