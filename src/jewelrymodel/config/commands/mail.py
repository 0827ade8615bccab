"""``jewelrymodel mail``: the demo's mail server, which keeps every mail for the outbox."""

import signal

from django.conf import settings

from jewelrymodel.infra.clock import now
from jewelrymodel.infra.smtp import listener


def run() -> None:
    """Take mail on the loopback port SMTP_PORT until SIGTERM or SIGINT."""
    stops = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    server = listener(settings.SMTP_PORT, now)
    server.start()
    print(f"mail: taking mail on 127.0.0.1:{settings.SMTP_PORT}", flush=True)
    signal.sigwait(stops)
    server.stop()
