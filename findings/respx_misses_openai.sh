#!/bin/sh
# Finding: respx, which answers for every httpx client of a process, no longer sees OpenAI's client.
#
# One would guess:  inside `respx.mock` nothing leaves the process: what isn't routed is refused, and a
#                   route for the service's address answers its calls, as it did for years.
# Seen:             the client has moved to `httpx2`, another distribution. respx counts no call, and
#                   the request goes out to the address, with the key in its header.
# Version:          respx 0.23.1 (httpx 0.28.1) beside openai 3.57.0 (httpx2 2.16.2), Python 3.11.
# Whom it hurts:    test suites believed to be offline: after an update they pay for images, or fail by
#                   the network. google-genai 3.6.1 depends on httpx2 as well.
# Source:           METADATA of openai 3.57.0 (Requires-Dist: httpx2), respx/mocks.py (patches httpcore
#                   and httpx only).
# Exit status:      0 while it is so, 1 once it has changed. Run by hand; no test runs it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  openai==3.57.0 httpx2==2.16.2 respx==0.23.1 httpx==0.28.1
"$folder/venv/bin/python" - <<'PYTHON'
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version

import httpx
import openai
import respx

arrived = []


class Service(BaseHTTPRequestHandler):
    """Answers as the service does, and counts."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        arrived.append("authorization" in {name.lower() for name in self.headers})
        answer = json.dumps({"created": 1, "data": [{"b64_json": "cG5n"}]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}/v1"
with respx.mock(assert_all_called=False) as mock:
    mock.post(url__startswith=address).mock(return_value=httpx.Response(503))
    client = openai.OpenAI(api_key="none", base_url=address, max_retries=0)
    client.images.generate(model="gpt-image-2", prompt="a ring on linen")
    caught = mock.calls.call_count
print(
    f"openai {version('openai')}, respx {version('respx')}: {caught} calls caught, "
    f"{len(arrived)} went out, {sum(arrived)} with the key"
)
is_so = (caught, len(arrived), sum(arrived)) == (0, 1, 1)
print("still so" if is_so else "changed")
sys.exit(0 if is_so else 1)
PYTHON
