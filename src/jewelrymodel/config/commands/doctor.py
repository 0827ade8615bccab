"""``jewelrymodel doctor``: what is wrong with this installation and how to mend it."""

import os
import platform
import shutil
import smtplib
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from importlib.metadata import version

import django
from django.conf import settings

from jewelrymodel.config import (
    components,
    data_folder,
    live_service,
    network_findings,
    unsafe_settings,
)
from jewelrymodel.config.child_processes import PortTaken, require_free
from jewelrymodel.config.environment_variables import BadSetting
from jewelrymodel.config.error_sentences import sentence
from jewelrymodel.config.finding import Finding
from jewelrymodel.config.queue_lanes import QUEUES
from jewelrymodel.kernel.errors import CodedError

_SIGNS = {True: "ok", False: "WRONG", None: "note"}
MAIL_TIMEOUT_S = 5
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def run() -> int:
    """Print every finding; 1 when something is wrong, else 0."""
    wrong = 0
    for finding in findings():
        wrong += finding.is_fine is False
        print(f"{_SIGNS[finding.is_fine]:>5}  {finding.what}: {finding.words}", flush=True)
    print(f"{wrong} wrong." if wrong else "Nothing is wrong.")
    return 1 if wrong else 0


def findings() -> Iterator[Finding]:
    """Look at everything in turn; what can't even be looked at is a finding too.

    Settings that can't be used are the only finding: nothing else can be looked at without them.
    """
    try:
        settings.DATA_DIR  # noqa: B018  the first use reads them all
    except BadSetting as error:
        yield Finding("settings", False, str(error))
        return
    checks: dict[str, Callable[[], Iterator[Finding]]] = {
        "programs": _programs,
        "data folder": _data_folder,
        "secrets": _secrets,
        "ports": _ports,
        "who offers it": _operator,
        "database": _database,
        "cutout model": network_findings.matting,
        "people in scenes": network_findings.people,
        "payments": _payments,
        "mail server": _mail_server,
        "mail in": _mail_in,
        "browser for tests": _browser,
    }
    for what, check in checks.items():
        try:
            yield from check()
        except Exception as error:
            yield Finding(what, False, sentence(error))


def _programs() -> Iterator[Finding]:
    fine = sys.version_info >= (3, 11)
    words = f"{platform.python_version()}, Django {django.__version__}"
    yield Finding("Python", fine, words if fine else f"{words}; 3.11 or newer is needed")
    yield Finding("jewelrymodel", True, version("jewelrymodel"))


def _data_folder() -> Iterator[Finding]:
    folder = settings.DATA_DIR
    folder.mkdir(parents=True, exist_ok=True)
    fine = os.access(folder, os.W_OK | os.X_OK)
    mend = f"; give it to this user (chown {os.getuid()} {folder}) or set DATA_DIR"
    yield Finding("data folder", fine, str(folder) if fine else f"{folder} can't be written{mend}")
    free_gb = shutil.disk_usage(folder).free / 1e9
    enough = free_gb > 1
    yield Finding("disk", enough, f"{free_gb:.0f} GB free" + ("" if enough else "; make room"))
    if settings.EMBEDDED_DATABASE and folder != settings.DATABASE_HOME:
        yield Finding("database folder", None, f"{settings.DATABASE_HOME} (root's is private)")


def _secrets() -> Iterator[Finding]:
    for path in sorted((settings.DATA_DIR / "secrets").glob("*")):
        private = path.stat().st_mode & 0o077 == 0
        words = "kept privately" if private else f"others can read it: chmod 600 {path}"
        yield Finding(f"secret {path.name}", private, words)


def _ports() -> Iterator[Finding]:
    if data_folder.is_running():
        yield Finding("ports", None, f"the service runs at {settings.PUBLIC_URL}")
        return
    try:
        require_free(components.ports(), settings.HOST)
    except PortTaken as error:
        yield Finding("ports", False, str(error))
    else:
        yield Finding("ports", True, f"{', '.join(map(str, components.ports().values()))} are free")


def _operator() -> Iterator[Finding]:
    if settings.DEMO:
        yield Finding("legal entity", None, "an invented one (the demo is on)")
        return
    lacks = [*live_service.of_settings()]
    yield from _wrong(lacks)
    if not lacks:
        yield Finding("legal entity", True, f"{settings.LEGAL_ENTITY}, {settings.SUPPORT_EMAIL}")


def _wrong(lacks: Iterable[live_service.Shortcoming]) -> Iterator[Finding]:
    return (Finding(one.what, False, one.words) for one in lacks)


