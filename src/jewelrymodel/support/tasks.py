"""The room's work in the background: load, one call."""

import logging
import smtplib
from datetime import timedelta

from django.core.cache import cache
from procrastinate.contrib.django import app

from jewelrymodel.infra import clock, housekeeping, queue
from jewelrymodel.infra.row_isolation import attempt_each
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.support import operations, queries, reconcilers

PATIENCE = timedelta(minutes=1)
_SAID_AGAIN_S = 86_400
_KEY = 200  # the longest that the cache takes is 250

log = logging.getLogger(__name__)


@app.task(name="support.mail_entry")
def mail_entry(*, entry_id: int) -> None:
    """Mail one message; while the mail server is away the sweeper comes again."""
    try:
        operations.mail_entry(entry_id=entry_id, now=clock.now())
    except (OSError, smtplib.SMTPException):
        log.warning("message %s has to wait: the mail server is away", entry_id)


@app.task(name="support.receive_email", aliases=["support.receive_email"])
def receive_email(*, subject_id: str) -> None:
    """Receive one email that reached our listener; jobs of earlier versions have its old name."""
    operations.receive_email(mail_id=subject_id, now=clock.now())


@app.task(name="support.carry_out_confirmed")
def carry_out_confirmed(*, confirmed_id: int) -> None:
    """Carry out what an agent confirmed; while the processor is down the sweeper comes again."""
    try:
        operations.carry_out_confirmed(confirmed_id=confirmed_id, now=clock.now())
    except (ProcessorDown, ProcessorRefused) as problem:
        _say_that_it_waits(f"confirmed decision {confirmed_id}", problem)


def _say_that_it_waits(what: str, problem: ProcessorDown | ProcessorRefused) -> None:
    """An outage passes; a refusal is for somebody to mend, and is said once a day, not each minute
    in which it is met again.
    """
    if isinstance(problem, ProcessorDown):
        log.warning("%s has to wait: %s", what, problem.why)
        return
    key = f"refused:{what}:{problem.processor_code}".replace(" ", "-")[:_KEY]
    if cache.add(key, True, timeout=_SAID_AGAIN_S):
        log.error("%s waits until somebody mends it: %s", what, problem.why)


@app.periodic(cron="* * * * *")
@app.task(name="support.sweep_confirmed", queueing_lock="support.sweep_confirmed")
def sweep_confirmed(timestamp: int) -> None:
    """Nudge what was confirmed and should have been carried out."""
    for confirmed_id in queries.due_decisions(before=clock.now()):
        key = f"confirmed:{confirmed_id}"
        queue.defer("support.carry_out_confirmed", once_key=key, confirmed_id=confirmed_id)


@app.task(name="support.carry_out_withdrawal")
def carry_out_withdrawal(*, case_id: str) -> None:
    """Carry out a withdrawal from a contract; while the processor is down the sweeper comes
    again.
    """
    try:
        operations.carry_out_withdrawal(case_id=case_id, now=clock.now())
    except (ProcessorDown, ProcessorRefused) as problem:
        _say_that_it_waits(f"the withdrawal of case {case_id}", problem)


@app.periodic(cron="* * * * *")
@app.task(name="support.sweep_withdrawals", queueing_lock="support.sweep_withdrawals")
def sweep_withdrawals(timestamp: int) -> None:
    """Nudge withdrawals that wait for a generation's end, or were cut off; release the credits of
    those that a person has decided.
    """
    for case_id in queries.withdrawals_waiting(before=clock.now() - PATIENCE):
        key = f"withdrawal:{case_id}"
        queue.defer("support.carry_out_withdrawal", once_key=key, case_id=case_id)
    now = clock.now()
    attempt_each(
        queries.suspending_withdrawals(),
        lambda row_id: operations.release_settled_credits(withdrawal_id=row_id, now=now),
        doing="releasing the credits of a withdrawal",
    )


@app.task(name="support.notify_remedy", aliases=["support.tell_about_remedy"])
def notify_remedy(*, subject_id: str) -> None:
    """Tell the customer how far the remedies of a decision are, in words that are true now."""
    case = queries.case_of_decision(decision_id=subject_id)
    if case is not None:
        decision = remedies.decision(decision_id=subject_id)
        operations.notify_progress(case_id=case.pk, decision=decision, now=clock.now())


@app.task(name="support.notify_refunded")
def notify_refunded(*, subject_id: str) -> None:
    """Tell the customer that the payment of an order that we were reviewing went back."""
    operations.notify_refunded(order_id=subject_id, now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="support.sweep_mail", queueing_lock="support.sweep_mail")
def sweep_mail(timestamp: int) -> None:
    """Nudge messages that should have been mailed."""
    now = clock.now()
    for entry_id in queries.entries_to_retry(before=now - PATIENCE, now=now):
        queue.defer("support.mail_entry", once_key=f"mail:{entry_id}", entry_id=entry_id)


@app.periodic(cron="* * * * *")
@app.task(name="support.sweep_late", queueing_lock="support.sweep_late")
def sweep_late(timestamp: int) -> None:
    """Tell whoever waits longer than we had promised."""
    now = clock.now()
    late = queries.late_without_notice(now=now).order_by("due_at").values_list("pk", flat=True)
    attempt_each(
        list(late),
        lambda case_id: operations.notify_late(case_id=case_id, now=now),
        doing="telling that we are late",
    )


@app.periodic(cron="*/2 * * * *")
@app.task(name="support.reconcile", queueing_lock="support.reconcile")
def reconcile(timestamp: int) -> None:
    """Run the reconciliation checks that are due."""
    reconcilers.run(now=clock.now())


@app.periodic(cron="17 * * * *")
@app.task(name="support.purge_deleted", queueing_lock="support.purge_deleted")
def purge_deleted(timestamp: int) -> None:
    """Remove the files of what was deleted longer ago than it can come back, and old drafts."""
    drafts = operations.forget_visits(now=clock.now())
    files = operations.purge_deleted(now=clock.now(), machine_now=clock.real_now())
    if files.kept:
        log.info("%s deleted photos and images still have their files", files.kept)
    housekeeping.note_run(
        "support.purge_deleted",
        removed=drafts + files.removed,
        kept=files.kept,
        machine_now=clock.real_now(),
    )


@app.task(name="support.reconcile_now", aliases=["support.look_for_broken_promises"])
def reconcile_now(*, subject_id: str) -> None:
    """Reconcile at once: something just happened that a check may find."""
    queue.defer("support.reconcile", once_key="support.reconcile", timestamp=0)
