"""Code and commands run with a service's settings, as ``jewelrymodel`` runs them.

Each such command loads all of the product, two seconds of a processor; here one process loads it
for a service, and each piece of code runs in a fork of its own, for LIMIT_S at most.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from functools import cache
from importlib import import_module

from tests.support.service import Service
from tests.support.tree import ROOT

LIMIT_S = 120
_COMMAND = """
import sys
from jewelrymodel.config.cli import main
sys.argv = ["jewelrymodel", *{words!r}]
main()
"""


def run_inside(service: Service, code: str) -> str:
    """What *code* printed; fails, with all that was said, where it raised."""
    return _opened(json.dumps(service.env)).run(code)


def command_inside(service: Service, *words: str) -> str:
    """What ``jewelrymodel`` with these *words* printed; fails unless its exit status is 0."""
    return run_inside(service, _COMMAND.format(words=list(words)))


@cache
def _opened(env: str) -> "_Inside":
    return _Inside(env)


class _Inside:
    """The process for one service's environment; it ends with ours.

    It is told the environment by its input, since a story may ask which processes have the
    service's in theirs.
    """

    def __init__(self, env: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.inside"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._asking = threading.Lock()  # the campaign's people ask at a time
        self._tell(env)
        atexit.register(self._close)

    def run(self, code: str, *, limit_s: int = LIMIT_S) -> str:
        assert self._process.stdout
        with self._asking:
            self._tell(json.dumps([code, limit_s]))
            answer = json.loads(self._process.stdout.readline())
        assert answer["status"] == 0, answer["out"] + answer["err"]
        return str(answer["out"])

    def _tell(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def _close(self) -> None:
        self._process.communicate()  # the end of its input is its end


def _serve() -> None:
    """Load the product by the environment of the first line, then run the code of each."""
    os.environ.clear()
    os.environ.update({"LOG_LEVEL": "WARNING"} | json.loads(sys.stdin.readline()))
    import django
    from django.conf import settings

    django.setup()
    import_module(settings.ROOT_URLCONF)
    for line in sys.stdin:
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            child = os.fork()
            if child == 0:
                os.dup2(out.fileno(), 1)
                os.dup2(err.fileno(), 2)
                _run(*json.loads(line))
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            said = [file.seek(0) or file.read() for file in (out, err)]
            if status == -signal.SIGALRM:
                said[1] += "it was ended: it took too long"
        print(json.dumps({"status": status, "out": said[0], "err": said[1]}), flush=True)


def _run(code: str, limit_s: int) -> None:
    """Run *code* to its end, which is this process's, and comes after *limit_s* at the latest."""
    signal.alarm(limit_s)
    status = 1
    try:
        exec(compile(code, "code", "exec"), {"__name__": "__main__"})  # noqa: S102  a test's own
        status = 0
    except SystemExit as end:  # as the interpreter would end: with words, its status is 1
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        else:
            status = end.code or 0
    except Exception:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    _serve()
