"""``jewelrymodel demo``: load the demo world, or take it away so that the next start loads it."""

import shutil
import time
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings

from jewelrymodel.config import demo_guard, installation
from jewelrymodel.config.commands import SIGN_IN
from jewelrymodel.infra import clock

_WORLD = "jewelrymodel.demo.world"


def load() -> int:
    """Load the demo world by running the real operations; the stand-ins have to be up."""
    started_s = time.monotonic()
    demo_guard.mark(demo_guard.Holds.DEMO_HALF)
    if settings.DEMO_WORLD and find_spec(_WORLD):
        import_module(_WORLD).load(now=clock.now())
    demo_guard.mark(demo_guard.Holds.DEMO)
    print(f"preparing: the demo world ({time.monotonic() - started_s:.1f} s)", flush=True)
    return show_sign_ins()


def show_sign_ins() -> int:
    """Print who may sign in to the demo, one line each."""
    if settings.DEMO_WORLD and find_spec(_WORLD):
        for line in import_module(_WORLD).sign_ins():
            print(f"{SIGN_IN}{line}", flush=True)
    return 0


def reset() -> int:
    """Take the demo world away; raises DemoRefused for a real one, AlreadyRunning while it runs."""
    if not settings.DEMO:
        raise demo_guard.DemoRefused("this installation is no demo")
    if installation.is_running():
        raise installation.AlreadyRunning("the service is running; stop it first")
    with installation.database_running():
        clear()
    print("The demo world is gone. The next start loads it anew.")
    return 0


def clear() -> None:
    """Remove the demo's rows, files, payments and mail; raises DemoRefused for anything else."""
    demo_guard.wipe()
    for path in settings.DATA_DIR.glob("*.sqlite3*"):  # the stand-ins' memories
        path.unlink()
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
