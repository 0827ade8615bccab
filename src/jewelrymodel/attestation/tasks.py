"""What the queue runs for proofs."""

import logging

from procrastinate.contrib.django import app

from jewelrymodel.attestation import operations
from jewelrymodel.infra import clock

log = logging.getLogger(__name__)


@app.periodic(cron="7 0 * * *")
@app.task(name="attestation.attest", queueing_lock="attestation.attest")
def attest(timestamp: int) -> None:
    """Attest the day that ended; *timestamp* is when the queue meant to run this."""
    try:
        operations.attest(now=clock.now())
    except operations.NotSettled:
        log.warning("nothing was attested: a transaction has been running for too long")
