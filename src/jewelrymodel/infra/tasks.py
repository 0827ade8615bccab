"""The room's work in the background: load, one call."""

import logging
import smtplib

from procrastinate.contrib.django import app

from jewelrymodel.infra import clock, email_queue, housekeeping, queue

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(name="infra.revive", queueing_lock="infra.revive")
def revive(timestamp: int) -> None:
    """Put back jobs whose worker died, and those that failed."""
    count = queue.revive(machine_now=clock.real_now())
    if count:
        log.warning("%s jobs were put back", count)


@app.task(name=email_queue.SEND)
def send_email(*, email_id: str) -> None:
    """Send one email; while the mail server is away the job fails, and the queue puts it back."""
    try:
        email_queue.send(email_id=email_id)
    except (OSError, smtplib.SMTPException):
        if not email_queue.give_up(email_id=email_id, machine_now=clock.real_now()):
            raise


@app.periodic(cron="23 * * * *")
@app.task(name="infra.clear", queueing_lock="infra.clear")
def clear(timestamp: int) -> None:
    """Remove jobs, counters and cached values whose term is over."""
    cleared = housekeeping.clear(machine_now=clock.real_now(), now=clock.now())
    for what, many in cleared.items():
        if many:
            log.info("%s %s were cleared", many, what)
    many = sum(cleared.values())
    housekeeping.note_run("infra.clear", removed=many, machine_now=clock.real_now())


@app.periodic(cron="43 3 * * *")
@app.task(name="infra.clear_files", queueing_lock="infra.clear_files")
def clear_files(timestamp: int) -> None:
    """Remove files that can be made anew, and halves of files, whose term is over."""
    many = housekeeping.clear_files(machine_now=clock.real_now())
    if many:
        log.info("%s files were cleared", many)
    housekeeping.note_run("infra.clear_files", removed=many, machine_now=clock.real_now())
