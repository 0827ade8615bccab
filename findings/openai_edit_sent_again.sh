#!/bin/sh
# Finding: the OpenAI client sends an image edit up to three times when the connection breaks, without
#          any key by which the service could tell that it is the same edit.
#
# One would guess:  a POST that makes (and bills) an image is sent once; or it carries an idempotency
#                   key when it is repeated, for the client has a field of that name.
# Seen:             the server reads the whole request and hangs up: three POSTs arrive, none with an
#                   `Idempotency-Key`. The service has no job to look up, so each may be made and paid.
# Version:          openai 3.57.0 (its HTTP library is httpx2 2.16.2), Python 3.11.
# Whom it hurts:    whoever pays per image: one order, up to three charges, one image. `max_retries=0`
#                   and a note before sending are needed; a broken connection is an unknown outcome.
# Source:           openai/_constants.py (DEFAULT_MAX_RETRIES), openai/_base_client.py (the header's
#                   name is None unless a client sets it).
# Exit status:      0 while it is so, 1 once it has changed. Run by hand; no test runs it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check openai==3.57.0 httpx2==2.16.2
"$folder/venv/bin/python" - <<'PYTHON'
import struct
import sys
import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version

import openai

arrived = []


class HangsUp(BaseHTTPRequestHandler):
    """Takes a request whole and closes the connection, as a proxy does that is restarted."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        arrived.append({name.lower() for name in self.headers})
        self.close_connection = True

    def log_message(self, *_):
        pass


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


pixels = b"".join(b"\0" + b"\xc8\xaa\x50\xff" * 64 for _ in range(64))
png = b"\x89PNG\r\n\x1a\n" + b"".join(
    chunk(kind, data)
    for kind, data in (
        (b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 6, 0, 0, 0)),
        (b"IDAT", zlib.compress(pixels)),
        (b"IEND", b""),
    )
)
server = ThreadingHTTPServer(("127.0.0.1", 0), HangsUp)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = openai.OpenAI(api_key="none", base_url=f"http://127.0.0.1:{server.server_port}/v1")
try:
    client.images.edit(model="gpt-image-2", image=("ring.png", png, "image/png"), prompt="on linen")
except openai.APIConnectionError:
    pass
keyed = sum("idempotency-key" in headers for headers in arrived)
print(f"openai {version('openai')}: {len(arrived)} POSTs of one edit, {keyed} with a key")
is_so = len(arrived) == 3 and keyed == 0
print("still so" if is_so else "changed")
sys.exit(0 if is_so else 1)
PYTHON
