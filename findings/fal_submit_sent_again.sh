#!/bin/sh
# Finding: fal's client submits one job up to ten times when the connection breaks after sending.
#
# One would guess:  `submit` puts one job into the queue, or raises; only reading (status, result) is
#                   repeated on a broken connection.
# Seen:             the server reads the whole request and hangs up: ten POSTs arrive within about a
#                   minute, alike and without a key, so a queue that took the first has ten jobs. No
#                   argument of `submit` or of the client says how often; only `start_timeout` stops it,
#                   and only for time-outs.
# Version:          fal-client 1.0.3, Python 3.11.
# Whom it hurts:    whoever pays per job: nine of the ten are never fetched, since the client knows the
#                   last one's id only.
# Source:           fal_client/client.py: `submit` goes through `_maybe_retry_request`, which counts
#                   every transport error as safe to repeat (MAX_ATTEMPTS).
# Exit status:      0 while it is so, 1 once it has changed. Takes about a minute. Run by hand.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fal-client==1.0.3
"$folder/venv/bin/python" - <<'PYTHON'
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version

import fal_client
import fal_client.client
import httpx

arrived = []


class HangsUp(BaseHTTPRequestHandler):
    """Takes a request whole and closes the connection, as a proxy does that is restarted."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        arrived.append((body, "idempotency-key" in {name.lower() for name in self.headers}))
        self.close_connection = True

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), HangsUp)
threading.Thread(target=server.serve_forever, daemon=True).start()
fal_client.client.QUEUE_URL_FORMAT = f"http://127.0.0.1:{server.server_port}/"
try:
    fal_client.SyncClient(key="none:none").submit("owner/app", arguments={"prompt": "on linen"})
except httpx.TransportError:
    pass
bodies, keyed = {body for body, _ in arrived}, sum(has_key for _, has_key in arrived)
print(
    f"fal-client {version('fal-client')}: {len(arrived)} POSTs of one job, {len(bodies)} different, "
    f"{keyed} with a key"
)
is_so = (len(arrived), len(bodies), keyed) == (10, 1, 0)
print("still so" if is_so else "changed")
sys.exit(0 if is_so else 1)
PYTHON
