"""The room's work in the background: load, one call."""

import logging

from procrastinate.contrib.django import app

from jewelrymodel.infra import clock, housekeeping
from jewelrymodel.privacy import operations, queries

log = logging.getLogger(__name__)


@app.task(name="privacy.prepare_export")
def prepare_export(*, export_id: str) -> None:
    """Prepare the file with somebody's data."""
    operations.prepare_export(export_id=export_id, now=clock.now(), machine_now=clock.real_now())


@app.periodic(cron="37 * * * *")
@app.task(name="privacy.sweep", queueing_lock="privacy.sweep")
def sweep(timestamp: int) -> None:
    """Remove files whose time is over, and what closed accounts leave once theirs is."""
    now = clock.now()
    files, due = operations.drop_expired(now=now), len(list(queries.closings_due(now=now)))
    waiting = operations.erase_due(now=now, machine_now=clock.real_now())
    if waiting:
        log.info("%s closed accounts still have their data", waiting)
    housekeeping.note_run(
        "privacy.sweep",
        removed=files + max(due - waiting, 0),
        kept=waiting,
        machine_now=clock.real_now(),
    )
