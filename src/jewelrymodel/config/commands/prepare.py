"""``jewelrymodel prepare``: bring the database and the static files to where they have to be.

``up`` runs it; on several hosts, run it once before the new version starts.
"""

import hashlib
import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from jewelrymodel.config import (
    data_folder,
    database_checks,
    database_roles,
    demo_database,
    editions,
    legal_editions,
)
from jewelrymodel.config.commands import DEMO_WANTED, SHELL, demo
from jewelrymodel.infra import clock


def run(*, forget_second_factors: bool = False) -> int:
    """Prepare what isn't yet, saying so.

    Raises DemoRefused, DatabaseMissing, KeyMissing, FilesMissing, and what
    ``editions.publish_shipped``    raises.
    """
    demo_database.require_fit()
    if demo_database.content() is demo_database.DatabaseContent.DEMO_HALF:
        _timed("clearing a demo world that was only half loaded", demo.clear)
    database_checks.require_database()
    if data_folder.migrations_wait():
        _timed("database tables", make_tables)
    for line in database_roles.grant():
        print(f"preparing: {line}", flush=True)
    if forget_second_factors:
        _forget_second_factors()
    database_checks.require_key()
    if settings.SECRET_KEY_FALLBACKS:
        count = database_checks.seal_factors_anew()
        print(f"preparing: {count} second factors are sealed under the new key", flush=True)
    database_checks.require_files()
    _bring_in_terms()
    key = _static_key()
    stamp = settings.DATA_DIR / "static.key"
    if not stamp.exists() or stamp.read_text() != key:
        _timed(
            "static files", lambda: call_command("collectstatic", verbosity=0, interactive=False)
        )
        stamp.write_text(key)
    if settings.DEMO:
        _speak_of_the_demo()
    return 0


def _speak_of_the_demo() -> None:
    if demo_database.content() is demo_database.DatabaseContent.NOTHING:
        print(DEMO_WANTED, flush=True)
    else:
        demo.show_sign_ins()


def _timed(what: str, work: Callable[[], object]) -> None:
    started_s = time.monotonic()
    work()
    print(f"preparing: {what} ({time.monotonic() - started_s:.1f} s)", flush=True)


def make_tables() -> None:
    """Bring every table to this version, the cache's too."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def _bring_in_terms() -> None:
    """Checkout sells under no edition that isn't published, and nothing is decided by one."""
    for line in editions.publish_shipped(now=clock.now()):
        print(f"preparing: refund policy: {line}", flush=True)
    for line in legal_editions.publish_shipped(now=clock.now()):
        print(f"preparing: legal texts: {line}", flush=True)


def _forget_second_factors() -> None:
    count = database_checks.forget_unopened_factors(actor=SHELL, now=clock.now())
    print(f"preparing: {count} second factors that nothing opens are forgotten", flush=True)


def _static_key() -> str:
    """Return a digest of which static files there are, their sizes and times."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            status = (storage.path(name), storage.size(name), storage.get_modified_time(name))
            digest.update(repr(status).encode())
    return digest.hexdigest()
