"""``jewelrymodel mail``: the demo's mail server, which keeps every mail for the outbox."""

import logging
import signal

from django.conf import settings

from jewelrymodel.infra.clock import now
from jewelrymodel.infra.smtp import listener

log = logging.getLogger(__name__)


def run() -> None:
    """Take mail on the loopback port SMTP_PORT until SIGTERM or SIGINT."""
    stops = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    server = listener(settings.SMTP_PORT, now)
    server.start()
    log.info("taking mail on 127.0.0.1:%d", settings.SMTP_PORT)
    signal.sigwait(stops)
    server.stop()
