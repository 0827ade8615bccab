"""``jewelrymodel demo``: load the demo world, or take it away so that the next start loads it."""

import shutil
import time

from django.conf import settings

from jewelrymodel.config import data_folder, demo_database
from jewelrymodel.config.commands import SIGN_IN
from jewelrymodel.infra import clock


def load() -> int:
    """Load the demo world by running the real operations; the stand-ins have to be up."""
    started_s = time.monotonic()
    demo_database.mark(demo_database.DatabaseContent.DEMO_HALF)
    if settings.DEMO_WORLD:
        from jewelrymodel.demo import world

        world.load(now=clock.now())
    demo_database.mark(demo_database.DatabaseContent.DEMO)
    print(f"preparing: the demo world ({time.monotonic() - started_s:.1f} s)", flush=True)
    show_sign_ins()
    return 0


def show_sign_ins() -> None:
    """Print who may sign in to the demo, one line each."""
    if settings.DEMO_WORLD:
        from jewelrymodel.demo import personas

        for line in personas.sign_ins():
            print(f"{SIGN_IN}{line}", flush=True)


def reset() -> int:
    """Take the demo world away; raises DemoRefused for a real one, AlreadyRunning while it runs."""
    if not settings.DEMO:
        raise demo_database.DemoRefused("this installation is no demo")
    if data_folder.is_running():
        raise data_folder.AlreadyRunning("the service is running; stop it first")
    with data_folder.database_running():
        clear()
    print("The demo world is gone. The next start loads it anew.")
    return 0


def clear() -> None:
    """Remove the demo's rows, files, payments and mail; raises DemoRefused for anything else."""
    demo_database.wipe()
    for path in settings.DATA_DIR.glob("*.sqlite3*"):  # the stand-ins' memories
        path.unlink()
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
