"""The room's work in the background: load, one call."""

import logging
from datetime import timedelta

from procrastinate.contrib.django import app

from jewelrymodel.infra import clock, queue
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.gateway import ProcessorDown
from jewelrymodel.remedies import operations, queries

PATIENCE = timedelta(minutes=1)

log = logging.getLogger(__name__)


@app.task(name="remedies.carry_out")
def carry_out(*, decision_id: str) -> None:
    """Carry out what a decision owes; while the processor is down the sweeper comes again."""
    try:
        operations.carry_out(decision_id=decision_id, now=clock.now())
    except ProcessorDown as problem:
        log.warning("decision %s has to wait: %s", decision_id, problem.why)


@app.task(name="remedies.on_refund_settled")
def on_refund_settled(*, subject_id: str) -> None:
    """Let a remedy follow its refund; its credit note is there before anybody is emailed."""
    payments.try_credit_note(refund_id=subject_id, now=clock.now())
    operations.settle_refund_remedy(refund_id=subject_id, now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="remedies.sweep", queueing_lock="remedies.sweep")
def sweep(timestamp: int) -> None:
    """Nudge decisions that were taken and not carried out: a crash in between loses nothing."""
    for decision in queries.decisions_not_carried_out(before=clock.now() - PATIENCE):
        key = f"decision:{decision.pk}"
        queue.defer("remedies.carry_out", once_key=key, decision_id=decision.pk)
