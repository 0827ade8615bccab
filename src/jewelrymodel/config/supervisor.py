"""Keeping the components up: start, watch, restart what dies, stop in order."""

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from jewelrymodel.config.child_processes import signal_group, spawn
from jewelrymodel.config.components import Component

_TICK_S = 0.1
_STEADY_S = 20
_LONGEST_DELAY_S = 10
_LONGEST_LOOK_S = 1  # a machine that slept was silent itself: each look counts for so much at most
SILENT_S = 60
"""After so long without a beat a part is ended. Its loop does no work of its own, so that even a
machine with many times more to do than it has processors lets it beat."""


class ComponentFailed(Exception):
    """A component stopped before the service was up."""


class Pulse:
    """For how long the file *heart* hasn't been touched, by the looks that were taken at it."""

    def __init__(self, heart: Path) -> None:
        self.heart = heart
        self.silent_s = 0.0
        self._beat = self._last()
        self._looked_s = time.monotonic()

    def look(self) -> float:
        """Return for how many seconds no beat was seen."""
        now_s, beat = time.monotonic(), self._last()
        self.silent_s += min(now_s - self._looked_s, _LONGEST_LOOK_S)
        if beat != self._beat:
            self.silent_s = 0
        self._looked_s, self._beat = now_s, beat
        return self.silent_s

    def _last(self) -> int:
        try:
            return self.heart.stat().st_mtime_ns
        except FileNotFoundError:
            return 0


@dataclass
class Running:
    """One component and the process that is it now; *failures* counts quick deaths in a row."""

    component: Component
    process: subprocess.Popen[str]
    started_s: float
    failures: int = 0
    restart_at_s: float | None = None
    pulse: Pulse | None = None


def say(name: str, line: str) -> None:
    """Print *line* under the component's *name*; a closed terminal stops nobody."""
    try:
        print(f"{name:>9} | {line}", flush=True)
    except OSError:
        return


class Supervisor:
    """Components in the order in which they were started; what others need is stopped last."""

    def __init__(self, env: Mapping[str, str], *, silent_s: float = SILENT_S) -> None:
        self.env = env
        self.silent_s = silent_s
        self.running: list[Running] = []
        self.stopping = threading.Event()
        self._asked = 0

    def listen_for_signals(self) -> None:
        """Make Ctrl-C, SIGTERM and a closed terminal stop us; asked twice, we don't wait."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: object) -> None:
        self._asked += 1
        self.stopping.set()

    def start(self, component: Component) -> None:
        """Start *component* and keep it up from now on."""
        one = Running(component, self._spawn(component), time.monotonic())
        one.pulse = _pulse(component)
        self.running.append(one)

    def run_once(
        self, command: list[str], on_line: Callable[[str], None], *, told: Mapping[str, str]
    ) -> int:
        """Run *command* to its end and return its exit status, while the components are kept up.

        It is *told* that much more than they are.
        """
        process = spawn(command, env={**self.env, **told}, on_line=on_line)
        while process.poll() is None:
            if self.stopping.wait(_TICK_S):
                signal_group(process, signal.SIGKILL)
                process.wait()
            self.tend()
        while process.stdout and not process.stdout.closed:  # its last words are still read
            time.sleep(0.01)
        return process.returncode

    def wait_for(self, ready: Callable[[], bool], *, timeout_s: float, what: str) -> None:
        """Keep the components up until *ready*; raises ComponentFailed after *timeout_s*."""
        deadline_s = time.monotonic() + timeout_s
        while not self.stopping.is_set() and not ready():
            if time.monotonic() > deadline_s:
                raise ComponentFailed(f"{what} did not get ready in {timeout_s:.0f} s")
            self.tend(patient=False)
            self.stopping.wait(_TICK_S)

    def watch(self) -> None:
        """Keep the components up until we are asked to stop."""
        while not self.stopping.wait(_TICK_S):
            self.tend()

    def tend(self, *, patient: bool = True) -> None:
        """Restart what died: at once the first time, later and later when it keeps dying.

        A part whose heart doesn't beat is killed first: it holds what others could take over.
        """
        for one in self.running:
            if one.process.poll() is None:
                if one.pulse and one.pulse.look() > self.silent_s:
                    say(one.component.name, f"gave no sign for {self.silent_s:.0f} s; killed")
                    signal_group(one.process, signal.SIGKILL)
                    one.process.wait()
                continue
            if one.restart_at_s is None:
                self._note_death(one, patient=patient)
            elif time.monotonic() >= one.restart_at_s:
                one.process, one.started_s = self._spawn(one.component), time.monotonic()
                one.pulse, one.restart_at_s = _pulse(one.component), None

    def _note_death(self, one: Running, *, patient: bool) -> None:
        signal_group(one.process, signal.SIGKILL)  # whatever it left behind
        now_s = time.monotonic()
        one.failures = 0 if now_s - one.started_s > _STEADY_S else one.failures + 1
        if not patient and one.failures > 5:
            raise ComponentFailed(
                f"{one.component.name} keeps stopping; its last words stand above"
            )
        delay_s = min(0.25 * 2**one.failures, _LONGEST_DELAY_S) if one.failures > 1 else 0
        one.restart_at_s = now_s + delay_s
        say(one.component.name, f"stopped ({_ending(one.process.returncode)}); starting it again")

    def stop(self) -> None:
        """Stop every component, what others need last; what doesn't stop in its time is killed."""
        for stops_last in (False, True):
            group = [one for one in self.running if one.component.stops_last is stops_last]
            for one in reversed(group):
                signal_group(one.process, one.component.stop_signal)
            for one in group:
                self._wait(one)
                signal_group(one.process, signal.SIGKILL)
                one.process.wait()

    def _wait(self, one: Running) -> None:
        asked = self._asked
        deadline_s = time.monotonic() + one.component.grace_s
        while one.process.poll() is None and self._asked == asked:
            if time.monotonic() > deadline_s:
                say(one.component.name, f"did not stop in {one.component.grace_s:.0f} s; killed")
                return
            time.sleep(0.02)

    def _spawn(self, component: Component) -> subprocess.Popen[str]:
        return spawn(
            component.command,
            env={**self.env, **component.env},
            on_line=lambda line: say(component.name, line),
            orphaned=component.orphaned_signal,
            identity=component.identity,
        )


def _pulse(component: Component) -> Pulse | None:
    return Pulse(component.heart) if component.heart else None


def _ending(status: int) -> str:
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"exit {status}"
