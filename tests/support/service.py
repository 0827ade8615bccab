"""The whole service as a user starts it: ``jewelrymodel up`` on free ports, in its own folder."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.tree import ROOT

COMMAND = Path(sys.executable).parent / "jewelrymodel"
PARTS = ("postgres", "sandbox", "generator", "mail", "web", "worker")
OTHERS = (
    "PYTEST_CURRENT_TEST",  # no service's business; with it, each test would have another setting
    "TRUSTED_PROXY",
    "SECRET_KEY",
    "STRIPE_API_BASE",
    "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRET",
    "EMAIL_HOST",
    "EMAIL_PORT",
    "MAIL_IN_HOST",
    "MAIL_IN_LISTEN",
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "DEMO",
    "PUBLIC_URL",
    "HOST",
    "SANDBOX_PORT",
    "GENERATOR_PORT",
    "SMTP_PORT",
)


class NotInTime(AssertionError):
    """What a test waited for didn't happen."""


@dataclass
class Service:
    """One running ``jewelrymodel up``; its words go to a file beside its data folder."""

    data_dir: Path
    port: int
    process: subprocess.Popen[bytes]
    log_path: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> str:
        return self.log_path.read_text()

    @property
    def env(self) -> dict[str, str]:
        """The environment in which commands speak to this service."""
        return environment(self.data_dir, self.port, self.settings)

    def health(self) -> dict[str, Any]:
        """What /healthz says, {} while nobody answers."""
        return health_at(self.url)

    def wait_until_ready(self, timeout_s: float = 400) -> None:
        """Wait for the greeting that ``up`` prints when all is healthy."""
        wait_for(
            lambda: "Ready in" in self.log or self.process.poll() is not None,
            timeout_s=timeout_s,
            what=lambda: f"no greeting:\n{self.log[-3000:]}",
        )
        assert self.process.poll() is None, self.log[-3000:]

    def leader_of(self, part: str) -> int | None:
        """The process that the supervisor started as *part*."""
        children = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        for pid in map(int, Path(children).read_text().split()):
            if part in _words(pid):
                return pid
        return None

    def stop(self, how: int = signal.SIGINT, timeout_s: float = 40) -> int:
        """Ask it to stop, as Ctrl-C does; its exit status."""
        self.process.send_signal(how)
        return self.process.wait(timeout=timeout_s)


def health_at(url: str) -> dict[str, Any]:
    """What /healthz says there, {} while nobody answers."""
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5) as page:
            return dict(json.load(page))
    except urllib.error.HTTPError as refusal:
        return dict(json.load(refusal)) if refusal.code == 503 else {}
    except (OSError, ValueError):
        return {}


def start(
    data_dir: Path,
    *options: str,
    port: int | None = None,
    settings: Mapping[str, str] | None = None,
) -> Service:
    """Start ``jewelrymodel up`` and return at once."""
    port, settings = port or free_ports(), settings or {}
    log_path = data_dir.with_name(f"{data_dir.name}-{port}.log")
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [COMMAND, "up", *options],
            env=environment(data_dir, port, settings),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    return Service(data_dir, port, process, log_path, settings)


def environment(
    data_dir: Path, port: int, settings: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Ours, less what would lead the service elsewhere, with *settings* of its own."""
    kept = {name: value for name, value in os.environ.items() if name not in OTHERS}
    path = f"{COMMAND.parent}:{kept['PATH']}"
    here = {
        "DATA_DIR": str(data_dir),
        "PORT": str(port),
        "DISK_RESERVE_MB": "0",
        "PATH": path,
        "DJANGO_SETTINGS_MODULE": "tests.support.service_settings",
        "PYTHONPATH": str(ROOT),
    }
    return {**kept, **here, **(settings or {})}


def free_ports(count: int = 4) -> int:
    """The first of *count* neighbouring ports that nobody holds.

    They lie below those that the system gives to outgoing connections: one of these would
    otherwise take a port between our look and the service's start.
    """
    while True:
        first = random.randrange(20_000, 30_000, count)
        if all(map(_is_free, range(first, first + count))):
            return first


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def processes_of(data_dir: Path) -> list[int]:
    """Every process that works for the service on *data_dir*, whoever its parent is now."""
    return [
        pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if _is_of(pid, data_dir)
    ]


def _is_of(pid: int, data_dir: Path) -> bool:
    """By its environment, or by its folder: PostgreSQL hides the first and works in the second."""
    proc = Path(f"/proc/{pid}")
    try:
        told = f"DATA_DIR={data_dir}".encode() in (proc / "environ").read_bytes().split(b"\0")
        return told or (proc / "cwd").readlink().is_relative_to(data_dir)
    except OSError:
        return False


def _words(pid: int) -> list[str]:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []
    return [Path(word).name for word in words]


def wait_for(
    done: Callable[[], object],
    *,
    timeout_s: float,
    what: Callable[[], str] | str,
    pause_s: float = 0.05,
) -> None:
    """Wait until *done* is true; raises NotInTime, saying *what* didn't happen.

    Who looks at a page says a longer *pause_s*: pages opened one after the other take a processor
    from the service that is waited for.
    """
    deadline_s = time.monotonic() + timeout_s
    while not done():
        if time.monotonic() > deadline_s:
            raise NotInTime(what if isinstance(what, str) else what())
        time.sleep(pause_s)
