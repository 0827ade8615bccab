"""``jewelrymodel up``: the whole service as one supervised tree."""

import json
import os
import sys
import time
import urllib.request
from collections.abc import Mapping

from django.conf import settings

from jewelrymodel.config import components, data_folder
from jewelrymodel.config.child_processes import answers, close_to_own_user, require_free
from jewelrymodel.config.commands import DEMO_WANTED, SIGN_IN
from jewelrymodel.config.environment_variables import OWNER_VARIABLE
from jewelrymodel.config.supervisor import ComponentFailed, Supervisor

CLI = "jewelrymodel.config.cli"
HEALTHY_TIMEOUT_S = 180


def run() -> int:
    """Start everything, keep it up, stop it in order; 0 when we were asked to stop.

    Raises AlreadyRunning, PortTaken, DatabaseUnavailable or ComponentFailed, each with its mend.
    """
    started_s = time.monotonic()
    with data_folder.sole_use():
        require_free(components.ports(), settings.HOST)
        owners = _take_owners_address()
        supervisor = Supervisor({**os.environ, "PYTHONUNBUFFERED": "1"})
        supervisor.listen_for_signals()
        try:
            sign_ins = _start(supervisor, owners)
            if not supervisor.stopping.is_set():
                _greet(sign_ins, time.monotonic() - started_s)
            supervisor.watch()
            print("Stopping …", flush=True)
        finally:
            supervisor.stop()
    print("Stopped.", flush=True)
    return 0


def _take_owners_address() -> dict[str, str]:
    """Take the address of the tables' owner out of what every part is told, and return it.

    What serves mustn't know it: a part that was taken over could switch off every trigger.
    """
    if OWNER_VARIABLE not in os.environ:
        return {}
    close_to_own_user()
    return {OWNER_VARIABLE: os.environ.pop(OWNER_VARIABLE)}


def _start(supervisor: Supervisor, owners: Mapping[str, str]) -> list[str]:
    """Start every part in its turn; return the demo's sign-ins, one line each.

    *owners* is told to what prepares, and to nothing else.
    """
    if settings.EMBEDDED_DATABASE:
        _start_database(supervisor)
    output = _run(supervisor, owners, "prepare")
    for part in components.stand_ins():
        supervisor.start(part)
    if DEMO_WANTED in output:
        print("preparing: the demo world, once …", flush=True)
        supervisor.wait_for(_stand_ins_answer, timeout_s=HEALTHY_TIMEOUT_S, what="the stand-ins")
        output = _run(supervisor, owners, "demo", "load")
    if not supervisor.stopping.is_set():
        for part in components.service():
            supervisor.start(part)
    supervisor.wait_for(_healthy, timeout_s=HEALTHY_TIMEOUT_S, what="the service")
    return [line for line in output if line.startswith(SIGN_IN)]


def _greet(sign_ins: list[str], took_s: float) -> None:
    print(f"\nReady in {took_s:.1f} s: {settings.PUBLIC_URL}", *sign_ins, sep="\n")
    print("Ctrl-C stops everything.\n", flush=True)


def _start_database(supervisor: Supervisor) -> None:
    cluster = components.cluster()
    cluster.prepare()
    data_folder.remove_stale_locks()
    supervisor.start(components.database())
    supervisor.wait_for(cluster.is_ready, timeout_s=HEALTHY_TIMEOUT_S, what="PostgreSQL")
    if not supervisor.stopping.is_set():
        cluster.wait_until_ready()


def _run(supervisor: Supervisor, told: Mapping[str, str], *command: str) -> list[str]:
    """Run one of our own commands, return its output; raises ComponentFailed when it fails."""
    output: list[str] = []
    if supervisor.stopping.is_set():
        return output

    def on_line(line: str) -> None:
        output.append(line)
        if not line.startswith((SIGN_IN, DEMO_WANTED)):
            print(line, flush=True)

    status = supervisor.run_once([sys.executable, "-m", CLI, *command], on_line, told=told)
    if status != 0 and not supervisor.stopping.is_set():
        raise ComponentFailed("the service could not be prepared; the reason stands above")
    return output


def _stand_ins_answer() -> bool:
    return all(answers("127.0.0.1", part.port) for part in components.stand_ins() if part.port)


def _healthy() -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{settings.PORT}/healthz", timeout=5) as page:
            return not json.load(page)["down"]  # an alarm is for a person: all parts are up
    except (OSError, ValueError, KeyError):
        return False
