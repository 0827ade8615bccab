"""Child processes that can't outlive us, and ports that nobody else may hold."""

import ctypes
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence

from jewelrymodel.infra.postgres import Unprivileged

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_LIBC = ctypes.CDLL(None)


class PortTaken(Exception):
    """A port that a part needs is held by another program."""


def die_with_parent(how: int = signal.SIGKILL) -> None:
    """Ask the kernel to send *how* to this process when the thread that started it ends."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, how)


def close_to_own_user() -> None:
    """Have the kernel show this process's environment and memory to root only.

    Otherwise any process of the same user reads what this one was told, in ``/proc``.
    """
    _LIBC.prctl(_PR_SET_DUMPABLE, 0)


def spawn(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    on_line: Callable[[str], None],
    orphaned: int = signal.SIGKILL,
    identity: Unprivileged | None = None,
) -> subprocess.Popen[str]:
    """Start *command* in a process group of its own and hand each line that it prints to *on_line*.

    It gets the signal *orphaned* when we die, however we die.
    """
    ours = os.getpid()

    def in_child() -> None:
        die_with_parent(orphaned)
        if os.getppid() != ours:  # we died before the kernel knew
            os._exit(1)

    child = subprocess.Popen(
        command,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        process_group=0,
        preexec_fn=in_child,
        **(identity or {}),
    )
    threading.Thread(target=_pump, args=(child, on_line), daemon=True).start()
    return child


def _pump(child: subprocess.Popen[str], on_line: Callable[[str], None]) -> None:
    assert child.stdout is not None  # noqa: S101  we asked for the pipe
    with child.stdout as lines:
        for line in lines:
            on_line(line.rstrip())


def signal_group(child: subprocess.Popen[str], how: int) -> None:
    """Send *how* to the whole process group that *child* leads; quiet when it is gone."""
    try:
        os.killpg(child.pid, how)
    except ProcessLookupError:
        return


def require_free(ports: Mapping[str, int], host: str) -> None:
    """Raise PortTaken for the first of *ports* (setting → port) that can't be listened on.

    A plain bind: servers that share ports would start beside one another in silence.
    """
    for setting, port in ports.items():
        twin = next(name for name, other in ports.items() if other == port)
        if twin != setting:
            raise PortTaken(f"{setting} and {twin} are both {port}; give each a port of its own")
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
                probe.listen(1)
            except (OSError, OverflowError) as error:
                raise PortTaken(
                    f"port {port} can't be used ({getattr(error, 'strerror', None) or error}); "
                    f"stop what holds it, or choose another with {setting}=…"
                ) from None


def answers(host: str, port: int, *, timeout_s: float = 0.3) -> bool:
    """Return whether something accepts connections there."""
    try:
        socket.create_connection((host, port), timeout=timeout_s).close()
    except OSError:
        return False
    return True
