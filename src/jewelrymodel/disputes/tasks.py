"""The room's work in the background: load, one call."""

import logging
import smtplib

from procrastinate.contrib.django import app

from jewelrymodel.disputes import operations, queries
from jewelrymodel.infra import clock, queue

log = logging.getLogger(__name__)


@app.task(name="disputes.recompute")
def recompute(*, subject_id: str) -> None:
    """Suspend or reinstate what a dispute's state asks for."""
    operations.apply_state(dispute_id=subject_id, now=clock.now())


@app.task(name="disputes.tell")
def notify_customer(*, dispute_id: str) -> None:
    """Mail the customer what was suspended or reinstated."""
    try:
        operations.notify_customer(dispute_id=dispute_id, now=clock.now())
    except (OSError, smtplib.SMTPException):
        log.warning("the mail on dispute %s has to wait: the server is away", dispute_id)


@app.periodic(cron="* * * * *")
@app.task(name="disputes.sweep", queueing_lock="disputes.sweep")
def sweep(timestamp: int) -> None:
    """Nudge what was lost: recomputations that did not run, emails that were not sent."""
    for dispute_id in {*queries.uncomputed(), *queries.owing_more(now=clock.now())}:
        queue.defer("disputes.recompute", once_key=f"dispute:{dispute_id}", subject_id=dispute_id)
    for dispute_id in queries.unnotified():
        queue.defer("disputes.tell", once_key=f"tell:{dispute_id}", dispute_id=dispute_id)
