"""How the mail server takes what we send, noted for whoever has to mend it.

Written after the transaction that sent has ended, and at most twice a minute while all is well: no
two that send ever wait for one another here, and a failure outlives what is rolled back for it.
"""

import logging
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from jewelrymodel.infra import clock
from jewelrymodel.infra.models import OutgoingMailState

_OFTEN = timedelta(seconds=30)
_WORDS = 500
_KEPT_S = 86_400

log = logging.getLogger(__name__)


class _Thread(threading.local):
    """What this thread has yet to note; None while no mail has failed, or one was taken since."""

    problem: Exception | None = None


_thread = _Thread()


def server() -> str:
    """Return the server that takes our mail, and its port."""
    return f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"


def state() -> OutgoingMailState:
    """Return how it goes; nothing is noted where no mail was sent yet."""
    return OutgoingMailState.objects.filter(pk=server()).first() or OutgoingMailState(pk=server())


@contextmanager
def failures_noted() -> Iterator[None]:
    """Note at the end, also of what failed, that the server kept from taking a mail meanwhile.

    Around each job of a worker: none of its transactions is open then.
    """
    forget_failure()
    try:
        yield
    finally:
        problem = _thread.problem
        forget_failure()
        if problem is not None:
            _note_failure_if_possible(problem)


def remember_failure(problem: Exception) -> None:
    """Have *problem* noted: at once, or within a transaction when ``failures_noted`` ends."""
    if connection.in_atomic_block:
        _thread.problem = problem
    else:
        _note_failure_if_possible(problem)


def forget_failure() -> None:
    """Have nothing noted of an earlier failure: the server took a mail since."""
    _thread.problem = None


def _note_failure_if_possible(problem: Exception) -> None:
    try:
        note_failure(problem)
    except Error:  # what failed is what its sender has to hear of
        log.exception("that the mail server takes nothing could not be noted")


def note_accepted() -> None:
    """Note that the server took a mail just now."""
    now = clock.real_now()
    row, is_new = OutgoingMailState.objects.get_or_create(
        pk=server(), defaults={"accepted_at": now}
    )
    if not is_new:
        is_old = Q(accepted_at=None) | Q(accepted_at__lt=now - _OFTEN) | Q(failed_at__isnull=False)
        OutgoingMailState.objects.filter(is_old, pk=row.pk).update(
            accepted_at=now, failed_at=None, problem=""
        )


def note_failure(problem: Exception) -> None:
    """Note what kept the server from taking a mail; since when is kept from the first failure."""
    row, _ = OutgoingMailState.objects.get_or_create(pk=server())
    OutgoingMailState.objects.filter(pk=row.pk).update(  # another may be taken just now
        failed_at=Coalesce("failed_at", Value(clock.real_now())),
        problem=(_words(problem) or type(problem).__name__)[:_WORDS],
    )


def _words(problem: Exception) -> str:
    """What the server said, without the addresses that it was asked to mail to."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        answers = problem.recipients.values()
        said = "; ".join(f"{code} {words.decode('utf-8', 'replace')}" for code, words in answers)
    else:
        said = str(problem)
    return " ".join(said.split())


def note_refusal(*, email_id: str, words: str) -> None:
    """Note that the server takes no mail for one's address, for a day."""
    cache.set(_key(email_id), words[:_WORDS], timeout=_KEPT_S)


def refusal(*, email_id: str) -> str:
    """Return the server's words about that address; "" where it refused none."""
    return str(cache.get(_key(email_id)) or "")


def _key(email_id: str) -> str:
    return f"email-refused:{email_id}"
