"""``jewelrymodel up``: the whole service as one supervised tree."""

import json
import os
import sys
import time
import urllib.request

from django.conf import settings

from jewelrymodel.config import installation, parts
from jewelrymodel.config.commands import DEMO_WANTED, SIGN_IN
from jewelrymodel.config.processes import answers, require_free
from jewelrymodel.config.supervisor import PartFailed, Supervisor

CLI = "jewelrymodel.config.cli"
HEALTHY_TIMEOUT_S = 60


def run(*, verbose: bool = False) -> int:
    """Start everything, keep it up, stop it in order; 0 when we were asked to stop.

    Raises AlreadyRunning, PortTaken, DatabaseUnavailable or PartFailed, each with its mend.
    """
    started_s = time.monotonic()
    with installation.sole_use():
        require_free(parts.ports(), settings.HOST)
        supervisor = Supervisor(_environment(verbose=verbose))
        supervisor.listen_for_signals()
        try:
            sign_ins = _start(supervisor)
            if not supervisor.stopping.is_set():
                _greet(sign_ins, time.monotonic() - started_s)
            supervisor.watch()
            print("Stopping …", flush=True)
        finally:
            supervisor.stop()
    print("Stopped.", flush=True)
    return 0


def _start(supervisor: Supervisor) -> list[str]:
    """Start every part in its turn; return the demo's sign-ins, one line each."""
    if settings.EMBEDDED_DATABASE:
        _start_database(supervisor)
    sign_ins: list[str] = []
    status = _run(supervisor, sign_ins, "prepare")
    for part in parts.stand_ins():
        supervisor.start(part)
    if status == DEMO_WANTED:
        print("preparing: the demo world, once …", flush=True)
        supervisor.wait_for(_stand_ins_answer, timeout_s=HEALTHY_TIMEOUT_S, what="the stand-ins")
        _run(supervisor, sign_ins, "demo", "load")
    if not supervisor.stopping.is_set():
        for part in parts.service():
            supervisor.start(part)
    supervisor.wait_for(_healthy, timeout_s=HEALTHY_TIMEOUT_S, what="the service")
    return sign_ins


def _greet(sign_ins: list[str], took_s: float) -> None:
    print(f"\nReady in {took_s:.1f} s: {settings.PUBLIC_URL}", *sign_ins, sep="\n")
    print("Ctrl-C stops everything.\n", flush=True)


def _start_database(supervisor: Supervisor) -> None:
    cluster = parts.cluster()
    cluster.prepare()
    installation.remove_stale_locks()
    supervisor.start(parts.database())
    supervisor.wait_for(cluster.is_ready, timeout_s=HEALTHY_TIMEOUT_S, what="PostgreSQL")
    if not supervisor.stopping.is_set():
        cluster.wait_until_ready()


def _run(supervisor: Supervisor, sign_ins: list[str], *command: str) -> int:
    """Run one of our own commands to its end; raises PartFailed when it fails."""
    if supervisor.stopping.is_set():
        return 0

    def on_line(line: str) -> None:
        if line.startswith(SIGN_IN):
            sign_ins.append(line)
        else:
            print(line, flush=True)

    status = supervisor.run_once([sys.executable, "-m", CLI, *command], on_line)
    if status not in (0, DEMO_WANTED) and not supervisor.stopping.is_set():
        raise PartFailed("the service could not be prepared; the reason stands above")
    return status


def _stand_ins_answer() -> bool:
    return all(answers("127.0.0.1", part.port) for part in parts.stand_ins() if part.port)


def _healthy() -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{settings.PORT}/healthz", timeout=5) as page:
            return bool(json.load(page)["healthy"])
    except (OSError, ValueError, KeyError):
        return False


def _environment(*, verbose: bool) -> dict[str, str]:
    """What every part is told: our own settings, and to be quiet unless asked."""
    quiet = {} if verbose or "LOG_LEVEL" in os.environ else {"LOG_LEVEL": "WARNING"}
    return {**os.environ, **quiet, "PYTHONUNBUFFERED": "1"}
