"""What keeps a service that isn't the demo from being offered to customers, and its mend.

Asked by ``jewelrymodel doctor``, and as checks of deployment by ``manage check --deploy``. Only the
checks at the end need the database.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import checks

from jewelrymodel.config.environment_variables import OWNER_VARIABLE
from jewelrymodel.infra.trusted_proxies import is_loopback

OPERATOR = ("BRAND", "LEGAL_ENTITY", "LEGAL_ADDRESS", "SUPPORT_EMAIL")
"""Who offers the service: invented wherever the operator doesn't say it."""
_RESERVED = (".example", ".test", ".invalid", ".localhost", "example.com", "example.org")
"""Names that belong to nobody (RFC 2606): mail to them never arrives."""


@dataclass(frozen=True)
class Shortcoming:
    """One thing that real service lacks: *what* was looked at, and a sentence with the mend."""

    code: str
    what: str
    words: str


def of_settings(environ: Mapping[str, str] = os.environ) -> Iterator[Shortcoming]:
    """Yield what the settings lack; nothing in the demo."""
    if settings.DEMO:
        return
    unsaid = [name for name in OPERATOR if not environ.get(name, "").strip()]
    if unsaid:
        words = f"{', '.join(unsaid)} isn't set, so pages and receipts name an invented one; set it"
        yield Shortcoming("E001", "legal entity", words)
    if _is_reserved(settings.SUPPORT_EMAIL):
        words = f"nobody reads {settings.SUPPORT_EMAIL}; set SUPPORT_EMAIL to an address of yours"
        yield Shortcoming("E002", "support address", words)
    if not environ.get("EMAIL_HOST", "").strip():
        words = "EMAIL_HOST isn't set, so no confirmation and no receipt is sent; set it"
        yield Shortcoming("E003", "outgoing email", words)
    yield from _of_connections(environ)
    if not (settings.MAIL_IN_MAILBOX or settings.MAIL_IN_LISTENER):
        words = (
            "no request by email comes in, and the refund policy promises that road; set "
            "MAIL_IN_HOST to read a mailbox, or MAIL_IN_LISTEN behind a mail server of yours"
        )
        yield Shortcoming("E010", "incoming email", words)


def _of_connections(environ: Mapping[str, str]) -> Iterator[Shortcoming]:
    """Yield what goes to another machine in the clear, or to one that nobody vouches for."""
    yield from _of_database("DATABASE_URL", settings.DATABASES["default"])
    if OWNER_VARIABLE in environ:
        yield from _of_database(OWNER_VARIABLE, settings.DATABASE_OWNER)
    if not is_loopback(settings.EMAIL_HOST) and not settings.EMAIL_USE_TLS:
        words = f"emails go to {settings.EMAIL_HOST} in the clear; set EMAIL_USE_TLS=1"
        yield Shortcoming("E012", "outgoing email", words)


def _of_database(name: str, database: Mapping[str, Any]) -> Iterator[Shortcoming]:
    host, mode = database["HOST"], database["OPTIONS"].get("sslmode", "prefer")
    is_near = not host or host.startswith("/") or is_loopback(host)
    if not is_near and mode != "verify-full":
        words = (
            f"the connection to {host} isn't checked (sslmode={mode}); add sslmode=verify-full and "
            f"sslrootcert=system, or the file of its authority, to {name}"
        )
        yield Shortcoming("E011", "database connection", words)


def of_webhooks() -> Iterator[Shortcoming]:
    """Yield that the processor's messages can't be verified: the real one makes its own secret."""
    if not settings.DEMO and not settings.STRIPE_WEBHOOK_SECRET.startswith("whsec_"):
        words = (
            "set STRIPE_WEBHOOK_SECRET to the one that the processor shows (whsec_…), or none of "
            "its messages is believed"
        )
        yield Shortcoming("E004", "webhooks", words)


def of_staff() -> Iterator[Shortcoming]:
    """Yield what the desk lacks: without an operator nobody can approve, decline or configure."""
    from jewelrymodel.accounts import queries
    from jewelrymodel.accounts.roles import StaffRole
    from jewelrymodel.infra import clock

    if settings.DEMO:
        return
    if not queries.current_staff(clock.now()).filter(role=StaffRole.OPERATOR).exists():
        words = "nobody works at the desk; run jewelrymodel staff add EMAIL --role operator"
        yield Shortcoming("E005", "staff", words)


def of_texts() -> Iterator[Shortcoming]:
    """Yield the legal texts that aren't there, or are samples."""
    from jewelrymodel.config import legal_editions
    from jewelrymodel.infra import clock

    if not settings.DEMO:
        for document, words in legal_editions.missing(now=clock.now()):
            yield Shortcoming("E006", str(document.label), words)


def _is_reserved(address: str) -> bool:
    domain = address.strip().lower().rpartition("@")[2]
    return is_loopback(domain) or domain.endswith(_RESERVED)


def register_checks() -> None:
    """Have ``manage check --deploy`` refuse what doctor calls wrong."""
    for of in (of_settings, of_webhooks, _of_records):
        checks.register(_check(of), checks.Tags.security, deploy=True)


def _of_records() -> Iterator[Shortcoming]:
    """What the database lacks; only a prepared one can be asked."""
    from jewelrymodel.config import data_folder

    if data_folder.migrations_wait():
        yield Shortcoming("E009", "database", "it isn't prepared; run jewelrymodel prepare")
    else:
        yield from of_staff()
        yield from of_texts()


def _check(of: Callable[[], Iterator[Shortcoming]]) -> Callable[..., list[checks.CheckMessage]]:
    def check(**_given: Any) -> list[checks.CheckMessage]:
        return [
            checks.Error(f"{one.what}: {one.words}", id=f"jewelrymodel.{one.code}") for one in of()
        ]

    return check
