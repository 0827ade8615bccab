"""Serving HTTP with granian: the pages, the sandbox and the generator's stand-in.

``python -m jewelrymodel.config.server NAME``. Nothing of Django is imported before the fork.
"""

import importlib
import os
import resource
import sys
import tempfile
from typing import Any, Literal

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from jewelrymodel.config import cycle_search
from jewelrymodel.config import environment_variables as env
from jewelrymodel.config.child_processes import die_with_parent

COUNTERS = "PROMETHEUS_MULTIPROC_DIR"
"""Where the web processes count their requests together: the library's own variable, which it looks
at when it is imported.
"""
WEB_THREADS = 8
_CONNECTIONS = 8_192
"""Open at once. At the server's own 1,024, as many idle ones stopped the site for half a minute."""
_HEADER_MS = 10_000
"""For a request's head, and so for the next one on a connection that is kept."""
Name = Literal["web", "sandbox", "generator"]
_TARGETS = {
    "web": ("jewelrymodel.config.wsgi:application", Interfaces.WSGI, "PORT", 0),
    "sandbox": ("jewelrymodel.sandbox.asgi:app", Interfaces.ASGI, "SANDBOX_PORT", 1),
    "generator": ("jewelrymodel.sandbox.generator.asgi:app", Interfaces.ASGI, "GENERATOR_PORT", 2),
}


def serve(name: str) -> None:
    """Serve *name* on its port until told to stop; one process, several threads for the pages."""
    target, interface, port_setting, offset = _TARGETS[name]
    is_web = interface is Interfaces.WSGI
    server = Granian(
        target,
        address=(env.text("HOST") or "127.0.0.1") if is_web else "127.0.0.1",
        port=env.number(port_setting, env.number("PORT", 8000) + offset),
        interface=interface,
        workers=env.number("WEB_PROCESSES", 1) if is_web else 1,
        blocking_threads=env.number("WEB_THREADS", WEB_THREADS) if is_web else None,
        log_level=LogLevels.error,
        workers_kill_timeout=2,
        backpressure=_CONNECTIONS,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADER_MS),
    )
    _allow_many_files()
    with tempfile.TemporaryDirectory(prefix="jewelrymodel-counts-") as folder:
        if is_web:
            os.environ[COUNTERS] = folder
        server.serve(target_loader=_load)


def _allow_many_files() -> None:
    """Take as many connections as the machine allows us, not as many as a shell's habit is."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * _CONNECTIONS
    if resource.RLIM_INFINITY != soft < wanted:
        many = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        resource.setrlimit(resource.RLIMIT_NOFILE, (many, hard))


def _load(target: str) -> Any:
    """Load the application in the process that serves it, which goes when its parent goes."""
    die_with_parent()
    cycle_search.pause()
    module, _, name = target.partition(":")
    application = getattr(importlib.import_module(module), name)
    cycle_search.resume()
    return application


if __name__ == "__main__":
    serve(sys.argv[1])
