"""A part that gives no sign of life is ended and started again."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jewelrymodel.config.components import HEART, Component
from jewelrymodel.config.supervisor import Supervisor
from tests.support.service import wait_for

_BEATS = f"""
import os, pathlib, time
while True:
    pathlib.Path(os.environ[{HEART!r}]).touch()
    time.sleep(0.05)
"""


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    one = Supervisor(os.environ, silent_s=5)
    yield one
    for part in one.running:
        part.process.send_signal(signal.SIGCONT)
    one.stop()


def test_what_stands_still_is_killed_and_started_again(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    heart = tmp_path / "heart"
    command = (sys.executable, "-c", _BEATS)
    supervisor.start(Component("part", command, {HEART: str(heart)}, heart=heart))
    (part,) = supervisor.running
    wait_for(heart.exists, timeout_s=60, what="it never began")
    stopped = part.process
    os.kill(stopped.pid, signal.SIGSTOP)

    def is_another() -> bool:
        supervisor.tend()
        return part.process.pid != stopped.pid

    wait_for(is_another, timeout_s=120, what="it was left standing")
    assert stopped.returncode == -signal.SIGKILL


def test_what_has_no_heart_and_what_beats_are_left_alone(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a clock of our own: half a minute passes in no time, with a beat at every second."""
    now_s = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now_s[0])
    heart = tmp_path / "heart"
    sleeper = (sys.executable, "-c", "import time; time.sleep(600)")
    supervisor.start(Component("beating", sleeper, heart=heart))
    supervisor.start(Component("heartless", sleeper))
    pids = [part.process.pid for part in supervisor.running]
    for second in range(30):
        now_s[0] += 1
        heart.touch()
        os.utime(heart, ns=(second, second + 1))
        supervisor.tend()
    assert [part.process.pid for part in supervisor.running] == pids
    assert all(part.process.poll() is None for part in supervisor.running)


def test_a_machine_that_slept_ends_nobody(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now_s[0])
    sleeper = (sys.executable, "-c", "import time; time.sleep(600)")
    supervisor.start(Component("part", sleeper, heart=tmp_path / "heart"))
    now_s[0] += 3600
    supervisor.tend()
    assert supervisor.running[0].process.poll() is None
