"""``jewelrymodel check --deploy``: every placeholder that keeps the service from being offered."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

from jewelrymodel.catalog import law
from jewelrymodel.config import data_folder
from jewelrymodel.config.commands.doctor import findings
from jewelrymodel.config.finding import Finding

PLACEHOLDERS = {
    *("legal entity", "payments", "mail server", "mail in", "its use", "backup", "database"),
    "database role",
}
"""What doctor only notes, and what has to be settled before customers come."""
_NOT_NEEDED = {"ports", "browser for tests"}
_FIRST = ("demo", "public address", "secrets", "second factors of staff")


def run() -> int:
    """Print each thing that is looked at; 1 where one is open, else 0."""
    still_open = 0
    for finding in [*_own(), *findings()]:
        if finding.what in _NOT_NEEDED:
            continue
        is_open = is_placeholder(finding)
        still_open += is_open
        print(f"{'OPEN' if is_open else 'ok':>5}  {finding.what}: {finding.words}", flush=True)
    print(f"{still_open} open." if still_open else "Nothing is open.")
    return 1 if still_open else 0


def is_placeholder(finding: Finding) -> bool:
    """Return whether *finding* has to be settled before customers come."""
    unsettled = finding.is_fine is None and finding.what in (*PLACEHOLDERS, *_FIRST)
    acknowledged = finding.what == "its use" and "acknowledged" in finding.words
    return finding.is_fine is False or (unsettled and not acknowledged)


def _own() -> Iterator[Finding]:
    """What doctor doesn't say: it is asked in the demo, too, and before there is a service."""
    words = "it is on, with public passwords and stand-ins; set DEMO=0" if settings.DEMO else "off"
    yield Finding("demo", not settings.DEMO, words)
    secure = urlsplit(settings.PUBLIC_URL).scheme == "https" and bool(settings.TRUSTED_PROXY)
    mend = "" if secure else "; set an https PUBLIC_URL and TRUSTED_PROXY (docs/operations.md)"
    yield Finding("public address", secure, f"{settings.PUBLIC_URL}{mend}")
    yield from _law()
    yield from _second_factors()


def _law() -> Iterator[Finding]:
    """Who has read the file of mandatory law that withdrawals are decided by."""
    newest = law.newest()
    words = f"read by {newest.reviewed_by} on {newest.reviewed_on}"
    if not newest.is_reviewed:
        words = "no lawyer has read this (docs/withdrawal.md)"
    yield Finding(f"law file of {newest.date}", newest.is_reviewed, words)


def _second_factors() -> Iterator[Finding]:
    """Who works at the desk without one: they can't enter it outside the demo until they do."""
    import django

    django.setup()
    from jewelrymodel.accounts import queries
    from jewelrymodel.infra import clock

    what = "second factors of staff"
    try:
        with data_folder.database_running():
            if data_folder.migrations_wait():
                yield Finding(what, False, "the database isn't prepared; run jewelrymodel prepare")
                return
            lack = queries.staff_without_second_factor(now=clock.now())
    except data_folder.NotSetUp as error:
        yield Finding(what, False, str(error))
        return
    if lack:
        words = f"{', '.join(lack)} set up none yet; it is asked for at their next visit"
        yield Finding(what, None, words)
    else:
        yield Finding(what, True, "everybody has one")