def _database() -> Iterator[Finding]:
    """Needs Django's models, so it is set up only here: the rest is said even where this fails."""
    django.setup()
    from jewelrymodel.config import demo_database

    kind = "embedded PostgreSQL" if settings.EMBEDDED_DATABASE else "DATABASE_URL"
    try:
        with data_folder.database_running(), data_folder.rights_given():
            waiting = data_folder.migrations_wait()
            mend = "; run jewelrymodel prepare" if waiting else ""
            yield Finding("database", True, f"{kind} answers and holds {demo_database.content()}")
            state = "some are not applied" if waiting else "all applied"
            yield Finding("migrations", not waiting, state + mend)
            demo_database.require_fit()
            yield _database_role()
            if not waiting:
                yield from _jobs()
                yield from _housekeeping()
                yield from _terms()
                yield from _prices()
                yield from _providers()
                yield from _signing()
                yield from _wrong(live_service.of_staff())
                yield from _wrong(live_service.of_texts())
                yield from _backed_up()
                yield from _backup_age()
    except data_folder.NotSetUp as error:
        is_first_start = settings.EMBEDDED_DATABASE  # of another, a role lacks its rights
        yield Finding("database", None if is_first_start else False, str(error))


def _database_role() -> Finding:
    """What the service's role could do to tables and triggers; a note where it is too much."""
    from jewelrymodel.config import database_roles

    too_much = database_roles.excess()
    if not too_much:
        return Finding("database role", True, "it owns nothing and can change no trigger")
    mend = "give DATABASE_URL a plain role and DATABASE_OWNER_URL the owner (docs/operations.md)"
    return Finding(
        "database role", None, f"it {', '.join(too_much)}, so triggers aren't safe from it; {mend}"
    )


def _jobs() -> Iterator[Finding]:
    from jewelrymodel.infra import clock, queue

    count = queue.given_up()
    words = f"{count} failed for hours; see the worker's log" if count else "none was given up"
    yield Finding("jobs", not count, words)
    waiting = queue.waiting(machine_now=clock.real_now())
    counts = ", ".join(f"{many} in {name}" for name, many in waiting.items()) or "none"
    strange = set(waiting) - set(QUEUES)
    lack = f"; no worker ever serves {', '.join(sorted(strange))}" if strange else ""
    yield Finding("waiting jobs", not strange, counts + lack)


def _housekeeping() -> Iterator[Finding]:
    """Whether what has a term goes when it is over; docs/operations.md has the table."""
    from jewelrymodel.infra import clock, housekeeping

    late = housekeeping.jobs_over(machine_now=clock.real_now() - timedelta(days=2))
    words = f"{late} jobs are kept longer than they should be: is a worker running?"
    yield Finding("housekeeping", not late, words if late else "nothing is kept beyond its term")


def _providers() -> Iterator[Finding]:
    from jewelrymodel.generation.provider_health import provider_health
    from jewelrymodel.infra import clock

    now = clock.real_now()
    providers = provider_health(now)
    if providers:
        words = "off: nothing here looks for nudity or children in what image models return"
        yield Finding("generated people", True, words)
    for one in providers:
        what, model = f"generator {one.name}", one.model
        money = f"${one.spent_micros / 1e6:.2f} of ${one.budget_micros / 1e6:.2f} spent today"
        if not one.is_on:
            yield Finding(what, True, f"{model.id} is switched off at the desk; {money}")
        elif one.closed:
            mend = "; choose another model" if model.has_ended(now.date()) else ""
            words = f"{model.id} is closed: {one.closed.why}{mend}; {money}"
            yield Finding(what, False if one.closed.alarms else None, words)
        if one.closed:
            continue
        yield Finding(what, True, f"{model.id}, as known on {model.read_on}; {money}")
        if model.ends_soon(now.date()):
            yield Finding(what, None, f"{model.id} ends on {model.ends_on}; choose another in time")


def _signing() -> Iterator[Finding]:
    from jewelrymodel.config.commands.signing_check import signing
    from jewelrymodel.infra import clock

    for one in signing(clock.real_now()):
        yield Finding("Content Credentials", one.is_fine, one.words)


def _terms() -> Iterator[Finding]:
    from jewelrymodel.catalog import edition_files, terms
    from jewelrymodel.config import editions
    from jewelrymodel.infra import clock
    from jewelrymodel.policy.edition_reader import EditionRefused
    from jewelrymodel.policy.editions_in_force import NoEdition

    now = clock.now()
    for hole in editions.missing_texts():
        yield Finding("refund policy", False, hole)
    try:
        number, governs = len(terms.editions()), terms.in_force(now).date
    except (NoEdition, EditionRefused) as problem:
        yield Finding("refund policy", False, str(problem))
    else:
        words = f"the edition of {governs} governs, {number} published"
        yield Finding("refund policy", True, words)
    for draft in edition_files.drafts(now=now):
        words = draft.problem or f"{draft.path.name} is fit to be published"
        yield Finding("unpublished edition", None, words)


