"""The room's work in the background: load, one call."""

import logging

from procrastinate.contrib.django import app

from jewelrymodel.incidents import operations
from jewelrymodel.infra import clock

log = logging.getLogger(__name__)


@app.periodic(cron="*/5 * * * *")
@app.task(name="incidents.propose", queueing_lock="incidents.propose")
def propose(timestamp: int) -> None:
    """Look whether something fails more often than usual; a person decides what it is."""
    for one in operations.propose_incidents(now=clock.now(), machine_now=clock.real_now()):
        log.warning("%s fails unusually often: proposal %s", one.provider, one.pk)
