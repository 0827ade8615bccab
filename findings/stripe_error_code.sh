#!/bin/sh
# Finding: in the Stripe SDK for Python, an error's `code` is None for 401, 403, 429 and reused
# idempotency keys, although the answer has a code.
#
# One would guess:  `error.code` is the `code` of the answer's error object, for every status.
# Seen:             it is, for 400, 402 and 404; for 401, 403, 409, 429, 500 and type
#                   idempotency_error it is None, and `error.error.code` has it.
# Version:          stripe 16.1.0, Python 3.11.
# Whom it hurts:    whoever decides by `error.code` whether a refusal is final: a key that was rolled
#                   (api_key_expired) looks like a refusal without a reason.
# Source:           stripe/_api_requestor.py, specific_v1_api_error: the code is passed on to
#                   InvalidRequestError and CardError only.
# Exit status:      0 while it is so, 1 once it has changed. Run by hand; no test runs it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check stripe==16.1.0
"$folder/env/bin/python" - <<'PYTHON'
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import stripe

CASES = [  # status, type, code as the API documents them, whether error.code has it
    (400, "invalid_request_error", "charge_disputed", True),
    (404, "invalid_request_error", "resource_missing", True),
    (402, "card_error", "card_declined", True),
    (401, "invalid_request_error", "api_key_expired", False),
    (403, "invalid_request_error", "account_invalid", False),
    (429, "invalid_request_error", "lock_timeout", False),
    (409, "idempotency_error", "idempotency_key_in_use", False),
]


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        status, kind, code, _kept = CASES[int(self.path.rsplit("_", 1)[1])]
        body = json.dumps({"error": {"type": kind, "code": code, "message": code}}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = stripe.StripeClient(
    "sk_test_none",
    base_addresses={"api": f"http://127.0.0.1:{server.server_port}"},
    max_network_retries=0,
)
print(f"stripe {stripe.VERSION}")
changed = False
for number, (status, kind, code, kept) in enumerate(CASES):
    try:
        client.v1.charges.retrieve(f"ch_{number}")
    except stripe.StripeError as error:
        print(f"{status} {type(error).__name__}: code {error.code}, error.code {error.error.code}")
        changed |= error.error.code != code or (error.code == code) != kept
raise SystemExit(changed)
PYTHON
# Output seen on 2026-11-29:
#   stripe 16.1.0
#   400 InvalidRequestError: code charge_disputed, error.code charge_disputed
#   404 InvalidRequestError: code resource_missing, error.code resource_missing
#   402 CardError: code card_declined, error.code card_declined
#   401 AuthenticationError: code None, error.code api_key_expired
#   403 PermissionError: code None, error.code account_invalid
#   429 RateLimitError: code None, error.code lock_timeout
#   409 APIError: code None, error.code idempotency_key_in_use