def _prices() -> Iterator[Finding]:
    """Each price that the checkout refuses: nobody can buy what is offered at it."""
    from jewelrymodel.infra import clock
    from jewelrymodel.infra.formats import money
    from jewelrymodel.payments import queries
    from jewelrymodel.payments.rules import charge_limits

    refused = queries.offers_not_chargeable(now=clock.now())
    for one in refused:
        limits = charge_limits(one.currency)
        least, most = (money(n, one.currency) for n in (limits.least_minor, limits.most_minor))
        price = f"{one.name} ({one.sku}) costs {money(one.price_minor, one.currency)}"
        words = f"{price}, and the payment processor charges from {least} to {most}"
        mend = "nobody can buy it; publish another price at the desk"
        yield Finding("prices", False, f"{words}: {mend}")
    if not refused:
        yield Finding("prices", True, "the payment processor can charge each of them")


def _backup_age() -> Iterator[Finding]:
    """When the last whole backup was made, as far as this service knows."""
    from jewelrymodel.config.backups import records
    from jewelrymodel.infra import clock

    last = records.last_at()
    words = f"the last whole one is of {last:%Y-%m-%d %H:%M} UTC" if last else "none was ever made"
    hours = settings.BACKUP_MAX_AGE_HOURS
    if records.is_late(clock.real_now()):
        mend = f"more than {hours} hours ago; " if last else ""
        words += f", {mend}run jewelrymodel backup create FOLDER, or set BACKUP_MAX_AGE_HOURS=0"
        yield Finding("backup", False, words)
    else:
        yield Finding("backup", True if last else None, words)


def _backed_up() -> Iterator[Finding]:
    """What a backup can lack: looked for in the oldest and the newest rows, not in all of them."""
    from jewelrymodel.config import database_checks

    factors, files = database_checks.factors(), database_checks.files()
    try:
        database_checks.require_key()
    except database_checks.KeyMissing as error:
        yield Finding("second factors", False, str(error))
    else:
        yield Finding("second factors", True, f"SECRET_KEY opens {factors.looked_at} of them")
    words = f"{files.looked_at} that the database names were looked for"
    lack = f"; {files.missing} of them are missing, such as {files.name}: restore DATA_DIR/files"
    yield Finding("files", not files.missing, words + (lack if files.missing else ""))


def _payments() -> Iterator[Finding]:
    if settings.DEMO:
        yield Finding("payments", None, "the sandbox: no real money moves (the demo is on)")
        return
    fine = bool(settings.STRIPE_SECRET_KEY)
    words = "a key is set" if fine else "no key; set STRIPE_SECRET_KEY, or nobody can pay"
    yield Finding("payments", fine, words)
    if unsafe_settings.is_live_key(settings.STRIPE_SECRET_KEY):
        words = (
            f"real money moves by LIVE_BILLING_UNPROVEN=1, although {unsafe_settings.WHY_UNPROVEN}"
        )
        yield Finding("live billing", None, words)
    lacks = [*live_service.of_webhooks()]
    yield from _wrong(lacks)
    if not lacks:
        yield Finding("webhooks", True, "their secret is set")


def _mail_server() -> Iterator[Finding]:
    """Connect as sending does, sign in where a name is set, and send nothing."""
    from django.core.mail import get_connection

    address = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    if settings.DEMO and not data_folder.is_running():
        yield Finding("mail server", None, f"the demo’s own, at {address} while the service runs")
        return
    server = get_connection(timeout=MAIL_TIMEOUT_S)
    try:
        server.open()
        server.close()
    except (OSError, smtplib.SMTPException) as problem:
        mend = "; see EMAIL_HOST, EMAIL_PORT, EMAIL_USER, EMAIL_PASSWORD and EMAIL_USE_TLS"
        yield Finding("mail server", False, f"{address} takes no mail: {problem}{mend}")
    else:
        yield Finding("mail server", True, f"{address} answers")


def _mail_in() -> Iterator[Finding]:
    """Sign in to the mailbox and say what is there; see whether the listener takes calls."""
    from jewelrymodel.config.health import listener_answers
    from jewelrymodel.infra import imap_mailbox, mail_intake

    account, listener = settings.MAIL_IN_MAILBOX, settings.MAIL_IN_LISTENER
    if account:
        try:
            with imap_mailbox.opened(account) as box:
                seen = box.counts()
        except (*imap_mailbox.AWAY, CodedError) as problem:
            code = mail_intake.problem_code(problem)
            words = f"{account.name} can't be read ({code}): {problem}; see MAIL_IN_*"
            yield Finding("mailbox", False, words)
        else:
            how = (
                "announces new mail" if seen.can_idle else f"is looked at every {account.poll_s} s"
            )
            words = f"{account.name} has {seen.total}, {seen.waiting} to be taken in, and {how}"
            yield Finding("mailbox", True, words)
    if listener and data_folder.is_running():
        fine = listener_answers(listener)
        words = f"{listener} takes mail" if fine else f"{listener} doesn't answer"
        yield Finding("mail listener", fine, words)


def _browser() -> Iterator[Finding]:
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    words = browser or "none; make test needs it (apt-get install chromium)"
    yield Finding("browser for tests", True if browser else None, words)
